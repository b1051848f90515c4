//! What a store is opened with, and what can be thrown out of it.

use std::path::PathBuf;

use crate::{Key, SharedOptions};

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory of the disk tier; none for memory only.
    pub dir: Option<PathBuf>,
    /// The most that values in memory take.
    pub memory_bytes: u64,
    /// The most that the directory takes.
    pub disk_bytes: u64,
    /// When a segment file is full; none for a size that suits `disk_bytes`.
    pub segment_bytes: Option<u64>,
    /// From this length on, values on disk are compressed where that pays.
    pub compress_from: usize,
    /// The store that machines share; none opens no socket.
    pub shared: Option<SharedOptions>,
}

impl Options {
    /// Memory only.
    #[must_use]
    pub fn in_memory(memory_bytes: u64) -> Self {
        Self {
            dir: None,
            memory_bytes,
            disk_bytes: 0,
            segment_bytes: None,
            compress_from: 16 << 10,
            shared: None,
        }
    }

    /// With a directory: 64 MiB in memory, 1 GiB on disk.
    #[must_use]
    pub fn in_dir(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: Some(dir.into()),
            disk_bytes: 1 << 30,
            ..Self::in_memory(64 << 20)
        }
    }

    /// Small enough that evicting one segment is a small step, large enough that there are few files.
    pub(crate) fn segment_limit(&self) -> u64 {
        let suited = (self.disk_bytes / 16).clamp(64 << 10, 32 << 20);
        self.segment_bytes.unwrap_or(suited).clamp(4 << 10, 1 << 30)
    }
}

/// What is thrown out.
#[derive(Debug, Clone, PartialEq)]
pub enum Purge {
    /// Everything.
    All,
    /// What was put under this key.
    Key(Key),
    /// All artifacts of a kind, by its name.
    Kind(String),
    /// What was made before this time, in seconds since 1970.
    MadeBefore(u64),
    /// What has a quality score below this.
    WorseThan(f32),
}
