//! What adds a syntax error is not shown.

use super::split;
use crate::check::{Place, check};
use crate::prompt::language;

fn sound(document: &str, forms: &[&str]) -> Option<String> {
    let (text, offset) = split(document);
    let place = Place {
        text,
        offset: offset as usize,
        language: language("a.ts"),
    };
    let forms = forms.iter().map(|it| (*it).to_owned()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut checked = runtime.block_on(check(place, vec![forms])).unwrap();
    checked.pop().unwrap()
}

#[test]
fn what_mends_a_document_or_keeps_it_whole_is_sound() {
    for (document, text) in [
        ("let a = $0;\n", "1"),
        ("let a = $0\nexport {};\n", "f(1);"),
        ("$0\n", "if (a) {\n  b();\n}"),
        ("class A {\n  f() {$0\n}\n", "\n    return 1;\n  }"),
    ] {
        assert_eq!(
            sound(document, &[text]).as_deref(),
            Some(text),
            "{document}"
        );
    }
}

#[test]
fn what_breaks_a_document_is_not() {
    for (document, text) in [
        ("$0\nlet a;\n", "if (a) {"),
        ("let a = $0;\n", "1)"),
        ("let a = $0\nexport {};\n", "1; }"),
        ("let a = $0\nexport {};\n", "((((("),
        ("let a = $0\nexport {};\n", "Sure! Here is the code."),
        ("f(;\nlet a = $0;\n", "}"),
    ] {
        assert_eq!(sound(document, &[text]), None, "{document} {text}");
    }
}

#[test]
fn a_document_that_is_broken_elsewhere_still_has_suggestions() {
    for (document, text) in [
        ("let b = ;\nlet a = $0;\n", "1"),
        ("let a = $0;\nlet b = ;\n", "1"),
        ("function f() {\n  let a = $0\n", "1;"),
    ] {
        assert_eq!(
            sound(document, &[text]).as_deref(),
            Some(text),
            "{document}"
        );
    }
}

#[test]
fn the_longest_part_in_lines_is_kept() {
    assert_eq!(
        sound("$0\nlet c;\n", &["a();\nif (b) {"]).as_deref(),
        Some("a();")
    );
    assert_eq!(
        sound("let a = f(g($0);\n", &["1", "1)"]).as_deref(),
        Some("1)")
    );
}
