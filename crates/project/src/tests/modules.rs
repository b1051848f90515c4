//! Resolution: what a specifier leads to under each option.

use super::Folder;
use crate::{ImportMode, Project};

/// Options, files, and for each (importing file, specifier) the file it leads to.
type Case<'c> = (
    &'c str,
    &'c [(&'c str, &'c str)],
    &'c [(&'c str, &'c str, Option<&'c str>)],
);

#[track_caller]
fn check((options, files, asked): Case<'_>) {
    let folder = Folder::new(files);
    folder.write(
        "tsconfig.json",
        &format!("{{\"compilerOptions\": {{{options}}}}}"),
    );
    let (project, problems) = Project::load(&folder.at("tsconfig.json"));
    assert_eq!(problems, []);
    for (from, specifier, expected) in asked {
        let found = project.resolve(&folder.at(from), specifier, ImportMode::Import);
        let found = found.map(|it| folder.name(&it.path));
        assert_eq!(
            found.as_deref(),
            *expected,
            "{specifier} in {from} with {options}"
        );
    }
}

#[test]
fn relative_specifiers() {
    check((
        "",
        &[
            ("a.ts", ""),
            ("b.tsx", ""),
            ("c.d.ts", ""),
            ("d.js", ""),
            ("e/index.ts", ""),
            ("f.mts", ""),
            ("g.json", ""),
            ("h.css", ""),
            ("h.d.css.ts", ""),
            ("i.ts", ""),
            ("i.js", ""),
            ("j.js", ""),
            ("j/index.ts", ""),
            ("k.x.ts", ""),
        ],
        &[
            ("m.ts", "./a", Some("a.ts")),
            ("m.ts", "./a.js", Some("a.ts")),
            ("m.ts", "./a.ts", Some("a.ts")),
            ("m.ts", "./b", Some("b.tsx")),
            ("m.ts", "./b.jsx", Some("b.tsx")),
            ("m.ts", "./c", Some("c.d.ts")),
            ("m.ts", "./d", Some("d.js")),
            ("m.ts", "./d.js", Some("d.js")),
            ("m.ts", "./e", Some("e/index.ts")),
            ("e/x.ts", ".", Some("e/index.ts")),
            ("e/x.ts", "./", Some("e/index.ts")),
            ("e/x.ts", "../a", Some("a.ts")),
            ("m.ts", "./f.mjs", Some("f.mts")),
            ("m.ts", "./f", None),
            ("m.ts", "./g.json", Some("g.json")),
            ("m.ts", "./h.css", Some("h.d.css.ts")),
            ("m.ts", "./i.js", Some("i.ts")),
            ("m.ts", "./j", Some("j.js")),
            ("m.ts", "./k.x", Some("k.x.ts")),
            ("m.ts", "./a?raw", None),
            ("m.ts", "", None),
        ],
    ));
    check((
        r#""resolveJsonModule": false"#,
        &[("g.json", "")],
        &[("m.ts", "./g.json", None)],
    ));
    let suffixes = r#""moduleSuffixes": [".ios", ""]"#;
    check((
        suffixes,
        &[("a.ios.ts", ""), ("a.ts", ""), ("b.ts", "")],
        &[
            ("m.ts", "./a", Some("a.ios.ts")),
            ("m.ts", "./b", Some("b.ts")),
        ],
    ));
}

