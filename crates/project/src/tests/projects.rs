//! Which project a file is of, and which projects a change makes anew.

use super::Folder;
use crate::{ImportMode, Projects};
use std::sync::Arc;

fn workspace() -> Folder {
    Folder::new(&[
        (
            "tsconfig.json",
            r#"{"files": [], "references": [{"path": "app"}, {"path": "lib/tsconfig.lib.json"}]}"#,
        ),
        (
            "app/tsconfig.json",
            r#"{"extends": "../base.json", "include": ["src"]}"#,
        ),
        (
            "lib/tsconfig.lib.json",
            r#"{"compilerOptions": {"composite": true}, "include": ["**/*"]}"#,
        ),
        ("base.json", "{}"),
        ("js/jsconfig.json", "{}"),
        (
            "app/package.json",
            r#"{"dependencies": {"b": "1", "a": "1"}, "devDependencies": {"c": "1"}}"#,
        ),
        ("package.json", r#"{"peerDependencies": {"p": "1"}}"#),
        ("node_modules/x/tsconfig.json", "{}"),
    ])
}

#[test]
fn the_project_of_a_file() {
    let folder = workspace();
    let projects = Projects::new(vec![folder.at(".")]);
    for (file, config) in [
        ("app/src/a.ts", "app/tsconfig.json"),
        ("app/test/a.ts", "app/tsconfig.json"),
        ("lib/a.ts", "lib/tsconfig.lib.json"),
        ("js/a.js", "js/jsconfig.json"),
        ("loose.ts", "app/tsconfig.json"),
        ("node_modules/x/a.ts", "app/tsconfig.json"),
    ] {
        let project = projects.project_of(&folder.at(file));
        assert_eq!(
            folder.name(project.config_path().unwrap()),
            config,
            "{file}"
        );
    }
    let outside = Folder::new(&[("a.ts", "")]);
    assert!(
        projects
            .project_of(&outside.at("a.ts"))
            .config_path()
            .is_none()
    );
    assert!(projects.project_of(&folder.at("lib/a.ts")).is_composite());
}

#[test]
fn dependencies_of_all_packages_upwards() {
    let folder = workspace();
    let project = Projects::new(vec![folder.at(".")]).project_of(&folder.at("app/src/a.ts"));
    assert_eq!(
        project.dependencies(&folder.at("app/src/a.ts")),
        ["a", "b", "c", "p"]
    );
}

#[test]
fn no_package_depends_on_itself() {
    let folder = Folder::new(&[
        (
            "package.json",
            r#"{"dependencies": {"own": "1", "a": "1"}}"#,
        ),
        ("own/package.json", r#"{"name": "own"}"#),
    ]);
    let project = Projects::new(vec![folder.at(".")]).project_of(&folder.at("own/a.ts"));
    assert_eq!(project.dependencies(&folder.at("own/a.ts")), ["a"]);
}

#[test]
fn a_change_makes_only_its_own_project_anew() {
    let folder = workspace();
    let projects = Projects::new(vec![folder.at(".")]);
    let of = |file: &str| projects.project_of(&folder.at(file));
    let (app, lib, js) = (of("app/src/a.ts"), of("lib/a.ts"), of("js/a.js"));
    // A comment means nothing.
    let base = folder.write("base.json", "{ /* the same */ }");
    assert!(projects.changed(std::slice::from_ref(&base)).is_empty());
    assert!(Arc::ptr_eq(&app, &of("app/src/a.ts")));
    // An extended configuration means those that extend it.
    folder.write("base.json", r#"{"compilerOptions": {"jsx": "preserve"}}"#);
    let changes = projects.changed(std::slice::from_ref(&base));
    assert_eq!(changes.len(), 1);
    assert!(Arc::ptr_eq(&changes[0].old, &app));
    assert!(Arc::ptr_eq(
        changes[0].new.as_ref().unwrap(),
        &of("app/src/a.ts")
    ));
    assert!(Arc::ptr_eq(&lib, &of("lib/a.ts")) && Arc::ptr_eq(&js, &of("js/a.js")));
    // In the middle of an edit nothing changes.
    let app = of("app/src/a.ts");
    folder.write("app/tsconfig.json", "{\"compilerOptions\": ");
    assert!(
        projects
            .changed(&[folder.at("app/tsconfig.json")])
            .is_empty()
    );
    assert!(Arc::ptr_eq(&app, &of("app/src/a.ts")));
    assert!(!projects.problems().is_empty());
}

#[test]
fn configurations_come_and_go() {
    let folder = workspace();
    let projects = Projects::new(vec![folder.at(".")]);
    let config = |file: &str| {
        projects
            .project_of(&folder.at(file))
            .config_path()
            .map(|it| folder.name(it))
    };
    assert_eq!(config("app/src/a.ts").unwrap(), "app/tsconfig.json");
    let removed = folder.remove("app/tsconfig.json");
    let changes = projects.changed(&[removed]);
    assert!(changes.iter().any(|it| it.new.is_none()), "{changes:?}");
    assert_eq!(config("app/src/a.ts").unwrap(), "lib/tsconfig.lib.json");
    let made = folder.write("app/src/tsconfig.json", "{}");
    assert!(projects.changed(&[made]).is_empty());
    assert_eq!(config("app/src/a.ts").unwrap(), "app/src/tsconfig.json");
}

#[test]
fn a_package_manifest_means_those_that_asked_for_it() {
    let folder = workspace();
    folder.write("node_modules/dep/package.json", r#"{"types": "a.d.ts"}"#);
    folder.write("node_modules/dep/a.d.ts", "");
    folder.write("node_modules/dep/b.d.ts", "");
    let projects = Projects::new(vec![folder.at(".")]);
    let resolve = |file: &str| {
        let file = folder.at(file);
        projects
            .project_of(&file)
            .resolve(&file, "dep", ImportMode::Import)
            .map(|it| folder.name(&it.path))
    };
    let js = projects.project_of(&folder.at("js/a.js"));
    assert_eq!(resolve("app/src/a.ts").unwrap(), "node_modules/dep/a.d.ts");
    let manifest = folder.write("node_modules/dep/package.json", r#"{"types": "b.d.ts"}"#);
    assert_eq!(projects.changed(&[manifest]).len(), 1);
    assert_eq!(resolve("app/src/a.ts").unwrap(), "node_modules/dep/b.d.ts");
    assert!(Arc::ptr_eq(
        &js,
        &projects.project_of(&folder.at("js/a.js"))
    ));
}

#[test]
fn siblings_without_node_modules() {
    let folder = Folder::new(&[
        (
            "package.json",
            r#"{"workspaces": ["packages/*", "!packages/not"]}"#,
        ),
        (
            "pnpm-workspace.yaml",
            "packages:\n  # those\n  - 'tools/**' # all\n\ncatalog:\n  - x\n",
        ),
        ("packages/app/tsconfig.json", "{}"),
        (
            "packages/built/package.json",
            r#"{"name": "@s/built", "types": "types.d.ts"}"#,
        ),
        ("packages/built/types.d.ts", ""),
        (
            "packages/lib/package.json",
            r#"{"name": "@s/lib", "exports": {".": "./dist/main.js", "./x/*": {"types": "./dist/*.d.ts"}}}"#,
        ),
        ("packages/lib/src/main.ts", ""),
        ("packages/lib/src/deep.tsx", ""),
        ("packages/not/package.json", r#"{"name": "not"}"#),
        ("packages/not/index.ts", ""),
        ("tools/a/b/package.json", r#"{"name": "tool"}"#),
        ("tools/a/b/src/index.ts", ""),
        ("tools/a/b/src/sub.ts", ""),
    ]);
    let projects = Projects::new(vec![folder.at(".")]);
    let resolve = |specifier: &str| {
        let file = folder.at("packages/app/a.ts");
        projects
            .project_of(&file)
            .resolve(&file, specifier, ImportMode::Import)
            .map(|it| folder.name(&it.path))
    };
    for (specifier, file) in [
        ("@s/built", Some("packages/built/types.d.ts")),
        ("@s/lib", Some("packages/lib/src/main.ts")),
        ("@s/lib/x/deep", Some("packages/lib/src/deep.tsx")),
        ("@s/lib/src/deep", None),
        ("tool", Some("tools/a/b/src/index.ts")),
        ("tool/sub", Some("tools/a/b/src/sub.ts")),
        ("not", None),
        ("new", None),
    ] {
        assert_eq!(resolve(specifier).as_deref(), file, "{specifier}");
    }
    let made = folder.write("packages/new/package.json", r#"{"name": "new"}"#);
    folder.write("packages/new/index.ts", "");
    assert_eq!(projects.changed(&[made]).len(), 1);
    assert_eq!(resolve("new").as_deref(), Some("packages/new/index.ts"));
}
