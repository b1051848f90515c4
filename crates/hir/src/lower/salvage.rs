//! The names in what mending has blanked out, as far as the tolerant tree sees them.

use symphony_syntax::{Node, NodeExt as _, Parse, SyntaxKind, children};
use symphony_text::TextRange;

use super::{Lower, MAX_DEPTH};
use crate::{Expr, ExprId, ExprKind, Meaning, TokenFlags, TokenKind};

impl<'a> Lower<'a> {
    /// Adds the names of `parse` that are not in `mended`.
    pub(super) fn salvage(&mut self, parse: &'a Parse, mended: &str) {
        self.salvaged_from = self.hir.tokens.len();
        let mut todo = vec![parse.root()];
        while let Some(node) = todo.pop() {
            let range = node.byte_range();
            if parse.text().get(range.clone()) == mended.get(range.clone()) {
                continue;
            }
            if is_member(node) && is_lost(parse, mended, property(node).unwrap_or(node)) {
                self.salvage_member(parse, mended, node, 0);
            } else if is_name(node.syntax()) {
                if is_lost(parse, mended, node) {
                    self.salvage_name(parse, node);
                }
            } else {
                todo.extend(children(node));
            }
        }
    }

    fn salvage_name(&mut self, parse: &'a Parse, node: Node<'_>) -> Option<ExprId> {
        let range = node.text_range();
        let name = self.name(parse.text().get(node.byte_range())?);
        let scope = self.hir.scope_at(range.start());
        let kind = TokenKind::Use {
            scope,
            meaning: Meaning::ALL,
            symbol: None,
        };
        let token = self.token(range, name, kind, TokenFlags::READ);
        Some(self.salvaged(ExprKind::Name(token), range))
    }

    /// `a.b`, where `b` is lost: what is before the dot may have been lowered.
    fn salvage_member(
        &mut self,
        parse: &'a Parse,
        mended: &str,
        node: Node<'_>,
        depth: u32,
    ) -> Option<ExprId> {
        let before = node.field("object")?;
        let object = match before.syntax() {
            _ if depth >= MAX_DEPTH => None,
            _ if !is_lost(parse, mended, before) => self.lowered_at(before.text_range()),
            SyntaxKind::MemberExpression => self.salvage_member(parse, mended, before, depth + 1),
            kind if is_name(kind) => self.salvage_name(parse, before),
            SyntaxKind::This => {
                let scope = self.hir.scope_at(before.text_range().start());
                let name = self.name("this");
                let kind = TokenKind::This(scope);
                self.token(before.text_range(), name, kind, TokenFlags::READ);
                Some(self.salvaged(ExprKind::This(scope), before.text_range()))
            }
            _ => None,
        };
        let object =
            object.unwrap_or_else(|| self.salvaged(ExprKind::Missing, before.text_range()));
        let property = property(node)?;
        let name = self.name(parse.text().get(property.byte_range())?);
        let kind = TokenKind::Member {
            object,
            meaning: Meaning::VALUE,
        };
        let property = self.token(property.text_range(), name, kind, TokenFlags::READ);
        let kind = ExprKind::Member {
            object,
            property,
            optional: false,
        };
        Some(self.salvaged(kind, node.text_range()))
    }

    fn salvaged(&mut self, kind: ExprKind, range: TextRange) -> ExprId {
        let id = ExprId(self.hir.exprs.len() as u32);
        self.hir.exprs.push(Expr { kind, range });
        id
    }

    fn lowered_at(&self, range: TextRange) -> Option<ExprId> {
        let at = self.hir.exprs.iter().position(|it| it.range == range)?;
        Some(ExprId(at as u32))
    }
}

fn is_member(node: Node<'_>) -> bool {
    node.syntax() == SyntaxKind::MemberExpression
}

fn property(node: Node<'_>) -> Option<Node<'_>> {
    node.field("property")
}

/// Whether mending has taken a node's text.
fn is_lost(parse: &Parse, mended: &str, node: Node<'_>) -> bool {
    let range = node.byte_range();
    !range.is_empty() && mended.get(range.clone()) != parse.text().get(range)
}

fn is_name(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::Identifier
            | K::TypeIdentifier
            | K::ShorthandPropertyIdentifier
            | K::ShorthandPropertyIdentifierPattern
    )
}
