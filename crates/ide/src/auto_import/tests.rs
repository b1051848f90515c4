//! Import fixes in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::{SalsaDatabase, source_text};
use symphony_semantic::Fixture;

use super::*;
use crate::{apply_edits, unresolved_names};

/// The titles of all fixes for the first unresolved name of the cursor's file, and the text after the first of them.
fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(text);
    let (file, _) = fixture.cursors[0];
    fixture.db.attach(|_| {
        let db = &fixture.db;
        let mut shown = String::new();
        for it in unresolved_names(db, file).iter().take(1) {
            let fixes = import_fixes(db, file, &it.name, it.range, it.meaning);
            for fix in &fixes {
                shown.push_str(&format!("{}\n", fix.title));
            }
            if let Some(fix) = fixes.first() {
                shown.push_str(&apply_edits(&source_text(db, file), &fix.edits));
            }
        }
        expect.assert_eq(&shown);
    });
}

#[test]
fn a_new_import_stands_where_imports_stand() {
    check(
        "//- /a.ts\nexport const foo = 1;\n//- /b.ts\nfoo$0();\n",
        expect![[r#"
            Add import from "./a"
            import { foo } from "./a";

            foo();
        "#]],
    );
    check(
        "//- /a.ts\nexport const foo = 1\n//- /c.ts\nexport const c = 1\n//- /b.ts\n#!/bin/x\n'use strict'\nimport { c } from './c'\n\nfoo(c)$0\n",
        expect![[r#"
            Add import from "./a"
            #!/bin/x
            'use strict'
            import { foo } from './a'
            import { c } from './c'

            foo(c)
        "#]],
    );
}

#[test]
fn an_import_that_is_there_grows() {
    check(
        "//- /a.ts\nexport const foo = 1, bar = 2, zoo = 3;\n//- /b.ts\nimport { bar, zoo } from './a';\nfoo$0();\n",
        expect![[r#"
            Update import from "./a"
            import { bar, foo, zoo } from './a';
            foo();
        "#]],
    );
    check(
        "//- /a.ts\nexport const foo = 1, bar = 2; export default function main() {}\n//- /b.ts\nimport main from './a';\nfoo$0();\n",
        expect![[r#"
            Update import from "./a"
            import main, { foo } from './a';
            foo();
        "#]],
    );
    check(
        "//- /a.ts\nexport const foo = 1, bar = 2; export default function main() {}\n//- /b.ts\nimport {\n  bar,\n} from './a';\nmain$0();\n",
        expect![[r#"
            Update import from "./a"
            import main, {
              bar,
            } from './a';
            main();
        "#]],
    );
    check(
        "//- /a.ts\nexport const foo = 1, bar = 2;\n//- /b.ts\nimport {\n  bar,\n} from './a';\nfoo$0();\n",
        expect![[r#"
            Update import from "./a"
            import {
              bar,
              foo,
            } from './a';
            foo();
        "#]],
    );
}

#[test]
fn an_import_of_types_that_gets_a_value() {
    check(
        "//- /a.ts\nexport const foo = 1; export interface I {}\n//- /b.ts\nimport type { I } from './a';\nfoo$0() as I;\n",
        expect![[r#"
            Update import from "./a"
            import { foo, type I } from './a';
            foo() as I;
        "#]],
    );
}

#[test]
fn a_namespace_that_is_there_is_used() {
    check(
        "//- /a.ts\nexport const foo = 1;\n//- /b.ts\nimport * as a from './a';\nfoo$0();\n",
        expect![[r#"
            Change 'foo' to 'a.foo'
            Add import from "./a"
            import * as a from './a';
            a.foo();
        "#]],
    );
}

#[test]
fn every_module_that_exports_it_is_proposed_the_best_first() {
    check(
        "//- /src/deep/a.ts\nexport const foo = 1;\n//- /src/index.ts\nexport * from './deep/a'\n//- /src/c.ts\nexport { foo } from './deep/a'\n//- /src/b.ts\nfoo$0();\n",
        expect![[r#"
            Add import from "./c"
            Add import from "./deep/a"
            Add import from "."
            import { foo } from "./c";

            foo();
        "#]],
    );
}

#[test]
fn packages_and_ambient_modules_export_too() {
    check(
        "//- /lib/node.d.ts\ndeclare module 'fs' { export function readFile(): void }\ndeclare var Array: any\n//- /node_modules/pkg/index.d.ts\nexport declare function readFile(): void\n//- /node_modules/react/index.d.ts\nexport = React; declare namespace React { function readFile(): void }\n//- /b.ts\nreadFile$0();\n",
        expect![[r#"
            Add import from "fs"
            Add import from "pkg"
            Add import from "react"
            import { readFile } from "fs";

            readFile();
        "#]],
    );
}

#[test]
fn default_exports_go_by_the_name_of_their_declaration_or_file() {
    check(
        "//- /a-widget.ts\nexport default class {}\n//- /b.ts\nnew aWidget$0();\n",
        expect![[r#"
            Add import from "./a-widget"
            import aWidget from "./a-widget";

            new aWidget();
        "#]],
    );
}

#[test]
fn what_is_augmented_under_a_name_is_imported_by_it() {
    let files = "//- /src/index.d.ts\nexport const foo: 1;\n";
    check(
        &format!(
            "{files}//- /plug.ts\nexport {{}}; declare module '/src' {{ interface A {{}} }}\n//- /b.ts\nfoo$0();\n"
        ),
        expect![[r#"
            Add import from "/src"
            import { foo } from "/src";

            foo();
        "#]],
    );
    check(
        &format!(
            "{files}//- /plug.ts\nexport {{}}; declare module './src/index' {{ interface A {{}} }}\n//- /b.ts\nfoo$0();\n"
        ),
        expect![[r#"
            Add import from "./src"
            import { foo } from "./src";

            foo();
        "#]],
    );
}

#[test]
fn the_import_of_what_declares_a_name_grows_first() {
    check(
        "//- /all.ts\nexport * from './z'\n//- /z.ts\nexport const foo = 1, bar = 2, zoo = 3\n//- /b.ts\nimport { bar } from './all';\nimport { zoo } from './z';\nfoo$0(bar, zoo);\n",
        expect![[r#"
            Update import from "./z"
            import { bar } from './all';
            import { foo, zoo } from './z';
            foo(bar, zoo);
        "#]],
    );
}

#[test]
fn all_that_is_missing_is_imported() {
    let fixture = Fixture::new(
        "//- /a.ts\nexport const foo = 1, bar = 2\n//- /b.ts\nexport const baz = 3\n//- /c.ts\nimport { bar } from './a'\nfoo(bar, baz, foo)\n",
    );
    let file = fixture.file("/c.ts");
    fixture.db.attach(|_| {
        let edits = add_all_missing_imports(&fixture.db, file);
        let text = apply_edits(&fixture.text(file), &edits);
        expect![[r#"
            import { bar, foo } from './a'
            import { baz } from './b'
            foo(bar, baz, foo)
        "#]]
        .assert_eq(&text);
    });
}
