//! `symphony store`: what is kept between two starts, where it comes from, whether it is sound; and throwing it out.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use symphony_pit::store::{ArtifactId, DiskState, Key, Link, Purge, Store};

use super::pit::shared;
use super::say;
use crate::metrics::read_all;
use crate::pit::store_options;

/// What can be asked of the store.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// What is kept, how much room it takes, and what running servers share with other machines.
    Stats,
    /// Where an artifact comes from, by its id or key, 64 hexadecimal digits.
    Why {
        /// The artifact.
        id: String,
    },
    /// Reads everything and says what is damaged.
    Verify,
    /// Throws everything out, or only one kind of artifacts: "summary", "files", "model", "model-part", "answer".
    Purge {
        /// Only these.
        #[arg(long)]
        kind: Option<String>,
    },
}

/// Asks the store in a cache directory.
pub(crate) fn run(cache: Option<PathBuf>, verb: &Verb) -> anyhow::Result<()> {
    let cache = cache.context("there is no cache directory")?;
    let servers = read_all(&cache);
    let store = Store::open(store_options(Some(cache)));
    match verb {
        Verb::Stats => {
            let mut text = stats(&store);
            for server in &servers {
                let shared = shared(server).map(|it| format!("server {}: {it}\n", server.process));
                text.extend(shared);
            }
            say(&text)
        }
        Verb::Why { id } => say(&why(&store, id)?),
        Verb::Verify => {
            let report = store.verify();
            say(&format!(
                "{} segments, {} records, {} values; {} bytes and {} values damaged\n",
                report.segments,
                report.records,
                report.values,
                report.damaged_bytes,
                report.damaged_values
            ))?;
            ensure!(report.is_sound(), "what is damaged will be made again");
            Ok(())
        }
        Verb::Purge { kind } => {
            let what = kind.clone().map_or(Purge::All, Purge::Kind);
            store.purge(&what).context("failed to purge")?;
            store.flush().context("failed to purge")?;
            say(&stats(&store))
        }
    }
}

fn stats(store: &Store) -> String {
    let disk = store.stats().disk;
    let state = match disk.state {
        DiskState::None => "not on disk".to_owned(),
        DiskState::Writing => "nobody else uses it".to_owned(),
        DiskState::Following => "a server uses it".to_owned(),
        DiskState::ReadOnly(reason) => format!("read only: {reason}"),
        DiskState::Off(reason) => format!("not usable: {reason}"),
    };
    let mut text = format!(
        "{} artifacts, {} values, {:.1} MB of {:.1} MB in {} segments ({state})\n",
        disk.entries,
        disk.values,
        disk.live_bytes as f64 / 1e6,
        disk.bytes as f64 / 1e6,
        disk.segments,
    );
    for kind in disk.kinds {
        let _ = writeln!(text, "  {:>8} {}", kind.entries, kind.kind);
    }
    text
}

fn why(store: &Store, id: &str) -> anyhow::Result<String> {
    let key: Key = id.parse().context("failed to read the id")?;
    let mut links = store.why(&key);
    if links.is_empty() {
        links = store.why_id(ArtifactId::from_bytes(*key.as_bytes()));
    }
    ensure!(!links.is_empty(), "nothing is kept under {id}");
    Ok(links.iter().map(line).collect())
}

fn line(link: &Link) -> String {
    let lineage = &link.lineage;
    let mut text = format!(
        "{:indent$}{} {}\n{:indent$}  made by {} {} at {} s after 1970, quality {:.2}\n",
        "",
        lineage.kind,
        link.id,
        "",
        lineage.maker,
        lineage.version,
        lineage.created,
        link.quality.score(),
        indent = 2 * link.depth,
    );
    for (name, value) in &lineage.parameters {
        let _ = writeln!(
            text,
            "{:indent$}  {name}: {value}",
            "",
            indent = 2 * link.depth
        );
    }
    text
}
