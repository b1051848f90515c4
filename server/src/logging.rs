//! The log: standard error, which editors keep, and a file if asked for. Never standard output, which is the protocol's.
//!
//! A thread of its own writes it: a client that does not read what the server says there must not hold up the server.

use std::fs::File;

use anyhow::Context as _;
use symphony_config::Log;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts the log. What was logged is written when the guards are dropped. A level that is none is told in the log.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) fn start(settings: &Log) -> anyhow::Result<Vec<WorkerGuard>> {
    let (filter, wrong) = match filter(&settings.level) {
        Ok(filter) => (filter, None),
        Err(error) => (filter(&Log::default().level)?, Some(error)),
    };
    let mut guards = Vec::new();
    let to_file = settings
        .file
        .as_ref()
        .map(|path| {
            let file = File::options().create(true).append(true).open(path);
            file.with_context(|| format!("failed to open the log file {}", path.display()))
        })
        .transpose()?
        .map(|file| {
            let (writer, guard) = tracing_appender::non_blocking(file);
            guards.push(guard);
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(writer)
        });
    let (writer, guard) = tracing_appender::non_blocking(std::io::stderr());
    guards.push(guard);
    let to_stderr = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(writer);
    tracing_subscriber::registry()
        .with(filter)
        .with(to_stderr)
        .with(to_file)
        .init();
    if let Some(error) = wrong {
        tracing::warn!(level = settings.level, %error, "setting `log.level` ignored");
    }
    Ok(guards)
}

/// What is logged. The database tells of each query and each edit, which only says something to those who ask for it by name.
fn filter(level: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::try_new(format!("salsa=warn,{level}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_quiet_unless_it_is_named() {
        for (level, directive) in [
            ("info", "salsa=warn"),
            ("symphony_lm=debug,warn", "salsa=warn"),
            ("info,salsa=trace", "salsa=trace"),
        ] {
            let filter = filter(level).unwrap().to_string();
            let of_salsa = filter.split(',').filter(|it| it.starts_with("salsa"));
            assert_eq!(of_salsa.collect::<Vec<_>>(), [directive], "{filter}");
        }
        assert!(filter("a=b=c").is_err());
    }
}
