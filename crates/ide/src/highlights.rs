//! Document highlights: the other places in the file that have to do with what the cursor is on.

use symphony_syntax::Parse;
use symphony_text::{TextRange, TextSize};

/// What a place does with what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HighlightKind {
    /// Neither is known, or the place is a keyword.
    Text,
    /// It reads it.
    Read,
    /// It declares it or assigns to it.
    Write,
}

/// One place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentHighlight {
    /// Where it is.
    pub range: TextRange,
    /// What it does.
    pub kind: HighlightKind,
}

/// The places to highlight while the cursor is at `offset`, in the order of the text.
pub fn document_highlights(parse: &Parse, offset: TextSize) -> Vec<DocumentHighlight> {
    let _ = (parse, offset);
    Vec::new()
}
