//! Completions in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;
use symphony_semantic::Fixture;

use super::*;

fn at_cursor(text: &str) -> (Fixture, Completions) {
    let fixture = Fixture::new(text);
    let (file, offset) = fixture.cursors[0];
    let options = CompletionOptions::default();
    let found = fixture
        .db
        .attach(|_| completions(&fixture.db, file, offset, options));
    (fixture, found)
}

/// All but keywords, sorted by tier and name; imports with their module.
fn check(text: &str, expect: Expect) {
    let (_, found) = at_cursor(text);
    let mut items: Vec<CompletionItem> = found.items;
    items.retain(|it| it.kind != CompletionKind::Keyword && it.label != "globalThis");
    items.sort_by_key(|it| (it.tier, it.label.clone()));
    let shown = items.iter().map(|it| match &it.import {
        Some(import) => format!("{}<{}", it.label, import.specifier),
        None => it.label.to_string(),
    });
    expect.assert_eq(&shown.collect::<Vec<_>>().join(" "));
}

#[test]
fn names_in_scope() {
    check(
        "import { x } from './nowhere'; interface I {} function f(a) { const b = 1; { let c } $0 } class K<T> {}",
        expect!["K a arguments b f x undefined"],
    );
    check(
        "interface I {} type A<T> = $0; const v = 1; namespace N { export type X = 1 }",
        expect!["A I N T"],
    );
    check("const v = 1; function f(a: $0) {} class C {}", expect!["C"]);
    check("enum E { A, B = $0 }", expect!["A B E undefined"]);
    check("const f = (a, b) => $0", expect!["a b f undefined"]);
}

#[test]
fn a_variable_is_not_offered_to_itself() {
    check("const a = 1, b = f($0)", expect!["a undefined"]);
    check("const { a, b: [c] } = f($0)", expect!["c undefined"]);
    check("const a = () => { $0 }", expect!["a undefined"]);
    check(
        "function f(a, b = g($0), c) {}",
        expect!["a arguments f undefined"],
    );
    check("type F<A, B = $0, C = 1> = 1", expect!["A C F"]);
}

#[test]
fn imports_count_for_what_they_are() {
    let files = "//- /a.ts\nexport interface I {} export const v = 1; export class C {} export namespace N { export type T = 1 }\n//- /b.ts\nimport { I, v, C, N } from './a'; import * as all from './a';";
    check(&format!("{files} let x: $0"), expect!["C I N all"]);
    check(&format!("{files} x = $0"), expect!["C all v undefined"]);
}

#[test]
fn incomplete_text() {
    for text in [
        "function foo() {} foo($0)",
        "function foo() {} const y = $0",
        "function foo() {} if ($0) {}",
        "function foo() { return $0; }",
        "function foo() {} fo$0",
        "function foo() {} x.y(foo, $0)",
        "function foo() {} new $0",
        "function foo() {} class A extends $0 {}",
        "function foo() {} export default $0",
        "function foo() {} @$0 class A {}",
        "function foo() {} const o = { a: 1, $0 }",
        "function foo() {} `${$0}`",
    ] {
        let (_, found) = at_cursor(text);
        let offered = found.items.iter().any(|it| it.label == "foo");
        assert!(offered, "{text}");
    }
}

#[test]
fn nothing_where_names_are_made_or_there_are_none() {
    for text in [
        "const $0 = 1",
        "function $0() {}",
        "class $0 {}",
        "// $0",
        "'$0'",
        "1$0",
        "let a = 1.$0",
        "interface $0 {}",
        "type $0 = 1",
        "function f($0) {}",
        "/a$0b/",
        "`a$0`",
    ] {
        let (_, found) = at_cursor(text);
        assert_eq!(found.items, [], "{text}");
    }
}

#[test]
fn globals_come_from_ambient_files() {
    check(
        "//- /lib/lib.d.ts\ndeclare var Array: any; interface Array {} interface Only {} declare function g(): void\n//- /a.ts\nlet near; $0",
        expect!["near Array g undefined"],
    );
    check(
        "//- /lib/lib.d.ts\ndeclare var Array: any; interface Array {} interface Only {} declare function g(): void\n//- /a.ts\nlet near: $0",
        expect!["Array Only"],
    );
    check(
        "//- /lib/lib.d.ts\ndeclare var near: any; declare var alert: any\n//- /a.ts\nlet near; ale$0",
        expect!["alert"],
    );
}

