//! Extensions, beside a bare pipe between two processes: `cargo xtask bench extension`. This program is the host, the launcher and
//! the extension.
#![expect(clippy::print_stdout, reason = "a benchmark's figures are its output")]

mod figures;

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use clap::Parser;
use symphony_benches::table;
use symphony_extension::sdk::Server;

#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
#[cfg(not(unix))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Arguments {
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these: `trip`, `rate`, `manifest`, `load`
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// What `cargo bench` adds
    #[arg(long, hide = true)]
    bench: bool,
}

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
    let arguments = Arguments::parse();
    let mut all = Vec::new();
    for (name, figures) in figures::ALL {
        if arguments.only.is_empty() || arguments.only.iter().any(|it| it == name) {
            let figures = figures()?;
            print!("{}", table(&figures));
            all.extend(figures);
        }
    }
    if let Some(file) = arguments.json {
        fs::write(file, serde_json::to_string_pretty(&all)?)?;
    }
    Ok(())
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
