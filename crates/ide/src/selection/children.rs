//! The children of an item, as TypeScript's own tree has them.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};

use super::groups::{group, split};
use super::item::{Item, Role, Shape};
use super::lists::Docs;

/// Makes children of items.
pub(super) struct Expander<'tree> {
    pub(super) parse: &'tree Parse,
}

impl<'tree> Expander<'tree> {
    pub(super) fn children(&self, item: &Item<'tree>) -> Vec<Item<'tree>> {
        match &item.shape {
            Shape::Made(items) => items.clone(),
            Shape::Node {
                before,
                node,
                after,
            } => {
                let mut items = self.expand(before, *node);
                items.extend(after.map(Item::node));
                self.grouped(*node, items)
            }
        }
    }

    /// The extra lists of some kinds.
    fn grouped(&self, node: Node<'tree>, items: Vec<Item<'tree>>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let text = self.parse.text();
        match node.syntax() {
            Program => group(items, |item| {
                matches!(item.kind(), Some(ImportStatement | ImportAlias))
            }),
            PropertySignature => {
                let name = node.field("name").map(|name| name.id());
                split(group(items, |item| self.is_node(item, name)), text, ":")
            }
            RequiredParameter | OptionalParameter => {
                let pattern = node.field("pattern").or_else(|| node.field("name"));
                let start = pattern.map(|pattern| pattern.start_byte());
                let end = pattern.map(|pattern| pattern.end_byte());
                let items = group(items, |item| {
                    Some(item.start) >= start && Some(item.end) <= end && item.role != Role::List
                });
                let first = items.first().map(|item| item.start);
                let items = group(items, |item| {
                    Some(item.start) == first || item.kind() == Some(Question)
                });
                split(items, text, "=")
            }
            PairPattern | ObjectAssignmentPattern | AssignmentPattern => split(items, text, "="),
            _ => items,
        }
    }

    fn is_node(&self, item: &Item<'tree>, id: Option<usize>) -> bool {
        matches!(&item.shape, Shape::Node { node, .. } if Some(node.id()) == id)
    }

    fn expand(&self, before: &[Node<'tree>], node: Node<'tree>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        match node.syntax() {
            String | Regex | PredefinedType | Comment => Vec::new(),
            Program => self.items(children(node)),
            ExportStatement | AmbientDeclaration => self.declaration(before, node),
            StatementBlock | Object | Array | ObjectPattern | ArrayPattern | TupleType
            | SwitchBody | NamedImports | ExportClause | EnumBody => {
                let mut out = Vec::new();
                self.bracketed(node, &mut out);
                out
            }
            ObjectType => self.object_type(node),
            JsxElement => self.jsx_element(node),
            JsxOpeningElement | JsxSelfClosingElement => self.jsx_tag(node),
            TemplateString | TemplateLiteralType => self.template(node),
            UnionType | IntersectionType => self.union(node),
            SequenceExpression => self.sequence(node),
            LexicalDeclaration | VariableDeclaration => {
                let mut out: Vec<_> = self.modifiers(before).into_iter().collect();
                self.variables(node, &mut out);
                out
            }
            ForInStatement => self.for_in(node),
            SwitchCase | SwitchDefault => self.case(node),
            ImportStatement => self.import(node),
            CatchClause => self.catch(node),
            // The property of an abbreviated binding or an element of a list.
            _ => self.default(before, node),
        }
    }

    fn modifiers(&self, nodes: &[Node<'tree>]) -> Option<Item<'tree>> {
        Item::list(self.items(nodes.iter().copied()))
    }

    fn default(&self, before: &[Node<'tree>], node: Node<'tree>) -> Vec<Item<'tree>> {
        let mut modifiers = before.to_vec();
        let mut rest = Vec::new();
        for child in children(node) {
            if rest.is_empty() && is_modifier(node.syntax(), child.syntax()) {
                modifiers.push(child);
            } else {
                rest.push(child);
            }
        }
        let mut out: Vec<_> = self.modifiers(&modifiers).into_iter().collect();
        let mut docs = Docs::default();
        for child in rest {
            if docs.take(child, self.parse.text()) {
                continue;
            }
            let from = out.len();
            self.splice(node, child, &mut out);
            if let Some(first) = out.get_mut(from) {
                *first = docs.give(first.clone());
            }
        }
        out
    }

    /// A child, or what stands for it in its parent.
    pub(super) fn splice(
        &self,
        parent: Node<'tree>,
        child: Node<'tree>,
        out: &mut Vec<Item<'tree>>,
    ) {
        use SyntaxKind::*;
        let above = parent.syntax();
        match child.syntax() {
            TypeArguments if above == TypeAssertion => self.flat(child, out),
            TypeParameters | TypeArguments | FormalParameters | Arguments | ClassBody
            | InterfaceBody | EnumBody => self.bracketed(child, out),
            Object if above == ImportAttribute => self.bracketed(child, out),
            TypeAnnotation
            | AssertsAnnotation
            | TypePredicateAnnotation
            | OptingTypeAnnotation
            | OmittingTypeAnnotation
            | AddingTypeAnnotation
            | Constraint
            | DefaultType
            | ElseClause
            | FinallyClause => self.flat(child, out),
            ParenthesizedExpression if is_head(above) => self.flat(child, out),
            TypePredicate if above == Asserts => self.flat(child, out),
            RestPattern
                if matches!(
                    above,
                    RequiredParameter | OptionalParameter | FormalParameters
                ) =>
            {
                self.flat(child, out);
            }
            SpreadElement if above == JsxExpression => self.flat(child, out),
            AssignmentPattern if above == PairPattern => self.flat(child, out),
            ClassHeritage => {
                let clauses = children(child).map(|clause| self.heritage(clause));
                out.extend(Item::list(clauses.flatten().collect()));
            }
            ExtendsTypeClause => {
                out.extend(self.heritage(child).and_then(|it| Item::list(vec![it])))
            }
            LexicalDeclaration | VariableDeclaration if above == ForStatement => {
                self.variables(child, out);
            }
            StatementBlock if matches!(above, Module | InternalModule | AmbientDeclaration) => {
                out.push(Item::node(child).with_role(Role::Other));
            }
            _ => out.push(Item::node(child)),
        }
    }

    /// The children of `node` in place of it.
    pub(super) fn flat(&self, node: Node<'tree>, out: &mut Vec<Item<'tree>>) {
        for child in children(node).filter(|child| child.syntax() != SyntaxKind::Comment) {
            self.splice(node, child, out);
        }
    }

    /// `export`, `default`, `declare` and decorators are modifiers of the declaration behind them.
    fn declaration(&self, before: &[Node<'tree>], node: Node<'tree>) -> Vec<Item<'tree>> {
        use SyntaxKind::*;
        let mut modifiers = before.to_vec();
        let mut inner = None;
        for child in children(node).filter(|child| child.syntax() != Comment) {
            match child.syntax() {
                KwExport | KwDefault | KwDeclare | Decorator => modifiers.push(child),
                _ => {
                    inner = Some(child);
                    break;
                }
            }
        }
        let value = node.field("value").map(|value| value.syntax());
        match inner {
            Some(inner)
                if is_declaration(inner.syntax())
                    || (matches!(value, Some(FunctionExpression | Class))
                        && Some(inner.syntax()) == value) =>
            {
                self.expand(&modifiers, inner)
            }
            _ => {
                let mut out = Vec::new();
                self.flat(node, &mut out);
                out
            }
        }
    }

    fn heritage(&self, clause: Node<'tree>) -> Option<Item<'tree>> {
        use SyntaxKind::*;
        let mut parts = children(clause)
            .filter(|child| child.syntax() != Comment)
            .peekable();
        let word = Item::node(parts.next()?);
        let mut types = Vec::new();
        while let Some(part) = parts.next() {
            match parts.next_if(|next| next.syntax() == TypeArguments) {
                Some(arguments) => {
                    let mut with_arguments = vec![Item::node(part)];
                    self.bracketed(arguments, &mut with_arguments);
                    types.extend(Item::made(Role::Other, with_arguments));
                }
                None => types.push(Item::node(part)),
            }
        }
        Item::made(
            Role::Other,
            std::iter::once(word).chain(Item::list(types)).collect(),
        )
    }
}

fn is_declaration(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        LexicalDeclaration
            | VariableDeclaration
            | FunctionDeclaration
            | GeneratorFunctionDeclaration
            | FunctionSignature
            | ClassDeclaration
            | AbstractClassDeclaration
            | InterfaceDeclaration
            | TypeAliasDeclaration
            | EnumDeclaration
            | Module
            | InternalModule
            | ImportAlias
            | AmbientDeclaration
    )
}

/// Whether a token before a declaration's name is one of its modifiers.
fn is_modifier(parent: SyntaxKind, kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    match kind {
        Decorator | AccessibilityModifier | OverrideModifier | KwAbstract | KwDeclare => true,
        KwReadonly => parent != ReadonlyType,
        KwStatic => parent != ClassStaticBlock,
        KwAsync | KwAccessor => true,
        KwConst => matches!(parent, EnumDeclaration | TypeParameter),
        KwIn => parent == TypeParameter,
        _ => false,
    }
}

/// Whether parentheses in a node of this kind are part of the statement.
fn is_head(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        IfStatement | WhileStatement | DoStatement | SwitchStatement | WithStatement
    )
}
