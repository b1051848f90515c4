//! What every name in a file refers to, as far as the file itself tells: scopes, symbols, and members by owner.
//!
//! One walk collects scopes, declarations and uses; names are then looked up from the inside out.

use rustc_hash::FxHashMap;
use symphony_syntax::{Node, Parse};
use symphony_text::TextRange;

mod build;
mod classify;
mod docs;
mod fields;

pub(crate) use fields::{Field, fields};

/// An index into [`Scopes::scopes`].
pub(crate) type ScopeId = u32;
/// An index into [`Scopes::symbols`].
pub(crate) type SymbolId = u32;
/// A name's text, as a number.
pub(crate) type NameId = u32;

/// What a name may stand for, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning(pub(crate) u8);

impl Meaning {
    pub(crate) const VALUE: Self = Self(1);
    pub(crate) const TYPE: Self = Self(2);
    pub(crate) const NAMESPACE: Self = Self(4);
    pub(crate) const ALL: Self = Self(7);
    /// The name of an HTML element.
    pub(crate) const INTRINSIC: Self = Self(8);

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// How a name was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declared {
    Var,
    Let,
    Const,
    Parameter,
    Catch,
    Function,
    Class,
    Interface,
    TypeAlias,
    Enum,
    Namespace,
    TypeParameter,
    Import,
}

impl Declared {
    pub(crate) fn meaning(self) -> Meaning {
        match self {
            Self::Var
            | Self::Let
            | Self::Const
            | Self::Parameter
            | Self::Catch
            | Self::Function => Meaning::VALUE,
            Self::Class | Self::Enum => {
                Meaning(Meaning::VALUE.0 | Meaning::TYPE.0 | Meaning::NAMESPACE.0)
            }
            Self::Interface | Self::TypeAlias | Self::TypeParameter => Meaning::TYPE,
            Self::Namespace => Meaning(Meaning::VALUE.0 | Meaning::NAMESPACE.0),
            Self::Import => Meaning::ALL,
        }
    }
}

/// What is done with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    Plain,
    Called,
    Constructed,
    Decorator,
    JsxTag,
    /// In a comment.
    Documented,
}

/// A name's place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'tree> {
    /// The node around it: going up from a node costs as much as going down to it from the root.
    pub(crate) parent: Node<'tree>,
    pub(crate) usage: Usage,
    pub(crate) range: TextRange,
    pub(crate) id: NameId,
    pub(crate) scope: ScopeId,
    pub(crate) meaning: Meaning,
    /// What it declares here, if anything.
    pub(crate) declares: Option<Declared>,
    pub(crate) writes: bool,
    pub(crate) symbol: Option<SymbolId>,
}

/// A property's name: where it is declared, written in a literal, or asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'tree> {
    /// The node around it.
    pub(crate) parent: Node<'tree>,
    pub(crate) usage: Usage,
    pub(crate) range: TextRange,
    pub(crate) owner: Owner<'tree>,
    pub(crate) writes: bool,
}

/// Whose property a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner<'tree> {
    /// A class, an interface, an enum, a type literal or an object literal that declares it: the node with its body.
    Declared(Node<'tree>),
    /// What the expression before the dot has; `this` is a node as well.
    Of(Node<'tree>),
    /// A key in a pattern, a JSX attribute, anything else.
    Unknown,
}

/// One scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) parent: Option<ScopeId>,
    /// Whether `var` stops here.
    pub(crate) is_function: bool,
}

/// What is declared under one name in one scope.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    pub(crate) meaning: Meaning,
    /// Its declarations, as indices into [`Scopes::names`].
    pub(crate) declarations: Vec<u32>,
}

/// All names of a file.
pub(crate) struct Scopes<'tree> {
    pub(crate) scopes: Vec<Scope>,
    pub(crate) symbols: Vec<Symbol>,
    /// In the order of the text.
    pub(crate) names: Vec<Name<'tree>>,
    /// In the order of the text.
    pub(crate) members: Vec<Member<'tree>>,
    by_name: FxHashMap<(ScopeId, NameId), SymbolId>,
}

impl<'tree> Scopes<'tree> {
    /// The names of a file.
    pub(crate) fn new(parse: &'tree Parse) -> Self {
        build::build(parse)
    }

    /// The symbol that a name refers to when looked up from a scope.
    pub(crate) fn look_up(
        &self,
        scope: ScopeId,
        name: NameId,
        meaning: Meaning,
    ) -> Option<SymbolId> {
        let mut at = Some(scope);
        while let Some(scope) = at {
            if let Some(&symbol) = self.by_name.get(&(scope, name))
                && self.symbols[symbol as usize].meaning.meets(meaning)
            {
                return Some(symbol);
            }
            at = self.scopes[scope as usize].parent;
        }
        None
    }

    /// The name at exactly this range.
    pub(crate) fn name_at(&self, range: TextRange) -> Option<&Name<'tree>> {
        let at = self
            .names
            .binary_search_by_key(&range.start(), |name| name.range.start())
            .ok()?;
        Some(&self.names[at]).filter(|name| name.range == range)
    }

    /// The first declaration of a symbol.
    pub(crate) fn declaration(&self, symbol: SymbolId) -> Option<&Name<'tree>> {
        let first = *self.symbols[symbol as usize].declarations.first()?;
        Some(&self.names[first as usize])
    }
}
