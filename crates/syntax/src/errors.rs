//! Syntax errors in words, from a parser that knows what it expected.

use oxc_diagnostics::OxcDiagnostic;
use symphony_text::{TextRange, TextSize};

use crate::Language;
use crate::strict::read;

/// One syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// How to mend it, if the parser knows.
    pub help: Option<String>,
    /// Where it is; never outside the text.
    pub range: TextRange,
    /// TypeScript's number of the error, where there is one.
    pub code: Option<u32>,
    /// Other places that have to do with it, such as the bracket that was opened.
    pub related: Vec<(TextRange, String)>,
}

/// The syntax errors of `text`, in the order of their places.
///
/// The parser gives up at an error that it cannot recover from; what lies behind that one is not reported. A text that
/// is nested too deeply for it has that one error.
pub fn syntax_errors(text: &str, language: Language) -> Vec<SyntaxError> {
    read(text, language, |_, _| ()).1
}

/// The one error of a text that nests too deeply, which it does at `at`.
pub(crate) fn nested_too_deeply(text: &str, at: TextSize) -> SyntaxError {
    SyntaxError {
        message: "The text is nested too deeply".to_owned(),
        help: None,
        range: clamped(text, at.into(), 1),
        code: None,
        related: Vec::new(),
    }
}

/// What the parser said of `text`. It takes a byte order mark for a character of the text and so do our offsets.
pub(crate) fn in_words(
    text: &str,
    diagnostics: impl IntoIterator<Item = OxcDiagnostic>,
) -> Vec<SyntaxError> {
    let diagnostics = diagnostics.into_iter();
    let mut errors: Vec<SyntaxError> = diagnostics.map(|it| lower(text, &it)).collect();
    errors.sort_by_key(|error| (error.range.start(), error.range.end()));
    errors.dedup();
    errors
}

fn lower(text: &str, diagnostic: &OxcDiagnostic) -> SyntaxError {
    let mut labels = diagnostic.labels.iter().map(|label| {
        let range = clamped(text, label.offset() as usize, label.len() as usize);
        (range, label.label().unwrap_or_default().to_owned())
    });
    // The parser's first label is the place itself; its words repeat the message.
    let range = labels
        .next()
        .map_or_else(|| clamped(text, text.len(), 0), |(range, _)| range);
    SyntaxError {
        message: diagnostic.message.trim_end_matches('.').to_owned(),
        help: diagnostic.help.as_ref().map(|help| help.to_string()),
        range,
        code: diagnostic
            .code
            .number
            .as_ref()
            .and_then(|number| number.parse().ok()),
        related: labels.collect(),
    }
}

/// A range inside the text that has at least one character where the text has one there: editors underline it.
fn clamped(text: &str, offset: usize, len: usize) -> TextRange {
    let start = text.floor_char_boundary(offset.min(text.len()));
    let mut end = text
        .floor_char_boundary(offset.saturating_add(len).min(text.len()))
        .max(start);
    let start_of_last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let start = if len == 0 && start == text.len() {
        start_of_last
    } else {
        start
    };
    if end == start && len == 0 {
        end = text[start..]
            .chars()
            .next()
            .map_or(start, |c| start + c.len_utf8());
    }
    TextRange::new(TextSize::from(start as u32), TextSize::from(end as u32))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, language: Language, expect: Expect) {
        let shown: String = syntax_errors(text, language)
            .iter()
            .map(|error| {
                format!(
                    "{:?} {:?} {} {:?}\n",
                    error.range, &text[error.range], error.message, error.help
                )
            })
            .collect();
        expect.assert_eq(&shown);
    }

    #[test]
    fn good_text_has_no_error() {
        for (text, language) in [
            ("let a: number = <number>b;", Language::TypeScript),
            ("const a = <T,>(b: T) => <div>{b}</div>;", Language::Tsx),
            (
                "export default <div/>; await x; var interface = 1",
                Language::JavaScript,
            ),
            (
                "declare const a: string; export function f(): void",
                Language::Declarations,
            ),
            ("\u{feff}let a;", Language::TypeScript),
            ("#!/usr/bin/env node\r\nlet a;\r\n", Language::JavaScript),
            ("", Language::TypeScript),
        ] {
            assert_eq!(syntax_errors(text, language), [], "{text}");
        }
    }

    #[test]
    fn an_error_says_what_was_expected() {
        check(
            "const a = (1 + ;\n",
            Language::TypeScript,
            expect![[r#"
            15..16 ";" Unexpected token None
        "#]],
        );
        check(
            "function f( { return 1 }",
            Language::TypeScript,
            expect![[r#"
                21..22 "1" Expected `:` but found `decimal` None
            "#]],
        );
        check(
            "let a = 'é\nlet b",
            Language::TypeScript,
            expect![[r#"
            8..12 "'é\n" Unterminated string None
        "#]],
        );
        check(
            "if (x) {",
            Language::TypeScript,
            expect![[r#"
                7..8 "{" Expected `}` but found `EOF` None
            "#]],
        );
        check(
            "const a = <div></span>;",
            Language::Tsx,
            expect![[r#"
                17..21 "span" Expected corresponding JSX closing tag for 'div' None
            "#]],
        );
    }
}
