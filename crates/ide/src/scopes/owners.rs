//! Whose property a name is, as far as annotations and initialisers in the file tell.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, ancestors, children};

use super::{Declared, Member, Name, NameId, Owner, Scopes, SymbolId};

/// How far an expression or a type is followed.
const MAX_STEPS: u8 = 8;
/// How far a node's surroundings are looked at.
const MAX_LEVELS: usize = 100;

/// Something that has properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// What a class, interface, enum, namespace or import stands for.
    Symbol(SymbolId),
    /// A class itself rather than its instances, or a function.
    Static(SymbolId),
    /// A type literal or an object literal, by its node's id.
    Node(usize),
    /// Something that is not declared in the file.
    Global(NameId),
    /// A type of an imported namespace.
    Qualified(SymbolId, NameId),
}

/// Follows annotations.
pub(crate) struct Owners<'a, 'tree> {
    pub(crate) parse: &'tree Parse,
    pub(crate) scopes: &'a Scopes<'tree>,
}

type Keys = Option<Vec<Key>>;

impl<'tree> Owners<'_, 'tree> {
    /// The owners of a member, with the classes and interfaces they extend; none if they cannot be told.
    pub(crate) fn of_member(&self, member: &Member<'tree>) -> Keys {
        let mut keys = self.direct(member, MAX_STEPS)?;
        let mut at = 0;
        while at < keys.len() && keys.len() < 64 {
            for base in self.bases(keys[at]) {
                if !keys.contains(&base) {
                    keys.push(base);
                }
            }
            at += 1;
        }
        Some(keys)
    }

    fn direct(&self, member: &Member<'tree>, steps: u8) -> Keys {
        use SyntaxKind::*;
        let steps = steps.checked_sub(1)?;
        match member.owner {
            Owner::Declared(node) if node.syntax() == Object => self.object(node, steps),
            Owner::Declared(node) => {
                let is_static = member.parent.child_of_kind(KwStatic).is_some();
                self.container(node, is_static)
            }
            Owner::Of(expression) => self.expression(expression, steps),
            Owner::Unknown => match member.parent.syntax() {
                Object => self.object(member.parent, steps),
                ObjectPattern => self.pattern(member.parent, steps),
                JsxAttribute => self.tag(member.parent.parent()?, steps),
                PairPattern | ObjectAssignmentPattern => {
                    self.pattern(member.parent.parent()?, steps)
                }
                _ => None,
            },
        }
    }

    /// The properties of what a JSX tag names. All elements of HTML count as one.
    fn tag(&self, tag: Node<'tree>, steps: u8) -> Keys {
        let name = self.symbol_of(tag.field("name")?)?;
        let Some(symbol) = name.symbol else {
            return Some(vec![Key::Global(NameId::MAX)]);
        };
        let declared = self.scopes.declaration(symbol)?;
        if declared.declares == Some(Declared::Import) {
            return Some(vec![Key::Static(symbol)]);
        }
        let function = match declared.parent.syntax() {
            SyntaxKind::VariableDeclarator => declared.parent.field("value")?,
            _ => declared.parent,
        };
        let parameter = function.field("parameters")?.named_child(0)?;
        self.of_type(parameter.field("type")?, steps)
    }

    fn symbol_of(&self, node: Node<'tree>) -> Option<&Name<'tree>> {
        self.scopes.name_at(node.text_range())
    }

    /// A class, interface, enum or type literal.
    fn container(&self, node: Node<'tree>, is_static: bool) -> Keys {
        let symbol = node
            .field("name")
            .and_then(|name| self.symbol_of(name)?.symbol);
        let key = match symbol {
            Some(symbol) if is_static => Key::Static(symbol),
            Some(symbol) => Key::Symbol(symbol),
            None => Key::Node(node.id()),
        };
        Some(vec![key])
    }

    fn this(&self, node: Node<'tree>) -> Keys {
        use SyntaxKind::*;
        let mut is_static = false;
        for around in ancestors(node).skip(1).take(MAX_LEVELS) {
            match around.syntax() {
                ClassDeclaration | AbstractClassDeclaration | Class => {
                    return self.container(around, is_static);
                }
                InterfaceDeclaration => return self.container(around, false),
                MethodDefinition | PublicFieldDefinition | ClassStaticBlock => {
                    is_static = around.child_of_kind(KwStatic).is_some();
                }
                Object => return self.object(around, 3),
                FunctionDeclaration
                | FunctionExpression
                | GeneratorFunction
                | GeneratorFunctionDeclaration => return None,
                _ => {}
            }
        }
        None
    }

    fn expression(&self, node: Node<'tree>, steps: u8) -> Keys {
        use SyntaxKind::*;
        let steps = steps.checked_sub(1)?;
        match node.syntax() {
            This => self.this(node),
            Identifier => self.variable(self.symbol_of(node)?, steps),
            Object => self.object(node, steps),
            NonNullExpression | ParenthesizedExpression | AwaitExpression => {
                self.expression(node.named_child(0)?, steps)
            }
            AsExpression | SatisfiesExpression => {
                let kind = node.named_child(1)?;
                self.of_type(kind, steps)
            }
            NewExpression => {
                let class = self.symbol_of(node.field("constructor")?)?;
                Some(vec![match class.symbol {
                    Some(symbol) => Key::Symbol(symbol),
                    None => Key::Global(class.id),
                }])
            }
            CallExpression => {
                let function = self.symbol_of(node.field("function")?)?;
                let declared = self.scopes.declaration(function.symbol?)?;
                let function = match declared.parent.syntax() {
                    VariableDeclarator => declared.parent.field("value")?,
                    _ => declared.parent,
                };
                self.of_type(function.field("return_type")?, steps)
            }
            MemberExpression => {
                let property = node.field("property")?;
                self.property_type(self.scopes.member_at(property.text_range())?, steps)
            }
            _ => None,
        }
    }

    /// What a property is, by the annotation where it is declared.
    fn property_type(&self, member: &Member<'tree>, steps: u8) -> Keys {
        let steps = steps.checked_sub(1)?;
        let keys = self.direct(member, steps)?;
        let declarations = self
            .scopes
            .members
            .iter()
            .filter(|other| other.id == member.id && matches!(other.owner, Owner::Declared(_)));
        for declaration in declarations {
            let same = |owners: Vec<Key>| owners.iter().any(|owner| keys.contains(owner));
            let annotation = declaration.parent.field("type");
            if let Some(annotation) = annotation
                && self.direct(declaration, steps).is_some_and(same)
            {
                return self.of_type(annotation, steps);
            }
        }
        None
    }

    fn variable(&self, name: &Name<'tree>, steps: u8) -> Keys {
        use SyntaxKind::*;
        let Some(symbol) = name.symbol else {
            return Some(vec![Key::Global(name.id)]);
        };
        let declared = self.scopes.declaration(symbol)?;
        match declared.declares? {
            Declared::Class | Declared::Function => Some(vec![Key::Static(symbol)]),
            Declared::Enum | Declared::Namespace | Declared::Import => {
                Some(vec![Key::Symbol(symbol)])
            }
            _ => {
                let around = declared.parent;
                if !matches!(
                    around.syntax(),
                    VariableDeclarator | RequiredParameter | OptionalParameter
                ) {
                    return None;
                }
                match around.field("type") {
                    Some(annotation) => self.of_type(annotation, steps),
                    None => self.expression(around.field("value")?, steps),
                }
            }
        }
    }

    fn of_type(&self, node: Node<'tree>, steps: u8) -> Keys {
        use SyntaxKind::*;
        let steps = steps.checked_sub(1)?;
        match node.syntax() {
            ObjectType => Some(vec![Key::Node(node.id())]),
            TypeAnnotation | ParenthesizedType | ReadonlyType | OptionalType | Constraint => {
                self.of_type(node.named_child(0)?, steps)
            }
            TypeIdentifier => self.named_type(self.symbol_of(node)?, steps),
            ThisType => self.this(node),
            GenericType => {
                let name = node.field("name")?;
                let wraps = matches!(
                    name.text(self.parse),
                    "Partial"
                        | "Required"
                        | "Readonly"
                        | "NonNullable"
                        | "Pick"
                        | "Omit"
                        | "Promise"
                );
                if wraps && name.syntax() == TypeIdentifier {
                    self.of_type(node.field("type_arguments")?.named_child(0)?, steps)
                } else {
                    self.of_type(name, steps)
                }
            }
            NestedTypeIdentifier => {
                let module = self.symbol_of(node.field("module")?)?.symbol?;
                let name = node.field("name")?;
                let id = self.scopes.member_at(name.text_range())?.id;
                Some(vec![Key::Qualified(module, id)])
            }
            UnionType | IntersectionType => {
                let parts = children(node).filter(|part| part.is_named());
                let keys: Vec<Key> = parts
                    .filter_map(|part| self.of_type(part, steps))
                    .flatten()
                    .collect();
                (!keys.is_empty()).then_some(keys)
            }
            _ => None,
        }
    }

    fn named_type(&self, name: &Name<'tree>, steps: u8) -> Keys {
        let Some(symbol) = name.symbol else {
            return Some(vec![Key::Global(name.id)]);
        };
        let declared = self.scopes.declaration(symbol)?;
        match declared.declares? {
            Declared::TypeAlias => self.of_type(declared.parent.field("value")?, steps),
            Declared::TypeParameter => self.of_type(declared.parent.field("constraint")?, steps),
            _ => Some(vec![Key::Symbol(symbol)]),
        }
    }

    /// The type that an object literal is expected to have; itself if nothing is expected.
    fn object(&self, node: Node<'tree>, steps: u8) -> Keys {
        use SyntaxKind::*;
        let steps = steps.checked_sub(1)?;
        let around = node.parent()?;
        match around.syntax() {
            VariableDeclarator | RequiredParameter | OptionalParameter | PublicFieldDefinition => {
                match around.field("type") {
                    Some(annotation) => self.of_type(annotation, steps),
                    None => Some(vec![Key::Node(node.id())]),
                }
            }
            AsExpression | SatisfiesExpression => self.of_type(around.named_child(1)?, steps),
            ParenthesizedExpression => self.expected_return(around, steps),
            Pair => {
                let key = around.field("key")?;
                self.property_type(self.scopes.member_at(key.text_range())?, steps)
            }
            ReturnStatement | ArrowFunction => self.expected_return(node, steps),
            AssignmentExpression => self.expression(around.field("left")?, steps),
            Arguments => self.expected_argument(around, node, steps),
            _ => None,
        }
    }

    fn expected_return(&self, node: Node<'tree>, steps: u8) -> Keys {
        use SyntaxKind::*;
        let function = ancestors(node).skip(1).take(MAX_LEVELS).find(|node| {
            matches!(
                node.syntax(),
                ArrowFunction | FunctionDeclaration | FunctionExpression | MethodDefinition
            )
        })?;
        self.of_type(function.field("return_type")?, steps)
    }

    fn expected_argument(&self, arguments: Node<'tree>, node: Node<'tree>, steps: u8) -> Keys {
        let call = arguments.parent()?;
        let callee = self.symbol_of(call.field("function")?)?;
        let declared = self.scopes.declaration(callee.symbol?)?;
        let function = match declared.parent.syntax() {
            SyntaxKind::VariableDeclarator => declared.parent.field("value")?,
            _ => declared.parent,
        };
        let index = children(arguments)
            .filter(|child| child.is_named())
            .position(|child| child.id() == node.id())?;
        let parameter = children(function.field("parameters")?)
            .filter(|child| child.is_named())
            .nth(index)?;
        self.of_type(parameter.field("type")?, steps)
    }

    /// What a pattern takes apart.
    fn pattern(&self, node: Node<'tree>, steps: u8) -> Keys {
        use SyntaxKind::*;
        let around = node.parent()?;
        match around.syntax() {
            VariableDeclarator | RequiredParameter | OptionalParameter => {
                match around.field("type") {
                    Some(annotation) => self.of_type(annotation, steps),
                    None => self.expression(around.field("value")?, steps),
                }
            }
            AssignmentExpression => self.expression(around.field("right")?, steps),
            PairPattern => {
                let key = around.field("key")?;
                self.property_type(self.scopes.member_at(key.text_range())?, steps)
            }
            _ => None,
        }
    }

    /// What a class or interface extends and implements.
    fn bases(&self, key: Key) -> Vec<Key> {
        use SyntaxKind::*;
        let (Key::Symbol(symbol) | Key::Static(symbol)) = key else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for &at in &self.scopes.symbols[symbol as usize].declarations {
            let declaration = self.scopes.names[at as usize].parent;
            let clauses = children(declaration)
                .filter(|child| matches!(child.syntax(), ClassHeritage | ExtendsTypeClause));
            for clause in clauses {
                let range = clause.text_range();
                let names = self.scopes.names.iter();
                let names = names
                    .skip_while(|name| name.range.start() < range.start())
                    .take_while(|name| name.range.end() <= range.end())
                    .filter(|name| is_base(name));
                out.extend(names.map(|name| match (name.symbol, key) {
                    (Some(base), Key::Static(_)) => Key::Static(base),
                    (Some(base), _) => Key::Symbol(base),
                    (None, _) => Key::Global(name.id),
                }));
            }
        }
        out
    }
}

/// Whether a name in a heritage clause is what is extended, not one of its arguments.
fn is_base(name: &Name<'_>) -> bool {
    use SyntaxKind::*;
    match name.parent.syntax() {
        ExtendsClause | ImplementsClause | ExtendsTypeClause => true,
        GenericType => name
            .parent
            .parent()
            .is_some_and(|around| matches!(around.syntax(), ImplementsClause | ExtendsTypeClause)),
        _ => false,
    }
}
