//! Types above and below others, in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;
use symphony_semantic::Fixture;

use super::*;
use crate::fixture::place;

fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for &(file, offset) in &fixture.cursors {
        fixture.db.attach(|_| {
            let db = &fixture.db;
            let mut show = |what: &str, item: &TypeItem| {
                let place = place(&fixture, item.file, item.selection);
                shown.push_str(&format!("{what} {:?} {place}\n", item.kind));
            };
            for item in prepare_type_hierarchy(db, file, offset) {
                show("-", &item);
                for above in supertypes(db, item.file, item.selection) {
                    show("  above", &above);
                }
                for below in subtypes(db, item.file, item.selection) {
                    show("  below", &below);
                }
            }
        });
    }
    expect.assert_eq(&shown);
}

#[test]
fn classes_and_interfaces() {
    check(
        "//- /a.ts
export interface Top {}
export interface I$0<T> extends Top {}
export class Base$0 implements I<1> {}
//- /main.ts
import { Base as B, I } from './a'; import * as a from './a';
class C extends B implements a.Top {}
const D = class extends B {};
interface J extends I<2> {}
let i: I$0<3>;
",
        expect![[r#"
            - Interface /a.ts export interface [I]<T> extends Top {}
              above Interface /a.ts export interface [Top] {}
              below Class /a.ts export class [Base] implements I<1> {}
              below Interface /main.ts interface [J] extends I<2> {}
            - Class /a.ts export class [Base] implements I<1> {}
              above Interface /a.ts export interface [I]<T> extends Top {}
              below Class /main.ts class [C] extends B implements a.Top {}
              below Class /main.ts const [D] = class extends B {};
            - Interface /a.ts export interface [I]<T> extends Top {}
              above Interface /a.ts export interface [Top] {}
              below Class /a.ts export class [Base] implements I<1> {}
              below Interface /main.ts interface [J] extends I<2> {}
        "#]],
    );
}
