//! Kinds whose children TypeScript arranges in another way than the grammar.

use symphony_syntax::{Node, NodeExt, SyntaxKind, children};

use super::children::Expander;
use super::groups::{group, split};
use super::item::{Item, Role, Shape};

/// Longer sequences stay flat: items in items are dropped recursively.
const MAX_SEQUENCE: usize = 400;

impl<'tree> Expander<'tree> {
    /// Keyword and declarations are a node of their own, and the declarations are a list.
    pub(super) fn variables(&self, node: Node<'tree>, out: &mut Vec<Item<'tree>>) {
        use SyntaxKind::*;
        let mut words = Vec::new();
        let mut declarations = Vec::new();
        let mut semicolon = None;
        for child in children(node) {
            match child.syntax() {
                Semicolon => semicolon = Some(child),
                VariableDeclarator | Comma | Comment => declarations.push(child),
                _ => words.push(Item::node(child)),
            }
        }
        words.extend(Item::list(self.items(declarations)));
        out.extend(Item::made(Role::DeclarationList, words));
        out.extend(semicolon.map(Item::node));
    }

    pub(super) fn for_in(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        let mut out: Vec<Item<'tree>> = Vec::new();
        let word = node.field("kind");
        let left = node.field("left");
        for child in children(node).filter(|child| child.syntax() != SyntaxKind::Comment) {
            match (word, left) {
                (Some(word), _) if child.id() == word.id() => {}
                (Some(word), Some(left)) if child.id() == left.id() => {
                    let name = Item::node(left).with_role(Role::Declaration);
                    let mut list = vec![Item::node(word)];
                    list.extend(Item::list(vec![name]));
                    out.extend(Item::made(Role::DeclarationList, list));
                }
                _ => out.push(Item::node(child)),
            }
        }
        out
    }

    pub(super) fn case(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        let nodes: Vec<Node<'tree>> = children(node).collect();
        let colon = nodes
            .iter()
            .position(|child| child.syntax() == SyntaxKind::Colon)
            .map_or(nodes.len(), |at| at + 1);
        let mut out = self.items(nodes[..colon].iter().copied());
        out.extend(Item::list(self.items(nodes[colon..].iter().copied())));
        out
    }

    /// `type` belongs to the clause, not to the statement.
    pub(super) fn import(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let mut out: Vec<Item<'tree>> = Vec::new();
        let mut word = None;
        for child in children(node).filter(|child| child.syntax() != Comment) {
            match child.syntax() {
                KwType | KwTypeof => word = Some(child),
                ImportClause => {
                    let mut parts: Vec<_> = word.take().map(Item::node).into_iter().collect();
                    self.flat(child, &mut parts);
                    out.extend(Item::made(Role::Other, parts));
                }
                ImportRequireClause => self.flat(child, &mut out),
                _ => out.push(Item::node(child)),
            }
        }
        out
    }

    pub(super) fn catch(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        let mut out: Vec<Item<'tree>> = Vec::new();
        let (parameter, kind) = (node.field("parameter"), node.field("type"));
        for child in children(node).filter(|child| child.syntax() != SyntaxKind::Comment) {
            if Some(child) == parameter {
                let mut parts = vec![Item::node(child)];
                if let Some(kind) = kind {
                    self.flat(kind, &mut parts);
                }
                out.extend(Item::made(Role::Declaration, parts));
            } else if Some(child) != kind {
                out.push(Item::node(child));
            }
        }
        out
    }

    /// The types of a union are one list however many there are.
    pub(super) fn union(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        let kind = node.syntax();
        let mut parts: Vec<Node<'tree>> = Vec::new();
        let mut left = Some(node);
        while let Some(now) = left.take() {
            let mut nodes: Vec<Node<'tree>> = children(now).collect();
            if nodes.first().is_some_and(|first| first.syntax() == kind) {
                left = Some(nodes.remove(0));
            }
            parts.extend(nodes.into_iter().rev());
        }
        parts.reverse();
        let mut items = self.items(parts);
        let mut out = Vec::new();
        if items
            .first()
            .is_some_and(|first| first.end - first.start == 1 && !self.is_named(first))
        {
            out.push(items.remove(0));
        }
        out.extend(Item::list(items));
        out
    }

    pub(super) fn is_named(&self, item: &Item<'tree>) -> bool {
        item.kind().is_some_and(|kind| !kind.is_token())
    }

    /// `a, b, c` is `(a, b), c`.
    pub(super) fn sequence(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        let mut now: Vec<Item<'tree>> = Vec::new();
        for (index, item) in self.items(children(node)).into_iter().enumerate() {
            if now.len() == 3 && index < MAX_SEQUENCE {
                now = Item::made(Role::Other, now).into_iter().collect();
            }
            now.push(item);
        }
        now
    }

    pub(super) fn object_type(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let mut out = Vec::new();
        let (open, close, inner) = self.split_brackets(node);
        let Some(clause) = inner
            .iter()
            .find(|child| child.child_of_kind(MappedTypeClause).is_some())
        else {
            self.bracketed(node, &mut out);
            return out;
        };
        let mut items = Vec::new();
        self.flat(*clause, &mut items);
        items.extend(
            inner
                .iter()
                .filter(|child| child.syntax() == Semicolon)
                .map(|it| Item::node(*it)),
        );
        let items = self.mapped(items);
        out.extend(open.map(Item::node));
        out.extend(Item::list(items));
        out.extend(close.map(Item::node));
        out
    }

    pub(super) fn mapped(&self, items: Vec<Item<'tree>>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let mut parts = Vec::new();
        for item in items {
            match item.kind() {
                // `-?:` is one token.
                Some(MinusQuestionColon | PlusQuestionColon | QuestionColon) => {
                    parts.push(
                        Item::token(Role::Head, item.start, item.end - 1).with_role(Role::Closer),
                    );
                    parts.push(Item::token(Role::Other, item.end - 1, item.end));
                }
                Some(MappedTypeClause) => parts.extend(self.mapped_clause(&item)),
                _ => parts.push(item),
            }
        }
        let text = self.parse.text();
        let parts = group(parts, |item| {
            matches!(item.kind(), Some(KwReadonly | Question | Plus | Minus))
                || (item.kind().is_none() && text[item.start..item.end].ends_with('?'))
        });
        let parts = group(parts, |item| {
            matches!(item.kind(), Some(LBracket | RBracket)) || item.role == Role::Declaration
        });
        split(parts, text, ":")
    }

    /// `K in T` is a type parameter; `as X` stands beside it.
    pub(super) fn mapped_clause(&self, item: &Item<'tree>) -> Vec<Item<'tree>> {
        let Shape::Node { node, .. } = &item.shape else {
            return Vec::new();
        };
        let mut parts = self.items(children(*node));
        let at = parts
            .iter()
            .position(|part| part.kind() == Some(SyntaxKind::KwAs))
            .unwrap_or(parts.len());
        let rest = parts.split_off(at);
        Item::made(Role::Declaration, parts)
            .into_iter()
            .chain(rest)
            .collect()
    }
}
