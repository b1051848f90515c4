//! Nodes of a tree with the shape that selection steps follow.

use symphony_syntax::{Node, NodeExt, SyntaxKind};

/// What the steps need to know of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Other,
    /// Statements in braces that are not a module's.
    Block,
    /// An expression in a template with the text after it.
    Span,
    Head,
    MiddleOrTail,
    VariableStatement,
    /// `const a = 1, b = 2` without the semicolon.
    DeclarationList,
    Declaration,
    Function,
    List,
    String,
    Template,
    Opener,
    Closer,
}

/// Where an item's children come from.
#[derive(Clone, Debug)]
pub(super) enum Shape<'tree> {
    /// Known already.
    Made(Vec<Item<'tree>>),
    /// A node's children, with decorators or keywords before it and a separator after it that belong to it.
    Node {
        before: Vec<Node<'tree>>,
        node: Node<'tree>,
        after: Option<Node<'tree>>,
    },
}

/// One node or list.
#[derive(Clone, Debug)]
pub(super) struct Item<'tree> {
    pub(super) role: Role,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where its documentation begins; of a list, its first item's.
    pub(super) doc: Option<usize>,
    pub(super) shape: Shape<'tree>,
}

impl<'tree> Item<'tree> {
    pub(super) fn node(node: Node<'tree>) -> Self {
        Self::member(Vec::new(), node, None)
    }

    pub(super) fn member(
        before: Vec<Node<'tree>>,
        node: Node<'tree>,
        after: Option<Node<'tree>>,
    ) -> Self {
        let start = before.first().unwrap_or(&node).start_byte();
        let end = after.unwrap_or(node).end_byte();
        Self {
            role: role(node),
            start,
            end,
            doc: None,
            shape: Shape::Node {
                before,
                node,
                after,
            },
        }
    }

    /// A node that the grammar does not have; none without children.
    pub(super) fn made(role: Role, items: Vec<Self>) -> Option<Self> {
        let (first, last) = (items.first()?, items.last()?);
        Some(Self {
            role,
            start: first.start,
            end: last.end,
            doc: first.doc.filter(|_| role == Role::List),
            shape: Shape::Made(items),
        })
    }

    pub(super) fn list(items: Vec<Self>) -> Option<Self> {
        Self::made(Role::List, items)
    }

    /// Part of a token.
    pub(super) fn token(role: Role, start: usize, end: usize) -> Self {
        Self {
            role,
            start,
            end,
            doc: None,
            shape: Shape::Made(Vec::new()),
        }
    }

    pub(super) fn with_role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// The kind of the node, if the item is a single one.
    pub(super) fn kind(&self) -> Option<SyntaxKind> {
        match &self.shape {
            Shape::Node { node, .. } => Some(node.syntax()),
            Shape::Made(_) => None,
        }
    }
}

fn role(node: Node<'_>) -> Role {
    use SyntaxKind::*;
    match node.syntax() {
        StatementBlock => Role::Block,
        LexicalDeclaration | VariableDeclaration => Role::VariableStatement,
        VariableDeclarator => Role::Declaration,
        FunctionDeclaration
        | FunctionExpression
        | FunctionSignature
        | GeneratorFunction
        | GeneratorFunctionDeclaration
        | ArrowFunction
        | MethodDefinition => Role::Function,
        String => Role::String,
        TemplateString => Role::Template,
        LBrace | LBracket | LParen => Role::Opener,
        RBrace | RBracket | RParen => Role::Closer,
        JsxOpeningElement if node.field("name").is_some() => Role::Opener,
        JsxClosingElement if node.field("name").is_some() => Role::Closer,
        ExportStatement => node.field("declaration").map_or(Role::Other, role),
        AmbientDeclaration => node
            .named_child(0)
            .filter(|child| child.syntax() != StatementBlock)
            .map_or(Role::Other, role),
        _ => Role::Other,
    }
}
