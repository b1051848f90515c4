//! All places that name one thing, in all files.
//!
//! A [`ReferenceQuery`] says what is looked for; the words and summaries of files say which of them may have it; only
//! those are lowered, and in them only the tokens with its names are resolved ([`in_file`]). Names that come up on the way, by `as`, are looked for next.

use symphony_db::{Db, SourceFile};
use symphony_hir::{DeclKind, Hir, TokenFlags, TokenId, TokenKind};
use symphony_semantic::Semantics;
use symphony_text::{TextRange, TextSize};

mod files;
pub(crate) mod identity;
mod narrow;
mod origin;
mod query;
pub(crate) mod renames;
mod search;
pub(crate) mod special;
#[cfg(test)]
mod tests;

pub use query::{Found, ReferenceQuery};
pub use search::in_file;

/// A place that names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The file.
    pub file: SourceFile,
    /// The name's place.
    pub range: TextRange,
    /// Whether it is declared with a value or assigned to there.
    pub is_write: bool,
    /// Whether it is declared there.
    pub is_declaration: bool,
}

/// The places that name what is at `offset`, by file and in the order of the text.
pub fn references(
    db: &dyn Db,
    file: SourceFile,
    offset: TextSize,
    include_declaration: bool,
) -> Vec<Reference> {
    let semantics = Semantics::new(db);
    let mut found = match special::references(&semantics, file, offset) {
        Some(found) => found,
        None => match ReferenceQuery::new(&semantics, file, offset) {
            Some(query) => run(&semantics, query),
            None => Vec::new(),
        },
    };
    found.retain(|it| include_declaration || !it.is_declaration);
    tidy(db, &mut found);
    found
}

/// Runs a query over all files that it concerns.
pub(crate) fn run(semantics: &Semantics<'_>, mut query: ReferenceQuery) -> Vec<Reference> {
    let mut found = Vec::new();
    loop {
        let files = query.files(semantics);
        let round: Vec<Found> = files
            .iter()
            .map(|&file| in_file(semantics, file, &query))
            .collect();
        found.extend(round.iter().flat_map(|it| it.references.iter().copied()));
        if !query.next(semantics, &round) {
            return found;
        }
    }
}

/// Sorts by file and place; of two at one place one is left.
fn tidy(db: &dyn Db, found: &mut Vec<Reference>) {
    found.sort_by_key(|it| (it.file.id(db), it.range.start(), it.range.end()));
    found.dedup_by(|next, kept| {
        let same = next.file == kept.file && next.range == kept.range;
        if same {
            kept.is_write |= next.is_write;
            kept.is_declaration |= next.is_declaration;
        }
        same
    });
}

/// What a token is as a reference.
fn reference_at(file: SourceFile, hir: &Hir, token: TokenId) -> Reference {
    let it = hir.token(token);
    let is_declaration = match it.kind {
        TokenKind::Decl(decl) => !matches!(hir.decl(decl).kind, DeclKind::ExportAssignment),
        _ => false,
    };
    Reference {
        file,
        range: it.range,
        is_write: it.flags.has(TokenFlags::WRITE),
        is_declaration,
    }
}
