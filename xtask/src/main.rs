//! Chores: `cargo xtask <verb>`. The only way to run a chore, on every platform.

mod bench;
mod ci;
mod codegen;
mod dist;
mod floors;
mod library;
mod python;
mod tidy;
mod trial;

use std::env::consts::EXE_EXTENSION;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
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
    /// Starts the server on a folder and shows what it can do there
    Try(trial::Options),
    /// Makes the Rust files that come from tables
    Codegen {
        /// Only say whether they are current
        #[arg(long)]
        check: bool,
    },
    /// Measures: each figure beside its peer's
    Bench(bench::Options),
    /// Builds what is handed out: the binary with all that lies beside it, or a wheel
    Dist(dist::Options),
    /// Checks the Python side: style, types, tests
    Python,
    /// Installs TypeScript's library files beside the binaries (needs npm)
    Setup,
    /// Runs every check that a change has to pass; the tests come last
    Ci,
}

fn main() -> Result<()> {
    match Arguments::parse().verb {
        Verb::Tidy => tidy::run(workspace_root()),
        Verb::Try(options) => trial::run(workspace_root(), &options),
        Verb::Bench(options) => bench::run(workspace_root(), &options),
        Verb::Dist(options) => dist::run(workspace_root(), &options),
        Verb::Codegen { check } => codegen::run(workspace_root(), check),
        Verb::Python => {
            let checked = python::check(workspace_root())?;
            anyhow::ensure!(checked, "there is no Python of version 3.10 or later");
            Ok(())
        }
        Verb::Setup => {
            let installed = library::install(workspace_root())?;
            anyhow::ensure!(installed, "npm is not installed");
            Ok(())
        }
        Verb::Ci => ci::run(workspace_root()),
    }
}

/// The folder that holds the workspace's `Cargo.toml`.
fn workspace_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Where Cargo puts the server when it builds it with `profile`, which is also a folder's name.
fn server_binary(root: &Path, profile: &str) -> Result<PathBuf> {
    let metadata = MetadataCommand::new().current_dir(root).no_deps().exec();
    let target = metadata
        .context("failed to run `cargo metadata`")?
        .target_directory;
    let binary = target
        .join(profile)
        .join("symphony")
        .with_extension(EXE_EXTENSION);
    Ok(binary.into_std_path_buf())
}
