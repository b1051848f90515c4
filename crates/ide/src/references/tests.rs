//! References in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;
use symphony_semantic::Fixture;

use crate::fixture::place;

fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for (number, &(file, offset)) in fixture.cursors.iter().enumerate() {
        let found = fixture
            .db
            .attach(|_| super::references(&fixture.db, file, offset, true));
        for it in found {
            let write = if it.is_write { "w" } else { "" };
            let declares = if it.is_declaration { "d" } else { "" };
            let place = place(&fixture, it.file, it.range);
            shown.push_str(&format!("{number}{declares}{write} {place}\n"));
        }
    }
    expect.assert_eq(&shown);
}

#[test]
fn aliases_are_followed_both_ways() {
    check(
        "//- /a.ts
export const a$0 = 1;
a;
//- /b.ts
export { a as b } from './a';
//- /c.ts
import { b as c } from './b';
c; export { c as d };
//- /main.ts
import { d } from './c';
import * as ns from './a';
d$0; ns.a;
//- /other.ts
const a = 2, b = a;
",
        expect![[r#"
            0dw /a.ts export const [a] = 1;
            0 /a.ts [a];
            0 /b.ts export { [a] as b } from './a';
            0 /b.ts export { a as [b] } from './a';
            0 /c.ts import { [b] as c } from './b';
            0dw /c.ts import { b as [c] } from './b';
            0 /c.ts [c]; export { c as d };
            0 /c.ts c; export { [c] as d };
            0 /c.ts c; export { c as [d] };
            0dw /main.ts import { [d] } from './c';
            0 /main.ts [d]; ns.a;
            0 /main.ts d; ns.[a];
            1 /c.ts c; export { c as [d] };
            1dw /main.ts import { [d] } from './c';
            1 /main.ts [d]; ns.a;
        "#]],
    );
}

#[test]
fn default_exports_have_many_names() {
    check(
        "//- /a.ts
export default class A$0 {}
//- /b.ts
import Anything from './a';
new Anything();
//- /c.ts
export { default as C } from './a';
//- /main.ts
import { C } from './c';
C;
",
        expect![[r#"
            0dw /a.ts export default class [A] {}
            0dw /b.ts import [Anything] from './a';
            0 /b.ts new [Anything]();
            0 /c.ts export { [default] as C } from './a';
            0 /c.ts export { default as [C] } from './a';
            0dw /main.ts import { [C] } from './c';
            0 /main.ts [C];
        "#]],
    );
}

#[test]
fn locals_stay_local() {
    check(
        "function f(a$0) { const o = { a }; const { b$0 } = o; a = 2; return b; } a;
for$0 (;;) {}
l: while (1) { continue l$0; }
",
        expect![[r#"
            0dw /main.ts function f([a]) { const o = { a }; const { b } = o; a = 2; return b; } a;
            0 /main.ts function f(a) { const o = { [a] }; const { b } = o; a = 2; return b; } a;
            0w /main.ts function f(a) { const o = { a }; const { b } = o; [a] = 2; return b; } a;
            1dw /main.ts function f(a) { const o = { a }; const { [b] } = o; a = 2; return b; } a;
            1 /main.ts function f(a) { const o = { a }; const { b } = o; a = 2; return [b]; } a;
            3w /main.ts [l]: while (1) { continue l; }
            3 /main.ts l: while (1) { continue [l]; }
        "#]],
    );
}

#[test]
fn types_and_values_of_one_name() {
    check(
        "//- /a.ts
export type T$0 = 1; export const T = 1; let a: T = T$0;
//- /main.ts
import { T$0 } from './a'; let b: T = T;
",
        expect![[r#"
            0dw /a.ts export type [T] = 1; export const T = 1; let a: T = T;
            0 /a.ts export type T = 1; export const T = 1; let a: [T] = T;
            0dw /main.ts import { [T] } from './a'; let b: T = T;
            0 /main.ts import { T } from './a'; let b: [T] = T;
            1dw /a.ts export type T = 1; export const [T] = 1; let a: T = T;
            1 /a.ts export type T = 1; export const T = 1; let a: T = [T];
            1dw /main.ts import { [T] } from './a'; let b: T = T;
            1 /main.ts import { T } from './a'; let b: T = [T];
            2dw /a.ts export type [T] = 1; export const T = 1; let a: T = T;
            2dw /a.ts export type T = 1; export const [T] = 1; let a: T = T;
            2 /a.ts export type T = 1; export const T = 1; let a: [T] = T;
            2 /a.ts export type T = 1; export const T = 1; let a: T = [T];
            2dw /main.ts import { [T] } from './a'; let b: T = T;
            2 /main.ts import { T } from './a'; let b: [T] = T;
            2 /main.ts import { T } from './a'; let b: T = [T];
        "#]],
    );
}

#[test]
fn namespaces_stay_in_their_file() {
    check(
        "//- /a.ts
export {}
//- /b.ts
import * as ns$0 from './a'; ns; export { ns };
//- /c.ts
import { ns } from './b'; ns$0;
//- /d.ts
import * as ns from './a'; ns;
",
        expect![[r#"
            0dw /b.ts import * as [ns] from './a'; ns; export { ns };
            0 /b.ts import * as ns from './a'; [ns]; export { ns };
            0 /b.ts import * as ns from './a'; ns; export { [ns] };
            0dw /c.ts import { [ns] } from './b'; ns;
            0 /c.ts import { ns } from './b'; [ns];
            1dw /b.ts import * as [ns] from './a'; ns; export { ns };
            1 /b.ts import * as ns from './a'; [ns]; export { ns };
            1 /b.ts import * as ns from './a'; ns; export { [ns] };
            1dw /c.ts import { [ns] } from './b'; ns;
            1 /c.ts import { ns } from './b'; [ns];
        "#]],
    );
}

#[test]
fn constructors_and_classes() {
    check(
        "class A { constructor$0() {} static m() { this } }
class B extends A { constructor() { super() } }
new A(); let a: A;
class C$0 { static m() { this } }
",
        expect![[r#"
            0dw /main.ts class A { [constructor]() {} static m() { this } }
            0 /main.ts class B extends A { constructor() { [super]() } }
            0 /main.ts new [A](); let a: A;
            1dw /main.ts class [C] { static m() { this } }
            1 /main.ts class C { static m() { [this] } }
        "#]],
    );
}

#[test]
fn specifiers_and_globals() {
    check(
        "//- /a.ts
export {}
//- /b.ts
import './a$0'; export * from './a';
//- /c.ts
import('./a'); interface G$0 {}
//- /d.ts
let g: G; interface G {}
",
        expect![[r#"
            0 /b.ts import '[./a]'; export * from './a';
            0 /b.ts import './a'; export * from '[./a]';
            0 /c.ts import('[./a]'); interface G {}
            1dw /c.ts import('./a'); interface [G] {}
            1 /d.ts let g: [G]; interface G {}
            1dw /d.ts let g: G; interface [G] {}
        "#]],
    );
}

#[test]
fn enum_members_and_parameter_properties() {
    check(
        "enum E { A$0, B = A } E.A; E['A'];
class P { constructor(private p$0: 1) { p; } }
",
        expect![[r#"
            0dw /main.ts enum E { [A], B = A } E.A; E['A'];
            0 /main.ts enum E { A, B = [A] } E.A; E['A'];
            0 /main.ts enum E { A, B = A } E.[A]; E['A'];
            0 /main.ts enum E { A, B = A } E.A; E['[A]'];
            1dw /main.ts class P { constructor(private [p]: 1) { p; } }
            1 /main.ts class P { constructor(private p: 1) { [p]; } }
        "#]],
    );
}

#[test]
fn modules_are_seen_through_barrels_and_defaults() {
    check(
        "//- /a.ts
export const a$0 = 1;
//- /barrel.ts
import * as own from './a';
export { own };
export * as ns from './a';
//- /main.ts
import { ns, own } from './barrel';
import * as direct from './a';
ns.a; own.a; direct.a; direct['a'];
//- /default.ts
import { a } from './a';
export default a;
//- /last.ts
import x from './default';
x;
//- /other.ts
const o = { a: 1 };
function f(a: number) { return a + o.a }
",
        expect![[r#"
            0dw /a.ts export const [a] = 1;
            0 /main.ts ns.[a]; own.a; direct.a; direct['a'];
            0 /main.ts ns.a; own.[a]; direct.a; direct['a'];
            0 /main.ts ns.a; own.a; direct.[a]; direct['a'];
            0 /main.ts ns.a; own.a; direct.a; direct['[a]'];
            0dw /default.ts import { [a] } from './a';
            0 /default.ts export default [a];
            0dw /last.ts import [x] from './default';
            0 /last.ts [x];
        "#]],
    );
}

#[test]
fn modules_are_seen_behind_modules() {
    check(
        "//- /a.ts
export const a$0 = 1;
//- /barrel.ts
export * as ns from './a';
//- /main.ts
import * as all from './barrel';
all.ns.a;
const inner = all.ns;
inner.a;
",
        expect![[r#"
            0dw /a.ts export const [a] = 1;
            0 /main.ts all.ns.[a];
            0 /main.ts inner.[a];
        "#]],
    );
}

#[test]
fn modules_are_seen_as_values() {
    check(
        "//- /a.ts
export const a$0 = 1;
//- /value.ts
import * as ns from './a';
export const held = ns;
const { a: taken } = ns;
//- /main.ts
import { held } from './value';
held.a;
//- /dynamic.ts
import('./a').then(it => it.a);
let t: typeof import('./a').a;
",
        expect![[r#"
            0dw /a.ts export const [a] = 1;
            0 /value.ts const { [a]: taken } = ns;
            0 /main.ts held.[a];
            0 /dynamic.ts let t: typeof import('./a').[a];
        "#]],
    );
}

#[test]
fn exported_types_are_found_by_every_import() {
    check(
        "//- /a.ts
export interface I$0 { m(): void }
//- /b.ts
import * as a from './a';
import type { I } from './a';
import J = a.I;
let x: I, y: a.I, z: J, w: import('./a').I;
//- /c.ts
declare module './a' { interface I { n: number } }
export {};
",
        expect![[r#"
            0dw /a.ts export interface [I] { m(): void }
            0dw /b.ts import type { [I] } from './a';
            0 /b.ts import J = a.[I];
            0 /b.ts let x: [I], y: a.I, z: J, w: import('./a').I;
            0 /b.ts let x: I, y: a.[I], z: J, w: import('./a').I;
            0 /b.ts let x: I, y: a.I, z: J, w: import('./a').[I];
            0dw /c.ts declare module './a' { interface [I] { n: number } }
        "#]],
    );
}
