//! `cargo xtask bench NAME`: one of the benchmarks of `benches`, built as it is handed out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

#[derive(Args)]
pub(crate) struct Options {
    /// Which benchmark: `conductor`, `edit`, `extension`, `instruments`, `pit`
    name: String,
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these parts of it
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command.args(["bench", "-p", "symphony-benches", "--bench", &options.name]);
    command.arg("--");
    if let Some(json) = &options.json {
        // Cargo runs a benchmark in its package's folder.
        command.arg("--json").arg(std::path::absolute(json)?);
    }
    if !options.only.is_empty() {
        command.arg("--only").arg(options.only.join(","));
    }
    let status = command.status().context("failed to start cargo")?;
    ensure!(status.success(), "the benchmark failed: {status}");
    Ok(())
}
