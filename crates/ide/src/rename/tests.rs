//! Renames in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;
use symphony_semantic::Fixture;

use crate::fixture::place;

/// Renames what is at each cursor to `new`, and shows the changed lines.
fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for (number, &(file, offset)) in fixture.cursors.iter().enumerate() {
        let renamed = fixture
            .db
            .attach(|_| super::rename(&fixture.db, file, offset, "new1"));
        match renamed {
            Err(refusal) => shown.push_str(&format!("{number} {refusal:?}\n")),
            Ok(files) => {
                for (file, edits) in files {
                    let text = fixture.text(file);
                    let after = crate::apply_edits(&text, &edits);
                    let lines = text.lines().zip(after.lines());
                    for (_, after) in lines.filter(|(before, after)| before != after) {
                        shown.push_str(&format!("{number} {} {after}\n", fixture.path(file)));
                    }
                }
            }
        }
    }
    expect.assert_eq(&shown);
}

#[test]
fn exports_and_imports() {
    check(
        "//- /a.ts
export const a$0 = 1; a;
//- /b.ts
import { a } from './a';
a; export { a };
//- /c.ts
import { a$0 } from './b';
a;
//- /d.ts
export { a } from './a';
//- /e.ts
import { a as b$0, a$0 as c } from './a'; b; c;
const local = 1;
export { local$0 };
//- /f.ts
import { local } from './e'; local;
",
        expect![[r#"
            0 /a.ts export const new1 = 1; new1;
            0 /b.ts import { new1 } from './a';
            0 /b.ts new1; export { new1 as a };
            0 /d.ts export { new1 as a } from './a';
            0 /e.ts import { new1 as b, new1 as c } from './a'; b; c;
            1 /c.ts import { a as new1 } from './b';
            1 /c.ts new1;
            2 /e.ts import { a as new1, a as c } from './a'; new1; c;
            3 /a.ts export const new1 = 1; new1;
            3 /b.ts import { new1 } from './a';
            3 /b.ts new1; export { new1 as a };
            3 /d.ts export { new1 as a } from './a';
            3 /e.ts import { new1 as b, new1 as c } from './a'; b; c;
            4 /e.ts export { local as new1 };
            4 /f.ts import { new1 } from './e'; new1;
        "#]],
    );
}

#[test]
fn shorthands() {
    check(
        "function f(a$0) { const o = { a }; const { b$0 } = o; ({ b } = o); return { b }; }
interface I { p$0: 1 }
const i: I = { p: 1 }; const { p } = i; const p2 = p; i.p;
const j: I = { p };
class P { constructor(private q$0: 1) { q; this.q; } }
class Q<T$0> { x: T; }
l: while (1) { break l$0; }
",
        expect![[r#"
            0 /main.ts function f(new1) { const o = { a: new1 }; const { b } = o; ({ b } = o); return { b }; }
            1 /main.ts function f(a) { const o = { a }; const { b: new1 } = o; ({ b: new1 } = o); return { b: new1 }; }
            2 /main.ts interface I { new1: 1 }
            2 /main.ts const i: I = { new1: 1 }; const { new1: p } = i; const p2 = p; i.new1;
            2 /main.ts const j: I = { new1: p };
            3 /main.ts class P { constructor(private new1: 1) { new1; this.new1; } }
            4 /main.ts class Q<new1> { x: new1; }
            5 /main.ts new1: while (1) { break new1; }
        "#]],
    );
}

#[test]
fn refusals() {
    check(
        "//- /lib/lib.d.ts
interface Array<T> { length: number }
//- /node_modules/pkg/index.d.ts
export const x: 1; export interface T { m: 1 }
//- /main.ts
import { x$0, T } from 'pkg$0';
class A { constructor$0() { this$0; super$0.a } }
let a: Array$0<1>; let t: T; t.m$0; nothing$0; undefined$0;
export { default$0 } from './main'; if$0 (1) {}
",
        expect![[r#"
            0 /main.ts import { x as new1, T } from 'pkg';
            1 Module
            2 Keyword
            3 Keyword
            4 Keyword
            5 Foreign
            6 Foreign
            7 NoName
            8 NoName
            9 Keyword
            10 NoName
        "#]],
    );
}

#[test]
fn type_parameters_of_merged_declarations_are_one() {
    check(
        "//- /a.ts
export interface Box<T$0> { value: T }
export interface Box<T> { other: T }
interface Apart<T> { own: T }
//- /index.ts
export * from './a';
//- /b.ts
import { Box } from './index';
declare module './index' { interface Box<T$0> { third: T[] } }
",
        expect![[r#"
            0 /b.ts declare module './index' { interface Box<new1> { third: new1[] } }
            0 /a.ts export interface Box<new1> { value: new1 }
            0 /a.ts export interface Box<new1> { other: new1 }
            1 /a.ts export interface Box<new1> { value: new1 }
            1 /a.ts export interface Box<new1> { other: new1 }
            1 /b.ts declare module './index' { interface Box<new1> { third: new1[] } }
        "#]],
    );
}

#[test]
fn conflicts_are_told() {
    let fixture = Fixture::new(
        "const a$0 = 1; function f(b) { return a; } { const c = 2; a; } function g() { d; }
interface I { m$0: 1; n: 2 }
",
    );
    let mut shown = String::new();
    for (cursor, name) in [(0, "b"), (0, "c"), (0, "d"), (0, "e"), (0, "f"), (1, "n")] {
        let (file, offset) = fixture.cursors[cursor];
        let found = fixture
            .db
            .attach(|_| super::rename_conflicts(&fixture.db, file, offset, name));
        for it in found {
            shown.push_str(&format!("{name} {}\n", place(&fixture, it.file, it.range)));
        }
    }
    expect![[r#"
        b /main.ts const a = 1; function f([b]) { return a; } { const c = 2; a; } function g() { d; }
        c /main.ts const a = 1; function f(b) { return a; } { const [c] = 2; a; } function g() { d; }
        d /main.ts const a = 1; function f(b) { return a; } { const c = 2; a; } function g() { [d]; }
        f /main.ts const a = 1; function [f](b) { return a; } { const c = 2; a; } function g() { d; }
        n /main.ts interface I { m: 1; [n]: 2 }
    "#]].assert_eq(&shown);
}
