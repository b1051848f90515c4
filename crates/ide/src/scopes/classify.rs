//! What a node is to the scopes, told from the nodes around it.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind};

use super::build::{Frame, declared_by};
use super::{Declared, Field, Meaning, Owner};

/// What names in a pattern are bound by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    None,
    Var,
    Let,
    Const,
    Parameter,
    Catch,
    /// Nothing is declared: the pattern is assigned to.
    Assigned,
}

/// What a name does.
pub(super) enum Role<'tree> {
    Use {
        meaning: Meaning,
        writes: bool,
    },
    Declares {
        declared: Declared,
        /// Whether it is declared outside of the node that it names.
        outer: bool,
    },
    Member {
        owner: Owner<'tree>,
        writes: bool,
    },
    /// A property's name that is a variable's as well.
    Both {
        meaning: Meaning,
        writes: bool,
    },
}

/// What the child of `parent` in `field` is bound by, if it is a pattern or a name in one.
pub(super) fn binding(parent: &Frame<'_>, field: Field) -> Binding {
    use SyntaxKind::*;
    match (parent.kind, field) {
        (VariableDeclarator, Field::Name) => parent.binding,
        (LexicalDeclaration | VariableDeclaration, _) => declaration_word(parent.node),
        (RequiredParameter | OptionalParameter, Field::Pattern) => Binding::Parameter,
        (ArrowFunction, Field::Parameter) => Binding::Parameter,
        (CatchClause, Field::Parameter) => Binding::Catch,
        (ForInStatement, Field::Left) => match parent.node.field("kind") {
            Some(_) => declaration_word_of(parent.node.field("kind")),
            None => Binding::Assigned,
        },
        (AssignmentExpression | AugmentedAssignmentExpression, Field::Left) => Binding::Assigned,
        (UpdateExpression, _) => Binding::Assigned,
        (ObjectPattern | ArrayPattern | RestPattern, _)
        | (PairPattern, Field::Value)
        | (AssignmentPattern | ObjectAssignmentPattern, Field::Left) => parent.binding,
        (ParenthesizedExpression | NonNullExpression, _) if parent.binding == Binding::Assigned => {
            Binding::Assigned
        }
        _ => Binding::None,
    }
}

fn declaration_word(node: Node<'_>) -> Binding {
    declaration_word_of(node.child(0))
}

fn declaration_word_of(word: Option<Node<'_>>) -> Binding {
    match word.map(|word| word.syntax()) {
        Some(SyntaxKind::KwConst) => Binding::Const,
        Some(SyntaxKind::KwVar) => Binding::Var,
        _ => Binding::Let,
    }
}

/// Whether a node opens a scope, and then whether `var` stops there.
pub(super) fn opens_scope(kind: SyntaxKind, parent: SyntaxKind) -> Option<bool> {
    use SyntaxKind::*;
    match kind {
        _ if kind.is_function() => Some(true),
        ClassStaticBlock | Module | InternalModule => Some(true),
        StatementBlock => (!has_own_scope(parent)).then_some(parent == AmbientDeclaration),
        IndexSignature
        | ConditionalType
        | ForStatement
        | ForInStatement
        | SwitchBody
        | CatchClause
        | ClassDeclaration
        | AbstractClassDeclaration
        | Class
        | InterfaceDeclaration
        | TypeAliasDeclaration
        | EnumDeclaration => Some(false),
        _ => None,
    }
}

/// Whether a node's body shares its scope.
fn has_own_scope(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        FunctionDeclaration
            | FunctionExpression
            | GeneratorFunction
            | GeneratorFunctionDeclaration
            | ArrowFunction
            | MethodDefinition
            | ClassStaticBlock
            | Module
            | InternalModule
    )
}

/// What a name does; none for a node that is not a name or refers to nothing.
pub(super) fn role<'tree>(
    parse: &'tree Parse,
    frame: &Frame<'tree>,
    frames: &[Frame<'tree>],
) -> Option<Role<'tree>> {
    use SyntaxKind::*;
    match frame.kind {
        Identifier => identifier(parse, frame, frames),
        TypeIdentifier => type_identifier(frame, frames),
        ShorthandPropertyIdentifier => Some(Role::Both {
            meaning: Meaning::VALUE,
            writes: false,
        }),
        ShorthandPropertyIdentifierPattern => Some(Role::Both {
            meaning: Meaning::VALUE,
            writes: true,
        }),
        PropertyIdentifier | PrivatePropertyIdentifier => property(frame, frames),
        _ => None,
    }
}

fn uses(meaning: Meaning) -> Option<Role<'static>> {
    Some(Role::Use {
        meaning,
        writes: false,
    })
}

fn declares(declared: Declared, outer: bool) -> Option<Role<'static>> {
    Some(Role::Declares { declared, outer })
}

