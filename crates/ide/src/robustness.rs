//! Every feature on texts that are empty, broken, very deep or not ASCII.

use symphony_db::{SalsaDatabase, SourceFile};
use symphony_semantic::Fixture;
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
    let name = match language {
        Language::JavaScript => "main.js",
        Language::Tsx => "main.tsx",
        _ => "main.ts",
    };
    // A fixture has no blank files.
    let fixture = Fixture::new(&format!("//- /{name}\n{text};"));
    let file = fixture.file(&format!("/{name}"));
    let step = (text.len() / 7).max(1);
    for at in (0..=text.len()).step_by(step) {
        let at = TextSize::from(text.floor_char_boundary(at) as u32);
        for range in selection_ranges(&parse, at) {
            inside(range);
        }
        names(&fixture, file, at);
        linked_editing(&parse, at);
        closing_tag(&parse, at);
    }
}

/// Runs what is asked of a name, or of any other place, across files.
fn names(fixture: &Fixture, file: SourceFile, at: TextSize) {
    fixture.db.attach(|_| {
        let db = &fixture.db;
        let len = TextSize::of(&*fixture.text(file));
        for highlight in document_highlights(db, file, at) {
            assert!(highlight.range.end() <= len);
        }
        for found in references(db, file, at, true) {
            assert!(found.range.end() <= len);
        }
        for find in [definition, type_definition, implementation] {
            for target in find(db, file, at) {
                assert!(target.focus.end() <= len);
            }
        }
        for item in prepare_call_hierarchy(db, file, at) {
            incoming_calls(db, item.file, item.selection);
            outgoing_calls(db, item.file, item.selection);
        }
        for item in prepare_type_hierarchy(db, file, at) {
            supertypes(db, item.file, item.selection);
            subtypes(db, item.file, item.selection);
        }
        let _ = rename(db, file, at, "renamed");
        let _ = rename_conflicts(db, file, at, "a");
    });
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
