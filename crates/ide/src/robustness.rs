//! Every feature on texts that are empty, broken, very deep or not ASCII.

use symphony_syntax::{Language, Parse};
use symphony_text::TextSize;

use crate::*;

/// Runs every feature at some places of a text.
fn all(text: &str, language: Language) {
    let parse = Parse::new(text.into(), language);
    let inside = |range: symphony_text::TextRange| assert!(range.end() <= parse.len());
    for symbol in document_symbols(&parse) {
        inside(symbol.range);
    }
    for fold in folding_ranges(&parse) {
        inside(fold.range);
    }
    for token in semantic_tokens(&parse, None) {
        inside(token.range);
        assert!(!text[token.range].contains('\n'));
    }
    let step = (text.len() / 7).max(1);
    for at in (0..=text.len()).step_by(step) {
        let at = TextSize::from(text.floor_char_boundary(at) as u32);
        for range in selection_ranges(&parse, at) {
            inside(range);
        }
        for highlight in document_highlights(&parse, at) {
            inside(highlight.range);
        }
        linked_editing(&parse, at);
        closing_tag(&parse, at);
    }
}

#[test]
fn empty_and_blank_texts() {
    for text in [
        "", "\n", "\u{feff}", "  ", "//", "/**", "`", "<", "<a", "@", "{", "}",
    ] {
        all(text, Language::Tsx);
        all(text, Language::JavaScript);
    }
}

#[test]
fn every_prefix_of_a_file_is_answered() {
    let text = "\u{feff}import { a as b } from 'é';\r\n/** @param {Ünï} x - 😀\r\n */\r\nexport class C<T> \
                extends D { @dec m?(x = `${b}`): x is T { return <p a={1}>é</p> } }\r\n";
    for (at, _) in text.char_indices() {
        all(&text[..at], Language::Tsx);
    }
    all(text, Language::JavaScript);
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let depth = 10_000;
    let nested = |open: &str, close: &str| open.repeat(depth) + "a" + &close.repeat(depth);
    for text in [
        nested("[", "]"),
        nested("(", ")"),
        nested("{", "}"),
        nested("f(", ")"),
        "[".repeat(depth),
        "a + ".repeat(depth) + "a",
        "a.b().".repeat(depth) + "c",
        "a, ".repeat(depth) + "a",
        "type A = ".to_owned() + &"B | ".repeat(depth) + "B",
        "if (a) b; else ".repeat(depth) + "c",
    ] {
        all(&text, Language::TypeScript);
    }
}
