//! The TypeScript files of a folder, and which of them to open.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use ignore::WalkBuilder;
use symphony_tests::Random;

const EXTENSIONS: &[&str] = &["ts", "tsx", "mts", "cts"];

/// Files above this are generated more often than written, and make dull examples.
const MAX_BYTES: u64 = 200_000;

/// A file that can be opened.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// Relative to the folder.
    pub(super) name: String,
    n_bytes: u64,
}

/// All TypeScript files under `folder` that are neither ignored nor installed, by name.
pub(super) fn list(folder: &Path) -> Result<Vec<Source>> {
    let walk = WalkBuilder::new(folder)
        .require_git(false)
        .filter_entry(|it| it.file_name() != "node_modules")
        .build();
    let mut sources = Vec::new();
    // What cannot be read is no source; the server says so itself where it matters.
    for entry in walk.filter_map(Result::ok) {
        let extension = entry
            .path()
            .extension()
            .and_then(|it| it.to_str())
            .unwrap_or_default();
        let is_file = entry.file_type().is_some_and(|it| it.is_file());
        if is_file && EXTENSIONS.contains(&extension) {
            let name = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            sources.push(Source {
                name: name.display().to_string(),
                n_bytes: entry.metadata().map_or(0, |it| it.len()),
                path: entry.into_path(),
            });
        }
    }
    if sources.is_empty() {
        let kinds = EXTENSIONS.join(", .");
        bail!("{} holds no TypeScript files (.{kinds})", folder.display());
    }
    sources.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(sources)
}

/// Up to `limit` files, in the order of their names.
pub(super) fn sample<'a>(
    sources: &'a [Source],
    random: &mut Random,
    limit: usize,
) -> Vec<&'a Source> {
    let fit = |it: &&Source| it.n_bytes <= MAX_BYTES && !it.name.ends_with(".d.ts");
    let mut left: Vec<_> = sources.iter().filter(fit).collect();
    if left.is_empty() {
        left = sources.iter().collect();
    }
    let mut chosen = Vec::new();
    while chosen.len() < limit && !left.is_empty() {
        chosen.push(left.swap_remove(random.below(left.len())));
    }
    chosen.sort_by(|left, right| left.name.cmp(&right.name));
    chosen
}
