//! Keywords, and labels.

use smol_str::SmolStr;
use symphony_hir::{Meaning, ScopeKind, TokenKind};

use super::place::NamePlace;
use super::{CompletionItem, CompletionKind, Completions, Context, Tier};

/// What may stand where a value or a statement may.
const VALUES: &[&str] = &[
    "as",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "return",
    "satisfies",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// What may stand only outside of functions.
const TOP: &[&str] = &["abstract", "declare", "module", "namespace"];

/// What may stand in a type.
const TYPES: &[&str] = &[
    "any",
    "asserts",
    "bigint",
    "boolean",
    "false",
    "infer",
    "keyof",
    "never",
    "null",
    "number",
    "object",
    "readonly",
    "string",
    "symbol",
    "true",
    "typeof",
    "undefined",
    "unique",
    "unknown",
    "void",
];

/// What may stand before a member of a class.
const CLASS: &[&str] = &[
    "abstract",
    "accessor",
    "async",
    "constructor",
    "declare",
    "get",
    "override",
    "private",
    "protected",
    "public",
    "readonly",
    "set",
    "static",
];

/// What only TypeScript knows.
const TYPESCRIPT: &[&str] = &[
    "abstract",
    "any",
    "asserts",
    "bigint",
    "boolean",
    "declare",
    "enum",
    "implements",
    "infer",
    "interface",
    "keyof",
    "module",
    "namespace",
    "never",
    "number",
    "object",
    "override",
    "private",
    "protected",
    "public",
    "readonly",
    "string",
    "symbol",
    "type",
    "unique",
    "unknown",
];

impl Context<'_> {
    pub(super) fn keywords(&self, place: NamePlace, acc: &mut Completions) {
        if place.jsx_tag || place.exported {
            return;
        }
        if place.is_type() {
            if place.meaning.meets(Meaning::TYPE) {
                self.add_keywords(TYPES, acc);
            }
            return;
        }
        self.add_keywords(VALUES, acc);
        let hir = &*self.cursor.hir;
        let inside = hir
            .scopes_around(place.scope)
            .any(|it| hir.scope(it).kind == ScopeKind::Function);
        if !inside {
            self.add_keywords(TOP, acc);
            let types = TYPES.iter().copied().filter(|it| !VALUES.contains(it));
            let types: Vec<&'static str> = types.filter(|&it| it != "undefined").collect();
            self.add_keywords(&types, acc);
        }
    }

    pub(super) fn class_keywords(&self, acc: &mut Completions) {
        self.add_keywords(CLASS, acc);
    }

    fn add_keywords(&self, words: &[&'static str], acc: &mut Completions) {
        let javascript = self.cursor.hir.is_javascript;
        for &word in words {
            if self.cursor.may_continue(word) && !(javascript && TYPESCRIPT.contains(&word)) {
                let label = SmolStr::new_static(word);
                let item = CompletionItem::new(label, CompletionKind::Keyword, Tier::Global);
                acc.items.push(item);
            }
        }
    }

    /// The labels that are declared before the cursor.
    pub(super) fn labels(&self, acc: &mut Completions) {
        let hir = &*self.cursor.hir;
        let own = self.cursor.token();
        let declared = hir.tokens().iter().enumerate().filter(|(at, token)| {
            matches!(token.kind, TokenKind::Label(it) if it as usize == *at) && *at < own.index()
        });
        for (_, token) in declared {
            let label = hir.name(token.name).clone();
            acc.items.push(CompletionItem::new(
                label,
                CompletionKind::Label,
                Tier::Near,
            ));
        }
    }
}
