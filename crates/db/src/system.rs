//! What the database asks of the world outside, and the handles of all files.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use symphony_hir::Hir;
use symphony_syntax::Language;
use symphony_text::LineIndex;
use symphony_vfs::FileId;

use crate::{Revision, SourceFile};

/// How much memory lowered closed files may take.
const CACHE_BYTES: u64 = 96 << 20;

/// What the database asks of the world outside. Answers must depend on nothing but what inputs stand for: a file's text
/// on its [`Revision`], an import's module on the structure of the workspace and the revision of its project.
pub trait System: Send + Sync + std::fmt::Debug {
    /// The text of a file on disk.
    fn read(&self, file: FileId) -> Option<Arc<str>>;
    /// The language of a file by its name.
    fn language(&self, file: FileId) -> Option<Language>;
    /// The file that `specifier` in `from` leads to.
    fn resolve(&self, from: FileId, specifier: &str, kind: ResolveKind) -> Option<FileId>;
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
