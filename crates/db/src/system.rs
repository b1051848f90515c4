//! What the database asks of the world outside, and the handles of all files.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use symphony_hir::{Hir, Pieces};
use symphony_syntax::Language;
use symphony_text::LineIndex;
use symphony_vfs::FileId;

use crate::{Revision, SourceFile};

/// How much memory lowered closed files may take. The libraries of the language take 15 MB of it; a search lowers few
/// files, since summaries say where a name may be.
const CACHE_BYTES: u64 = 32 << 20;

/// What the database asks of the world outside. Answers must depend on nothing but what inputs stand for: a file's text
/// on its [`Revision`], an import's module on the structure of the workspace and the revision of its project.
pub trait System: Send + Sync + std::fmt::Debug {
    /// The text of a file on disk.
    fn read(&self, file: FileId) -> Option<Arc<str>>;
    /// The language of a file by its name.
    fn language(&self, file: FileId) -> Option<Language>;
    /// The file that `specifier` in `from` leads to.
    fn resolve(&self, from: FileId, specifier: &str, kind: ResolveKind) -> Option<FileId>;

    /// The specifiers by which `from` may import the module that is the file `to`, best first; none if it may not.
    /// `existing` are specifiers that `from` has: their style is followed.
    fn specifiers(&self, from: FileId, to: FileId, existing: &[&str]) -> Vec<String> {
        let _ = (from, to, existing);
        Vec::new()
    }

    /// The packages that `from` may import because its nearest `package.json` depends on them: the specifier, and the
    /// declarations behind it.
    fn importable_packages(&self, from: FileId) -> Vec<(String, FileId)> {
        let _ = from;
        Vec::new()
    }

    /// What may stand behind `folder` in a specifier of `from`: `folder` is empty, `./`, `../a/`, `name/`.
    fn path_entries(&self, from: FileId, folder: &str) -> Vec<PathEntry> {
        let _ = (from, folder);
        Vec::new()
    }

    /// The name by which a file would be known if nothing else named it: that of the file without its ending, of the
    /// folder for an index.
    fn file_name(&self, file: FileId) -> Option<String> {
        let _ = file;
        None
    }

    /// How `specifier`, which led from `from` to `to`, is written after both have been renamed, in the same style; none
    /// if it may stay.
    fn renamed_specifier(&self, from: &Moved, specifier: &str, to: &Moved) -> Option<String> {
        let _ = (from, specifier, to);
        None
    }
}

/// A file before and after it is renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The file as it is known.
    pub file: FileId,
    /// Its path afterwards; none if it stays.
    pub path: Option<std::path::PathBuf>,
}

/// What may come next in a module's specifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathEntry {
    /// As it is written in the specifier.
    pub name: String,
    /// What it leads to.
    pub kind: PathKind,
}

/// What a part of a module's specifier leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A package, or a module that is declared under this name.
    Package,
}

/// What names a module or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResolveKind {
    /// `import` and `export ... from`.
    Import,
    /// `require()`.
    Require,
    /// `/// <reference path="" />`.
    Path,
    /// `/// <reference types="" />`.
    Types,
    /// `/// <reference lib="" />`.
    Lib,
}

/// A world without files.
#[derive(Debug)]
pub struct NoSystem;

impl System for NoSystem {
    fn read(&self, _: FileId) -> Option<Arc<str>> {
        None
    }

    fn language(&self, _: FileId) -> Option<Language> {
        None
    }

    fn resolve(&self, _: FileId, _: &str, _: ResolveKind) -> Option<FileId> {
        None
    }
}

/// All files that were ever named, and what was lowered of the closed ones.
#[derive(Debug)]
pub struct Files {
    pub(crate) handles: DashMap<FileId, SourceFile>,
    pub(crate) system: Arc<dyn System>,
    pub(crate) closed: Cache<(FileId, Revision), Arc<Closed>, ByBytes>,
    /// Of open files, what an edit leaves as it is.
    pub(crate) pieces: DashMap<FileId, Arc<Pieces>>,
    next: AtomicU64,
}

/// What was made of a closed file's text.
#[derive(Debug)]
pub(crate) struct Closed {
    pub(crate) hir: Arc<Hir>,
    pub(crate) lines: Arc<LineIndex>,
}

/// Weighs it by its memory.
#[derive(Clone, Debug)]
pub(crate) struct ByBytes;

impl Weighter<(FileId, Revision), Arc<Closed>> for ByBytes {
    fn weight(&self, _: &(FileId, Revision), closed: &Arc<Closed>) -> u64 {
        closed.hir.heap_size() as u64 + u64::from(closed.lines.line_count()) * 4 + 64
    }
}

impl Files {
    pub(crate) fn new(system: Arc<dyn System>) -> Self {
        Self {
            handles: DashMap::new(),
            system,
            closed: Cache::with_weighter(4096, CACHE_BYTES, ByBytes),
            pieces: DashMap::new(),
            next: AtomicU64::new(0),
        }
    }

    /// A number that no version of a file has had.
    pub fn next_revision(&self) -> Revision {
        Revision(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// The world outside.
    pub fn system(&self) -> &dyn System {
        &*self.system
    }

    /// The handle of a file that is already known.
    pub fn get(&self, file: FileId) -> Option<SourceFile> {
        self.handles.get(&file).map(|it| *it)
    }

    /// The files that are known.
    pub fn ids(&self) -> Vec<FileId> {
        self.handles.iter().map(|it| *it.key()).collect()
    }
}
