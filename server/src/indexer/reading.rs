//! One file on its way into the database: from what was kept of it, if it is still the same, else from its text.

use std::path::Path;
use std::time::SystemTime;

use symphony_summary::{Lowered, summarise};
use symphony_syntax::Language;
use symphony_vfs::{SourceEntry, Stamp, read_source};

use super::IndexedFile;
use crate::kept::{Kept, KnownFile, KnownFiles, content_hash};
use crate::world::World;

/// What reading a file takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) world: &'a World,
    pub(super) kept: &'a Kept,
    /// What was known of the files before.
    pub(super) known: &'a KnownFiles,
}

/// A file that is there.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) file: IndexedFile,
    pub(super) known: KnownFile,
    pub(super) work: Work,
}

/// What had to be done for a file's summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Nothing: it is as it was.
    None,
    /// It was read; its text was known.
    Read,
    /// It was read and lowered.
    Lowered,
}

impl Reader<'_> {
    /// What a file says; none if it cannot be read.
    pub(super) fn read(&self, entry: &SourceEntry) -> Option<Found> {
        let SourceEntry { path, stamp } = entry;
        let language = Language::from_path(path)?;
        let unchanged = self.known.unchanged(path, *stamp).and_then(|known| {
            let lowered = self.kept.summary(&known.content, language)?;
            Some((lowered, known, Work::None))
        });
        let (lowered, known, work) = match unchanged {
            Some(unchanged) => unchanged,
            None => self.read_anew(path, *stamp, language)?,
        };
        Some(Found {
            file: IndexedFile {
                path: path.clone(),
                lowered: Some(lowered),
                project: self.world.number_of(path),
            },
            known,
            work,
        })
    }

    fn read_anew(
        &self,
        path: &Path,
        stamp: Stamp,
        language: Language,
    ) -> Option<(Lowered, KnownFile, Work)> {
        // The clock before the text: what is written while it is read has a later time.
        let is_settled = stamp.is_settled(SystemTime::now());
        let text = read_source(path).ok()?;
        let known = KnownFile {
            stamp,
            content: content_hash(&text),
            lines: memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32,
            is_settled,
        };
        if let Some(lowered) = self.kept.summary(&known.content, language) {
            return Some((lowered, known, Work::Read));
        }
        let lowered = summarise(&symphony_hir::lower(&text, language), &text);
        self.kept.keep_summary(&known.content, language, &lowered);
        Some((lowered, known, Work::Lowered))
    }

    /// What a path leads to now, which may be nothing.
    pub(super) fn read_or_missing(&self, path: &Path) -> Result<Found, IndexedFile> {
        let stamp = path.metadata().ok().map(|data| Stamp::of(&data));
        let entry = stamp.map(|stamp| SourceEntry {
            path: path.to_path_buf(),
            stamp,
        });
        entry
            .and_then(|entry| self.read(&entry))
            .ok_or_else(|| IndexedFile {
                path: path.to_path_buf(),
                lowered: None,
                project: self.world.number_of(path),
            })
    }
}
