//! Which words may be names.

/// The words that no variable can be called.
const RESERVED: [&str; 38] = [
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
    "import",
    "in",
    "instanceof",
    "new",
    "null",
    "return",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Whether a text may be a name: of a variable, or behind `#` of a private member.
pub(super) fn is_name(text: &str) -> bool {
    let bare = text.strip_prefix('#').unwrap_or(text);
    let mut letters = bare.chars();
    let starts = letters
        .next()
        .is_some_and(|it| it.is_alphabetic() || matches!(it, '_' | '$'));
    starts
        && letters
            .all(|it| it.is_alphanumeric() || matches!(it, '_' | '$' | '\u{200c}' | '\u{200d}'))
        && !RESERVED.contains(&bare)
}
