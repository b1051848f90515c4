//! What names stand for, in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;

use crate::{Fixture, Semantics, Target};

/// What the names at each cursor stand for, aliases followed.
fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for &(file, offset) in &fixture.cursors {
        fixture.db.attach(|db| {
            let _ = db;
            let semantics = Semantics::new(&fixture.db);
            let hir = semantics.hir(file);
            for token in hir.tokens_at(offset) {
                let found = semantics.follow_all(semantics.token(file, &hir, token));
                let places = found
                    .iter()
                    .map(|target| show(&fixture, &semantics, *target));
                let places: Vec<String> = places.collect();
                shown.push_str(&format!(
                    "{}: {}\n",
                    hir.name(hir.token(token).name),
                    places.join(", ")
                ));
            }
        });
    }
    expect.assert_eq(&shown);
}

fn show(fixture: &Fixture, semantics: &Semantics<'_>, target: Target) -> String {
    match target {
        Target::Module(file) => format!("module {}", fixture.path(file)),
        Target::Ambient(file, _) => format!("ambient in {}", fixture.path(file)),
        Target::Symbol(def) => {
            let hir = semantics.hir(def.file);
            let decls = hir.symbol(def.symbol).decls.iter().map(|&decl| {
                let decl = hir.decl(decl);
                format!("{:?}@{}", decl.kind, u32::from(decl.name_range.start()))
            });
            format!(
                "{} {}",
                fixture.path(def.file),
                decls.collect::<Vec<_>>().join("+")
            )
        }
    }
}

#[test]
fn imports_lead_to_declarations() {
    check(
        "//- /a.ts
export const a = 1; export default function f() {} export interface T {} export class T {}
//- /b.ts
export { a as b } from './a'; export * from './a'; export * as ns from './a'; export { default } from './a'
import { T } from './a'; export { T as U };
//- /main.ts
import d, { b$0, a$0, ns$0, U$0 } from './b.js'; import * as all$0 from './b';
d$0(); ns.a$0; all.ns.T$0; all$0; let x: ns.T$0 = b$0; import('./a$0');
",
        expect![[r#"
            b: /a.ts Const@13
            a: /a.ts Const@13
            ns: module /a.ts
            U: /a.ts Interface@68+Class@86
            all: module /b.ts
            d: /a.ts Function@44
            a: /a.ts Const@13
            T: /a.ts Interface@68+Class@86
            all: module /b.ts
            T: /a.ts Interface@68+Class@86
            b: /a.ts Const@13
            ./a: module /a.ts
        "#]],
    );
}

#[test]
fn circles_end() {
    check(
        "//- /a.ts
export * from './b'; export { x } from './b';
//- /b.ts
export * from './a'; export { x } from './a'; import { y } from './a'; export { y }; export default z; import z from './b';
//- /main.ts
import { x$0, y$0, q$0 } from './a'; import z$0 from './b';
",
        expect![[r#"
            x: 
            y: 
            q: 
            z: 
        "#]],
    );
}

#[test]
fn globals_and_ambient_modules() {
    check(
        "//- /lib/lib.d.ts
interface Array<T> { length: number } declare var Array: ArrayConstructor; interface ArrayConstructor {}
declare module 'fs' { export function read(): void; export * from 'path' }
declare module 'path' { const sep: string; export = sep; }
declare module '*.css' { const css: string; export default css }
//- /global.ts
declare global { interface Array<T> { mine: T } const mine: number } export {}
//- /script.ts
function script() {}
//- /node_modules/react/index.d.ts
export = React; export as namespace React; declare namespace React { function useState(): void; interface FC {} }
//- /main.ts
import { read$0 } from 'fs'; import css$0 from './x.css'; import { useState$0 } from 'react'; import * as R$0 from 'react'; import D$0 from 'react';
let a: Array$0 = Array$0; mine$0; script$0(); R.useState$0; D.useState$0; import eq$0 = require('react'); eq.useState$0; export {}
",
        expect![[r#"
            read: /lib/lib.d.ts Function@143
            css: /lib/lib.d.ts Const@270
            useState: /node_modules/react/index.d.ts Function@78
            R: module /node_modules/react/index.d.ts
            D: /node_modules/react/index.d.ts Namespace@61
            Array: /lib/lib.d.ts Interface@10+Var@50, /global.ts Interface@27
            Array: /lib/lib.d.ts Interface@10+Var@50, /global.ts Interface@27
            mine: /global.ts Const@54
            script: /script.ts Function@9
            useState: /node_modules/react/index.d.ts Function@78
            useState: /node_modules/react/index.d.ts Function@78
            eq: /node_modules/react/index.d.ts Namespace@61
            useState: /node_modules/react/index.d.ts Function@78
        "#]],
    );
}

#[test]
fn members_by_name() {
    check(
        "enum E { A, B = A$0 } namespace N { export const x = 1; const y = x$0 } namespace N { x$0 } class C { static s = 1 }
E.A$0; N.x$0; N.y$0; C.s$0; let t: E.B$0; import Alias = N.x; Alias$0;
",
        expect![[r#"
            A: /main.ts EnumMember@9
            x: /main.ts Const@47
            x: /main.ts Const@47
            A: /main.ts EnumMember@9
            x: /main.ts Const@47
            y: 
            s: /main.ts Property@103
            B: /main.ts EnumMember@12
            Alias: /main.ts Const@47
        "#]],
    );
}

#[test]
fn modules_are_augmented() {
    check(
        "//- /a.ts
export interface A {}
//- /b.ts
import './a'; declare module './a' { interface B {} const c: number }
//- /main.ts
import { A$0, B$0, c$0 } from './a';
",
        expect![[r#"
            A: /a.ts Interface@17
            B: /b.ts Interface@47
            c: /b.ts Const@58
        "#]],
    );
}

#[test]
fn interfaces_are_augmented_where_they_are_declared() {
    check(
        "//- /deep.ts
export interface A { a: 1 } export const one: A = null!;
//- /a.ts
export { A } from './deep';
//- /b.ts
import './a'; declare module './a' { interface A { b: 2 } }
//- /main.ts
import { A } from './a'; import { one } from './deep'; one.a$0; one.b$0; let a: A$0;
",
        expect![[r#"
            a: /deep.ts Property@21
            b: /b.ts Property@51
            A: /deep.ts Interface@17, /b.ts Interface@47
        "#]],
    );
}
