//! Names across files: what an import leads to, what a module exports, which names are global, and what every name in
//! every file stands for.
//!
//! What crosses files is computed from summaries, in queries ([`exported`], [`resolve_module`], [`globals`]); places in
//! a file come from its lowering, on demand. [`Semantics`] puts both together for the time of one question.
//! Nothing here knows of requests, of editors or of the disk.

mod fixture;
mod globals;
mod graph;
mod members;
mod namespace_imports;
mod semantics;
#[cfg(test)]
mod tests;
mod types;

pub use fixture::Fixture;
pub use globals::{Globals, ambient_files, globals};
pub use graph::{
    Exported, ExportedAs, Module, augmented_as, exported, exported_by, project_of, resolve_module,
};
pub use members::Members;
pub use namespace_imports::{Namespaces, Nested, declares, namespaces, nested_modules};
pub use semantics::{Def, Semantics, Target, Targets};
pub use types::Ty;
