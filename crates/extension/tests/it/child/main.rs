//! What the tests start: the launcher, an extension that does as it is told, and some that do not keep to the protocol.
#![expect(clippy::print_stdout, reason = "what an extension must not do")]

mod deeds;

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value as Json;
use symphony_extension::host::{Extension, HostOptions, Launcher, Notices};
use symphony_extension::sdk::{Call, Failure, Server};
use symphony_extension::wire::{Level, MAX_FRAME, Message, RequestId, Value};
use symphony_extension::{Loaded, launch};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["launch", plan] => launch(plan).map(ExitCode::from),
        ["serve"] => serve(),
        ["host", folder] => host(folder, None),
        ["host", folder, program] => host(folder, Some(program)),
        ["silent"] => wait(),
        ["noise"] => raw(b"HTTP/1.1 200 OK\r\n\r\nthis is no protocol"),
        ["garbage"] => raw(&[0, 0, 0, 2, 0xc1, 0xc1]),
        ["early"] => said(&Message::Response {
            id: RequestId(1),
            value: Value::nil(),
        }),
        ["future"] => said(&welcome(7)),
        ["unasked"] => said(&welcome(1)).and_then(|_| {
            said(&Message::Chunk {
                id: RequestId(77),
                value: Value::nil(),
            })
        }),
        ["deaf"] => said(&welcome(1)),
        ["words"] => exit_with_words(),
        _ => Ok(ExitCode::from(64)),
    };
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "{error}");
        ExitCode::from(65)
    })
}

fn welcome(version: u32) -> Message {
    Message::Welcome {
        version,
        extension: "child".to_owned(),
        concurrency: 1000,
        methods: Vec::new(),
    }
}

fn said(message: &Message) -> io::Result<ExitCode> {
    let frame = message.to_frame(MAX_FRAME).map_err(io::Error::other)?;
    raw(&frame)
}

/// Says something, and then does not read: the test ends it, or the host.
fn raw(bytes: &[u8]) -> io::Result<ExitCode> {
    io::stdout().write_all(bytes)?;
    io::stdout().flush()?;
    if bytes.get(4..6) == Some(&[0x95, 1]) && std::env::args().nth(1).as_deref() == Some("unasked")
    {
        return Ok(ExitCode::SUCCESS);
    }
    wait()
}

fn wait() -> io::Result<ExitCode> {
    loop {
        std::thread::park();
    }
}

fn exit_with_words() -> io::Result<ExitCode> {
    let mut hello = [0; 8];
    io::stdin().read_exact(&mut hello)?;
    writeln!(io::stderr(), "no model at all")?;
    Ok(ExitCode::from(3))
}

fn serve() -> io::Result<ExitCode> {
    let server = Server::new("child", "1.0.0")
        .concurrency(8)
        .quick_method("echo", |call| Ok(call.params::<Json>()?))
        .method("slow_echo", |call| Ok(call.params::<Json>()?))
        .method("count", count)
        .method("flood", flood)
        .method("until_cancelled", |call| {
            call.send("started")?;
            call.wait_until_cancelled();
            call.log(Level::Info, "cancelled");
            Ok(())
        })
        .method("log", |call| {
            call.log(Level::Warn, "from the extension");
            println!("printed");
            Ok(())
        })
        .method("panic", |call| match call.is_cancelled() {
            true => Ok(()),
            false => std::panic::resume_unwind(Box::new("on purpose")),
        });
    deeds::add_meter(deeds::add(server)).serve()?;
    Ok(ExitCode::SUCCESS)
}

/// Starts an extension, tells the numbers of its processes, and waits to be killed.
fn host(folder: &str, program: Option<&str>) -> io::Result<ExitCode> {
    let launcher = Launcher {
        program: std::env::current_exe()?,
        arguments: vec!["launch".into()],
    };
    let options = HostOptions::new(launcher, Notices::new(drop));
    let loaded = Loaded::read(Path::new(folder)).map_err(io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        let started = Extension::start(&loaded, &options).await;
        let extension = started.map_err(io::Error::other)?;
        let own: u32 = call(&extension, "number", &()).await?;
        println!("{own}");
        if let Some(program) = program {
            println!("{}", call(&extension, "spawn", &program).await?);
        }
        io::stdout().flush()?;
        let ended = extension.ended().await;
        Err(io::Error::other(ended.reason))
    })
}

async fn call(extension: &Extension, method: &str, params: &impl Serialize) -> io::Result<u32> {
    let answer = extension.call_with(method, params).await;
    answer.map_err(io::Error::other)
}

fn count(call: &Call) -> Result<u32, Failure> {
    let to: u32 = call.params()?;
    for number in 0..to {
        call.send_later(&number)?;
    }
    Ok(to)
}

/// Sends until nobody wants it any more.
fn flood(call: &Call) -> Result<(), Failure> {
    let part = "x".repeat(call.params()?);
    loop {
        call.send_later(&part)?;
    }
}