#[test]
fn behind_a_dot() {
    check("enum E { A, B } E.$0", expect!["A B"]);
    check(
        "namespace N { export const a = 1; const b = 2; export type T = 1 } N.$0",
        expect!["a"],
    );
    check(
        "namespace N { export const a = 1; export type T = 1 } let x: N.$0",
        expect!["T"],
    );
    check("class C { static s; m() {} } C.$0\nfoo()", expect!["s"]);
    check(
        "//- /a.ts\nexport const a = 1; export * from './b'\n//- /b.ts\nexport const b = 1; export default 1\n//- /c.ts\nimport * as n from './a'; n.$0",
        expect!["a b"],
    );
}

#[test]
fn lists_of_imports_and_exports() {
    let a = "//- /a.ts\nexport const foo = 1, bar = 2; export * from './b'\n//- /b.ts\nexport type T = 1\n";
    check(
        &format!("{a}//- /c.ts\nimport {{ $0 }} from './a'"),
        expect!["T bar foo"],
    );
    check(
        &format!("{a}//- /c.ts\nimport {{ foo, b$0 }} from './a'"),
        expect!["T bar"],
    );
    check(
        &format!("{a}//- /c.ts\nimport {{ $0 as x }} from './a'"),
        expect!["T bar foo"],
    );
    check(
        &format!("{a}//- /c.ts\nexport {{ $0 }} from './a'"),
        expect!["T bar foo"],
    );
    check(
        "const a = 1, b = 2; type T = 1; export { a, $0 }",
        expect!["T b"],
    );
}

#[test]
fn paths_of_modules() {
    let files = "//- /src/a.ts\nexport {}\n//- /src/sub/b.ts\nexport {}\n//- /node_modules/pkg/index.d.ts\nexport {}\n//- /lib/n.d.ts\ndeclare module 'fs/promises' {} declare module 'fs' {}\n//- /src/main.ts\n";
    check(&format!("{files}import {{}} from './$0'"), expect!["a sub"]);
    check(&format!("{files}import {{}} from './sub/$0'"), expect!["b"]);
    check(
        &format!("{files}import {{}} from '$0'"),
        expect!["fs fs/promises pkg"],
    );
    check(
        &format!("{files}import {{}} from 'fs/$0'"),
        expect!["promises"],
    );
    check(
        &format!("{files}const x = import('./$0')"),
        expect!["a sub"],
    );
    let (_, found) = at_cursor("import {} from './su$0b/b'");
    assert_eq!(found.replace, TextRange::new(18.into(), 23.into()));
}

#[test]
fn names_that_have_to_be_imported() {
    let files = "//- /deep/a.ts\nexport const fooBar = 1; export interface FooType {} export default class FooDefault {}\n//- /index.ts\nexport * from './deep/a'\n//- /node_modules/pkg/index.d.ts\nexport declare function fooPackage(): void\n//- /b.ts\n";
    check(
        &format!("{files}foo$0"),
        expect!["FooDefault<./deep/a fooBar<./deep/a fooPackage<pkg"],
    );
}

#[test]
fn an_import_comes_with_its_edit() {
    let (fixture, found) = at_cursor("//- /a.ts\nexport const fooBar = 1;\n//- /b.ts\nfoo$0\n");
    let item = found.items.iter().find(|it| it.label == "fooBar").unwrap();
    let file = fixture.file("/b.ts");
    let edits = fixture.db.attach(|_| {
        resolve_completion(
            &fixture.db,
            file,
            &item.label,
            item.import.as_ref().unwrap(),
        )
    });
    assert_eq!(
        crate::apply_edits(&fixture.text(file), &edits),
        "import { fooBar } from \"./a\";\n\nfoo\n"
    );
}

#[test]
fn jsx_tags() {
    check(
        "//- /lib/jsx.d.ts\ndeclare namespace JSX { interface IntrinsicElements { div: {}; span: {} } }\n//- /a.tsx\nfunction App() { return <$0 /> }",
        expect!["App arguments div span undefined"],
    );
}

