//! What an extension might try.

use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::Command;

use symphony_extension::sdk::{Failure, Server};

/// Adds a method for each deed; they fail as the system says.
pub(crate) fn add(server: Server) -> Server {
    let server = server
        .method("read", |call| {
            Ok(std::fs::read_to_string(call.params::<PathBuf>()?)?)
        })
        .method("list", |call| {
            Ok(std::fs::read_dir(call.params::<PathBuf>()?)?.count())
        })
        .method("write", |call| {
            Ok(std::fs::write(call.params::<PathBuf>()?, "written")?)
        })
        .method("remove", |call| {
            Ok(std::fs::remove_file(call.params::<PathBuf>()?)?)
        })
        .method("connect", |call| {
            TcpStream::connect(("127.0.0.1", call.params()?))?;
            Ok(())
        })
        .method("listen", |call| {
            TcpListener::bind(("127.0.0.1", call.params()?))?;
            Ok(())
        })
        .method("datagram", |_| {
            UdpSocket::bind(("127.0.0.1", 0))?;
            Ok(())
        })
        .method("run", |call| {
            let output = Command::new(call.params::<PathBuf>()?).output()?;
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        })
        .method("environment", |_| {
            Ok(std::env::vars().collect::<Vec<(String, String)>>())
        })
        .method("number", |_| Ok(std::process::id()))
        .method("directory", |_| Ok(std::env::current_dir()?))
        .method("allocate", |call| Ok(allocate(call.params()?)))
        .method("burn", |call| {
            let mut value = 0_u64;
            while !call.is_cancelled() {
                value = spin(value);
            }
            Ok(value)
        })
        .method("exit", |call| {
            let code: u8 = call.params()?;
            let _ = writeln!(io::stderr(), "exiting with {code}");
            exit(code)
        });
    #[cfg(unix)]
    let server = processes(server);
    server
}

/// How many bytes there were when no more could be had.
fn allocate(most: usize) -> usize {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    let piece = 1 << 20;
    while kept.len() * piece < most {
        let mut more = Vec::new();
        if more.try_reserve_exact(piece).is_err() {
            break;
        }
        more.resize(piece, 1);
        kept.push(more);
    }
    let n_bytes = kept.len() * piece;
    drop(kept);
    n_bytes
}

#[expect(clippy::disallowed_methods, reason = "a crash, on purpose")]
fn exit(code: u8) -> Result<(), Failure> {
    std::process::exit(code.into())
}

#[cfg(unix)]
fn processes(server: Server) -> Server {
    use rustix::process::{Pid, Signal, kill_process};
    server
        .method("kill", |call| {
            let pid = Pid::from_raw(call.params()?).ok_or_else(|| Failure::new("no number"))?;
            // A signal that does nothing to who ignores it, and that only tells whether it may be sent.
            Ok(kill_process(pid, Signal::CONT).map_err(io::Error::from)?)
        })
        .method("spawn", |call| {
            // Outlives its parent unless someone ends it.
            let child = Command::new(call.params::<PathBuf>()?)
                .arg("1000")
                .spawn()?;
            Ok(child.id())
        })
}

fn spin(mut value: u64) -> u64 {
    for _ in 0..1_000_000 {
        value = std::hint::black_box(value.wrapping_mul(31).wrapping_add(7));
    }
    value
}

/// As "burn", and tells after each step how many milliseconds of a processor this process has had.
#[cfg(unix)]
pub(crate) fn add_meter(server: Server) -> Server {
    use rustix::time::{ClockId, clock_gettime};

    server.method("burn and tell", |call| {
        let mut value = 0_u64;
        while !call.is_cancelled() {
            value = spin(value);
            let had = clock_gettime(ClockId::ProcessCPUTime);
            call.send(&(had.tv_sec * 1000 + had.tv_nsec / 1_000_000))?;
        }
        Ok(value)
    })
}

#[cfg(not(unix))]
pub(crate) fn add_meter(server: Server) -> Server {
    server
}
