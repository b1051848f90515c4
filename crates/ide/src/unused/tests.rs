//! What is unused in small texts.

use expect_test::{Expect, expect};
use symphony_syntax::Language;

use super::*;

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
fn check_in(language: Language, text: &str, expect: Expect) {
    let hir = symphony_hir::lower(text, language);
    let found: Vec<String> = unused_names(text, &hir, &["React"])
        .iter()
        .map(|it| format!("{:?} {}", it.kind, &text[it.range]))
        .collect();
    expect.assert_eq(&found.join("\n"));
}

#[track_caller]
fn check(text: &str, expect: Expect) {
    check_in(Language::Tsx, text, expect);
}

#[test]
fn imports() {
    check(
        "import a, { b, c as d } from 'x'; import e from 'e'; import f, * as g from 'f'; import _ from '_';\nb;",
        expect![[r#"
            Import a
            Import d
            Import import e from 'e';
            AllImports import f, * as g from 'f';"#]],
    );
    check("import { a } from 'x'; export { a };", expect![""]);
    check(
        "import { a } from 'x'; a = 1;",
        expect!["Import import { a } from 'x';"],
    );
    check(
        "import 'x'; import {} from 'y'; import h = require('h');",
        expect!["Local h"],
    );
}

#[test]
fn jsx_uses_its_factory() {
    check(
        "import React, { a } from 'react'; export default <b />;",
        expect!["Import a"],
    );
    check(
        "import React from 'react'; export default 1;",
        expect!["Import import React from 'react';"],
    );
}

#[test]
fn comments_use_what_they_link_to() {
    check(
        "import { A, B, C } from 'x';\n/** {@link A} @see B\n * @param {C} a */\nexport const a = 1;",
        expect!["Import C"],
    );
    check_in(
        Language::JavaScript,
        "import { A, C } from 'x';\n/** @param {Array<C>} b */\nexport const a = b => 1;",
        expect![[r#"
            Import A
            Parameter b"#]],
    );
}

#[test]
fn locals() {
    check(
        "export {}; const a = 1, b = a; let w; w = 2; let r; r++; function f() { f() } class C { c!: C } interface I { i: I } type T = T[]; enum E { A } namespace N { const n = 1; export const m = 1 }",
        expect![[r#"
            Local b
            Local w
            Local f
            Local C
            Type I
            Type T
            Local E
            Local N
            Local n"#]],
    );
    check(
        "const a = 1; function f() { const b = 1 }",
        expect!["Local b"],
    );
    check(
        "export {}; const f = () => f(); (function g() {}); (class D {});",
        expect![""],
    );
    check("export {}; try {} catch (e) { let x }", expect!["Local x"]);
    check(
        "export {}; for (const a of []) {} for (const _b in {}) {} class X { static { let s } } new X",
        expect!["Local a"],
    );
    check(
        "export {}; declare const a: 1; declare function f(): void; declare module 'x' { const y: 1 }",
        expect![""],
    );
}

#[test]
fn patterns() {
    check(
        "export {}; const { a, b: _c, d: e, ...rest } = x; rest; const { f, g: { h }, i: _j } = x; const [k, _l, ...m] = x;",
        expect![[r#"
            Local f
            Local h
            Local k
            Local m"#]],
    );
    check(
        "export function f({ a, _b }, [c, _d], ...e) {}",
        expect![[r#"
        Parameter a
        Parameter _b
        Parameter c
        Parameter e"#]],
    );
}

#[test]
fn parameters() {
    check(
        "export function f(a, b, _c) { return b } export function g(x: 1): void; export function g(y: 2): void; export function g(z: any) {} export type F = (p: 1) => void; export abstract class A { abstract m(q: 1): void; constructor(public r: 1, s: 2) {} set t(u: 1) {} }",
        expect![[r#"
            Parameter a
            Parameter z
            Parameter s
            Parameter u"#]],
    );
}

#[test]
fn type_parameters() {
    check(
        "export function f<A, B>(b: B) { b } class C<D, _E> {} new C; export type G<H, I> = I extends infer J ? 1 : I extends [infer K] ? K : 0; export interface L { <M>(): void; <N>(): void; o<P>(): P } type Q = { [R in 'a']: 1 }; export type S = Q; interface U<V> {} export type W = U<1>;",
        expect![[r#"
            TypeParameter A
            TypeParameter D
            TypeParameter H
            TypeParameter J
            TypeParameter N
            TypeParameter V"#]],
    );
    check(
        "export type A<T> = T extends (a: infer B) => void ? B : T extends (a: any) => a is infer C ? C : never;",
        expect![""],
    );
}

#[test]
fn private_members() {
    check(
        "export class A { #a = 1; #b = 1; private c = 1; private d() { this.d() } private e; private get f() { return 1 } private set g(v) { v } static #h; constructor(private i, private j, k) { this.e = 1; this.g = 2; this.#b; i } m() { this['c']; const { j } = this; return j } private n(): void; private n(a?: any) { return a } }",
        expect![[r#"
            Member #a
            Member d
            Member e
            Member f
            Member #h
            Property i
            Parameter k
            Member n
            Member n"#]],
    );
}

#[test]
fn odd_texts() {
    check("", expect![""]);
    check(
        "import { a, from 'x'",
        expect!["Import import { a, from 'x'"],
    );
    check(
        "\u{feff}import { ä } from 'x';\r\nexport {};\r\n",
        expect!["Import import { ä } from 'x';"],
    );
    check_in(
        Language::Declarations,
        "import { a } from 'x'; export {};",
        expect![""],
    );
    assert_eq!(
        UnusedKind::Type.message("A"),
        "'A' is declared but never used."
    );
}
