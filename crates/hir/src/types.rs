//! Types as they are written.

use symphony_text::TextRange;

use crate::{DeclId, ExprId, FunctionId, Literal, NameId, ScopeId, ShapeId, TableId, TypeId};

/// A type as it is written, with its place.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeKind,
    /// Where it is.
    pub range: TextRange,
}

/// What a written type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// Nothing that is known, or broken text.
    Missing,
    /// `string`, `any`, ...
    Keyword(Keyword),
    /// `A`, `A.B`, `import("x").A`: the name as an expression ([`crate::ExprKind::Name`], `Member` or `Import`).
    Reference {
        /// The name.
        name: ExprId,
        /// The type arguments.
        args: Box<[TypeId]>,
    },
    /// `typeof a.b`.
    Query(ExprId, Box<[TypeId]>),
    /// A literal type.
    Literal(Literal),
    /// A template literal type.
    Template(Box<[TypeId]>),
    /// `A | B`.
    Union(Box<[TypeId]>),
    /// `A & B`.
    Intersection(Box<[TypeId]>),
    /// `A[]`.
    Array(TypeId),
    /// `[A, B]`.
    Tuple(Box<[TupleElement]>),
    /// `(a: A) => B`, `new () => A`.
    Function(FunctionId),
    /// `{ a: A }`.
    Object(ShapeId),
    /// `A["b"]`.
    Indexed(TypeId, TypeId),
    /// `keyof A`.
    Keyof(TypeId),
    /// `readonly A[]`.
    Readonly(TypeId),
    /// `unique symbol`.
    Unique,
    /// `A extends B ? C : D`.
    Conditional {
        /// `A`.
        check: TypeId,
        /// `B`.
        extends: TypeId,
        /// `C`.
        then: TypeId,
        /// `D`.
        otherwise: TypeId,
    },
    /// `{ [K in A as N]: B }`.
    Mapped {
        /// `K`.
        key: DeclId,
        /// `A`.
        constraint: TypeId,
        /// `N`.
        name: Option<TypeId>,
        /// `B`.
        value: Option<TypeId>,
    },
    /// `infer T`.
    Infer(DeclId),
    /// `a is T`, `asserts a is T`.
    Predicate(Option<TypeId>),
    /// `this`.
    This(ScopeId),
}

/// An element of a tuple.
#[derive(Clone, Copy, Debug)]
pub struct TupleElement {
    /// Its type.
    pub ty: TypeId,
    /// Whether it is `?`.
    pub optional: bool,
    /// Whether it is `...`.
    pub rest: bool,
    /// Its label.
    pub name: Option<NameId>,
}

/// A type that is a word of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the word that it is named after")]
pub enum Keyword {
    Any,
    BigInt,
    Boolean,
    Intrinsic,
    Never,
    Null,
    Number,
    Object,
    String,
    Symbol,
    Undefined,
    Unknown,
    Void,
}

/// What an interface or a type literal lists.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The declaration of its name; none for a literal.
    pub decl: Option<DeclId>,
    /// The interface's type parameters.
    pub type_params: Box<[DeclId]>,
    /// What the interface extends.
    pub extends: Box<[TypeId]>,
    /// Its named members.
    pub table: TableId,
    /// Its call signatures.
    pub calls: Box<[FunctionId]>,
    /// Its construct signatures.
    pub constructs: Box<[FunctionId]>,
    /// The types of its index signatures.
    pub indexes: Box<[TypeId]>,
}
