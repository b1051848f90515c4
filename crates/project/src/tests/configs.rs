//! Options: defaults, `extends` of every kind, `${configDir}`, problems.

use super::Folder;
use crate::{Module, ModuleResolution, Options, Project, Target};

fn options(files: &[(&str, &str)]) -> (Folder, Options) {
    let folder = Folder::new(files);
    let (project, problems) = Project::load(&folder.at("tsconfig.json"));
    assert_eq!(problems, [], "{files:?}");
    let options = project.options().clone();
    (folder, options)
}

#[test]
fn defaults_follow_from_the_rest() {
    let table = [
        ("{}", Module::Es2022, ModuleResolution::Bundler),
        (
            r#"{"compilerOptions": {"module": "NodeNext"}}"#,
            Module::NodeNext,
            ModuleResolution::NodeNext,
        ),
        (
            r#"{"compilerOptions": {"module": "node18"}}"#,
            Module::Node18,
            ModuleResolution::Node16,
        ),
        (
            r#"{"compilerOptions": {"module": "amd"}}"#,
            Module::Amd,
            ModuleResolution::Classic,
        ),
        (
            r#"{"compilerOptions": {"target": "es5"}}"#,
            Module::CommonJs,
            ModuleResolution::Bundler,
        ),
        (
            r#"{"compilerOptions": {"target": "ES2020",}, /* c */}"#,
            Module::Es2020,
            ModuleResolution::Bundler,
        ),
        (
            r#"{"compilerOptions": {"module": "commonjs", "moduleResolution": "node"}}"#,
            Module::CommonJs,
            ModuleResolution::Node10,
        ),
    ];
    for (text, module, resolution) in table {
        let (_, options) = options(&[("tsconfig.json", text)]);
        assert_eq!(
            (options.module, options.module_resolution),
            (module, resolution),
            "{text}"
        );
    }
    let (_, options) = options(&[(
        "tsconfig.json",
        r#"{"compilerOptions": {"checkJs": true, "lib": ["DOM"]}}"#,
    )]);
    assert!(
        options.allow_js
            && options.strict
            && options.es_module_interop
            && options.resolve_json_module
    );
    assert_eq!(options.lib.unwrap(), ["dom"]);
}

#[test]
fn a_javascript_configuration_takes_javascript() {
    let folder = Folder::new(&[("jsconfig.json", "{}")]);
    let (project, _) = Project::load(&folder.at("jsconfig.json"));
    assert!(project.options().allow_js);
    assert!(project.contains(&folder.at("a.js")));
}

#[test]
fn later_extends_win_and_own_options_win_over_them() {
    let (folder, options) = options(&[
        (
            "tsconfig.json",
            r#"{"extends": ["./base/a", "./base/b.json"], "compilerOptions": {"strict": null}}"#,
        ),
        (
            "base/a.json",
            r#"{"compilerOptions": {"target": "es2017", "strict": false, "outDir": "out", "baseUrl": "."}}"#,
        ),
        (
            "base/b.json",
            r#"{"extends": "./deep/c", "compilerOptions": {"target": "es2019"}}"#,
        ),
        (
            "base/deep/c.json",
            r#"{"compilerOptions": {"typeRoots": ["./types", "${configDir}/own"]}}"#,
        ),
    ]);
    assert_eq!(options.target, Target::Es2019);
    assert!(options.strict);
    assert_eq!(options.out_dir.unwrap(), folder.at("base/out"));
    assert_eq!(options.base_url.unwrap(), folder.at("base"));
    assert_eq!(
        options.type_roots.unwrap(),
        [folder.at("base/deep/types"), folder.at("own")]
    );
}

