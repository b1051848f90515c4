//! Scopes, symbols and their declarations.

use smallvec::SmallVec;
use symphony_text::TextRange;

use crate::{
    ClassId, DeclId, ExprId, FunctionId, ModuleRefId, NameId, PatternId, ScopeId, ShapeId,
    SymbolId, TableId, TypeId,
};

/// What a name may stand for, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Meaning(pub u8);

impl Meaning {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Something that exists when the program runs.
    pub const VALUE: Self = Self(1);
    /// A type.
    pub const TYPE: Self = Self(2);
    /// Something with named parts: a namespace, an enum, a module.
    pub const NAMESPACE: Self = Self(4);
    /// Any of them.
    pub const ALL: Self = Self(7);

    /// Whether the two have something in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What opened a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file. Its names are global unless the file is a module.
    File,
    /// `declare global { }`: its names are global.
    Global,
    /// `declare module "name" { }`.
    AmbientModule,
    /// A namespace's body.
    Namespace,
    /// A function with its parameters, type parameters and body.
    Function,
    /// A class: its type parameters, and its own name if it is an expression.
    Class,
    /// An interface or type alias with its type parameters; a mapped, conditional or function type.
    Type,
    /// An enum's body, where its members are names.
    Enum,
    /// Anything else between braces, a loop, a `catch`.
    Block,
}

/// A scope.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope around it; none for the file.
    pub parent: Option<ScopeId>,
    /// What opened it.
    pub kind: ScopeKind,
    /// Where names are looked up in it.
    pub range: TextRange,
    /// What declares it: a function, class, interface, alias, enum or namespace.
    pub owner: Option<DeclId>,
    /// Its symbols, in the order in which they were declared.
    pub symbols: Vec<SymbolId>,
}

/// Where a symbol belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Home {
    /// It is a name in a scope.
    Scope(ScopeId),
    /// It is a member.
    Table(TableId),
}

/// What is declared under one name in one place: merged declarations are one symbol.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: NameId,
    /// Where it belongs.
    pub home: Home,
    /// What it may stand for. An import's is [`Meaning::ALL`] until it is followed.
    pub meaning: Meaning,
    /// Its declarations in this file, in the order of the text. Never empty.
    pub decls: SmallVec<[DeclId; 1]>,
}

/// What assignments add to a function: `f.a = b`, and in JavaScript `this.a = b` in it and `f.prototype.a = b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expando {
    /// The members of what it constructs.
    pub instance: TableId,
    /// Its own members.
    pub statics: TableId,
}

/// What sort of declaration it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclKind {
    /// `var`, and a global made by assignment.
    Var,
    /// `let`, `using`.
    Let,
    /// `const`.
    Const,
    /// A parameter or a name bound by one.
    Parameter,
    /// The variable of a `catch`.
    Catch,
    /// A function declaration, or the own name of a function expression.
    Function,
    /// A class.
    Class,
    /// An interface.
    Interface,
    /// `type`, `@typedef`, `@callback`.
    TypeAlias,
    /// An enum.
    Enum,
    /// A member of an enum.
    EnumMember,
    /// A namespace, or a part of a dotted one.
    Namespace,
    /// A type parameter, `infer T`, the key of a mapped type.
    TypeParameter,
    /// What an import binds: default, named, `* as`, `= require()`, `= A.B`.
    Import,
    /// A method or its signature.
    Method,
    /// A field, a property signature, a parameter property, a key of an object literal.
    Property,
    /// `get` or `set`.
    Accessor,
    /// `constructor`.
    Constructor,
    /// `export default <expression>`, `export =`: what has no name of its own.
    ExportAssignment,
    /// `export as namespace Name`.
    UmdNamespace,
}

impl DeclKind {
    /// What a name declared so may stand for.
    pub fn meaning(self) -> Meaning {
        match self {
            Self::Class | Self::Enum => Meaning::ALL,
            Self::EnumMember => Meaning::VALUE.and(Meaning::TYPE),
            Self::Interface | Self::TypeAlias | Self::TypeParameter => Meaning::TYPE,
            Self::Namespace => Meaning::VALUE.and(Meaning::NAMESPACE),
            Self::Import | Self::ExportAssignment | Self::UmdNamespace => Meaning::ALL,
            Self::Var
            | Self::Let
            | Self::Const
            | Self::Parameter
            | Self::Catch
            | Self::Function
            | Self::Method
            | Self::Property
            | Self::Accessor
            | Self::Constructor => Meaning::VALUE,
        }
    }

