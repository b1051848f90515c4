//! What follows from one file.

use std::sync::Arc;

use symphony_hir::{Hir, Lowering, Pieces};
use symphony_summary::{FileSummary, Lowered};
use symphony_syntax::{Parse, SyntaxError};
use symphony_text::LineIndex;

use crate::system::Closed;
use crate::{Contents, Db, Revision, SourceFile};

/// The text of an open file, in one piece; empty for any other.
#[salsa::tracked(returns(clone))]
fn open_text(db: &dyn Db, file: SourceFile) -> Arc<str> {
    match file.contents(db) {
        Contents::Open { text, .. } => text.to_string().into(),
        Contents::Closed(..) | Contents::Unread(_) | Contents::Missing => "".into(),
    }
}

/// The text of a file, read from disk if it is not open; empty if it is not there.
pub fn source_text(db: &dyn Db, file: SourceFile) -> Arc<str> {
    match file.contents(db) {
        Contents::Open { .. } => open_text(db, file),
        Contents::Closed(..) | Contents::Unread(_) => {
            db.files().system().read(file.id(db)).unwrap_or_default()
        }
        Contents::Missing => "".into(),
    }
}

/// The text and tree of an open file; none for a closed one, whose tree is not kept.
// Trees have no equality: a new text is a new tree.
#[salsa::tracked(returns(clone), no_eq)]
pub fn parse(db: &dyn Db, file: SourceFile) -> Option<Parse> {
    match file.contents(db) {
        Contents::Open { tree, .. } => Some(Parse::from_parts(
            open_text(db, file),
            tree.get().clone(),
            file.language(db),
        )),
        Contents::Closed(..) | Contents::Unread(_) | Contents::Missing => None,
    }
}

/// The lines of a file.
pub fn line_index(db: &dyn Db, file: SourceFile) -> Arc<LineIndex> {
    match file.contents(db) {
        Contents::Open { .. } => open_lines(db, file),
        Contents::Closed(_, revision) | Contents::Unread(revision) => {
            Arc::clone(&closed(db, file, *revision).lines)
        }
        Contents::Missing => Arc::new(LineIndex::new("")),
    }
}

#[salsa::tracked(returns(clone))]
fn open_lines(db: &dyn Db, file: SourceFile) -> Arc<LineIndex> {
    LineIndex::new(&open_text(db, file)).into()
}

/// The syntax errors of an open file.
#[salsa::tracked(returns(clone))]
pub fn syntax_errors(db: &dyn Db, file: SourceFile) -> Arc<[SyntaxError]> {
    Arc::clone(&open_lowering(db, file).errors)
}

/// A file's lowering. That of an open file is kept with the database, that of a closed one in a cache of bounded size:
/// a search through thousands of files must not leave thousands of lowerings behind.
pub fn hir(db: &dyn Db, file: SourceFile) -> Arc<Hir> {
    match file.contents(db) {
        Contents::Open { .. } => Arc::clone(&open_lowering(db, file).hir),
        Contents::Closed(_, revision) | Contents::Unread(revision) => {
            Arc::clone(&closed(db, file, *revision).hir)
        }
        Contents::Missing => Arc::default(),
    }
}

// Lowerings have no equality: a new text is a new lowering.
#[salsa::tracked(returns(ref), no_eq)]
fn open_lowering(db: &dyn Db, file: SourceFile) -> Opened {
    let (text, language) = (open_text(db, file), file.language(db));
    let tolerant = || {
        let known = parse(db, file);
        known.unwrap_or_else(|| Parse::new(Arc::clone(&text), language))
    };
    // Only saves work: the lowering is that of the text, whatever text was there before.
    let pieces = &db.files().pieces;
    let known = pieces.get(&file.id(db)).map(|it| Arc::clone(&it));
    let (lowering, kept) = Pieces::lower(&text, language, known.as_deref(), tolerant);
    if let Some(kept) = kept {
        pieces.insert(file.id(db), Arc::new(kept));
    }
    let Lowering { hir, errors } = lowering;
    Opened {
        hir: Arc::new(hir),
        errors: errors.into(),
    }
}

/// The lowering of a text that an open file could have after a small edit.
pub fn variant(db: &dyn Db, file: SourceFile, text: &str) -> Hir {
    let known = db
        .files()
        .pieces
        .get(&file.id(db))
        .map(|it| Arc::clone(&it));
    let variant = known.and_then(|it| it.variant(text));
    variant.unwrap_or_else(|| symphony_hir::lower(text, file.language(db)))
}

/// What one reading of an open file brought.
struct Opened {
    hir: Arc<Hir>,
    errors: Arc<[SyntaxError]>,
}

fn closed(db: &dyn Db, file: SourceFile, revision: Revision) -> Arc<Closed> {
    let (files, id) = (db.files(), file.id(db));
    if let Some(known) = files.closed.get(&(id, revision)) {
        return known;
    }
    let text = files.system().read(id).unwrap_or_default();
    let made = Arc::new(Closed {
        hir: Arc::new(symphony_hir::lower(&text, file.language(db))),
        lines: Arc::new(LineIndex::new(&text)),
    });
    files.closed.insert((id, revision), Arc::clone(&made));
    made
}

/// A file's declarations with their places.
#[salsa::tracked(returns(clone))]
pub fn lowered(db: &dyn Db, file: SourceFile) -> Lowered {
    match file.contents(db) {
        Contents::Closed(lowered, _) => lowered.clone(),
        Contents::Open { .. } | Contents::Unread(_) => {
            symphony_summary::summarise(&hir(db, file), &source_text(db, file))
        }
        Contents::Missing => Lowered::default(),
    }
}

/// What other files may depend on. Equal before and after an edit inside a body.
#[salsa::tracked(returns(clone))]
pub fn summary(db: &dyn Db, file: SourceFile) -> Arc<FileSummary> {
    lowered(db, file).summary
}
