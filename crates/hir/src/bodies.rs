//! Expressions, patterns and functions, as far as names and types need them: operators by what they
//! give. What is known of control flow is in [`Guard`](crate::Guard)s.

use symphony_text::TextRange;

use crate::{
    ClassId, DeclId, ExprId, FunctionId, ModuleRefId, NameId, ScopeId, TableId, TokenId, TypeId,
};

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it is.
    pub range: TextRange,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// Nothing that names or types need, or broken text.
    Missing,
    /// A name in scope.
    Name(TokenId),
    /// `this`; the scope says whose.
    This(ScopeId),
    /// `super`; the scope says whose.
    Super(ScopeId),
    /// `a.b`, `a.#b`, `A.B` in a type, `<A.B>`.
    Member {
        /// What is before the dot.
        object: ExprId,
        /// The name behind it.
        property: TokenId,
        /// Whether it is `?.`.
        optional: bool,
    },
    /// `a[b]`; with a literal inside, the name that it makes.
    Index {
        /// What is before the bracket.
        object: ExprId,
        /// What is inside.
        index: ExprId,
    },
    /// `f(x)`, and a tagged template.
    Call {
        /// What is called.
        callee: ExprId,
        /// The arguments; a spread one is [`ExprKind::Spread`].
        args: Box<[ExprId]>,
        /// The type arguments.
        type_args: Box<[TypeId]>,
        /// The place between the parentheses.
        list: TextRange,
    },
    /// `new A(x)`.
    New {
        /// The class.
        callee: ExprId,
        /// The arguments.
        args: Box<[ExprId]>,
        /// The type arguments.
        type_args: Box<[TypeId]>,
    },
    /// A function or arrow function.
    Function(FunctionId),
    /// A class.
    Class(ClassId),
    /// An object literal: its members and what is spread into it.
    Object {
        /// The members.
        table: TableId,
        /// The expressions behind `...`.
        spreads: Box<[ExprId]>,
    },
    /// An array literal.
    Array(Box<[ExprId]>),
    /// `...x` in a list.
    Spread(ExprId),
    /// A literal.
    Literal(Literal),
    /// A template without a tag.
    Template,
    /// `a && b`, `a || b`, `a ?? b`.
    Logical(LogicalOp, ExprId, ExprId),
    /// An operator whose result has a known type.
    Binary(BinaryOp, ExprId, ExprId),
    /// `!a`, `-a`, `typeof a`, `void a`, `delete a`, `++a`.
    Unary(UnaryOp, ExprId),
    /// `a ? b : c`.
    Conditional(ExprId, ExprId, ExprId),
    /// `a = b` (the value is that of `b`).
    Assign(ExprId, ExprId),
    /// `a, b`.
    Sequence(ExprId),
    /// `await a`.
    Await(ExprId),
    /// `yield a`.
    Yield(Option<ExprId>),
    /// `a as T`, `<T>a`.
    As(ExprId, TypeId),
    /// `a as const`.
    AsConst(ExprId),
    /// `a satisfies T`.
    Satisfies(ExprId, TypeId),
    /// `a!`.
    NonNull(ExprId),
    /// `f<T>` without a call.
    Instantiation(ExprId, Box<[TypeId]>),
    /// A JSX element: its tag, none for a fragment.
    Jsx(Option<ExprId>),
    /// The tag of an HTML element.
    JsxIntrinsic(NameId),
    /// `import("x")` or, in a type, what `import("x")` stands for; `require("x")` in JavaScript.
    Import(ModuleRefId),
    /// `import.meta`, `new.target`.
    Meta,
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A string: its text as a name.
    String(NameId),
    /// A number: its text as a name.
    Number(NameId),
    /// A large integer.
    BigInt,
    /// `true`, `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// A regular expression.
    RegExp,
}

/// `&&`, `||`, `??`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalOp {
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `??`.
    Nullish,
}

/// Operators by what they give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`: a string or a number.
    Add,
    /// Arithmetic: a number or a large integer.
    Arithmetic,
    /// `==`, `===`: a truth value.
    Equal,
    /// `!=`, `!==`: a truth value.
    Unequal,
    /// `instanceof`: a truth value.
    InstanceOf,
    /// Other comparisons and `in`: a truth value.
    Compare,
}

/// Operators by what they give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`.
    Not,
    /// `delete`.
    Boolean,
    /// `-`, `+`, `~`, `++`, `--`.
    Number,
    /// `typeof`.
    TypeOf,
    /// `void`.
    Void,
}

