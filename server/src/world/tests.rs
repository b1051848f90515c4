//! Resolution and specifiers on a real disk.

use std::fs;
use std::path::Path;

use super::*;

fn world(files: &[(&str, &str)]) -> (tempfile::TempDir, World) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let world = World::new(Arc::default());
    world.set_folders(std::slice::from_ref(&root), None);
    (folder, world)
}

fn id(world: &World, folder: &tempfile::TempDir, path: &str) -> FileId {
    let root = folder.path().canonicalize().unwrap();
    world.paths.intern(VfsPath::file(&root.join(path)))
}

#[test]
fn a_specifier_leads_back() {
    let (folder, world) = world(&[
        (
            "tsconfig.json",
            r#"{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler" }, "include": ["src"] }"#,
        ),
        ("src/a.ts", "export const a = 1"),
        ("src/deep/b.ts", ""),
    ]);
    let (a, b) = (
        id(&world, &folder, "src/a.ts"),
        id(&world, &folder, "src/deep/b.ts"),
    );
    assert_eq!(world.specifiers(b, a, &[]), ["../a"]);
    assert_eq!(world.resolve(b, "../a", ResolveKind::Import), Some(a));
    assert_eq!(world.language(a), Some(Language::TypeScript));
    assert_eq!(world.read(a).as_deref(), Some("export const a = 1"));
}

#[test]
fn files_of_packages_are_of_the_project_that_installed_them() {
    let (folder, world) = world(&[
        ("tsconfig.json", "{}"),
        ("src/a.ts", ""),
        (
            "node_modules/p/package.json",
            r#"{ "types": "index.d.ts" }"#,
        ),
        ("node_modules/p/index.d.ts", ""),
        ("node_modules/p/tsconfig.json", "{}"),
        ("package.json", r#"{ "dependencies": { "p": "1" } }"#),
    ]);
    let root = folder.path().canonicalize().unwrap();
    let number = |path: &str| world.number_of(&root.join(path));
    assert_eq!(number("src/a.ts"), number("node_modules/p/index.d.ts"));
    let a = id(&world, &folder, "src/a.ts");
    let p = id(&world, &folder, "node_modules/p/index.d.ts");
    assert_eq!(world.importable_packages(a), [("p".to_owned(), p)]);
    assert_eq!(world.path_entries(a, "./"), []);
    assert!(!world.path_entries(a, "").is_empty());
    assert!(Path::new(&world.file_name(a).unwrap()).ends_with("a"));
}

#[test]
fn a_changed_configuration_changes_its_project_alone() {
    let (folder, world) = world(&[
        ("a/tsconfig.json", "{}"),
        ("a/x.ts", ""),
        ("b/tsconfig.json", "{}"),
        ("b/y.ts", ""),
    ]);
    let root = folder.path().canonicalize().unwrap();
    let [a, b] = ["a/x.ts", "b/y.ts"].map(|path| world.number_of(&root.join(path)));
    assert_ne!(a, b);
    let config = root.join("a/tsconfig.json");
    fs::write(&config, r#"{ "compilerOptions": { "jsx": "react" } }"#).unwrap();
    assert_eq!(world.configs_changed(std::slice::from_ref(&config)), [a]);
    assert!(world.data(a).options.classic_jsx);
    assert!(!world.data(b).options.classic_jsx);
}
