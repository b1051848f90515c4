//! Summaries of small texts.

use std::fmt::Write;

use expect_test::{Expect, expect};
use symphony_syntax::Language;
use symphony_text::PositionEncoding;

use crate::summarise;

fn check(text: &str, expect: Expect) {
    let lowered = summarise(&symphony_hir::lower(text, Language::Tsx), text);
    let mut shown = String::new();
    for (index, declaration) in lowered.summary.declarations.iter().enumerate() {
        let place = lowered.places[index].position(PositionEncoding::Utf16);
        let container = lowered
            .summary
            .container(index)
            .map_or(String::new(), |it| format!("{}.", it.name));
        let exported = if declaration.exported { "export " } else { "" };
        writeln!(
            shown,
            "{}:{} {exported}{:?} {container}{}",
            place.line, place.column, declaration.kind, declaration.name
        )
        .unwrap();
    }
    expect.assert_eq(&shown);
}

#[test]
fn every_form_of_declaration() {
    check(
        r#"
export default class A<T> extends B { x = 1; #y; get z() { return 1 } constructor(private p: number, q) {} m(): void {} static { } [k]() {} 'quoted-name' = 2 }
abstract class C { abstract d(): void }
export interface I { a: string; b(): void; (x: number): I }
export type T = string;
enum E { One, Two = 2, 'three' }
declare namespace N.M { const inner: number; namespace Deep { function f(): void } }
declare module "pkg" { export function g(): void }
declare global { interface Window { w: 1 } }
export const a = 1, { b, c: [d = 2, ...e], ...f } = x;
let fn = () => 1; var v = function () {}; const K = class {};
export async function h() { const local = 1; function inner() {} }
export { a as renamed };
"#,
        expect![[r#"
            1:21 export Class A
            1:38 Property A.x
            1:45 Property A.#y
            1:53 Accessor A.z
            1:70 Constructor A.constructor
            1:90 Property A.p
            1:107 Method A.m
            1:141 Property A.quoted-name
            2:15 Class C
            2:28 Method C.d
            3:17 export Interface I
            3:21 Property I.a
            3:32 Method I.b
            4:12 export TypeAlias T
            5:5 Enum E
            5:9 EnumMember E.One
            5:14 EnumMember E.Two
            5:24 EnumMember E.three
            6:18 Namespace N
            6:20 export Namespace N.M
            6:30 export Constant M.inner
            6:55 export Namespace M.Deep
            6:71 export Function Deep.f
            7:16 Namespace pkg
            7:39 export Function pkg.g
            8:8 Namespace global
            8:27 Interface global.Window
            8:36 Property Window.w
            9:13 export Constant a
            9:22 export Constant b
            9:29 export Constant d
            9:39 export Constant e
            9:46 export Constant f
            10:4 Function fn
            10:22 Function v
            10:48 Class K
            11:22 export Function h
        "#]],
    );
}

#[test]
fn broken_text_keeps_what_can_be_kept() {
    check(
        "class A { m() {} }\nconst x = ;\nfunction f() { if ( }\ninterface I { a: string }\nclass B { n( }",
        expect![[r#"
            0:6 Class A
            0:10 Method A.m
            1:6 Constant x
            3:10 Interface I
            3:14 Property I.a
            4:6 Class B
            4:10 Method B.n
        "#]],
    );
}

#[test]
fn columns_count_in_utf16() {
    check(
        "const é = '😀', x = 1;",
        expect![[r#"
            0:6 Constant é
            0:16 Constant x
        "#]],
    );
}

#[test]
fn a_body_edit_leaves_the_summary_equal() {
    let of = |text: &str| summarise(&symphony_hir::lower(text, Language::TypeScript), text);
    let before = of("function f() { return 1 }\nclass A { m() {} }");
    let after = of("function f() {\n  const more = 2; return more }\nclass A { m() {} }");
    assert_eq!(before.summary, after.summary);
    assert_ne!(before.places, after.places);
}

const EVERYTHING: &str = "\
/// <reference types='node' />\n/// <reference path='./é.d.ts' />\n\
import a, { b as c, type D } from 'm'; import * as n from './n'; import q = require('q');\n\
export * from 'star'; export * as ns from 'm'; export { c, D as default };\n\
export class A<T> { #p = 1; static s; get g() { return '😀' } constructor(public x: T) {} }\n\
export enum E { One, Two = 'zwei' } export namespace N { export const i = 1 }\n\
declare module 'other' { export const o: number; export = o }\n\
declare global { interface Window { é: string } }\n";

fn everything() -> crate::Lowered {
    summarise(
        &symphony_hir::lower(EVERYTHING, Language::TypeScript),
        EVERYTHING,
    )
}

#[test]
fn what_is_written_is_read() {
    let lowered = everything();
    assert_eq!(
        crate::Lowered::from_bytes(&lowered.to_bytes()),
        Some(lowered)
    );
}

#[test]
fn bytes_that_are_no_summary_are_refused_or_safe() {
    let bytes = everything().to_bytes();
    for end in 0..bytes.len() {
        assert_eq!(
            crate::Lowered::from_bytes(&bytes[..end]),
            None,
            "cut at {end}"
        );
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(crate::Lowered::from_bytes(&longer), None);
    for at in 0..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut other = bytes.clone();
            other[at] ^= flip;
            // What is still a summary leads nowhere outside of itself.
            let Some(lowered) = crate::Lowered::from_bytes(&other) else {
                continue;
            };
            let summary = &lowered.summary;
            let _containers = (0..summary.declarations.len())
                .filter_map(|it| summary.container(it))
                .count();
            assert!(
                summary
                    .imports
                    .iter()
                    .all(|it| (it.module as usize) < summary.specifiers.len())
            );
        }
    }
}