#[test]
fn packages_can_be_extended() {
    let config = |target: &str| format!(r#"{{"compilerOptions": {{"target": "{target}"}}}}"#);
    let files = [
        ("node_modules/@scope/plain/tsconfig.json", config("es2016")),
        (
            "node_modules/named/package.json",
            r#"{"tsconfig": "./configs/main.json"}"#.to_owned(),
        ),
        ("node_modules/named/configs/main.json", config("es2017")),
        ("node_modules/named/other.json", config("es2018")),
        (
            "node_modules/exported/package.json",
            r#"{"exports": {"./*": "./configs/*.json"}}"#.to_owned(),
        ),
        ("node_modules/exported/configs/x.json", config("es2021")),
    ];
    for (extends, target) in [
        ("@scope/plain", Target::Es2016),
        ("@scope/plain/tsconfig.json", Target::Es2016),
        ("named", Target::Es2017),
        ("named/other", Target::Es2018),
        ("named/other.json", Target::Es2018),
        ("exported/x", Target::Es2021),
    ] {
        let own = format!(r#"{{"extends": "{extends}"}}"#);
        let mut all: Vec<(&str, &str)> = files
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        all.push(("tsconfig.json", &own));
        assert_eq!(options(&all).1.target, target, "{extends}");
    }
}

#[test]
fn inherited_files_stay_where_they_were_declared() {
    let folder = Folder::new(&[
        ("app/tsconfig.json", r#"{"extends": "../base.json"}"#),
        (
            "base.json",
            r#"{"include": ["src", "${configDir}/own"], "references": [{"path": "x"}]}"#,
        ),
    ]);
    let (project, _) = Project::load(&folder.at("app/tsconfig.json"));
    for (file, is_in) in [
        ("src/a.ts", true),
        ("app/src/a.ts", false),
        ("app/own/a.ts", true),
    ] {
        assert_eq!(project.contains(&folder.at(file)), is_in, "{file}");
    }
    assert!(project.references().is_empty());
    assert_eq!(
        project.inputs(),
        [folder.at("app/tsconfig.json"), folder.at("base.json")]
    );
}

#[test]
fn problems_say_where_and_leave_a_project() {
    let text = r#"{"extends": ["./gone", "./tsconfig.json"], "compilerOptions": {"target": "es1", "strict": 3}}"#;
    let folder = Folder::new(&[("tsconfig.json", text)]);
    let (project, problems) = Project::load(&folder.at("tsconfig.json"));
    let told: Vec<&str> = problems
        .iter()
        .map(|it| &text[it.range.clone().unwrap()])
        .collect();
    assert_eq!(told, ["\"./gone\"", "\"./tsconfig.json\"", "\"es1\"", "3"]);
    assert!(project.contains(&folder.at("a.ts")));
    assert!(project.inputs().contains(&folder.at("gone.json")));
    for text in [
        "{",
        "",
        "[]",
        "{\"compilerOptions\": []}",
        "\u{feff}{}",
        "{\"files\": 1}",
    ] {
        folder.write("tsconfig.json", text);
        let (project, _) = Project::load(&folder.at("tsconfig.json"));
        assert!(project.contains(&folder.at("a.ts")), "{text}");
    }
}

#[test]
fn libraries_by_name_and_by_target() {
    let lib = Folder::new(&[
        ("lib.es2020.promise.d.ts", ""),
        ("lib.es2024.full.d.ts", ""),
    ]);
    let table = [
        (r#""target": "es5""#, vec!["lib.d.ts"]),
        (r#""target": "es6""#, vec!["lib.es6.d.ts"]),
        (r#""target": "es2024""#, vec!["lib.es2024.full.d.ts"]),
        ("", vec!["lib.esnext.full.d.ts"]),
        (r#""noLib": true"#, vec![]),
        (
            r#""lib": ["ES6", "esnext.promise", "dom.iterable"]"#,
            vec![
                "lib.es2015.d.ts",
                "lib.es2020.promise.d.ts",
                "lib.dom.iterable.d.ts",
            ],
        ),
    ];
    for (text, expected) in table {
        let text = format!("{{\"compilerOptions\": {{{text}}}}}");
        let folder = Folder::new(&[("tsconfig.json", &text)]);
        let files = Project::load(&folder.at("tsconfig.json"))
            .0
            .lib_files(&lib.at("."));
        assert_eq!(
            files.iter().map(|it| lib.name(it)).collect::<Vec<_>>(),
            expected,
            "{text}"
        );
    }
}
