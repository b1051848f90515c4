//! Semantic tokens: what an identifier is, told from its place and from its declaration in the file.

use symphony_syntax::Parse;
use symphony_text::TextRange;

use crate::scopes::{Meaning, Scopes, Usage};

mod classify;

use classify::Classifier;

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
///
/// Only names are tokens: an editor's own grammar knows keywords, literals and comments better than they can be
/// sent.
pub fn semantic_tokens(parse: &Parse, range: Option<TextRange>) -> Vec<SemanticToken> {
    let scopes = Scopes::new(parse);
    let classifier = Classifier::new(parse, &scopes);
    let is_asked =
        |token: &SemanticToken| range.is_none_or(|range| range.intersect(token.range).is_some());
    let names = scopes
        .names
        .iter()
        .filter(|name| name.meaning != Meaning::INTRINSIC && name.usage != Usage::Documented)
        .map(|name| classifier.name(name));
    let members = scopes
        .members
        .iter()
        .filter(|member| !scopes_know(&scopes, member.range))
        .map(|member| classifier.member(member));
    let mut tokens: Vec<SemanticToken> = names.chain(members).filter(is_asked).collect();
    tokens.sort_unstable_by_key(|token| token.range.start());
    tokens
}

/// Whether a property's name is a variable's as well.
fn scopes_know(scopes: &Scopes<'_>, range: TextRange) -> bool {
    scopes.name_at(range).is_some()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::fixture;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
    fn check(text: &str, expect: Expect) {
        let (parse, _) = fixture::tsx(text);
        let mut out = String::new();
        for token in semantic_tokens(&parse, None) {
            let name = &parse.text()[token.range];
            let kind = TokenKind::NAMES[token.kind as usize];
            out += &format!("{name} {kind}");
            for (bit, modifier) in TokenModifiers::NAMES.iter().enumerate() {
                if token.modifiers.0 & (1 << bit) != 0 {
                    out += &format!(" {modifier}");
                }
            }
            out.push('\n');
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn declarations_and_uses() {
        check(
            "enum E { A } class C<T> { static readonly x = E.A; m(p: T): C<T> { return this.m(p); } }
const c = new C<number>(); let f = async () => { c.m(1); };",
            expect![[r#"
                E enum declaration
                A enumMember declaration
                C class declaration
                T typeParameter declaration
                x property declaration readonly static
                E enum
                A enumMember readonly
                m method declaration
                p parameter declaration
                T typeParameter
                C class
                T typeParameter
                m method
                p parameter
                c variable declaration readonly
                C class
                f variable declaration
                c variable readonly
                m method
            "#]],
        );
    }
}
