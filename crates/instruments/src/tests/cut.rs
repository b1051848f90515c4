//! Where answers end.

use super::prompt;
use crate::Limits;
use crate::cut::Cut;

/// What is shown first, if all of it is sound.
fn shown(document: &str, answer: &str, is_prose: bool) -> String {
    let prompt = prompt(document, &Limits::default());
    let cut = Cut::new(&prompt, &["<|endoftext|>"], is_prose);
    cut.candidates(answer)
        .into_iter()
        .next()
        .unwrap_or_default()
}

fn code(document: &str, answer: &str) -> String {
    shown(document, answer, false)
}

#[test]
fn a_statement_ends_where_another_begins() {
    assert_eq!(code("let a = $0\n", "1;\nlet b = 2;\n"), "1;");
    assert_eq!(code("$0\n", "let a = 1;\nlet b = 2;\n"), "let a = 1;");
    assert_eq!(
        code("  $0\n", "let a = [\n    1,\n  ];\n  let b;\n"),
        "let a = [\n    1,\n  ];"
    );
    assert_eq!(
        code("let a = $0\n", "b\n  .c()\n  .d();\ne();\n"),
        "b\n  .c()\n  .d();"
    );
    assert_eq!(code("let a = $0\n", "b\n.c();\ne();\n"), "b\n.c();");
}

#[test]
fn a_block_ends_with_what_closes_it() {
    let block = "if (a) {\n  b();\n\n  c();\n}";
    assert_eq!(code("$0\n", &format!("{block}\n\nd();\n")), block);
    let chain = "if (a) {\n  b();\n} else {\n  c();\n}";
    assert_eq!(code("$0\n", &format!("{chain}\nd();\n")), chain);
    assert_eq!(
        code("f() {$0\n", "\n  return 1;\n}\n\ng();\n"),
        "\n  return 1;\n}"
    );
    assert_eq!(
        code("  f() {\n    $0\n  }\n", "return 1;\n  }\n\n  g() {\n"),
        "return 1;"
    );
}

#[test]
fn what_stands_behind_the_cursor_is_not_said_twice() {
    assert_eq!(code("f($0);\n", "a, b);"), "a, b");
    assert_eq!(code("f($0)\n", "a, b)"), "a, b");
    assert_eq!(code("f() {$0\n}\n", "\n  a();\n}\n"), "\n  a();");
    assert_eq!(
        code("if (a) {\n  $0\n  c();\n}\n", "b();\n  c();\n}\n"),
        "b();"
    );
    // With code behind the cursor only the line can be meant.
    assert_eq!(code("let a = $0 + c;\n", "b\nlet d;\n"), "b");
    let both = prompt("f(g($0)\n", &Limits::default());
    let cut = Cut::new(&both, &[], false);
    assert_eq!(cut.candidates("a)"), ["a", "a)"]);
}

#[test]
fn an_answer_ends_where_the_model_stopped() {
    assert_eq!(code("let a = $0\n", "1;<|endoftext|>junk"), "1;");
    assert_eq!(code("let a = $0\n", "<|endoftext|>"), "");
    assert_eq!(code("let a = $0\n", "  \n\n"), "");
}

#[test]
fn of_prose_the_code_counts() {
    let prose = |answer| shown("  const a = $0\n", answer, true);
    assert_eq!(prose("1;"), "1;");
    assert_eq!(prose("```ts\n1;\n```"), "1;");
    assert_eq!(prose("Here it is:\n```ts\n1;\n```\nGood luck!"), "1;");
    assert_eq!(prose("const a = 1;"), "1;");
    assert_eq!(prose("```\n  const a = 1;\n```"), "1;");
}

#[test]
fn it_is_known_as_soon_as_nothing_more_can_count() {
    let prompt = prompt("let a = $0\n", &Limits::default());
    let cut = Cut::new(&prompt, &["<|endoftext|>"], false);
    for (text, expected) in [
        ("", false),
        ("1", false),
        ("1;\n", false),
        ("1;\nlet", false),
        ("1;\nlet b;\n", true),
        ("{\n  b: 1,\n}\n", true),
        ("{\n  b: 1,\n", false),
        ("1<|endoftext|>", true),
    ] {
        assert_eq!(cut.is_enough(text), expected, "{text:?}");
    }
}

#[test]
fn what_no_program_has_is_refused() {
    for answer in [
        "\u{1b}[31m1;",
        "1;\u{202e}",
        "1;\u{0}",
        "\u{fffd}",
        "1\u{9b}2",
    ] {
        assert_eq!(code("let a = $0\n", answer), "", "{answer:?}");
    }
    assert_eq!(code("let a = $0\n", "f(\r\n\t1\r\n)\r\n"), "f(\n\t1\n)");
}
