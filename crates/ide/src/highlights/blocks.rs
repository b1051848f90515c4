//! Walking a statement or function without entering the functions in it.

use symphony_syntax::{Node, NodeExt, SyntaxKind, ancestors};

use crate::walk::{Step, Walk};

/// How many nodes around one are looked at: a step up costs as much as going down from the root.
pub(super) const MAX_LEVELS: usize = 100;

/// The node and what it lies in, from the inside out, as far as is sensible.
pub(super) fn around(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    ancestors(node).take(MAX_LEVELS)
}

/// The nodes in `node`, except those in a node that `stops`; `node` itself never stops.
pub(super) fn within<'tree>(
    node: Node<'tree>,
    stops: impl Fn(SyntaxKind) -> bool,
) -> impl Iterator<Item = Node<'tree>> {
    let mut walk = Walk::new(node);
    let top = node.id();
    std::iter::from_fn(move || {
        loop {
            if let Step::Enter(node) = walk.next()? {
                if node.id() != top && stops(node.syntax()) {
                    walk.skip_children();
                }
                return Some(node);
            }
        }
    })
}
