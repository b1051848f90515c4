//! Lists between brackets: parameters, members, statements, children of JSX elements.

use symphony_syntax::{Node, NodeExt, SyntaxKind, children};

use super::children::Expander;
use super::item::{Item, Role};

/// Documentation seen since the last item.
#[derive(Default)]
pub(super) struct Docs(Option<usize>);

impl Docs {
    /// Whether a node is a comment; its place is kept if it is documentation.
    pub(super) fn take(&mut self, node: Node<'_>, text: &str) -> bool {
        if node.syntax() != SyntaxKind::Comment {
            return false;
        }
        let comment = &text[node.byte_range()];
        if comment.starts_with("/**") && comment.len() > 4 {
            self.0.get_or_insert(node.start_byte());
        }
        true
    }

    pub(super) fn give<'tree>(&mut self, mut item: Item<'tree>) -> Item<'tree> {
        item.doc = item.doc.or(self.0.take());
        self.0 = None;
        item
    }
}

fn is_bracket(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        LBrace
            | RBrace
            | LBracket
            | RBracket
            | LParen
            | RParen
            | LAngle
            | RAngle
            | LBracePipe
            | RBracePipe
    )
}

impl<'tree> Expander<'tree> {
    /// Brackets and the list between them, into `out`.
    pub(super) fn bracketed(&self, node: Node<'tree>, out: &mut Vec<Item<'tree>>) {
        let (open, close, inner) = self.split_brackets(node);
        out.extend(open.map(Item::node));
        let list = if matches!(
            node.syntax(),
            SyntaxKind::ClassBody | SyntaxKind::InterfaceBody | SyntaxKind::ObjectType
        ) {
            self.members(inner)
        } else {
            self.items(inner)
        };
        out.extend(Item::list(list));
        out.extend(close.map(Item::node));
    }

    pub(super) fn split_brackets(
        &self,
        node: Node<'tree>,
    ) -> (Option<Node<'tree>>, Option<Node<'tree>>, Vec<Node<'tree>>) {
        let mut inner: Vec<Node<'tree>> = children(node).collect();
        let close = inner.pop_if(|last| is_bracket(last.syntax()));
        let open = inner
            .first()
            .copied()
            .filter(|first| is_bracket(first.syntax()));
        if open.is_some() {
            inner.remove(0);
        }
        (open, close, inner)
    }

    /// Nodes as items, each with its documentation.
    pub(super) fn items(&self, nodes: impl IntoIterator<Item = Node<'tree>>) -> Vec<Item<'tree>> {
        let mut docs = Docs::default();
        let mut out = Vec::new();
        for node in nodes {
            if !docs.take(node, self.parse.text()) {
                out.push(docs.give(Item::node(node)));
            }
        }
        out
    }

    /// Members of a class or an interface: decorators before one and a separator after it are part of it.
    fn members(&self, nodes: Vec<Node<'tree>>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let mut docs = Docs::default();
        let mut out = Vec::new();
        let mut before = Vec::new();
        let mut nodes = nodes.into_iter().peekable();
        while let Some(node) = nodes.next() {
            if docs.take(node, self.parse.text()) {
                continue;
            }
            if node.syntax() == Decorator {
                before.push(node);
                continue;
            }
            let takes_separator =
                !matches!(node.syntax(), MethodDefinition | ClassStaticBlock) && node.is_named();
            let after =
                nodes.next_if(|next| takes_separator && matches!(next.syntax(), Semicolon | Comma));
            out.push(docs.give(Item::member(std::mem::take(&mut before), node, after)));
        }
        out
    }

    /// The children of a JSX element between its tags.
    pub(super) fn jsx_element(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let mut out = Vec::new();
        let mut list = Vec::new();
        let mut close = None;
        for child in children(node) {
            match child.syntax() {
                JsxOpeningElement => out.push(Item::node(child)),
                JsxClosingElement => close = Some(Item::node(child)),
                JsxText => {
                    let text = child.text(self.parse);
                    let blank = text.len() - text.trim_start().len();
                    list.push(Item::token(
                        Role::Other,
                        child.start_byte() + blank,
                        child.end_byte(),
                    ));
                }
                _ => list.push(Item::node(child)),
            }
        }
        out.extend(Item::list(list));
        out.extend(close);
        out
    }

    /// A tag's attributes are a node and a list.
    pub(super) fn jsx_tag(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let mut out = Vec::new();
        let mut attributes = Vec::new();
        let mut docs = Docs::default();
        for child in children(node) {
            if docs.take(child, self.parse.text()) {
                continue;
            }
            match child.syntax() {
                JsxAttribute | JsxExpression => attributes.push(Item::node(child)),
                _ => {
                    let done = Item::list(std::mem::take(&mut attributes));
                    out.extend(done.and_then(|list| Item::made(Role::Other, vec![list])));
                    self.splice(node, child, &mut out);
                }
            }
        }
        out
    }

    /// Head, spans and tail of a template; the text between two expressions belongs to the first one.
    pub(super) fn template(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let is_type = node.syntax() == TemplateLiteralType;
        let parts: Vec<Node<'tree>> = children(node)
            .filter(|child| matches!(child.syntax(), TemplateSubstitution | TemplateType))
            .collect();
        let Some(first) = parts.first() else {
            return Vec::new();
        };
        let head = Item::token(Role::Head, node.start_byte(), first.start_byte() + 2);
        let spans = parts.iter().enumerate().filter_map(|(index, part)| {
            let end = parts
                .get(index + 1)
                .map_or(node.end_byte(), |next| next.start_byte() + 2);
            let close = part.end_byte().saturating_sub(1);
            let mut span = self.items(children(*part).filter(|child| child.is_named()));
            span.push(Item::token(Role::MiddleOrTail, close, end));
            Item::made(if is_type { Role::Other } else { Role::Span }, span)
        });
        let list = Item::list(spans.collect());
        std::iter::once(head).chain(list).collect()
    }
}
