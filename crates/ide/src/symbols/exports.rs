//! Symbols of `export default`, `export =` and assignments to members of functions.

use symphony_syntax::{Node, NodeExt, SyntaxKind, children};

use super::names::{self, is_function_or_class, property_kind};
use super::{Builder, Name, SymbolKind};

impl<'tree> Builder<'tree> {
    pub(super) fn export(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let Some(value) = node.field("value").or_else(|| {
            let after = children(node).skip_while(|child| child.syntax() != Eq);
            after.skip(1).find(|child| child.is_named())
        }) else {
            return self.default(node);
        };
        let inner = names::skip_outer(value);
        let name = match node.child_of_kind(KwDefault) {
            Some(_) => "default",
            None => "export=",
        };
        if is_function_or_class(inner.syntax())
            && let Some(own) = inner.field("name")
            && inner.id() == value.id()
        {
            // `export default function f() {}` is a declaration.
            let kind = match inner.syntax() {
                Class => SymbolKind::Class,
                _ => SymbolKind::Function,
            };
            self.open(node, Name::Node(own), kind);
            return self.inside(inner.field("body"));
        }
        let is_declaration =
            inner.id() == value.id() && matches!(inner.syntax(), FunctionExpression | Class);
        let child = match inner.syntax() {
            Object | CallExpression => Some(inner),
            Class | ArrowFunction | FunctionExpression => inner.field("body"),
            _ => None,
        };
        let kind = match inner.syntax() {
            FunctionExpression if is_declaration => SymbolKind::Function,
            _ if is_declaration => property_kind(Some(inner)),
            _ => SymbolKind::Variable,
        };
        self.open(node, Name::Given(name.to_owned()), kind);
        self.inside(child);
    }

    /// `f.x = ..` where `f` is a function declared here adds a member to it.
    pub(super) fn assignment(&mut self, node: Node<'tree>) {
        let (Some(left), Some(right)) = (node.field("left"), node.field("right")) else {
            return self.default(node);
        };
        let target = left
            .field("object")
            .filter(|object| object.syntax() == SyntaxKind::Identifier)
            .map(|object| object.text(self.parse));
        let known = target.is_some_and(|target| {
            self.functions
                .last()
                .is_some_and(|functions| functions.contains(&target))
        });
        match left.field("property") {
            Some(property) if known => {
                let kind = property_kind(Some(right));
                self.initialised(node, property, kind, Some(right));
            }
            _ => self.all([left, right]),
        }
    }
}
