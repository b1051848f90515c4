//! Definitions in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::{Db, SalsaDatabase, SourceFile};
use symphony_semantic::Fixture;
use symphony_text::TextSize;

use crate::NavigationTarget;
use crate::fixture::place;

type Feature = fn(&dyn Db, SourceFile, TextSize) -> Vec<NavigationTarget>;

fn check_with(feature: Feature, text: &str, expect: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for (number, &(file, offset)) in fixture.cursors.iter().enumerate() {
        let found = fixture.db.attach(|_| feature(&fixture.db, file, offset));
        for it in found {
            shown.push_str(&format!(
                "{number} {}\n",
                place(&fixture, it.file, it.focus)
            ));
        }
    }
    expect.assert_eq(&shown);
}

fn check(text: &str, expect: Expect) {
    check_with(super::definition, text, expect);
}

#[test]
fn imports_lead_to_the_end_of_all_aliases() {
    check(
        "//- /a.ts
// comment
export const a = 1;
export default function () {}
//- /b.ts
export { a as b } from './a';
export * as ns from './a';
//- /main.ts
import d$0, { b$0 as c, gone$0 } from './b$0';
import n$0 from './a';
import * as all$0 from './b';
c$0; all$0.b$0; n$0; gone$0; all.ns$0.a$0;
export { c$0 as e$0 };
",
        expect![[r#"
            0 /main.ts import [d], { b as c, gone } from './b';
            1 /a.ts export const [a] = 1;
            2 /main.ts import d, { b as c, [gone] } from './b';
            3 /b.ts []export { a as b } from './a';
            4 /a.ts export default []function () {}
            5 /b.ts [export { a as b } from './a';]...
            6 /a.ts export const [a] = 1;
            7 /main.ts import * as [all] from './b';
            8 /a.ts export const [a] = 1;
            9 /a.ts export default []function () {}
            10 /main.ts import d, { b as c, [gone] } from './b';
            11 /a.ts [export const a = 1;]...
            12 /a.ts export const [a] = 1;
            13 /a.ts export const [a] = 1;
            14 /a.ts export const [a] = 1;
        "#]],
    );
}

#[test]
fn calls_lead_to_their_signature() {
    check(
        "function f(): void;
function f(a: 1): void;
function f(a?: 1) {}
f$0(); f$0(1); f$0; function g() { return f$0(1) }
class A { constructor(a: 1) {} }
class B extends A { constructor() { super$0(1); } }
class C extends B {}
class D {}
new A$0(1); new C$0(); new D$0(); A$0;
class E { constructor$0() { this$0 } }
const h = () => 1; h$0();
",
        expect![[r#"
            0 /main.ts function [f](): void;
            1 /main.ts function [f](a: 1): void;
            2 /main.ts function [f](): void;
            2 /main.ts function [f](a: 1): void;
            2 /main.ts function [f](a?: 1) {}
            3 /main.ts function [f](a: 1): void;
            4 /main.ts class A { [constructor](a: 1) {} }
            4 /main.ts class [A] { constructor(a: 1) {} }
            5 /main.ts class [A] { constructor(a: 1) {} }
            5 /main.ts class A { [constructor](a: 1) {} }
            6 /main.ts class [C] extends B {}
            6 /main.ts class B extends A { [constructor]() { super(1); } }
            7 /main.ts class [D] {}
            8 /main.ts class [A] { constructor(a: 1) {} }
            9 /main.ts class E { [constructor]() { this } }
            10 /main.ts class [E] { constructor() { this } }
            11 /main.ts const [h] = () => 1; h();
        "#]],
    );
}

#[test]
fn shorthands_and_patterns() {
    check(
        "const a = 1;
const o = { a$0 };
const { a: b$0 } = o;
({ a$0 } = o);
class P { constructor(private p$0: 1) {} }
",
        expect![[r#"
            0 /main.ts const [a] = 1;
            1 /main.ts const { a: [b] } = o;
            2 /main.ts const [a] = 1;
            2 /main.ts const o = { [a] };
            3 /main.ts class P { constructor(private [p]: 1) {} }
        "#]],
    );
}

#[test]
fn labels_and_keywords() {
    check(
        "function f() {
  outer: for (;;) { break outer$0; }
  switch (1) { ca$0se 1: de$0fault: }
  re$0turn 1;
}
",
        expect![[r#"
            0 /main.ts   [outer]: for (;;) { break outer; }
            1 /main.ts   [switch] (1) { case 1: default: }
            2 /main.ts   [switch] (1) { case 1: default: }
            3 /main.ts function [f]() {
        "#]],
    );
}

#[test]
fn specifiers_lead_to_files() {
    check(
        "//- /lib/lib.d.ts
declare module 'amb' { export const x: 1; }
declare module '*.css';
//- /node_modules/pkg/index.d.ts
/** text */
export const y: 1;
//- /a.ts
// first
export {}
//- /main.ts
/// <reference path='./a$0.ts' />
import './a$0'; import { x } from '$0amb'; import 'pkg$0'; import './gone$0'; require('./a');
import * as n$0 from 'amb';
",
        expect![[r#"
            0 /a.ts []// first
            1 /a.ts []// first
            2 /lib/lib.d.ts declare module '[amb]' { export const x: 1; }
            3 /node_modules/pkg/index.d.ts [export const y: 1;]...
            5 /lib/lib.d.ts declare module '[amb]' { export const x: 1; }
        "#]],
    );
}

#[test]
fn types_are_declared_somewhere() {
    check_with(
        super::type_definition,
        "//- /t.ts
export interface T { a: 1 }
export type U = T | null;
export class C {}
//- /main.ts
import { T, U, C } from './t';
let a: T; let b: U[]; let c = new C(); function f(): T { return a }
a$0; b$0; c$0; f$0; let d: T$0; class D { p: C; m() { this.p$0 } }
",
        expect![[r#"
            0 /t.ts export interface [T] { a: 1 }
            1 /t.ts export interface [T] { a: 1 }
            2 /t.ts export class [C] {}
            3 /t.ts export interface [T] { a: 1 }
            4 /t.ts export interface [T] { a: 1 }
            5 /t.ts export class [C] {}
        "#]],
    );
}

#[test]
fn implementations() {
    check_with(
        super::implementation,
        "//- /i.ts
export interface I { m(): void }
export abstract class Base { abstract n(): void }
//- /main.ts
import { I, Base } from './i';
class A extends Base implements I$0 { m() {} n() {} }
const o: I = { m() {} };
interface J extends I {}
abstract class B extends Base$0 {}
function f(i: I) { i.m(); }
",
        expect![[r#"
            0 /main.ts class [A] extends Base implements I { m() {} n() {} }
            0 /main.ts const o: I = [{ m() {} }];
            0 /main.ts interface [J] extends I {}
            1 /i.ts export abstract class [Base] { abstract n(): void }
            1 /main.ts class [A] extends Base implements I { m() {} n() {} }
            1 /main.ts abstract class [B] extends Base {}
        "#]],
    );
}