#[test]
fn options_that_map() {
    check((
        r#""paths": {"@/*": ["./src/*", "./more/*"], "@/x": ["./x.ts"], "lib": ["./types/lib.d.ts"], "*": ["./any/*"]}"#,
        &[
            ("src/a.ts", ""),
            ("more/b.ts", ""),
            ("x.ts", ""),
            ("types/lib.d.ts", ""),
            ("any/c/index.ts", ""),
        ],
        &[
            ("m.ts", "@/a", Some("src/a.ts")),
            ("m.ts", "@/a.js", Some("src/a.ts")),
            ("m.ts", "@/b", Some("more/b.ts")),
            ("m.ts", "@/x", Some("x.ts")),
            ("m.ts", "lib", Some("types/lib.d.ts")),
            ("m.ts", "c", Some("any/c/index.ts")),
            ("m.ts", "@/none", None),
        ],
    ));
    check((
        r#""baseUrl": "src", "paths": {"p": ["q"]}"#,
        &[("src/a.ts", ""), ("src/q.ts", "")],
        &[
            ("m.ts", "a", Some("src/a.ts")),
            ("m.ts", "p", Some("src/q.ts")),
        ],
    ));
    check((
        r#""rootDirs": ["src", "made", "src/deep"]"#,
        &[("made/a.ts", ""), ("src/b.ts", ""), ("made/c.ts", "")],
        &[
            ("src/m.ts", "./a", Some("made/a.ts")),
            ("made/m.ts", "./b", Some("src/b.ts")),
            ("src/deep/m.ts", "./c", Some("made/c.ts")),
        ],
    ));
}

