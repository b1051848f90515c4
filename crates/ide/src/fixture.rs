//! Texts with a cursor, for the tests of all features.

use symphony_db::SourceFile;
use symphony_semantic::Fixture;
use symphony_syntax::{Language, Parse};
use symphony_text::{TextRange, TextSize};

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

/// The line that a place begins in, the place in brackets.
pub(crate) fn place(fixture: &Fixture, file: SourceFile, range: TextRange) -> String {
    let text = fixture.text(file);
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let (inner, after) = if end <= line_end {
        (&text[start..end], &text[end..line_end])
    } else {
        (&text[start..line_end], "...")
    };
    let before = &text[line..start];
    format!("{} {before}[{inner}]{after}", fixture.path(file))
}
