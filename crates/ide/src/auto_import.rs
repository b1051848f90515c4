//! Imports that are missing: the modules that export a name, the best first, and the edits that import it.
//!
//! What exports what comes from summaries alone; how a module is written is asked of the system.

mod edits;
mod fixes;
mod sources;
#[cfg(test)]
mod tests;

use symphony_db::{Db, SourceFile, hir, source_text};
use symphony_hir::Meaning;

use crate::TextEdit;
use crate::completion::ImportItem;
pub use fixes::{ImportFix, add_all_missing_imports, import_fixes};
pub(crate) use sources::{Candidate, Sources, best_specifier};

/// The edits that import what an item needs, under the name `local`.
pub(crate) fn import_edits(
    db: &dyn Db,
    file: SourceFile,
    local: &str,
    import: &ImportItem,
) -> Vec<TextEdit> {
    let hir = hir(db, file);
    let text = source_text(db, file);
    let wanted = edits::Wanted {
        local,
        name: &import.name,
        specifier: &import.specifier,
        type_only: import.type_only,
    };
    let existing = edits::existing_for(&hir, &text, &wanted);
    match existing {
        Some(statement) => edits::add_to(&hir, &text, statement, &wanted),
        None => vec![edits::new_import(&hir, &text, &wanted)],
    }
}

/// Whether an import says `type`: where the project asks for it and nothing but a type is wanted.
pub(crate) fn is_type_import(
    db: &dyn Db,
    file: SourceFile,
    it: &Candidate,
    type_position: bool,
) -> bool {
    let verbatim = file
        .project(db)
        .is_some_and(|project| project.options(db).verbatim_modules);
    verbatim && (type_position || !it.meaning.meets(Meaning::VALUE))
}
