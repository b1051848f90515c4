//! `files`, `include`, `exclude`.

use super::Folder;
use crate::Project;

#[test]
fn file_sets_have_typescripts_rules() {
    let table: &[(&str, &[&str], &[&str])] = &[
        (
            "{}",
            &["a.ts", "b/c.tsx", "d.d.ts", "e.mts", "f.cts", "g.d.mts"],
            &[
                "a.js",
                "node_modules/x/a.ts",
                "b/bower_components/a.ts",
                ".hidden/a.ts",
                "a.css",
                "a.json",
            ],
        ),
        (
            r#"{"compilerOptions": {"outDir": "out"}}"#,
            &["a.ts", "other/out/a.ts"],
            &["out/a.d.ts"],
        ),
        (
            r#"{"compilerOptions": {"outDir": "out"}, "exclude": ["x"]}"#,
            &["out/a.d.ts"],
            &["x/a.ts", "x/y/a.ts"],
        ),
        (
            r#"{"compilerOptions": {"allowJs": true}}"#,
            &["a.js", "b.jsx", "c.mjs"],
            &["a.min.js", "made.js"],
        ),
        (
            r#"{"include": ["src"]}"#,
            &["src/a.ts", "src/b/c.ts"],
            &["a.ts", "srcs/a.ts"],
        ),
        (
            r#"{"include": ["./src/*"]}"#,
            &["src/a.ts"],
            &["src/b/c.ts", "src/.a.ts"],
        ),
        (
            r#"{"include": ["src/**/*.ts"]}"#,
            &["src/a.ts", "src/b/c/d.ts"],
            &["src/a.tsx", "src/node_modules/a.ts"],
        ),
        (
            r#"{"include": ["**/?.ts"]}"#,
            &["a.ts", "b/a.ts"],
            &["ab.ts", ".b/a.ts"],
        ),
        (
            r#"{"include": ["src/**/test/*"]}"#,
            &["src/test/a.ts", "src/a/test/b.ts"],
            &["src/a.ts"],
        ),
        (
            r#"{"include": ["node_modules/x/**/*"]}"#,
            &["node_modules/x/a.ts"],
            &["node_modules/y/a.ts"],
        ),
        (
            r#"{"include": ["../**/*"]}"#,
            &["a.ts", "../b/a.ts"],
            &["../node_modules/a.ts"],
        ),
        (r#"{"include": ["src/**"]}"#, &[], &["src/a.ts"]),
        (
            r#"{"files": ["a.ts", "b.js"]}"#,
            &["a.ts", "b.js"],
            &["c.ts"],
        ),
        (
            r#"{"files": ["a.ts"], "include": ["b"], "exclude": ["a.ts", "b/c"]}"#,
            &["a.ts", "b/a.ts"],
            &["b/c/a.ts"],
        ),
        (
            r#"{"exclude": ["**/*.spec.ts", "**/x"]}"#,
            &["a.ts"],
            &["a.spec.ts", "b/a.spec.ts", "b/x/a.ts"],
        ),
        (
            r#"{"include": ["*", "data/*.json"]}"#,
            &["a.ts", "data/a.json"],
            &["a.json"],
        ),
        (
            r#"{"include": ["**/.storybook/*", "*.*"]}"#,
            &[".storybook/a.ts", "b/.storybook/a.ts", ".a.ts"],
            &[".storybook/b/a.ts", ".b/.storybook/a.ts", "b/a.ts"],
        ),
        (
            r#"{"include": ["{a,b}/*", "[c]/*"]}"#,
            &["{a,b}/a.ts", "[c]/a.ts"],
            &["a/a.ts", "c/a.ts"],
        ),
        (
            r#"{"compilerOptions": {"allowJs": true}, "include": ["*.min.*", "b/*.js"]}"#,
            &["a.min.js", "b/a.js", "b/min.js"],
            &["b/a.min.js"],
        ),
        (
            r#"{"compilerOptions": {"resolveJsonModule": false}, "include": ["*.json"]}"#,
            &[],
            &["a.json"],
        ),
        (
            r#"{"include": ["**/../a.ts", "", "b"]}"#,
            &["b/a.ts"],
            &["a.ts"],
        ),
        (r#"{}"#, &["made.ts"], &["made.tsx", "made.d.ts"]),
        (r#"{"exclude": ["made.ts"]}"#, &["made.d.ts"], &["made.ts"]),
        (r#"{"files": [], "references": []}"#, &[], &["a.ts"]),
    ];
    for (text, inside, outside) in table {
        let folder = Folder::new(&[("p/tsconfig.json", text), ("p/made.ts", "")]);
        let (project, _) = Project::load(&folder.at("p/tsconfig.json"));
        for (files, is_in) in [(inside, true), (outside, false)] {
            for file in *files {
                assert_eq!(
                    project.contains(&folder.at(&format!("p/{file}"))),
                    is_in,
                    "{text} {file}"
                );
            }
        }
    }
}

#[test]
fn long_patterns_take_no_time() {
    let text = format!(r#"{{"include": ["{}*"]}}"#, "**/*a*/".repeat(40));
    let folder = Folder::new(&[("tsconfig.json", &text)]);
    let (project, _) = Project::load(&folder.at("tsconfig.json"));
    assert!(!project.contains(&folder.at(&format!("{}b", "aaaaaaaaaaaaaaaaaaaaaab/".repeat(60)))));
}