/// A pattern: a name, `{ }` or `[ ]`, or what one of these takes out of another.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Where its value comes from.
    pub source: PatternSource,
    /// What stands behind `=` in a pattern or a parameter.
    pub default: Option<ExprId>,
    /// The name that it binds, if it is one.
    pub decl: Option<DeclId>,
    /// The whole pattern.
    pub range: TextRange,
}

/// Where a pattern's value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternSource {
    /// A declared variable: its annotation and its initialiser; or what is assigned to a pattern.
    Variable(Option<TypeId>, Option<ExprId>),
    /// A parameter, by its number.
    Parameter(FunctionId, u32),
    /// The property `name` of what the outer pattern holds.
    Property(crate::PatternId, NameId),
    /// A property whose name is computed.
    Computed(crate::PatternId),
    /// An element of what the outer pattern holds.
    Element(crate::PatternId, u32),
    /// What is left of the outer pattern: `...rest`.
    Rest(crate::PatternId),
    /// An element of what a `for of` goes through.
    ForOf(ExprId),
    /// A key of what a `for in` goes through.
    ForIn,
    /// What a `catch` has caught, with its annotation.
    Catch(Option<TypeId>),
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What it binds.
    pub pattern: crate::PatternId,
    /// Its annotation.
    pub ty: Option<TypeId>,
    /// Whether it may be left out: `?`, or it has a default.
    pub optional: bool,
    /// Whether it is `...rest`.
    pub rest: bool,
}

/// What sort of function it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A declaration, or `declare function`.
    Declaration,
    /// `function` as an expression.
    Expression,
    /// `=>`.
    Arrow,
    /// A method of a class or an object.
    Method,
    /// `get`.
    Getter,
    /// `set`.
    Setter,
    /// `constructor`.
    Constructor,
    /// A signature in an interface or type literal, a function type.
    Signature,
    /// `new ()` in an interface or type literal, a constructor type.
    ConstructSignature,
}

/// A function of any sort.
#[derive(Clone, Debug)]
pub struct Function {
    /// What sort it is.
    pub kind: FunctionKind,
    /// The declaration of its name: a function, method, accessor, constructor, or the variable or property that it is the
    /// value of. None for a callback.
    pub decl: Option<DeclId>,
    /// Its scope.
    pub scope: ScopeId,
    /// Its type parameters.
    pub type_params: Box<[DeclId]>,
    /// Its parameters, without `this`.
    pub params: Box<[Parameter]>,
    /// The annotation of `this`.
    pub this_ty: Option<TypeId>,
    /// The annotation of what it returns.
    pub ret: Option<TypeId>,
    /// What it returns, where it is written.
    pub returns: Box<[ExprId]>,
    /// Its body; none for a signature.
    pub body: Option<TextRange>,
    /// All of it.
    pub range: TextRange,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether it is a generator.
    pub is_generator: bool,
}

/// A class.
#[derive(Clone, Debug)]
pub struct Class {
    /// The declaration of its name.
    pub decl: Option<DeclId>,
    /// Its scope.
    pub scope: ScopeId,
    /// Its type parameters.
    pub type_params: Box<[DeclId]>,
    /// What it extends, and the type arguments.
    pub extends: Option<(ExprId, Box<[TypeId]>)>,
    /// What it implements.
    pub implements: Box<[TypeId]>,
    /// The members of its instances.
    pub instance: TableId,
    /// Its static members.
    pub statics: TableId,
    /// Its constructors: signatures, and the one with a body.
    pub constructors: Box<[DeclId]>,
    /// The types of its index signatures.
    pub indexes: Box<[TypeId]>,
    /// All of it.
    pub range: TextRange,
}

/// Where an expression stands, if that says what type is expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// It is to be of this type: an annotated variable, property or return, `as`, `satisfies`.
    Type(TypeId),
    /// It is an argument of a call or `new`, by its number.
    Argument(ExprId, u32),
    /// A function returns it.
    Return(FunctionId),
    /// It is the value of a property of an object literal.
    Property(ExprId, NameId),
    /// It is spread into an object literal.
    Spread(ExprId),
    /// It is an element of an array literal.
    Element(ExprId, u32),
    /// It is assigned to this.
    Assigned(ExprId),
    /// It is the value of an attribute of a JSX element with this tag.
    Attribute(ExprId, NameId),
    /// It is the default of a pattern.
    Default(crate::PatternId),
}
