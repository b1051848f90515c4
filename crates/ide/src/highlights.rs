//! Document highlights: the other places in the file that have to do with what the cursor is on.
//!
//! Names are matched by scope, members by name and what is known of their owner, keywords by statement.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, token_at};
use symphony_text::{TextRange, TextSize};

use crate::scopes::{Declared, Name, Scopes};
use crate::walk::Walk;

mod blocks;
mod keywords;
mod members;
mod names;

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
pub fn document_highlights(parse: &Parse, offset: TextSize) -> Vec<DocumentHighlight> {
    let Some(token) = token_at(parse, offset) else {
        return Vec::new();
    };
    let mut found = at_token(parse, token, offset);
    found.sort_by_key(|highlight| (highlight.range.start(), highlight.range.end()));
    found.dedup_by_key(|highlight| highlight.range);
    found
}

fn at_token(parse: &Parse, token: Node<'_>, offset: TextSize) -> Vec<DocumentHighlight> {
    use SyntaxKind::*;
    match token.syntax() {
        Identifier
        | TypeIdentifier
        | ShorthandPropertyIdentifier
        | ShorthandPropertyIdentifierPattern
        | PropertyIdentifier
        | PrivatePropertyIdentifier => {
            if let Some(tags) = tags(token) {
                return tags;
            }
            let scopes = Scopes::new(parse);
            if let Some(specifier) = specifier(parse, &scopes, token) {
                return specifier;
            }
            let mut found = names::of_name(&scopes, token.text_range());
            found.extend(members::of_member(parse, &scopes, token));
            found
        }
        Comment => {
            let scopes = Scopes::new(parse);
            let at = |range: TextRange| range.start() <= offset && offset <= range.end();
            let name = scopes.names.iter().find(|name| at(name.range));
            name.map_or_else(Vec::new, |name| names::of_name(&scopes, name.range))
        }
        Undefined => undefined(parse, token),
        StatementIdentifier => labels(parse, token),
        This | Super => this(token),
        _ => texts(keywords::of_keyword(parse, token)),
    }
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

/// A name in `import {}` or `export {}` that is another file's, or has an alias.
fn specifier(
    parse: &Parse,
    scopes: &Scopes<'_>,
    token: Node<'_>,
) -> Option<Vec<DocumentHighlight>> {
    use SyntaxKind::*;
    let parent = token.parent()?;
    let mut found = match parent.syntax() {
        NamespaceExport => Vec::new(),
        ImportSpecifier if scopes.name_at(token.text_range()).is_none() => Vec::new(),
        ExportSpecifier => match scopes.name_at(token.text_range()) {
            Some(name) => names::of_name(scopes, name.range),
            // What is handed on may be imported here as well.
            None if parent.field("alias").is_none() => {
                let is_import = |name: &&Name<'_>| {
                    name.declares == Some(Declared::Import)
                        && name.node.text(parse) == token.text(parse)
                };
                let import = scopes.names.iter().find(is_import);
                import.map_or_else(Vec::new, |name| names::of_name(scopes, name.range))
            }
            None => Vec::new(),
        },
        _ => return None,
    };
    found.extend(texts(vec![token.text_range()]));
    if parent.syntax() == ExportSpecifier && parent.field("name") == Some(token) {
        let alias = parent.field("alias").map(|alias| alias.text_range());
        found.extend(alias.map(DocumentHighlight::text));
    }
    found.sort_by_key(|highlight| (highlight.range.start(), highlight.kind));
    Some(found)
}

/// `undefined` as a value.
fn undefined(parse: &Parse, token: Node<'_>) -> Vec<DocumentHighlight> {
    let is_value = |node: Node<'_>| {
        node.parent()
            .is_none_or(|parent| parent.syntax() != SyntaxKind::LiteralType)
    };
    if !is_value(token) {
        return Vec::new();
    }
    Walk::new(parse.root())
        .entered()
        .filter(|node| node.syntax() == SyntaxKind::Undefined && is_value(*node))
        .map(|node| DocumentHighlight::access(node.text_range(), false))
        .collect()
}

/// A label and the jumps to it.
fn labels(parse: &Parse, token: Node<'_>) -> Vec<DocumentHighlight> {
    let name = token.text(parse);
    let labelled = blocks::around(token).find(|node| {
        node.syntax() == SyntaxKind::LabeledStatement
            && node
                .field("label")
                .is_some_and(|label: Node<'_>| label.text(parse) == name)
    });
    let Some(labelled) = labelled else {
        return texts(vec![token.text_range()]);
    };
    blocks::within(labelled, SyntaxKind::is_function)
        .filter(|node| node.syntax() == SyntaxKind::StatementIdentifier)
        .filter(|node| node.text(parse) == name)
        .map(|node| DocumentHighlight::text(node.text_range()))
        .collect()
}

/// `this` or `super` in everything that shares it.
fn this(token: Node<'_>) -> Vec<DocumentHighlight> {
    let kind = token.syntax();
    let owner = blocks::around(token)
        .skip(1)
        .find(|node| blocks::has_own_this(node.syntax()))
        .or_else(|| blocks::around(token).last());
    let Some(owner) = owner else {
        return Vec::new();
    };
    blocks::within(owner, blocks::has_own_this)
        .filter(|node| node.syntax() == kind)
        .map(|node| DocumentHighlight::access(node.text_range(), false))
        .collect()
}

#[cfg(test)]
mod tests;
