//! Every name in a file, in the order of the text, and what sort of name it is.

use symphony_text::TextRange;

use crate::{DeclId, ExprId, Meaning, ModuleRefId, NameId, PatternId, ScopeId, SymbolId, TypeId};

/// A name where it is written.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its place, without quotes.
    pub range: TextRange,
    /// Its text, without quotes.
    pub name: NameId,
    /// What sort of name it is.
    pub kind: TokenKind,
    /// What is done with it.
    pub flags: TokenFlags,
}

/// What sort of name a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The name of a declaration.
    Decl(DeclId),
    /// A name that is looked up in a scope.
    Use {
        /// Where the look-up begins.
        scope: ScopeId,
        /// What it may stand for.
        meaning: Meaning,
        /// What it stands for, if this file declares it.
        symbol: Option<SymbolId>,
    },
    /// The key of `{ key: value }` or `{ key }` in a pattern: the pattern with the braces.
    PatternKey(PatternId),
    /// A member of what an expression is: behind a dot, or a literal in brackets.
    Member {
        /// The expression.
        object: ExprId,
        /// What it may stand for: in a type's name, namespaces and types.
        meaning: Meaning,
    },
    /// A literal in the brackets of `A["b"]`, a type.
    IndexedType(TypeId),
    /// The name that an import takes out of its module, where it binds another: `a` in `{ a as b }`.
    Imported(DeclId),
    /// The name inside an export, with what the file declares by it: `a` in `export { a }` and `export { a as b }`.
    ExportLocal {
        /// Where the look-up begins.
        scope: ScopeId,
        /// What it stands for, if this file declares it.
        symbol: Option<SymbolId>,
    },
    /// The name that others see, where it is another: `b` in `export { a as b }`; `a` in `export * as a from`.
    ExportAlias,
    /// A name of another module that is handed on: `a` in `export { a } from`, `export { a as b } from`.
    Reexported(ModuleRefId),
    /// An attribute of a JSX element: the tag.
    JsxAttribute(ExprId),
    /// An HTML element's name.
    JsxIntrinsic,
    /// A label: the place where it is declared, as the token's index.
    Label(u32),
    /// A module's specifier.
    Module(ModuleRefId),
    /// `this` and `super`.
    This(ScopeId),
    /// The name of a parameter in a type predicate, `@param name`.
    ParameterName {
        /// Where the look-up begins.
        scope: ScopeId,
        /// The parameter.
        symbol: Option<SymbolId>,
    },
}

/// What is done with a name, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenFlags(pub u16);

impl TokenFlags {
    /// It is assigned to or declared with a value.
    pub const WRITE: Self = Self(1);
    /// It is called.
    pub const CALL: Self = Self(2);
    /// It is behind `new`.
    pub const NEW: Self = Self(4);
    /// It is the tag of a JSX element.
    pub const JSX_TAG: Self = Self(8);
    /// It is in a documentation comment.
    pub const DOC: Self = Self(16);
    /// It is a decorator.
    pub const DECORATOR: Self = Self(32);
    /// It is in quotes or brackets.
    pub const QUOTED: Self = Self(64);
    /// It is in a type.
    pub const TYPE: Self = Self(128);
    /// It is a shorthand: two tokens lie at its place, one for the variable and one for the property.
    pub const SHORTHAND: Self = Self(256);
    /// It is read: a use that is not only assigned to.
    pub const READ: Self = Self(512);

    /// Whether all of `other` is in it.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
