//! The incremental database: what is known about files, and what follows from it.
//!
//! Inputs are facts and are written in one place, [`Change::apply`]. Everything else is a query, computed when it
//! is asked for and again only when something it read has changed. Nothing here reads a file, a clock or an
//! environment: closed files and module resolution are asked of a [`System`].
//!
//! **Firewall**: offsets live in [`parse`], [`hir`] and [`lowered`]; what other files may depend on is [`summary`],
//! which an edit inside a body leaves equal.

mod change;
mod inputs;
mod queries;
mod system;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use change::{Change, Inputs, ProjectData};
pub use inputs::{Contents, Project, ProjectOptions, Revision, SourceFile, Workspace};
pub use queries::{hir, line_index, lowered, parse, source_text, summary, syntax_errors, variant};
pub use salsa::{Cancelled, Database as SalsaDatabase};
pub use system::{Files, Moved, NoSystem, PathEntry, PathKind, ResolveKind, System};

use salsa::{Durability, Storage};
use symphony_syntax::Language;
use symphony_vfs::FileId;

/// The view of the database that queries and features take.
#[salsa::db]
pub trait Db: salsa::Database {
    /// All files that were ever named.
    fn files(&self) -> &Files;

    /// The handle of a file, made now if nothing knows it yet: it is read when something asks for what is in it.
    fn source_file(&self, file: FileId) -> SourceFile;
}

/// The database. Cloning makes a handle for reading on another thread; a write waits until every clone is gone.
#[salsa::db]
#[derive(Clone)]
pub struct RootDatabase {
    storage: Storage<Self>,
    files: Arc<Files>,
}

impl RootDatabase {
    /// An empty database in this world.
    pub fn new(system: Arc<dyn System>) -> Self {
        Self::with_storage(Storage::new(None), system)
    }

    fn with_storage(storage: Storage<Self>, system: Arc<dyn System>) -> Self {
        Self {
            storage,
            files: Arc::new(Files::new(system)),
        }
    }

    /// An empty database that tells `log` of each query it runs: for tests of what is not run.
    pub fn with_log(system: Arc<dyn System>, log: impl Fn(String) + Send + Sync + 'static) -> Self {
        let storage = Storage::new(Some(Box::new(move |event: salsa::Event| {
            if let salsa::EventKind::WillExecute { database_key } = event.kind {
                log(format!("{database_key:?}"));
            }
        })));
        Self::with_storage(storage, system)
    }
}

impl std::fmt::Debug for RootDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootDatabase")
    }
}

impl Default for RootDatabase {
    fn default() -> Self {
        Self::new(Arc::new(NoSystem))
    }
}

#[salsa::db]
impl salsa::Database for RootDatabase {}

#[salsa::db]
impl Db for RootDatabase {
    fn files(&self) -> &Files {
        &self.files
    }

    fn source_file(&self, file: FileId) -> SourceFile {
        if let Some(known) = self.files.get(file) {
            return known;
        }
        // One handle for one file, whoever comes first.
        *self.files.handles.entry(file).or_insert_with(|| {
            let language = self
                .files
                .system
                .language(file)
                .unwrap_or(Language::TypeScript);
            let contents = Contents::Unread(self.files.next_revision());
            SourceFile::builder(file, language, contents, None)
                .durability(Durability::MEDIUM)
                .new(self)
        })
    }
}
