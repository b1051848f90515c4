//! Actions by the text that they leave.

use expect_test::{Expect, expect};
use symphony_syntax::Language;

use super::*;
use crate::edit::apply_edits;

/// Each fix at `$0` and what it makes of the text.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
fn check(text: &str, expect: Expect) {
    let at = text.find("$0").unwrap_or(0);
    let text = text.replacen("$0", "", 1);
    let hir = symphony_hir::lower(&text, Language::Tsx);
    let range = TextRange::empty((at as u32).into());
    let fixes = unused_fixes(&text, &hir, FileId(0), range, &[]);
    expect.assert_eq(&shown(&text, &fixes));
}

fn shown(text: &str, actions: &[CodeAction]) -> String {
    let one = |it: &CodeAction| format!("{}:\n{}", it.title, apply_edits(text, &it.edits[0].1));
    actions.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn imports_are_removed() {
    check(
        "import { a, $0b, c } from 'x';\n[a, c];\n",
        expect![[r#"
            Remove unused declaration for: 'b':
            import { a, c } from 'x';
            [a, c];
        "#]],
    );
    check(
        "import a, { $0b } from 'x';\na;\n",
        expect![[r#"
            Remove unused declaration for: 'b':
            import a from 'x';
            a;
        "#]],
    );
    check(
        "import $0a, { b,\n c, } from 'x';\n[b, c];\n",
        expect![[r#"
            Remove unused declaration for: 'a':
            import { b,
             c, } from 'x';
            [b, c];
        "#]],
    );
    check(
        "import d, * as $0a from 'x';\nd;\n",
        expect![[r#"
            Remove unused declaration for: 'a':
            import d from 'x';
            d;
        "#]],
    );
    check(
        "import b from 'b';\nim$0port { a, c } from 'x';\nb;\n",
        expect![[r#"
            Remove import from 'x':
            import b from 'b';
            b;
        "#]],
    );
}

#[test]
fn declarations_are_removed() {
    check(
        "export {};\n/** doc */\nfunction $0f() {\n}\nfoo();\n",
        expect![[r#"
            Remove unused declaration for: 'f':
            export {};
            foo();
        "#]],
    );
    check(
        "export class A {\n  private $0b = 1;\n  c = 2;\n}\n",
        expect![[r#"
            Remove unused declaration for: 'b':
            export class A {
              c = 2;
            }
        "#]],
    );
    check(
        "export function g() {\n    const $0a = 1;\n}\n",
        expect![[r#"
            Remove unused declaration for: 'a':
            export function g() {
            }
        "#]],
    );
}

#[test]
fn what_would_change_more_is_not_offered() {
    check("export {}; const $0a = call();\n", expect![""]);
    check("export {};\nlet $0a = 1;\na = 2;\n", expect![""]);
    check("export {};\nconst $0a = 1, b = 2;\nb;\n", expect![""]);
    check("export function f({ $0a }) {}\n", expect![""]);
}

#[test]
fn parameters_get_an_underscore() {
    check(
        "export function f($0a, b) { return b }\n",
        expect![[r#"
            Prefix 'a' with an underscore:
            export function f(_a, b) { return b }
        "#]],
    );
    check("export function f($0a, _a) { return _a }\n", expect![""]);
}

#[test]
fn actions_for_the_whole_file() {
    let text = "import { b, a } from 'x';\nimport c from 'c';\ntype T = 1;\na;\n";
    let hir = symphony_hir::lower(text, Language::TypeScript);
    let actions = source_actions(text, &hir, FileId(0), OrganizeOptions::default());
    expect![[r#"
        Organize Imports:
        import { a } from 'x';
        type T = 1;
        a;

        Sort Imports:
        import c from 'c';
        import { a, b } from 'x';
        type T = 1;
        a;

        Remove Unused Imports:
        import { a } from 'x';
        type T = 1;
        a;

        Remove all unused declarations:
        import { a } from 'x';
        a;
    "#]]
    .assert_eq(&shown(text, &actions));
    let clean = "import a from 'a';\na;\n";
    let hir = symphony_hir::lower(clean, Language::TypeScript);
    assert_eq!(
        source_actions(clean, &hir, FileId(0), OrganizeOptions::default()),
        []
    );
}
