//! The log: standard error, which editors keep, and a file if asked for. Never standard output, which is the protocol's.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Mutex;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The database tells of every query it runs.
const DEFAULT: &str = "info,salsa=warn";

/// Starts the log.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) fn start(file: Option<PathBuf>) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_from_env("SYMPHONY_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let to_file = file
        .map(|path| {
            let file = File::options().create(true).append(true).open(&path);
            file.with_context(|| format!("failed to open the log file {}", path.display()))
        })
        .transpose()?
        .map(|file| {
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(Mutex::new(file))
        });
    let to_stderr = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(filter)
        .with(to_stderr)
        .with(to_file)
        .init();
    Ok(())
}
