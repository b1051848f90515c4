//! The children of an item, as TypeScript's own tree has them.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};

use super::groups::{group, split};
use super::item::{Item, Role, Shape};
use super::lists::Docs;

/// Longer sequences stay flat: items in items are dropped recursively.
const MAX_SEQUENCE: usize = 400;

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
    fn flat(&self, node: Node<'tree>, out: &mut Vec<Item<'tree>>) {
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

    /// Keyword and declarations are a node of their own, and the declarations are a list.
    fn variables(&self, node: Node<'tree>, out: &mut Vec<Item<'tree>>) {
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

    fn for_in(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
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

    fn case(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
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
    fn import(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
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

    fn catch(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
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
    fn union(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
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

    fn is_named(&self, item: &Item<'tree>) -> bool {
        item.kind().is_some_and(|kind| !kind.is_token())
    }

    /// `a, b, c` is `(a, b), c`.
    fn sequence(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
        let mut now: Vec<Item<'tree>> = Vec::new();
        for (index, item) in self.items(children(node)).into_iter().enumerate() {
            if now.len() == 3 && index < MAX_SEQUENCE {
                now = Item::made(Role::Other, now).into_iter().collect();
            }
            now.push(item);
        }
        now
    }

    fn object_type(&self, node: Node<'tree>) -> Vec<Item<'tree>> {
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

    fn mapped(&self, items: Vec<Item<'tree>>) -> Vec<Item<'tree>> {
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
    fn mapped_clause(&self, item: &Item<'tree>) -> Vec<Item<'tree>> {
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
