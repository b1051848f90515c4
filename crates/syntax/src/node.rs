//! What features ask of a node beyond tree-sitter's own methods.

use symphony_text::{TextRange, TextSize};
use tree_sitter::Node;

use crate::{Parse, SyntaxKind};

/// Kinds, ranges and fields in our own terms.
pub trait NodeExt<'tree>: Sized {
    /// The node's kind.
    fn syntax(&self) -> SyntaxKind;
    /// The node's range.
    fn text_range(&self) -> TextRange;
    /// The child in the grammar's field `name`.
    fn field(&self, name: &str) -> Option<Node<'tree>>;
    /// The node's text.
    fn text<'text>(&self, parse: &'text Parse) -> &'text str;
    /// The first child of a kind.
    fn child_of_kind(&self, kind: SyntaxKind) -> Option<Node<'tree>>;
}

impl<'tree> NodeExt<'tree> for Node<'tree> {
    fn syntax(&self) -> SyntaxKind {
        SyntaxKind::of(self)
    }

    fn text_range(&self) -> TextRange {
        TextRange::new(
            (self.start_byte() as u32).into(),
            (self.end_byte() as u32).into(),
        )
    }

    fn field(&self, name: &str) -> Option<Node<'tree>> {
        self.child_by_field_name(name)
    }

    fn text<'text>(&self, parse: &'text Parse) -> &'text str {
        &parse.text()[self.byte_range()]
    }

    fn child_of_kind(&self, kind: SyntaxKind) -> Option<Node<'tree>> {
        children(*self).find(|child| child.syntax() == kind)
    }
}

/// The children of a node, tokens included.
pub fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    std::iter::from_fn(move || {
        if !more {
            return None;
        }
        let child = cursor.node();
        more = cursor.goto_next_sibling();
        Some(child)
    })
}

/// The node and what it lies in, from the inside out.
pub fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(Some(node), |node| node.parent())
}

/// The token at `offset`; between two tokens the one that is a name, else the one that begins there.
pub fn token_at(parse: &Parse, offset: TextSize) -> Option<Node<'_>> {
    let at = u32::from(offset) as usize;
    let right = parse.root().descendant_for_byte_range(at, at)?;
    if is_name(right.syntax()) || at == 0 {
        return Some(right);
    }
    let left = parse.root().descendant_for_byte_range(at - 1, at - 1)?;
    Some(if left.end_byte() == at && is_name(left.syntax()) {
        left
    } else {
        right
    })
}

/// Whether a token is an identifier of any sort.
fn is_name(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        Identifier
            | TypeIdentifier
            | PropertyIdentifier
            | PrivatePropertyIdentifier
            | ShorthandPropertyIdentifier
            | ShorthandPropertyIdentifierPattern
            | StatementIdentifier
            | NestedIdentifier
            | This
            | Super
    )
}
