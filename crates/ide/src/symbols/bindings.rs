//! Symbols of variables, patterns and properties.

use symphony_syntax::{Node, NodeExt, SyntaxKind, children};

use super::names::is_function_or_class;
use super::{Builder, Name, SymbolKind, Task, is_function};

impl<'tree> Builder<'tree> {
    pub(super) fn declarator(&mut self, node: Node<'tree>) {
        let is_const = node
            .parent()
            .and_then(|parent| parent.child(0))
            .is_some_and(|first| first.syntax() == SyntaxKind::KwConst);
        let kind = if is_const {
            SymbolKind::Constant
        } else {
            SymbolKind::Variable
        };
        if let Some(name) = node.field("name") {
            match name.syntax() {
                SyntaxKind::ObjectPattern | SyntaxKind::ArrayPattern => self.pattern(name),
                _ => self.initialised(node, name, kind, node.field("value")),
            }
        }
    }

    pub(super) fn for_in(&mut self, node: Node<'tree>) {
        self.all(
            [node.field("right"), node.field("body")]
                .into_iter()
                .flatten(),
        );
        if let Some(left) = node.field("left") {
            match node.field("kind") {
                Some(word) if word.syntax() == SyntaxKind::KwConst => {
                    self.binding(left, left, SymbolKind::Constant);
                }
                Some(_) => self.binding(left, left, SymbolKind::Variable),
                None => self.tasks.push(Task::Visit(left)),
            }
        }
    }

    /// A pattern or a name that a declaration binds; `node` is the whole of it.
    pub(super) fn binding(&mut self, node: Node<'tree>, name: Node<'tree>, kind: SymbolKind) {
        use SyntaxKind::*;
        match name.syntax() {
            ObjectPattern | ArrayPattern => self.tasks.push(Task::Visit(name)),
            Identifier | ShorthandPropertyIdentifierPattern => {
                self.tasks.push(Task::Leaf(node, Name::Node(name), kind));
            }
            _ => {}
        }
    }

    pub(super) fn pattern(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let elements: Vec<_> = children(node).filter(|child| child.is_named()).collect();
        for element in elements.into_iter().rev() {
            let mut name = element;
            let mut value = None;
            if name.syntax() == PairPattern {
                let Some(inner) = name.field("value") else {
                    continue;
                };
                name = inner;
            }
            if matches!(name.syntax(), AssignmentPattern | ObjectAssignmentPattern) {
                value = name.field("right");
                let Some(left) = name.field("left") else {
                    continue;
                };
                name = left;
            }
            if name.syntax() == RestPattern {
                let Some(inner) = name.named_child(0) else {
                    continue;
                };
                name = inner;
            }
            // The initialiser's symbols come after the name, in it; few have any.
            if let Some(value) = value.filter(|value| is_function_or_class(value.syntax())) {
                self.tasks.push(Task::Visit(value));
            }
            self.binding(element, name, SymbolKind::Variable);
        }
    }

    pub(super) fn parameter_properties(&mut self, constructor: Node<'tree>) {
        use SyntaxKind::*;
        let Some(parameters) = constructor.field("parameters") else {
            return;
        };
        let found: Vec<_> = children(parameters)
            .filter(|parameter| {
                children(*parameter).any(|child| {
                    matches!(
                        child.syntax(),
                        AccessibilityModifier | OverrideModifier | KwReadonly
                    )
                })
            })
            .filter_map(|parameter| Some((parameter, parameter.field("pattern")?)))
            .collect();
        let leaf = |(node, name)| Task::Leaf(node, Name::Node(name), SymbolKind::Property);
        self.tasks.extend(found.into_iter().rev().map(leaf));
    }

    pub(super) fn spread(&mut self, node: Node<'tree>) {
        let in_object = node
            .parent()
            .is_some_and(|parent| parent.syntax() == SyntaxKind::Object);
        match node.named_child(0) {
            Some(name) if in_object && name.syntax() == SyntaxKind::Identifier => {
                self.leaf(node, Name::Node(name), SymbolKind::Property);
            }
            Some(expression) if !in_object => self.tasks.push(Task::Visit(expression)),
            _ => {}
        }
    }

    /// A declaration with an initialiser: a function's or class's own children become those of the declaration.
    pub(super) fn initialised(
        &mut self,
        node: Node<'tree>,
        name: Node<'tree>,
        kind: SymbolKind,
        value: Option<Node<'tree>>,
    ) {
        let kind = match kind {
            SymbolKind::Constant if value.is_some_and(|value| is_function(value.syntax())) => {
                SymbolKind::Function
            }
            kind => kind,
        };
        self.open(node, Name::Node(name), kind);
        match value {
            Some(value) if is_function_or_class(value.syntax()) => {
                self.inside(children(value).filter(|child| child.is_named()));
            }
            value => self.inside(value),
        }
    }
}
