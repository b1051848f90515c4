//! Files: their ids, which of them belong to a workspace, their text on disk, and news of changes to them.
//!
//! The only crate that asks the disk for sources. What an editor has open is not here: the editor's text wins, and
//! it lives in the database.

mod paths;
mod read;
mod stamp;
mod walk;
mod watch;
mod watch_files;

pub use paths::{FileId, Paths, VfsPath};
pub use read::{MAX_SOURCE_BYTES, read_source};
pub use stamp::Stamp;
pub use walk::{SourceEntry, is_ignored_folder, is_project_file, source_files};
pub use watch::Watcher;
pub use watch_files::FileWatcher;