#[test]
fn packages() {
    let files: &[(&str, &str)] = &[
        (
            "node_modules/typed/package.json",
            r#"{"types": "./t.d.ts", "main": "m.js"}"#,
        ),
        ("node_modules/typed/t.d.ts", ""),
        ("node_modules/typed/m.js", ""),
        ("node_modules/typed/sub.d.ts", ""),
        ("node_modules/mained/package.json", r#"{"main": "lib"}"#),
        ("node_modules/mained/lib/index.d.ts", ""),
        ("node_modules/bare/index.js", ""),
        ("node_modules/@types/bare/index.d.ts", ""),
        ("node_modules/@s/x/index.js", ""),
        ("node_modules/@types/s__x/index.d.ts", ""),
        ("node_modules/untyped/index.js", ""),
        (
            "node_modules/exp/package.json",
            r#"{"types": "no.d.ts", "exports": {".": {"types@<=3": "./old.d.ts", "types": "./gone.d.ts", "custom": "./custom.js", "import": "./i.mjs", "require": "./r.cjs"}, "./f/*": "./src/*.js", "./f/x/*": null, "./d/": "./dir/", "./a": ["./none.js", "./a.js"], "./up": "../typed/t.d.ts"}}"#,
        ),
        ("node_modules/exp/i.d.mts", ""),
        ("node_modules/exp/r.d.cts", ""),
        ("node_modules/exp/src/z.ts", ""),
        ("node_modules/exp/custom.d.ts", ""),
        ("node_modules/exp/src/x/z.ts", ""),
        ("node_modules/exp/dir/q.d.ts", ""),
        ("node_modules/exp/a.d.ts", ""),
        ("node_modules/exp/no.d.ts", ""),
        (
            "node_modules/ver/package.json",
            r#"{"types": "index.d.ts", "typesVersions": {"<4": {"*": ["old/*"]}, ">=4": {"*": ["new/*"]}}}"#,
        ),
        ("node_modules/ver/new/index.d.ts", ""),
        ("node_modules/ver/new/sub.d.ts", ""),
        ("node_modules/ver/index.d.ts", ""),
        ("src/node_modules/typed/index.js", ""),
    ];
    check((
        "",
        files,
        &[
            ("m.ts", "typed", Some("node_modules/typed/t.d.ts")),
            ("src/m.ts", "typed", Some("node_modules/typed/t.d.ts")),
            ("m.ts", "typed/sub", Some("node_modules/typed/sub.d.ts")),
            ("m.ts", "typed/sub.js", Some("node_modules/typed/sub.d.ts")),
            ("m.ts", "mained", Some("node_modules/mained/lib/index.d.ts")),
            ("m.ts", "bare", Some("node_modules/@types/bare/index.d.ts")),
            ("m.ts", "@s/x", Some("node_modules/@types/s__x/index.d.ts")),
            ("m.ts", "untyped", Some("node_modules/untyped/index.js")),
            ("m.ts", "exp", Some("node_modules/exp/i.d.mts")),
            ("m.ts", "exp/f/z", Some("node_modules/exp/src/z.ts")),
            ("m.ts", "exp/f/x/z", None),
            ("m.ts", "exp/d/q.js", Some("node_modules/exp/dir/q.d.ts")),
            ("m.ts", "exp/a", Some("node_modules/exp/a.d.ts")),
            ("m.ts", "exp/no", None),
            ("m.ts", "exp/up", None),
            ("m.ts", "ver", Some("node_modules/ver/new/index.d.ts")),
            ("m.ts", "ver/sub", Some("node_modules/ver/new/sub.d.ts")),
            ("m.ts", "node:fs", None),
            ("m.ts", "fs", None),
            (
                "m.ts",
                "@types/bare",
                Some("node_modules/@types/bare/index.d.ts"),
            ),
        ],
    ));
    check((
        r#""customConditions": ["custom"]"#,
        files,
        &[("m.ts", "exp", Some("node_modules/exp/custom.d.ts"))],
    ));
    check((
        r#""moduleResolution": "node10""#,
        files,
        &[
            ("m.ts", "exp", Some("node_modules/exp/no.d.ts")),
            ("m.ts", "exp/dir/q", Some("node_modules/exp/dir/q.d.ts")),
            ("m.ts", "bare", Some("node_modules/@types/bare/index.d.ts")),
        ],
    ));
    check((
        r#""moduleResolution": "classic""#,
        &[
            ("src/m.ts", ""),
            ("up.ts", ""),
            ("node_modules/p/index.d.ts", ""),
        ],
        &[
            ("src/deep/m.ts", "up", Some("up.ts")),
            ("src/m.ts", "p", None),
        ],
    ));
}

#[test]
fn formats_of_node() {
    check((
        r#""module": "nodenext""#,
        &[
            (
                "package.json",
                r##"{"name": "own", "type": "module", "exports": {".": "./src/main.js", "./x": "./dist/x.js"}, "imports": {"#in/*": "./src/*.js", "#dep": "dep"}}"##,
            ),
            ("src/main.ts", ""),
            ("src/a.ts", ""),
            ("src/d/index.ts", ""),
            ("src/x.ts", ""),
            (
                "node_modules/dep/package.json",
                r#"{"exports": {"import": {"types": "./i.d.mts"}, "require": {"types": "./r.d.cts"}}}"#,
            ),
            ("node_modules/dep/i.d.mts", ""),
            ("node_modules/dep/r.d.cts", ""),
            ("node_modules/old/package.json", r#"{"main": "./main"}"#),
            ("node_modules/old/main.d.ts", ""),
            ("node_modules/old/sub.d.ts", ""),
        ],
        &[
            ("m.ts", "./src/a", None),
            ("m.ts", "./src/a.js", Some("src/a.ts")),
            ("m.ts", "./src/d", None),
            ("m.cts", "./src/a", Some("src/a.ts")),
            ("m.cts", "./src/d", Some("src/d/index.ts")),
            ("m.ts", "dep", Some("node_modules/dep/i.d.mts")),
            ("m.cts", "dep", Some("node_modules/dep/r.d.cts")),
            ("m.ts", "own", Some("src/main.ts")),
            ("src/m.ts", "#in/a", Some("src/a.ts")),
            ("m.ts", "#dep", Some("node_modules/dep/i.d.mts")),
            ("m.ts", "old", Some("node_modules/old/main.d.ts")),
            ("m.ts", "old/sub", None),
            ("m.cts", "old/sub", Some("node_modules/old/sub.d.ts")),
            ("m.ts", "own/x", None),
            ("m.ts", "#none", None),
        ],
    ));
    check((
        r#""module": "nodenext", "outDir": "dist", "rootDir": "src""#,
        &[
            (
                "package.json",
                r#"{"name": "own", "exports": {"./x": "./dist/x.js"}}"#,
            ),
            ("src/x.ts", ""),
        ],
        &[("src/m.ts", "own/x", Some("src/x.ts"))],
    ));
}

#[test]
fn bundlers_go_by_how_a_file_is_written_out() {
    let files: &[(&str, &str)] = &[
        (
            "node_modules/dep/package.json",
            r#"{"exports": {"import": "./i.mjs", "require": "./r.cjs"}}"#,
        ),
        ("node_modules/dep/i.d.mts", ""),
        ("node_modules/dep/r.d.cts", ""),
    ];
    let (import, require) = (
        Some("node_modules/dep/i.d.mts"),
        Some("node_modules/dep/r.d.cts"),
    );
    check((
        "",
        files,
        &[
            ("m.ts", "dep", import),
            ("m.cts", "dep", require),
            ("m.mts", "dep", import),
        ],
    ));
    let commonjs = r#""module": "commonjs""#;
    check((
        commonjs,
        files,
        &[
            ("m.ts", "dep", require),
            ("m.cts", "dep", require),
            ("m.mts", "dep", import),
        ],
    ));
}

#[test]
fn circles_of_imports_end() {
    check((
        "",
        &[(
            "package.json",
            r##"{"name": "own", "imports": {"#a": "#b", "#b": "#a"}}"##,
        )],
        &[("m.ts", "#a", None)],
    ));
}

#[cfg(unix)]
#[test]
fn links_of_packages_are_followed() {
    let folder = Folder::new(&[
        ("tsconfig.json", "{}"),
        (
            "packages/lib/package.json",
            r#"{"name": "@s/lib", "types": "src/index.ts"}"#,
        ),
        ("packages/lib/src/index.ts", ""),
        ("node_modules/@s/x", ""),
    ]);
    std::os::unix::fs::symlink(folder.at("packages/lib"), folder.at("node_modules/@s/lib"))
        .unwrap();
    let (project, _) = Project::load(&folder.at("tsconfig.json"));
    let found = project
        .resolve(&folder.at("a.ts"), "@s/lib", ImportMode::Import)
        .unwrap();
    assert_eq!(found.path, folder.at("packages/lib/src/index.ts"));
    let package = found.package.unwrap();
    assert_eq!(
        (package.name.as_str(), package.root),
        ("@s/lib", folder.at("packages/lib"))
    );
}

#[test]
fn new_files_are_seen_after_clearing() {
    let folder = Folder::new(&[("tsconfig.json", "{}")]);
    let (project, _) = Project::load(&folder.at("tsconfig.json"));
    let resolve = || project.resolve(&folder.at("m.ts"), "./a", ImportMode::Import);
    assert_eq!(resolve(), None);
    folder.write("a.ts", "");
    assert_eq!(resolve(), None);
    project.clear_cache();
    assert!(resolve().is_some());
}

#[test]
fn types_without_an_import() {
    let files: &[(&str, &str)] = &[
        (
            "node_modules/@types/node/package.json",
            r#"{"types": "index.d.ts"}"#,
        ),
        ("node_modules/@types/node/index.d.ts", ""),
        ("node_modules/@types/node/fs.d.ts", ""),
        (
            "node_modules/@types/empty/package.json",
            r#"{"typings": null}"#,
        ),
        ("node_modules/@types/jest/index.d.ts", ""),
        (
            "node_modules/vite/package.json",
            r#"{"exports": {"./client": {"types": "./client.d.ts"}}}"#,
        ),
        ("node_modules/vite/client.d.ts", ""),
        ("own/mine/index.d.ts", ""),
        ("own/single.d.ts", ""),
    ];
    for (options, expected) in [
        (
            "",
            &[
                "node_modules/@types/jest/index.d.ts",
                "node_modules/@types/node/index.d.ts",
            ][..],
        ),
        (r#""types": []"#, &[]),
        (
            r#""types": ["node", "vite/client"]"#,
            &[
                "node_modules/@types/node/index.d.ts",
                "node_modules/vite/client.d.ts",
            ],
        ),
        (r#""typeRoots": ["own"]"#, &["own/mine/index.d.ts"]),
        (
            r#""typeRoots": ["own"], "types": ["single", "*"]"#,
            &["own/single.d.ts", "own/mine/index.d.ts"],
        ),
    ] {
        let folder = Folder::new(files);
        folder.write(
            "tsconfig.json",
            &format!("{{\"compilerOptions\": {{{options}}}}}"),
        );
        let (project, _) = Project::load(&folder.at("tsconfig.json"));
        let found: Vec<_> = project
            .type_entries()
            .iter()
            .map(|it| folder.name(it))
            .collect();
        assert_eq!(found, expected, "{options}");
    }
}
