//! An extension on disk: its manifest, and the hash of what it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::host::StartError;
use crate::manifest::{FILE_NAME, Manifest, ManifestError, Mistake};

/// What an extension is: the hash of its manifest and of its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Content(blake3::Hash);

impl std::fmt::Display for Content {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.to_hex())
    }
}

/// An extension as it was read from its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Its folder, without links.
    pub folder: PathBuf,
    /// What it says about itself.
    pub manifest: Manifest,
    /// What it is.
    pub content: Content,
    pub(crate) stamp: Stamp,
}

/// What tells cheaply that a file is probably the same: its time and length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp([Option<(SystemTime, u64)>; 2]);

impl Loaded {
    /// Reads the extension in `folder`. What is wrong with its manifest is an error; a missing entry is one only when it is
    /// started.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn read(folder: &Path) -> Result<Self, StartError> {
        let missing = |error: io::Error| {
            StartError::Missing(format!(
                "failed to read {}: {error}",
                folder.join(FILE_NAME).display()
            ))
        };
        let folder = folder.canonicalize().map_err(missing)?;
        let bytes = fs::read(folder.join(FILE_NAME)).map_err(missing)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            ManifestError(vec![Mistake {
                line: before.split('\n').count(),
                column: before
                    .rsplit('\n')
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .count()
                    + 1,
                message: "not UTF-8".to_owned(),
            }])
        })?;
        let manifest = Manifest::parse(text)?;
        // Before the entry is read: a change meanwhile is seen later.
        let stamp = Stamp::of(&folder, &manifest);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&bytes);
        if let Ok(mut entry) = fs::File::open(folder.join(&manifest.entry.program)) {
            hasher.update_reader(&mut entry)?;
        }
        Ok(Self {
            folder,
            manifest,
            content: Content(hasher.finalize()),
            stamp,
        })
    }

    /// Whether the files look as they did when this was read.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.stamp == Stamp::of(&self.folder, &self.manifest)
    }
}

impl Stamp {
    fn of(folder: &Path, manifest: &Manifest) -> Self {
        let files = [folder.join(FILE_NAME), folder.join(&manifest.entry.program)];
        Self(files.map(|file| {
            let metadata = fs::metadata(file).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        }))
    }
}
