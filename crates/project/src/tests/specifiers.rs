//! Specifiers for a file: their form, their ending, and that each leads back.

use super::Folder;
use crate::{ImportMode, Project, SpecifierEnding, SpecifierForm, SpecifierPreferences};

/// The importing file, the target, the file's imports, the wishes, and what is proposed.
type Row<'r> = (
    &'r str,
    &'r str,
    &'r [&'r str],
    SpecifierPreferences,
    &'r [&'r str],
);

const PLAIN: SpecifierPreferences = SpecifierPreferences {
    form: SpecifierForm::Shortest,
    ending: SpecifierEnding::Auto,
};

const fn form(form: SpecifierForm) -> SpecifierPreferences {
    SpecifierPreferences {
        form,
        ending: SpecifierEnding::Auto,
    }
}

const fn ending(ending: SpecifierEnding) -> SpecifierPreferences {
    SpecifierPreferences {
        form: SpecifierForm::Shortest,
        ending,
    }
}

#[track_caller]
fn check(options: &str, files: &[(&str, &str)], rows: &[Row<'_>]) {
    let folder = Folder::new(files);
    folder.write(
        "tsconfig.json",
        &format!("{{\"compilerOptions\": {{{options}}}}}"),
    );
    let (project, _) = Project::load(&folder.at("tsconfig.json"));
    for (from, to, existing, preferences, expected) in rows {
        let (from, to) = (folder.at(from), folder.at(to));
        let found = project.specifiers(&from, &to, existing, *preferences);
        assert_eq!(
            found, *expected,
            "{to:?} in {from:?} with {options}, {existing:?}, {preferences:?}"
        );
        for specifier in found {
            assert_eq!(
                project
                    .resolve(&from, &specifier, ImportMode::Import)
                    .unwrap()
                    .path,
                to
            );
        }
    }
}

#[test]
fn paths_end_as_the_file_and_the_options_say() {
    let files = [
        ("a.ts", ""),
        ("d/index.ts", ""),
        ("e.ts", ""),
        ("e/index.ts", ""),
        ("f.tsx", ""),
        ("x.d.css.ts", ""),
        ("s/m.mts", ""),
    ];
    check(
        "",
        &files,
        &[
            ("m.ts", "a.ts", &[], PLAIN, &["./a"]),
            ("m.ts", "a.ts", &["./e.js"], PLAIN, &["./a.js"]),
            ("m.ts", "a.ts", &["react", "./e"], PLAIN, &["./a"]),
            ("m.ts", "a.ts", &["./a.js"], PLAIN, &["./a.js"]),
            ("m.ts", "d/index.ts", &[], PLAIN, &["./d"]),
            (
                "m.ts",
                "d/index.ts",
                &[],
                ending(SpecifierEnding::Index),
                &["./d/index"],
            ),
            (
                "m.ts",
                "d/index.ts",
                &[],
                ending(SpecifierEnding::Js),
                &["./d/index.js"],
            ),
            ("m.ts", "e/index.ts", &[], PLAIN, &["./e/index"]),
            ("d/m.ts", "d/index.ts", &[], PLAIN, &["."]),
            ("d/e/m.ts", "d/index.ts", &[], PLAIN, &[".."]),
            (
                "d/m.ts",
                "f.tsx",
                &[],
                ending(SpecifierEnding::Js),
                &["../f.js"],
            ),
            ("m.ts", "x.d.css.ts", &[], PLAIN, &["./x.css"]),
            ("m.ts", "s/m.mts", &[], PLAIN, &["./s/m.mjs"]),
        ],
    );
    check(
        r#""allowImportingTsExtensions": true"#,
        &files,
        &[
            ("m.ts", "a.ts", &[], PLAIN, &["./a"]),
            ("m.ts", "a.ts", &["./e.ts"], PLAIN, &["./a.ts"]),
        ],
    );
    check(
        r#""module": "nodenext""#,
        &files,
        &[
            ("m.mts", "a.ts", &[], PLAIN, &["./a.js"]),
            (
                "m.mts",
                "d/index.ts",
                &[],
                ending(SpecifierEnding::Minimal),
                &["./d/index.js"],
            ),
            ("m.cts", "a.ts", &[], PLAIN, &["./a"]),
        ],
    );
}

#[test]
fn options_give_names() {
    let files = [
        ("src/a/b.ts", ""),
        ("src/c.ts", ""),
        ("src/util/index.ts", ""),
        ("src/a/d.ts", ""),
    ];
    let paths = r#""paths": {"@/*": ["./src/*"], "~util": ["./src/util/index.ts"]}"#;
    check(
        paths,
        &files,
        &[
            ("src/a/m.ts", "src/a/b.ts", &[], PLAIN, &["./b"]),
            ("src/x/m.ts", "src/a/b.ts", &[], PLAIN, &["@/a/b"]),
            (
                "src/a/m.ts",
                "src/a/b.ts",
                &[],
                form(SpecifierForm::NonRelative),
                &["@/a/b"],
            ),
            (
                "src/x/m.ts",
                "src/a/b.ts",
                &[],
                form(SpecifierForm::Relative),
                &["../a/b"],
            ),
            (
                "src/x/m.ts",
                "src/a/b.ts",
                &[],
                form(SpecifierForm::ProjectRelative),
                &["../a/b"],
            ),
            (
                "src/x/m.ts",
                "src/util/index.ts",
                &[],
                form(SpecifierForm::NonRelative),
                &["@/util"],
            ),
        ],
    );
    check(
        r#""baseUrl": "src""#,
        &files,
        &[("src/x/m.ts", "src/a/b.ts", &[], PLAIN, &["a/b"])],
    );
    check(
        r#""rootDirs": ["src/a", "src/util"]"#,
        &files,
        &[("src/util/m.ts", "src/a/b.ts", &[], PLAIN, &["./b"])],
    );
}

#[test]
fn packages_by_name_if_they_let() {
    let files: &[(&str, &str)] = &[
        ("package.json", r##"{"imports": {"#in/*": "./src/*.ts"}}"##),
        ("src/deep/x.ts", ""),
        (
            "node_modules/p/package.json",
            r#"{"types": "lib/main.d.ts"}"#,
        ),
        ("node_modules/p/lib/main.d.ts", ""),
        ("node_modules/p/sub.d.ts", ""),
        ("node_modules/p/dir/index.d.ts", ""),
        (
            "node_modules/@s/e/package.json",
            r#"{"exports": {".": {"types": "./d/i.d.ts"}, "./f/*": {"types": "./d/*.d.ts"}, "./g": "./g.js"}}"#,
        ),
        ("node_modules/@s/e/d/i.d.ts", ""),
        ("node_modules/@s/e/d/k.d.ts", ""),
        ("node_modules/@s/e/g.d.ts", ""),
        ("node_modules/@s/e/hidden.d.ts", ""),
        ("node_modules/@types/q/index.d.ts", ""),
        (
            "node_modules/@types/s__q/package.json",
            r#"{"types": "index.d.ts"}"#,
        ),
        ("node_modules/@types/s__q/index.d.ts", ""),
        ("other/node_modules/far/index.d.ts", ""),
    ];
    check(
        "",
        files,
        &[
            ("m.ts", "node_modules/p/lib/main.d.ts", &[], PLAIN, &["p"]),
            ("m.ts", "node_modules/p/sub.d.ts", &[], PLAIN, &["p/sub"]),
            (
                "m.ts",
                "node_modules/p/dir/index.d.ts",
                &[],
                PLAIN,
                &["p/dir"],
            ),
            (
                "m.ts",
                "node_modules/p/sub.d.ts",
                &["./a.js"],
                PLAIN,
                &["p/sub.js"],
            ),
            ("m.ts", "node_modules/@s/e/d/i.d.ts", &[], PLAIN, &["@s/e"]),
            (
                "m.ts",
                "node_modules/@s/e/d/k.d.ts",
                &[],
                PLAIN,
                &["@s/e/f/k"],
            ),
            ("m.ts", "node_modules/@s/e/g.d.ts", &[], PLAIN, &["@s/e/g"]),
            (
                "m.ts",
                "node_modules/@types/q/index.d.ts",
                &[],
                PLAIN,
                &["q"],
            ),
            (
                "m.ts",
                "node_modules/@types/s__q/index.d.ts",
                &[],
                PLAIN,
                &["@s/q"],
            ),
            (
                "m.ts",
                "src/deep/x.ts",
                &[],
                form(SpecifierForm::NonRelative),
                &["#in/deep/x"],
            ),
        ],
    );
}

#[cfg(unix)]
#[test]
fn linked_packages_by_name() {
    let folder = Folder::new(&[
        ("app/tsconfig.json", "{}"),
        ("app/package.json", r#"{"dependencies": {"lib": "*"}}"#),
        ("app/node_modules/x", ""),
        (
            "lib/package.json",
            r#"{"name": "lib", "exports": {".": "./src/index.ts", "./*": "./src/*.ts"}}"#,
        ),
        ("lib/src/index.ts", ""),
        ("lib/src/sub.ts", ""),
    ]);
    std::os::unix::fs::symlink(folder.at("lib"), folder.at("app/node_modules/lib")).unwrap();
    let (project, _) = Project::load(&folder.at("app/tsconfig.json"));
    let ask =
        |from: &str, to: &str| project.specifiers(&folder.at(from), &folder.at(to), &[], PLAIN);
    assert_eq!(ask("app/m.ts", "lib/src/index.ts"), ["lib"]);
    assert_eq!(ask("app/m.ts", "lib/src/sub.ts"), ["lib/sub"]);
    assert_eq!(ask("lib/src/m.ts", "lib/src/sub.ts"), ["./sub"]);
}