fn identifier<'tree>(
    parse: &'tree Parse,
    frame: &Frame<'tree>,
    frames: &[Frame<'tree>],
) -> Option<Role<'tree>> {
    use SyntaxKind::*;
    let parent = frames.last()?;
    if let Some(declared) = declared_by(frame.binding) {
        return declares(declared, false);
    }
    match (parent.kind, frame.field) {
        (FunctionDeclaration | GeneratorFunctionDeclaration | FunctionSignature, Field::Name) => {
            declares(Declared::Function, true)
        }
        (FunctionExpression | GeneratorFunction, Field::Name) => {
            declares(Declared::Function, false)
        }
        (EnumDeclaration, Field::Name) => declares(Declared::Enum, true),
        (Module | InternalModule, Field::Name) => declares(Declared::Namespace, true),
        (ImportClause | NamespaceImport | ImportRequireClause, _) => {
            declares(Declared::Import, false)
        }
        (ImportSpecifier, Field::Alias) => declares(Declared::Import, false),
        (ImportSpecifier, _) => match parent.node.field("alias") {
            Some(_) => None,
            None => declares(Declared::Import, false),
        },
        (ImportAlias, _) => match parent.node.named_child(0) == Some(frame.node) {
            true => declares(Declared::Import, false),
            false => uses(Meaning::ALL),
        },
        (ExportSpecifier, Field::Alias) => None,
        (ExportSpecifier, _) => {
            let statement = frames.len().checked_sub(3).map(|at| frames[at].node);
            match statement.and_then(|statement| statement.field("source")) {
                Some(_) => None,
                None => uses(Meaning::ALL),
            }
        }
        (NamespaceExport, _) => None,
        (ExportStatement, _) => uses(Meaning::ALL),
        (NestedTypeIdentifier, _) => uses(Meaning::NAMESPACE),
        (NestedIdentifier, _) => nested(frame, frames),
        (IndexSignature, Field::Name) => declares(Declared::Parameter, false),
        // The name of a tuple's element.
        (RequiredParameter | OptionalParameter, Field::Name) => None,
        (JsxOpeningElement | JsxClosingElement | JsxSelfClosingElement, Field::Name) => {
            let text = frame.node.text(parse);
            let is_element = text.starts_with(|first: char| first.is_lowercase());
            uses(if is_element {
                Meaning::INTRINSIC
            } else {
                Meaning::VALUE
            })
        }
        (JsxNamespaceName, _) => None,
        (MetaProperty, _) => None,
        _ => Some(Role::Use {
            meaning: Meaning::VALUE,
            writes: frame.binding == Binding::Assigned,
        }),
    }
}

/// `A` of `namespace A.B`, of `import X = A.B`, of `<A.B />` and of `A.B.C` in a type.
fn nested<'tree>(frame: &Frame<'tree>, frames: &[Frame<'tree>]) -> Option<Role<'tree>> {
    use SyntaxKind::*;
    let outermost = frames
        .iter()
        .rev()
        .find(|frame| frame.kind != NestedIdentifier)?;
    match outermost.kind {
        Module | InternalModule => (frame.field == Field::Object).then_some(Role::Declares {
            declared: Declared::Namespace,
            outer: true,
        }),
        NestedTypeIdentifier => uses(Meaning::NAMESPACE),
        ImportAlias => uses(Meaning::ALL),
        _ => uses(Meaning::VALUE),
    }
}

fn type_identifier<'tree>(frame: &Frame<'tree>, frames: &[Frame<'tree>]) -> Option<Role<'tree>> {
    use SyntaxKind::*;
    let parent = frames.last()?;
    match (parent.kind, frame.field) {
        (ClassDeclaration | AbstractClassDeclaration, Field::Name) => {
            declares(Declared::Class, true)
        }
        (Class, Field::Name) => declares(Declared::Class, false),
        (InterfaceDeclaration, Field::Name) => declares(Declared::Interface, true),
        (TypeAliasDeclaration, Field::Name) => declares(Declared::TypeAlias, true),
        (TypeParameter | MappedTypeClause, Field::Name) => declares(Declared::TypeParameter, false),
        (InferType, _) => declares(Declared::TypeParameter, false),
        (NestedTypeIdentifier, Field::Name) => Some(Role::Member {
            owner: parent
                .node
                .field("module")
                .map_or(Owner::Unknown, Owner::Of),
            writes: false,
        }),
        _ => uses(Meaning::TYPE),
    }
}

fn property<'tree>(frame: &Frame<'tree>, frames: &[Frame<'tree>]) -> Option<Role<'tree>> {
    use SyntaxKind::*;
    let parent = frames.last()?;
    let writes = parent.binding == Binding::Assigned;
    let above = frames.len().checked_sub(2).map(|at| &frames[at]);
    let owner = match parent.kind {
        MemberExpression | NestedIdentifier => parent
            .node
            .field("object")
            .map_or(Owner::Unknown, Owner::Of),
        MethodDefinition
        | PublicFieldDefinition
        | MethodSignature
        | AbstractMethodSignature
        | PropertySignature
        | Pair
            if frame.field != Field::Value =>
        {
            Owner::Declared(declaring(frames))
        }
        EnumBody => Owner::Declared(above.map_or(parent.node, |above| above.node)),
        EnumAssignment => Owner::Declared(declaring(&frames[..frames.len() - 1])),
        _ => Owner::Unknown,
    };
    let declares = matches!(owner, Owner::Declared(_));
    Some(Role::Member {
        owner,
        writes: writes || declares,
    })
}

/// The class, interface, enum, type literal or object that a member lies in.
fn declaring<'tree>(frames: &[Frame<'tree>]) -> Node<'tree> {
    use SyntaxKind::*;
    let body = frames.len().saturating_sub(2);
    let frame = &frames[body];
    match frame.kind {
        ClassBody | InterfaceBody | EnumBody if body > 0 => frames[body - 1].node,
        _ => frame.node,
    }
}
