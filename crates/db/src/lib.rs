//! The incremental database: what is known about files, and what follows from it.
//!
//! Inputs are facts and are written in one place, [`Change::apply`]. Everything else is a query, computed when it
//! is asked for and again only when something it read has changed. Nothing here reads a file, a clock or an
//! environment.
//!
//! **Firewall**: offsets live in [`parse`] and [`lowered`]; what other files may depend on is [`summary`], which an
//! edit inside a body leaves equal.

mod change;
mod inputs;
mod queries;
#[cfg(test)]
mod tests;

pub use change::Change;
pub use inputs::{Contents, SourceFile, Workspace};
pub use queries::{line_index, lowered, parse, source_text, summary, syntax_errors};
pub use salsa::{Cancelled, Database as SalsaDatabase};

use salsa::Storage;

/// The view of the database that queries and features take.
#[salsa::db]
pub trait Db: salsa::Database {}

/// The database. Cloning makes a handle for reading on another thread; a write waits until every clone is gone.
#[salsa::db]
#[derive(Clone)]
pub struct RootDatabase {
    storage: Storage<Self>,
}

impl std::fmt::Debug for RootDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootDatabase")
    }
}

impl Default for RootDatabase {
    fn default() -> Self {
        Self {
            storage: Storage::new(None),
        }
    }
}

#[salsa::db]
impl salsa::Database for RootDatabase {}

#[salsa::db]
impl Db for RootDatabase {}
