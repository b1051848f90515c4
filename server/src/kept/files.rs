//! What the files of a folder held when they were last read: enough to tell, without reading them, which have changed.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use symphony_vfs::Stamp;

use super::ContentHash;

/// What a file held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownFile {
    /// The version that was read.
    pub(crate) stamp: Stamp,
    /// Its text.
    pub(crate) content: ContentHash,
    /// How many lines it has.
    pub(crate) lines: u32,
    /// Whether the same stamp will mean the same text.
    pub(crate) is_settled: bool,
}

/// What files held, by their paths.
pub(crate) type Files = FxHashMap<PathBuf, KnownFile>;

/// What the files of a folder held.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KnownFiles(pub(crate) Files);

/// A file as it is written: its path in the folder, when it was written, length, hash and lines.
#[derive(Serialize, Deserialize)]
struct Written<'a>(#[serde(borrow)] &'a str, u64, u64, ContentHash, u32);

impl KnownFiles {
    /// What was read of a file, if it is still the same.
    pub(crate) fn unchanged(&self, path: &Path, stamp: Stamp) -> Option<KnownFile> {
        let known = self.0.get(path)?;
        (known.stamp == stamp && known.is_settled).then_some(*known)
    }

    /// Those whose stamps will mean the same text, and whose names are text.
    pub(super) fn to_bytes(&self, folder: &Path) -> Vec<u8> {
        let mut files: Vec<Written<'_>> = self
            .0
            .iter()
            .filter(|(_, file)| file.is_settled)
            .filter_map(|(path, file)| {
                let path = path.strip_prefix(folder).ok()?.to_str()?;
                let Stamp { modified, length } = file.stamp;
                Some(Written(path, modified, length, file.content, file.lines))
            })
            .collect();
        files.sort_unstable_by_key(|file| file.0);
        // Nothing in it can fail to be written to memory.
        postcard::to_stdvec(&files).unwrap_or_default()
    }

    pub(super) fn from_bytes(folder: &Path, bytes: &[u8]) -> Option<Self> {
        let files: Vec<Written<'_>> = postcard::from_bytes(bytes).ok()?;
        let files = files.into_iter();
        let known = files.map(|Written(path, modified, length, content, lines)| {
            let file = KnownFile {
                stamp: Stamp { modified, length },
                content,
                lines,
                is_settled: true,
            };
            (folder.join(path), file)
        });
        Some(Self(known.collect()))
    }
}