    /// Whether it is a variable of some sort.
    pub fn is_variable(self) -> bool {
        matches!(
            self,
            Self::Var | Self::Let | Self::Const | Self::Parameter | Self::Catch
        )
    }

    /// Whether it is looked up on something rather than in a scope.
    pub fn is_member(self) -> bool {
        matches!(
            self,
            Self::Method | Self::Property | Self::Accessor | Self::Constructor | Self::EnumMember
        )
    }
}

/// What is written beside a declaration, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeclFlags(pub u16);

impl DeclFlags {
    /// `export`, or exported by being ambient in a namespace.
    pub const EXPORTED: Self = Self(1);
    /// `export default`.
    pub const DEFAULT: Self = Self(2);
    /// `static`.
    pub const STATIC: Self = Self(4);
    /// `readonly`.
    pub const READONLY: Self = Self(8);
    /// `?`.
    pub const OPTIONAL: Self = Self(16);
    /// `private` or `#name`.
    pub const PRIVATE: Self = Self(32);
    /// `protected`.
    pub const PROTECTED: Self = Self(64);
    /// `abstract`.
    pub const ABSTRACT: Self = Self(128);
    /// `declare`, or inside something that says so.
    pub const AMBIENT: Self = Self(256);
    /// A function with a body.
    pub const HAS_BODY: Self = Self(512);
    /// The name is in brackets or quotes.
    pub const QUOTED: Self = Self(1024);
    /// A parameter that is a property as well, and that property.
    pub const PARAMETER_PROPERTY: Self = Self(2048);
    /// `import type`, `export type`.
    pub const TYPE_ONLY: Self = Self(4096);
    /// A shorthand: `{ a }`, in a literal or a pattern.
    pub const SHORTHAND: Self = Self(8192);
    /// `set`.
    pub const SETTER: Self = Self(16384);

    /// Whether all of `other` is in it.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// With `other`, if `condition`.
    #[must_use]
    pub fn with(self, other: Self, condition: bool) -> Self {
        if condition {
            Self(self.0 | other.0)
        } else {
            self
        }
    }
}

/// One declaration.
#[derive(Clone, Debug)]
pub struct Decl {
    /// What sort it is.
    pub kind: DeclKind,
    /// What is written beside it.
    pub flags: DeclFlags,
    /// The name; `default` for what is exported without one.
    pub name: NameId,
    /// The name's place, without quotes; that of a keyword where there is no name.
    pub name_range: TextRange,
    /// All of it, without modifiers such as `export`, and without its comment.
    pub range: TextRange,
    /// The symbol that it declares.
    pub symbol: SymbolId,
    /// The declaration that it lies in: a function, class, member, namespace or variable with a function.
    pub parent: Option<DeclId>,
    /// The scope that it lies in.
    pub scope: ScopeId,
    /// What more is known.
    pub data: DeclData,
}

/// What is known of a declaration beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclData {
    /// Nothing.
    None,
    /// A variable or parameter.
    Binding(PatternId),
    /// A function, method, accessor or constructor.
    Function(FunctionId),
    /// A class.
    Class(ClassId),
    /// An interface.
    Interface(ShapeId),
    /// An alias.
    Alias(TypeId),
    /// An enum.
    Enum(TableId),
    /// A namespace.
    Namespace(ScopeId),
    /// A type parameter: its constraint and its default.
    TypeParameter(Option<TypeId>, Option<TypeId>),
    /// A property or enum member: its annotation and its initialiser.
    Property(Option<TypeId>, Option<ExprId>),
    /// A parameter property: the pattern of the parameter.
    ParameterProperty(PatternId),
    /// What an import binds.
    Import(ModuleRefId, Imported),
    /// `import a = B.C`: what stands behind it.
    ImportAlias(ExprId),
    /// `export default <expression>`, `export =`.
    Expression(ExprId),
}

/// What of a module an import binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Imported {
    /// `import a`.
    Default,
    /// `import * as a`.
    Namespace,
    /// `import { name as a }`; `default` is a name here as well.
    Named(NameId),
    /// `import a = require()`, `const a = require()`: the `export =` if there is one, else the module.
    Equals,
}
