//! Chores: `cargo xtask <verb>`. The only way to run a chore, on every platform.

mod tidy;

use std::path::Path;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Symphony's chores")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Checks the rules of the code base that no compiler checks
    Tidy,
}

fn main() -> Result<()> {
    match Arguments::parse().verb {
        Verb::Tidy => tidy::run(workspace_root()),
    }
}

/// The folder that holds the workspace's `Cargo.toml`.
fn workspace_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}
