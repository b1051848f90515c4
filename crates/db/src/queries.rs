//! What follows from one file.

use std::sync::Arc;

use symphony_summary::{FileSummary, Lowered};
use symphony_syntax::{Parse, SyntaxError};
use symphony_text::LineIndex;

use crate::{Contents, Db, SourceFile};

/// The text of an open file, in one piece; empty for any other.
#[salsa::tracked(returns(clone))]
pub fn source_text(db: &dyn Db, file: SourceFile) -> Arc<str> {
    match file.contents(db) {
        Contents::Open { text, .. } => text.to_string().into(),
        Contents::Closed(_) | Contents::Missing => "".into(),
    }
}

/// The text and tree of an open file; none for a closed one, whose tree is not kept.
// Trees have no equality: a new text is a new tree.
#[salsa::tracked(returns(clone), no_eq)]
pub fn parse(db: &dyn Db, file: SourceFile) -> Option<Parse> {
    match file.contents(db) {
        Contents::Open { tree, .. } => Some(Parse::from_parts(
            source_text(db, file),
            tree.clone(),
            file.language(db),
        )),
        Contents::Closed(_) | Contents::Missing => None,
    }
}

/// The lines of an open file.
#[salsa::tracked(returns(clone))]
pub fn line_index(db: &dyn Db, file: SourceFile) -> Arc<LineIndex> {
    LineIndex::new(&source_text(db, file)).into()
}

/// The syntax errors of an open file.
#[salsa::tracked(returns(clone))]
pub fn syntax_errors(db: &dyn Db, file: SourceFile) -> Arc<[SyntaxError]> {
    symphony_syntax::syntax_errors(&source_text(db, file), file.language(db)).into()
}

/// A file's declarations with their places.
#[salsa::tracked(returns(clone))]
pub fn lowered(db: &dyn Db, file: SourceFile) -> Lowered {
    match file.contents(db) {
        Contents::Closed(lowered) => lowered.clone(),
        Contents::Open { .. } => parse(db, file)
            .map(|parse| symphony_summary::lower(&parse))
            .unwrap_or_default(),
        Contents::Missing => Lowered::default(),
    }
}

/// A file's declarations: what other files may depend on. Equal before and after an edit inside a body.
#[salsa::tracked(returns(clone))]
pub fn summary(db: &dyn Db, file: SourceFile) -> Arc<FileSummary> {
    lowered(db, file).summary
}
