//! Texts with a cursor, for the tests of all features.

use symphony_syntax::{Language, Parse};
use symphony_text::TextSize;

/// The text without its `$0` parsed as TypeScript, and where the `$0` was.
pub(crate) fn ts(text: &str) -> (Parse, TextSize) {
    with_cursor(text, Language::TypeScript)
}

/// The same as TSX.
pub(crate) fn tsx(text: &str) -> (Parse, TextSize) {
    with_cursor(text, Language::Tsx)
}

fn with_cursor(text: &str, language: Language) -> (Parse, TextSize) {
    let at = text.find("$0").unwrap_or(text.len());
    let text = text.replacen("$0", "", 1);
    let parse = Parse::new(text.into(), language);
    (parse, TextSize::from(at as u32))
}
