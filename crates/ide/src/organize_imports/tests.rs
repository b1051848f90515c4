//! Imports before and after.

use expect_test::{Expect, expect};
use symphony_syntax::Language;

use super::*;

#[track_caller]
fn organized(mode: OrganizeMode, language: Language, text: &str) -> String {
    let hir = symphony_hir::lower(text, language);
    let options = OrganizeOptions {
        mode,
        jsx_factories: &["React"],
        ..OrganizeOptions::default()
    };
    let edits = organize_imports(text, &hir, options);
    let after = apply_edits(text, &edits);
    assert_eq!(after == text, edits.is_empty(), "an edit changes something");
    let hir = symphony_hir::lower(&after, language);
    let again = organize_imports(&after, &hir, options);
    assert_eq!(
        apply_edits(&after, &again),
        after,
        "what is organised stays"
    );
    after
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
fn check(text: &str, expect: Expect) {
    expect.assert_eq(&organized(OrganizeMode::All, Language::Tsx, text));
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
fn sorted(text: &str, expect: Expect) {
    expect.assert_eq(&organized(
        OrganizeMode::SortAndCombine,
        Language::Tsx,
        text,
    ));
}

#[track_caller]
fn unchanged(text: &str) {
    assert_eq!(organized(OrganizeMode::All, Language::Tsx, text), text);
}

#[test]
fn modules_and_names_are_sorted() {
    sorted(
        "import { b, a } from './b';\nimport x from 'x';\nimport { C, d } from '@s/a';\nimport './a';\n",
        expect![[r#"
            import { C, d } from '@s/a';
            import x from 'x';
            import './a';
            import { a, b } from './b';
        "#]],
    );
}

#[test]
fn the_order_of_the_file_is_kept() {
    unchanged("import { A, Z, a, z } from 'a';\nimport { B, b } from 'b';\n[A, Z, a, z, B, b];\n");
    unchanged("import { a, B, c } from 'a';\n[a, B, c];\n");
    unchanged("import { type A, b, type C } from 'a';\nlet x: A | C = b;\n");
    unchanged("import { type B, a } from 'a';\nlet x: B = a;\n");
}

#[test]
fn unused_names_are_removed() {
    check(
        "import a, { b, c } from 'x';\nimport * as d from 'y';\nimport 'z';\nimport React, { e } from 'react';\nimport type { F, G } from 'f';\nexport const g: G = <b />;\nexport { b };\n",
        expect![[r#"
            import type { G } from 'f';
            import React from 'react';
            import { b } from 'x';
            import 'z';
            export const g: G = <b />;
            export { b };
        "#]],
    );
    check(
        "// header\n\nimport a from 'a';\nimport b from 'b';\n\nexport {};\n",
        expect![[r#"
            // header


            export {};
        "#]],
    );
    expect![[r#"
        import { c } from 'c';
        import { b } from 'b';
        c; b;
    "#]]
    .assert_eq(&organized(
        OrganizeMode::RemoveUnused,
        Language::TypeScript,
        "import { c, a } from 'c';\nimport { b } from 'b';\nimport d from 'd';\nc; b;\n",
    ));
}

#[test]
fn what_a_comment_links_to_is_used() {
    check(
        "import { a, b } from 'x';\n/** {@link a} `b` */\nexport {};\n",
        expect![[r#"
            import { a } from 'x';
            /** {@link a} `b` */
            export {};
        "#]],
    );
}

#[test]
fn imports_of_one_module_are_joined() {
    sorted(
        "import { b } from 'x';\nimport d from 'x';\nimport { a as a, type T } from 'x';\nimport * as n from 'x';\nimport type { U } from 'x';\nimport 'x';\nimport type V from 'x';\n",
        expect![[r#"
            import 'x';
            import type V from 'x';
            import type { U } from 'x';
            import * as n from 'x';
            import d, { a, b, type T } from 'x';
        "#]],
    );
    sorted(
        "import a from 'x';\nimport b from 'x';\nimport c from 'y';\nimport * as d from 'y';\n",
        expect![[r#"
            import { default as a, default as b } from 'x';
            import c, * as d from 'y';
        "#]],
    );
    sorted(
        "import { b } from 'x' with { type: 'json' };\nimport { a } from 'x';\nimport { c } from 'x' with { type:'json' };\n",
        expect![[r#"
            import { b, c } from 'x' with { type: 'json' };
            import { a } from 'x';
        "#]],
    );
}

#[test]
fn groups_stay_apart() {
    sorted(
        "/* header */\nimport b from 'b';\nimport a from 'a';\n\nimport d from 'd';\nimport c from 'c';\n// comment\nimport f from 'f';\nimport e from 'e'; // behind\n",
        expect![[r#"
            /* header */
            import a from 'a';
            import b from 'b';

            import c from 'c';
            import d from 'd';
            // comment
            import e from 'e'; // behind
            import f from 'f';
        "#]],
    );
    sorted(
        "import b from 'b';\nfoo();\nimport a from 'a';\n",
        expect![[r#"
            import a from 'a';
            import b from 'b';
            foo();
        "#]],
    );
}

#[test]
fn lists_of_several_lines_keep_their_lines() {
    sorted(
        "import {\n  c, // of c\n  a,\n  b,\n} from 'x'\nfoo()\nbar()\n",
        expect![[r#"
            import {
              a,
              b,
              c, // of c
            } from 'x'
            foo()
            bar()
        "#]],
    );
    unchanged("import {\n  a,\n  /** doc\n   * b */\n  b,\n} from 'x';\n[a, b];\n");
    unchanged("import { // first\n  a,\n} from 'x';\na;\n");
}

#[test]
fn exports_are_sorted() {
    sorted(
        "export * from './b';\nexport * from './a';\nexport { d, c as e } from 'x';\nexport { a } from 'x';\nexport type { T } from 'x';\nexport * as n from 'x';\n\nconst z = 1, y = 2;\n\nexport { z, y };\n",
        expect![[r#"
            export * as n from 'x';
            export { a, d, c as e } from 'x';
            export type { T } from 'x';
            export * from './a';
            export * from './b';

            const z = 1, y = 2;

            export { y, z };
        "#]],
    );
}

#[test]
fn ambient_modules() {
    sorted(
        "declare module 'm' {\n  import b from 'b';\n  import a from 'a';\n  export { b, a };\n}\n",
        expect![[r#"
            declare module 'm' {
              import a from 'a';
              import b from 'b';
              export { a, b };
            }
        "#]],
    );
    let augmented = "import { A } from 'm';\nexport {};\ndeclare module 'm' { interface B {} }\n";
    unchanged(augmented);
    expect![[r#"
        import 'm';
        export {};
        declare module 'm' { interface B {} }
    "#]]
    .assert_eq(&organized(
        OrganizeMode::All,
        Language::Declarations,
        augmented,
    ));
}

#[test]
fn line_ends_and_marks_are_kept() {
    sorted(
        "\u{feff}import b from 'b';\r\nimport {\r\n\tz,\r\n\ty\r\n} from 'a';\r\n",
        expect![["\u{feff}import {\r\n\ty,\r\n\tz\r\n} from 'a';\r\nimport b from 'b';\r\n"]],
    );
    sorted(
        "import ü from 'ü';import 'a'",
        expect!["import 'a';\nimport ü from 'ü';\n"],
    );
}

#[test]
fn nothing_is_done_to_broken_imports() {
    for text in [
        "import { b, from 'x';\nimport a from 'a';\n",
        "import b from 'b';\nimport a from ;\n",
        "import b from 'b';\nimport { a } from 'a\n",
        "import",
        "",
        "import b from '';\n",
    ] {
        let after = organized(OrganizeMode::SortAndCombine, Language::TypeScript, text);
        assert_eq!(after, text);
    }
}

#[test]
fn what_a_broken_text_mentions_is_used() {
    let text = "import { a, b } from 'x';\nfunction f() { /(a }\n";
    let hir = symphony_hir::lower("import { a, b } from 'x';\n", Language::TypeScript);
    let options = OrganizeOptions {
        is_broken: true,
        ..OrganizeOptions::default()
    };
    let edits = organize_imports(text, &hir, options);
    expect![[r#"
        import { a } from 'x';
        function f() { /(a }
    "#]]
    .assert_eq(&apply_edits(text, &edits));
}

#[test]
fn what_is_in_order_is_spaced_anew_only_if_wanted() {
    let text = "import {a} from 'a';\na;\nexport {};\n";
    sorted(
        text,
        expect![[r#"
            import { a } from 'a';
            a;
            export {};
        "#]],
    );
    let hir = symphony_hir::lower(text, Language::TypeScript);
    let options = OrganizeOptions {
        respace: false,
        ..OrganizeOptions::default()
    };
    assert_eq!(organize_imports(text, &hir, options), []);
}
