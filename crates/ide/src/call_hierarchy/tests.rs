//! Calls in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;
use symphony_semantic::Fixture;

use super::*;
use crate::fixture::place;

fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for (number, &(file, offset)) in fixture.cursors.iter().enumerate() {
        fixture.db.attach(|_| {
            let db = &fixture.db;
            let show = |item: &CallItem| place(&fixture, item.file, item.selection);
            for item in prepare_call_hierarchy(db, file, offset) {
                shown.push_str(&format!("{number} {:?} {}\n", item.kind, show(&item)));
                for call in incoming_calls(db, item.file, item.selection) {
                    let count = call.ranges.len();
                    shown.push_str(&format!("  from x{count} {}\n", show(&call.item)));
                }
                for call in outgoing_calls(db, item.file, item.selection) {
                    let count = call.ranges.len();
                    shown.push_str(&format!("  to x{count} {}\n", show(&call.item)));
                }
            }
        });
    }
    expect.assert_eq(&shown);
}

#[test]
fn callers_and_called() {
    check(
        "//- /a.ts
export function f$0() { g(); h(); const inner = () => g(); [1].map(() => h()); }
function g() {}
const h = () => { g(); };
//- /main.ts
import { f } from './a';
f$0();
class A { constructor() { f(); } x = f(); static { f(); } m$0() { f; f(); } get p() { return f(); } }
namespace N { f(); }
const o = { a: () => f(), m() { f(); } };
new A().m();
",
        expect![[r#"
            0 Function /a.ts export function [f]() { g(); h(); const inner = () => g(); [1].map(() => h()); }
              from x2 /main.ts []import { f } from './a';
              from x2 /main.ts class [A] { constructor() { f(); } x = f(); static { f(); } m() { f; f(); } get p() { return f(); } }
              from x1 /main.ts class A { constructor() { f(); } x = f(); [static] { f(); } m() { f; f(); } get p() { return f(); } }
              from x1 /main.ts class A { constructor() { f(); } x = f(); static { f(); } [m]() { f; f(); } get p() { return f(); } }
              from x1 /main.ts class A { constructor() { f(); } x = f(); static { f(); } m() { f; f(); } get [p]() { return f(); } }
              from x1 /main.ts namespace [N] { f(); }
              from x1 /main.ts const o = { a: () => f(), [m]() { f(); } };
              to x1 /a.ts function [g]() {}
              to x2 /a.ts const [h] = () => { g(); };
            1 Function /a.ts export function [f]() { g(); h(); const inner = () => g(); [1].map(() => h()); }
              from x2 /main.ts []import { f } from './a';
              from x2 /main.ts class [A] { constructor() { f(); } x = f(); static { f(); } m() { f; f(); } get p() { return f(); } }
              from x1 /main.ts class A { constructor() { f(); } x = f(); [static] { f(); } m() { f; f(); } get p() { return f(); } }
              from x1 /main.ts class A { constructor() { f(); } x = f(); static { f(); } [m]() { f; f(); } get p() { return f(); } }
              from x1 /main.ts class A { constructor() { f(); } x = f(); static { f(); } m() { f; f(); } get [p]() { return f(); } }
              from x1 /main.ts namespace [N] { f(); }
              from x1 /main.ts const o = { a: () => f(), [m]() { f(); } };
              to x1 /a.ts function [g]() {}
              to x2 /a.ts const [h] = () => { g(); };
            2 Method /main.ts class A { constructor() { f(); } x = f(); static { f(); } [m]() { f; f(); } get p() { return f(); } }
              from x1 /main.ts []import { f } from './a';
              to x1 /a.ts export function [f]() { g(); h(); const inner = () => g(); [1].map(() => h()); }
        "#]],
    );
}

#[test]
fn overloads_are_one() {
    check(
        "function f$0(a: 1): void;
function f(a: 2): void;
function f$0(a: any) {}
f(1);
class C$0 { static { C.s(); } static s() {} }
new C();
let v$0 = () => f(1);
interface I { m$0(): void } function k(i: I) { i.m(); }
",
        expect![[r#"
            0 Function /main.ts function [f](a: 1): void;
              from x2 /main.ts []function f(a: 1): void;
            1 Function /main.ts function [f](a: any) {}
              from x2 /main.ts []function f(a: 1): void;
            2 Class /main.ts class [C] { static { C.s(); } static s() {} }
              from x1 /main.ts []function f(a: 1): void;
              to x1 /main.ts class C { [static] { C.s(); } static s() {} }
            4 Method /main.ts interface I { [m](): void } function k(i: I) { i.m(); }
              from x1 /main.ts interface I { m(): void } function [k](i: I) { i.m(); }
        "#]],
    );
}
