//! Highlights of names, members and keywords.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;
use symphony_semantic::Fixture;

use super::*;

/// Shows the text with read places in `[]`, written ones in `{}` and others in `<>`.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(&format!("//- /main.tsx\n{text}"));
    let (file, offset) = fixture.cursors[0];
    let mut out = fixture.text(file).to_string();
    let found = fixture
        .db
        .attach(|_| document_highlights(&fixture.db, file, offset));
    for highlight in found.iter().rev() {
        let (open, close) = match highlight.kind {
            HighlightKind::Text => ('<', '>'),
            HighlightKind::Read => ('[', ']'),
            HighlightKind::Write => ('{', '}'),
        };
        out.insert(highlight.range.end().into(), close);
        out.insert(highlight.range.start().into(), open);
    }
    expect.assert_eq(&out);
}

#[test]
fn variables_by_scope() {
    check(
        "let $0a = 1; { let a = 2; a; } a++; f({ a });",
        expect!["let {a} = 1; { let a = 2; a; } {a}++; f({ [a] });"],
    );
    check(
        "function f() { if (1) { var x = 1; } return $0x; } x;",
        expect!["function f() { if (1) { var {x} = 1; } return [x]; } x;"],
    );
    check(
        "const { $0a = 1, b: [c] } = o; a; b; c;",
        expect!["const { {a} = 1, b: [c] } = o; [a]; b; c;"],
    );
    check(
        "try {} catch (e) { $0e; } e;",
        expect!["try {} catch ({e}) { [e]; } e;"],
    );
}

#[test]
fn types_and_values_are_told_apart() {
    check(
        "type A = 1; const A = 1; let b: $0A = A;",
        expect!["type {A} = 1; const A = 1; let b: [A] = A;"],
    );
    check(
        "class C {} let c: C = new $0C();",
        expect!["class {C} {} let c: [C] = new [C]();"],
    );
    check(
        "type F<T> = T extends Array<infer U> ? $0U : T; type U = 1;",
        expect!["type F<T> = T extends Array<infer {U}> ? [U] : T; type U = 1;"],
    );
    check(
        "type M = { [K in T]: X<$0K> }; K;",
        expect!["type M = { [{K} in T]: X<[K]> }; K;"],
    );
}

#[test]
fn parameters_in_documentation() {
    check(
        "/** @param a - what\n * @param b */\nfunction f($0a, b) { return a; }",
        expect![[r#"
            /** @param [a] - what
             * @param b */
            function f({a}, b) { return [a]; }"#]],
    );
}

#[test]
fn imports_and_exports() {
    check(
        "import { a as b, c } from 'm'; $0b; c; export { b as d };",
        expect!["import { a as {b}, c } from 'm'; [b]; c; export { [b] as [d] };"],
    );
    check(
        "import * as ns from 'm'; ns.a; let x: $0ns.T;",
        expect!["import * as {ns} from 'm'; [ns].a; let x: [ns].T;"],
    );
}

#[test]
fn members_by_owner() {
    check(
        "class A { x = 1; m() { return this.$0x; } } class B { x = 2; }",
        expect!["class A { {x} = 1; m() { return this.[x]; } } class B { x = 2; }"],
    );
    check(
        "class A { constructor(private $0p) {} m() { this.p; } }",
        expect!["class A { constructor(private {p}) {} m() { this.[p]; } }"],
    );
    check(
        "enum E { $0A, B } E.A; F.A;",
        expect!["enum E { {A}, B } E.[A]; F.A;"],
    );
    check(
        "interface I { a: 1 } interface J { a: 2 } function f(i: I, j: J) { i.$0a; j.a; }",
        expect![
            "interface I { {a}: 1 } interface J { a: 2 } function f(i: I, j: J) { i.[a]; j.a; }"
        ],
    );
}

#[test]
fn keywords() {
    check(
        "$0if (a) {} else if (b) {} else {}",
        expect!["<if> (a) {} <else if> (b) {} <else> {}"],
    );
    check(
        "function f() { if (a) $0return 1; throw 2; (() => { return 3; }); }",
        expect!["function f() { if (a) <return> 1; <throw> 2; (() => { return 3; }); }"],
    );
    check(
        "switch (a) { $0case 1: break; case 2: for (;;) break; default: }",
        expect!["<switch> (a) { <case> 1: <break>; <case> 2: for (;;) break; <default>: }"],
    );
    check(
        "a: for (;;) { while (1) { continue a; break; } $0break; }",
        expect!["a: <for> (;;) { while (1) { <continue> a; break; } <break>; }"],
    );
    check(
        "a: for (;;) { while (1) { continue $0a; } }",
        expect!["<a>: for (;;) { while (1) { continue <a>; } }"],
    );
    check(
        "async function f() { $0await a; async () => await b; }",
        expect!["<async> function f() { <await> a; async () => await b; }"],
    );
    check(
        "try { throw 1 } $0catch {} finally {}",
        expect!["<try> { throw 1 } <catch> {} <finally> {}"],
    );
    check(
        "class A { $0private a; private b; public c; constructor(private d) {} }",
        expect!["class A { <private> a; <private> b; public c; constructor(<private> d) {} }"],
    );
    check(
        "$0export const a = 1; export class B {}",
        expect!["<export> const a = 1; <export> class B {}"],
    );
}

#[test]
fn tags_and_this() {
    check("<a.b><$0c>x</c></a.b>", expect!["<a.b><<c>>x</<c>></a.b>"]);
    check(
        "class A { m() { $0this.a; () => this.b; } } this;",
        expect!["class A { m() { [this].a; () => [this].b; } } this;"],
    );
}