#[test]
fn any_text_at_any_place_is_answered() {
    let text = "\u{feff}import { a as b } from 'é/x';\r\n/** @param {Ünï} x - 😀\r\n */\r\nexport class C<T> extends D { \
                #p; m?(x = `${b}`): x is T { this.#p; return <p a={1} b>é</p> } }\r\nconst { q, ...r } = { a: 1, b }; \
                export { q }; enum E { A = 1. }\r\n";
    for language in ["tsx", "js"] {
        let fixture = Fixture::new(&format!("//- /a.{language}\n{text}"));
        let file = fixture.file(&format!("/a.{language}"));
        let options = CompletionOptions::default();
        fixture.db.attach(|_| {
            for at in 0..text.len() + 2 {
                let at = TextSize::from(at as u32);
                let found = completions(&fixture.db, file, at, options);
                assert!(found.replace.is_empty() || usize::from(found.replace.end()) <= text.len());
            }
        });
    }
    for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
        let fixture = Fixture::new(&format!("//- /a.tsx\n{}$0", &text[..at]));
        if let Some(&(file, offset)) = fixture.cursors.first() {
            let options = CompletionOptions::default();
            fixture
                .db
                .attach(|_| completions(&fixture.db, file, offset, options));
        }
    }
}

#[test]
fn a_type_that_nothing_announces() {
    let text = |it: &str| {
        format!(
            "//- /lib/lib.d.ts\ndeclare var Array: any; interface Array {{}} interface Only {{}} declare function g(): void\n//- /a.ts\nconst v = 1; interface I<T> {{}} {it}"
        )
    };
    // What is global is a value there, as in TypeScript; what the file has may be either.
    for open in [
        "type A = I<1> & $0;",
        "type A = 1 | $0<2>;",
        "type A = [$0]",
        "type A = keyof $0",
        "type A = 1 extends 2 ? 3 : $0",
        "type A = () => $0<1>",
    ] {
        check(&text(open), expect!["A I v Array g undefined"]);
    }
    check(
        &text("interface J extends $0 {}"),
        expect!["I J v Array g undefined"],
    );
    check(
        &text("class J implements I<1>, $0 {}"),
        expect!["I J v Array g undefined"],
    );
    for announced in [
        "type A = $0<2>",
        "type A = I<$0>",
        "type A = I<1 | $0>",
        "type A = I<keyof $0>",
        "type A = 1 extends $0 ? 2 : 3",
        "type A = { a: $0 }",
        "type A = 1 & $0I",
    ] {
        check(&text(announced), expect!["A I Array Only"]);
    }
    check(
        &text("function f<T>() {} f<1 | $0[]>()"),
        expect!["I Array Only"],
    );
    check(&text("v as $0<1>"), expect!["I Array Only"]);
}

#[test]
fn keys_of_a_literal() {
    let types =
        "type E = { t: 'a'; x: number } | { t: 'b'; y: number }; declare function f(e: E): void; ";
    check(&format!("{types} f({{ t: 'a', $0 }})"), expect!["x"]);
    check(&format!("{types} f({{ $0 }})"), expect!["t x y"]);
    check(&format!("{types} f({{ $0, x: 1 }})"), expect!["t y"]);
    // There a comma ends the list.
    check(
        &format!("{types} const e: E = {{\n$0,\nx: 1\n}}"),
        expect!["t x y"],
    );
    check(&format!("{types} [f({{ $0, x: 1 }})]"), expect!["t x y"]);
    // What else is given does not matter to a parameter that mentions no type parameter.
    check(
        "declare function f<T>(t: T, o: { x: 1 }): T; f(f, { $0 })",
        expect!["x"],
    );
}

#[test]
fn no_one_writes_a_promise_as_a_literal() {
    check(
        "interface Promise<T> { then(): T } declare function f(a: Promise<1> | { x: 1 }): void; f({ $0 })",
        expect!["x"],
    );
    check(
        "interface Promise<T> { then(): T } declare function f(a: Promise<1>): void; f({ $0 })",
        expect!["f undefined"],
    );
}

#[test]
fn a_closing_tag_has_one_name() {
    let text = |it: &str| format!("//- /a.tsx\ndeclare const A: any, B: any; {it}");
    check(&text("<A><B>x</B></$0>"), expect!["A"]);
    check(&text("<A><A.B>x</$0></A>"), expect!["A.B"]);
    check(&text("<div>x</d$0>"), expect!["div"]);
}
