//! The command line that the benchmarks share, and what becomes of their figures.

use std::fs;
use std::path::PathBuf;

use clap::Parser;

use crate::{Figure, table};

/// What a benchmark is told.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these parts
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// What `cargo bench` adds
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    /// Of this process; ends it where they make no sense.
    #[must_use]
    pub fn of_process() -> Self {
        Self::parse()
    }

    /// Whether a part is to be measured.
    #[must_use]
    pub fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|it| it == part)
    }

    /// Shows the figures of a part.
    #[expect(clippy::print_stdout, reason = "a benchmark's figures are its output")]
    pub fn show(&self, figures: &[Figure]) {
        print!("{}", table(figures));
    }

    /// Writes all figures to a file, if that was asked for.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&self, all: &[Figure]) -> anyhow::Result<()> {
        if let Some(file) = &self.json {
            fs::write(file, serde_json::to_string_pretty(all)?)?;
        }
        Ok(())
    }
}
