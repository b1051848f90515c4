//! Document highlights: the other places in the file that have to do with what the cursor is on.
//!
//! Names are the references in the file, keywords are matched by statement.

use symphony_db::{Db, SourceFile, parse};
use symphony_hir::{TokenFlags, TokenId, TokenKind};
use symphony_semantic::Semantics;
use symphony_syntax::{Node, NodeExt, SyntaxKind, token_at};
use symphony_text::{TextRange, TextSize};

use crate::names::touched;
use crate::references::{self, Reference, ReferenceQuery, special};

mod blocks;
mod keywords;

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

impl DocumentHighlight {
    fn text(range: TextRange) -> Self {
        Self {
            range,
            kind: HighlightKind::Text,
        }
    }

    fn access(range: TextRange, writes: bool) -> Self {
        let kind = if writes {
            HighlightKind::Write
        } else {
            HighlightKind::Read
        };
        Self { range, kind }
    }
}

/// The places to highlight while the cursor is at `offset`, in the order of the text.
pub fn document_highlights(
    db: &dyn Db,
    file: SourceFile,
    offset: TextSize,
) -> Vec<DocumentHighlight> {
    let semantics = Semantics::new(db);
    let hir = semantics.hir(file);
    let mut found = match touched(&hir, offset).first() {
        Some(&token) => of_name(&semantics, file, token, offset),
        None => of_keyword(db, file, offset).unwrap_or_default(),
    };
    found.sort_by_key(|highlight| (highlight.range.start(), highlight.range.end()));
    found.dedup_by_key(|highlight| highlight.range);
    found
}

// The tree is asked for only where there is no name: it is made on demand.
fn of_keyword(db: &dyn Db, file: SourceFile, offset: TextSize) -> Option<Vec<DocumentHighlight>> {
    let parse = parse(db, file)?;
    let token = token_at(&parse, offset)?;
    Some(texts(keywords::of_keyword(&parse, token)))
}

fn of_tag(db: &dyn Db, file: SourceFile, at: TextSize) -> Option<Vec<DocumentHighlight>> {
    let parse = parse(db, file)?;
    token_at(&parse, at).and_then(tags)
}

fn of_name(
    semantics: &Semantics<'_>,
    file: SourceFile,
    token: TokenId,
    offset: TextSize,
) -> Vec<DocumentHighlight> {
    let hir = semantics.hir(file);
    let it = hir.token(token);
    if it.flags.has(TokenFlags::JSX_TAG)
        && let Some(tags) = of_tag(semantics.db, file, it.range.start())
    {
        return tags;
    }
    if let Some(found) = special::in_file(file, &hir, token) {
        let is_label = matches!(it.kind, TokenKind::Label(_));
        let show = |found: Reference| {
            if is_label {
                DocumentHighlight::text(found.range)
            } else {
                DocumentHighlight::access(found.range, found.is_write)
            }
        };
        return found.into_iter().map(show).collect();
    }
    let Some(query) = ReferenceQuery::within(semantics, file, offset) else {
        return Vec::new();
    };
    let found = references::run(semantics, query).into_iter();
    found
        .map(|it| DocumentHighlight::access(it.range, it.is_write))
        .collect()
}

fn texts(ranges: Vec<TextRange>) -> Vec<DocumentHighlight> {
    ranges.into_iter().map(DocumentHighlight::text).collect()
}

/// The names of a JSX element's two tags.
fn tags(token: Node<'_>) -> Option<Vec<DocumentHighlight>> {
    use SyntaxKind::*;
    let tag = token.parent()?;
    let is_tag = match tag.syntax() {
        JsxOpeningElement => tag.field("name") == Some(token),
        JsxClosingElement => true,
        _ => false,
    };
    let element = is_tag.then(|| tag.parent())??;
    let names = [JsxOpeningElement, JsxClosingElement]
        .into_iter()
        .filter_map(|kind| element.child_of_kind(kind)?.field("name"));
    Some(texts(names.map(|name| name.text_range()).collect()))
}

#[cfg(test)]
mod tests;
