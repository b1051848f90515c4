//! What is deep, and what is only long.

use super::words::may_be_keyword;
use super::*;

fn is_too_deep(text: &str) -> bool {
    [Language::TypeScript, Language::Tsx, Language::JavaScript]
        .into_iter()
        .any(|language| too_deep(text, language).is_some())
}

#[test]
fn keywords_are_told_by_their_initials() {
    for word in "else if for while with do typeof await new void delete yield keyof readonly infer unique asserts \
                 async abstract case default in of instanceof as satisfies extends is return throw"
        .split_whitespace()
    {
        assert!(may_be_keyword(word.as_bytes()), "{word}");
    }
    assert!(!may_be_keyword(b"name") && !may_be_keyword(b"\xc3\xa9") && !may_be_keyword(b""));
}

#[test]
fn long_is_not_deep() {
    for flat in [
        "f(a, [b], { c: d });",
        "a = b\n",
        "a = b + -c,",
        "if (a) { b } else if (c) { d } else { e }\n",
        "if (a) b; else c;",
        "case 1: ",
        "case a: if (b) break;",
        "a ? b : c;",
        "let a: A<B<C>> = e as D;",
        "interface A { a?: B; c: D<E>[]; f?(): G }\n",
        "for (let i = 0; i < n; i++) {}",
        "<p>Don't: a {`b`} - c<br/></p>;",
        "a: B[]\n",
        "x = /[(/]\\(/g.test(a)\n",
        "`${a}(`;",
        "'(' + \"[\";",
        "// ( [ {\n/* ( */",
        "export const a = async () => await b\n",
        "type A = B extends C ? keyof D : typeof e\n",
        "a && b || c < d && e > f;",
    ] {
        assert!(!is_too_deep(&flat.repeat(5_000)), "{flat}");
    }
}

#[test]
fn members_without_semicolons_are_not_deep() {
    let text = "a: B<C>\n".repeat(5_000);
    assert_eq!(too_deep(&text, Language::Tsx), None);
    assert_eq!(too_deep(&text, Language::TypeScript), None);
}

#[test]
fn the_place_is_inside_the_text() {
    let text = "é(".repeat(5_000);
    let at = too_deep(&text, Language::TypeScript).unwrap();
    assert!(text.is_char_boundary(at.into()));
}
