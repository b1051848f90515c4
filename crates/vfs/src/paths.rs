//! Ids for files, so that nothing above handles paths.

use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

/// A file, by number. Valid in the process that gave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// What an editor calls a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VfsPath {
    /// A file on disk, or one that could be there: absolute, without `.` and `..`.
    File(PathBuf),
    /// A document that only the editor has (`untitled:`, `git:`, ...), by its URI.
    Virtual(String),
}

impl VfsPath {
    /// The path of a file, with `.` and `..` taken out. Links are not followed.
    pub fn file(path: &Path) -> Self {
        let mut clean = PathBuf::new();
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    clean.pop();
                }
                other => clean.push(other),
            }
        }
        Self::File(clean)
    }

    /// The path on disk, if it can have one.
    pub fn as_path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Virtual(_) => None,
        }
    }
}

/// Every path that was ever named, with its id. Any thread may ask.
#[derive(Debug, Default)]
pub struct Paths {
    ids: DashMap<VfsPath, FileId>,
    paths: DashMap<FileId, VfsPath>,
    next: AtomicU32,
}

impl Paths {
    /// The id of `path`, given out now if it has none.
    pub fn intern(&self, path: VfsPath) -> FileId {
        match self.ids.entry(path) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                let id = FileId(self.next.fetch_add(1, Ordering::Relaxed));
                self.paths.insert(id, free.key().clone());
                free.insert(id);
                id
            }
        }
    }

    /// The path of an id that this table gave out.
    pub fn path(&self, id: FileId) -> Option<VfsPath> {
        self.paths.get(&id).map(|path| path.value().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_path_has_one_id() {
        let paths = Paths::default();
        let a = paths.intern(VfsPath::file(Path::new("/p/src/../src/./a.ts")));
        let again = paths.intern(VfsPath::file(Path::new("/p/src/a.ts")));
        let untitled = paths.intern(VfsPath::Virtual("untitled:a.ts".into()));
        assert_eq!(a, again);
        assert_ne!(a, untitled);
        assert_eq!(paths.path(a), Some(VfsPath::File("/p/src/a.ts".into())));
        assert_eq!(paths.path(FileId(99)), None);
    }
}
