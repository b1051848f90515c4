//! The five services of the Pit, each figure beside its peer's in one run: `cargo xtask bench pit`.
#![expect(clippy::print_stdout, reason = "a benchmark's figures are its output")]

mod arbitration;
mod dag;
mod pool;
mod stale;
mod store;

use std::fs;
use std::path::PathBuf;

use clap::Parser;
use symphony_benches::{Figure, table};

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
    /// Only these services
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// What `cargo bench` adds
    #[arg(long, hide = true)]
    bench: bool,
}

/// The services and what measures them.
type Service = (&'static str, fn() -> Vec<Figure>);
const SERVICES: &[Service] = &[
    ("store", store::figures),
    ("dag", dag::figures),
    ("pool", pool::figures),
    ("arbitration", arbitration::figures),
    ("stale", stale::figures),
];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut all = Vec::new();
    for (service, figures) in SERVICES {
        if arguments.only.is_empty() || arguments.only.iter().any(|it| it == service) {
            let figures = figures();
            print!("{}", table(&figures));
            all.extend(figures);
        }
    }
    if let Some(file) = arguments.json {
        fs::write(file, serde_json::to_string_pretty(&all)?)?;
    }
    Ok(())
}
