//! What becomes of broken texts.

use expect_test::expect;

use super::mend;
use crate::{Language, Parse};

/// Each text, and what is made of it.
const TEXTS: &[&str] = &[
    "const a = 1;",
    "a.\n",
    "if (a.b.) { c }",
    "a.\nconst b = 1",
    "{\n  a.b\n  c.\n  return d\n}",
    "é.ü.",
    "a?.",
    "f(a, ",
    "f(a, \nconst b = 1;",
    "f(a;\nb",
    "(((",
    "const a = ;\nb()",
    "const a =\nconst b = 1;",
    "type A = \ntype B = 1",
    "const a = b ? c : ;",
    "class A {\n  m() {\n    if (a) {\n  }\n  n() { b }\n}\nc;",
    "function f() {\n  a;\n\nfunction g() {\n}\n",
    "function f() { const a = 1; if (a) {",
    "let a = `x ${b",
    "foo const b = 1;",
    "const a = { b: 1 c: 2 }",
    "const { a, b = c;\n d(a)",
    "x = 'abc\ny = 1",
    "<<<<<<< a\nconst b = 1;\n=======\nconst b = 2;\n>>>>>>> c\n",
    "const a = <div><span></div>;\nb",
    "import { a, b \nimport c from 'd'",
    "export const f = (a: ) => { return a }",
    "async function f() { await }",
    "for (const a of ) {}",
    "interface A { a: string b( }\nlet c: A",
    "class A { private x = ; get y() { return this. } }",
    "f(a => )",
    "const f = (a =>\nfunction g() {}",
    "f(function() { return a. })\ng()",
    "@",
    "}",
    "new ",
    "/* a",
    "",
];

#[test]
fn broken_texts_keep_what_they_can() {
    let mut shown = String::new();
    for text in TEXTS {
        let parse = Parse::new((*text).into(), Language::Tsx);
        let mended = mend(&parse).unwrap_or_else(|| "(as it is)".to_owned());
        // Quoted: a line of blanks alone would not be kept as it is.
        shown += &format!("{text:?}\n    {mended:?}\n");
    }
    let expected = expect![[r#"
        "const a = 1;"
            "(as it is)"
        "a.\n"
            "a \n"
        "if (a.b.) { c }"
            "if (a.b ) { c }"
        "a.\nconst b = 1"
            "a \nconst b = 1"
        "{\n  a.b\n  c.\n  return d\n}"
            "{\n  a.b\n  c \n  return d\n}"
        "é.ü."
            "é.ü "
        "a?."
            "a  "
        "f(a, "
            "f(a, \n)"
        "f(a, \nconst b = 1;"
            "f(a,)\nconst b = 1;"
        "f(a;\nb"
            "f(a)\nb"
        "((("
            "(((\n0)))"
        "const a = ;\nb()"
            "const a =0;\nb()"
        "const a =\nconst b = 1;"
            "const a  \nconst b = 1;"
        "type A = \ntype B = 1"
            "type A =0\ntype B = 1"
        "const a = b ? c : ;"
            "const a = b ? c :0;"
        "class A {\n  m() {\n    if (a) {\n  }\n  n() { b }\n}\nc;"
            "class A {\n  m() {\n    if (a) {\n  }}  n() { b }\n}\nc;"
        "function f() {\n  a;\n\nfunction g() {\n}\n"
            "function f() {\n  a;}\nfunction g() {\n}\n"
        "function f() { const a = 1; if (a) {"
            "function f() { const a = 1; if (a) {\n}}"
        "let a = `x ${b"
            "let a = `x ${b\n}`"
        "foo const b = 1;"
            "foo;const b = 1;"
        "const a = { b: 1 c: 2 }"
            "const a = { b: 1,c: 2 }"
        "const { a, b = c;\n d(a)"
            "const { a, b = c}\n d(a)"
        "x = 'abc\ny = 1"
            "x = 0   \ny = 1"
        "<<<<<<< a\nconst b = 1;\n=======\nconst b = 2;\n>>>>>>> c\n"
            "         \nconst b = 1;\n       \nconst b = 2;\n         \n"
        "const a = <div><span></div>;\nb"
            "const a = <div>      </div>;\nb"
        "import { a, b \nimport c from 'd'"
            "              \nimport c from 'd'"
        "export const f = (a: ) => { return a }"
            "export const f = (a:0) => { return a }"
        "async function f() { await }"
            "async function f() {       }"
        "for (const a of ) {}"
            "                    "
        "interface A { a: string b( }\nlet c: A"
            "interface A { a: string b()}\nlet c: A"
        "class A { private x = ; get y() { return this. } }"
            "class A { private x =0; get y() { return this  } }"
        "f(a => )"
            "f(a =>0)"
        "const f = (a =>\nfunction g() {}"
            "const f = (a =>\nfunction g() {}\n)"
        "f(function() { return a. })\ng()"
            "f(function() { return a  })\ng()"
        "@"
            " "
        "}"
            "0"
        "new "
            "    "
        "/* a"
            "0* a"
        ""
            "(as it is)"
    "#]];
    expected.assert_eq(&shown);
}

/// Wherever a text ends or loses a part, the parser takes what is made of it.
#[test]
fn every_broken_text_is_mended() {
    let text = "import { a } from 'b';\nexport class C<T> extends D {\n  private x = a(1, [2]);\n  m(é: T): string {\n    if (x) { return `${this.x} c`; }\n    return this.m(y => { z?.w(); });\n  }\n}\n";
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    for &at in &boundaries {
        for len in [1, 5, usize::MAX] {
            let end = text.ceil_char_boundary(at.saturating_add(len).min(text.len()));
            let broken = format!("{}{}", &text[..at], &text[end..]);
            let parse = Parse::new(broken.as_str().into(), Language::TypeScript);
            let Some(mended) = mend(&parse) else { continue };
            assert!(mended.len() >= broken.len());
            let parse = Parse::new(mended.as_str().into(), Language::TypeScript);
            assert_eq!(mend(&parse), None, "{broken}");
        }
    }
}
