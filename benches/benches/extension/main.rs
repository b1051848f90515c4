//! Extensions, beside a bare pipe between two processes: `cargo xtask bench extension`. This program is the host, the launcher and
//! the extension.

mod figures;

use std::io::{self, Read as _, Write as _};

use symphony_benches::Arguments;
use symphony_extension::sdk::Server;

#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
#[cfg(not(unix))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["launch", plan] => {
            symphony_extension::launch(plan)?;
            return Ok(());
        }
        ["serve"] => return Ok(serve()?),
        ["pipe"] => return Ok(pipe()?),
        _ => {}
    }
    let arguments = Arguments::of_process();
    let mut all = Vec::new();
    for (_, figures) in figures::ALL.iter().filter(|it| arguments.wants(it.0)) {
        let figures = figures()?;
        arguments.show(&figures);
        all.extend(figures);
    }
    arguments.write(&all)
}

fn serve() -> io::Result<()> {
    Server::new("bench", "1.0.0")
        .concurrency(64)
        .quick_method("quick", |call| Ok(call.params::<String>()?))
        .method("threaded", |call| Ok(call.params::<String>()?))
        .method("count", |call| {
            let to: u32 = call.params()?;
            for number in 0..to {
                call.send_later(&number)?;
            }
            Ok(to)
        })
        .serve()
}

/// Gives back what comes, as little as a process can do.
fn pipe() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut bytes = [0; figures::BYTES];
    while input.read_exact(&mut bytes).is_ok() {
        output.write_all(&bytes)?;
        output.flush()?;
    }
    Ok(())
}
