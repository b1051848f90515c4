//! What a file offers to the rest of the workspace, without bodies and without places.
//!
//! [`FileSummary`] is the firewall of the incremental database: an edit inside a body makes an equal summary, so
//! nothing that was computed from it is computed again. Places are kept beside it, in [`Lowered`], for answers
//! that have to point somewhere. Knows one file's lowering, never the database.

mod declarations;
mod modules;
mod persist;
mod place;
mod uses;
mod words;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use symphony_hir::{Hir, Reference};

pub use declarations::{Declaration, DeclarationKind};
pub use modules::{AmbientModule, Equals, Export, ExportList, ExportTarget, Import};
pub use place::Place;
pub use uses::Loose;
pub use words::{Uses, Words, word};

/// What others may know of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    /// Module-level declarations and the members of classes, interfaces, enums and namespaces, in the order of the text.
    pub declarations: Box<[Declaration]>,
    /// Whether it is a module; if not, what it declares at its top is global.
    pub is_module: bool,
    /// The modules that it names, each once.
    pub specifiers: Box<[SmolStr]>,
    /// What it imports at its top, sorted by the local name.
    pub imports: Box<[Import]>,
    /// What it exports.
    pub exports: ExportList,
    /// The modules that it declares or augments.
    pub ambient: Box<[AmbientModule]>,
    /// The names that it makes global, sorted.
    pub globals: Box<[SmolStr]>,
    /// Its reference comments: the kind and the text.
    #[serde(with = "persist::references")]
    pub references: Box<[(symphony_hir::ReferenceKind, SmolStr)]>,
}

impl FileSummary {
    /// The declaration that holds the one at `index`, if it is a member.
    pub fn container(&self, index: usize) -> Option<&Declaration> {
        self.declarations
            .get(index)?
            .parent
            .map(|parent| &self.declarations[parent as usize])
    }

    /// What the file imports as `local`.
    pub fn import(&self, local: &str) -> Option<&Import> {
        let at = self
            .imports
            .binary_search_by(|it| (*it.local).cmp(local))
            .ok()?;
        Some(&self.imports[at])
    }
}

/// A summary with the places of its declarations and the words of its text. Cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowered {
    /// The part that others depend on.
    pub summary: Arc<FileSummary>,
    /// The place of each declaration's name.
    pub places: Arc<[Place]>,
    /// Every name in it that may concern other files.
    pub words: Words,
    /// What of other modules it uses as a whole.
    pub loose: Loose,
}

/// The summary of a lowered file, with places.
pub fn summarise(hir: &Hir, text: &str) -> Lowered {
    let (declarations, places) = declarations::declarations(hir, text);
    let modules = modules::Modules::new(hir);
    let references = hir.references().iter();
    let imports = modules.imports();
    let names = hir.names().iter().map(SmolStr::as_str);
    Lowered {
        words: Words::new(names.zip(uses::uses(hir))),
        loose: Loose::new(hir, &imports, &modules),
        summary: Arc::new(FileSummary {
            declarations,
            is_module: hir.is_module,
            imports,
            exports: modules.exports(Hir::FILE),
            ambient: modules.ambient(),
            globals: modules.globals(),
            references: references
                .map(|it: &Reference| (it.kind, it.text.clone()))
                .collect(),
            specifiers: modules.specifiers,
        }),
        places,
    }
}

#[cfg(test)]
mod tests;
