//! The file that `symphony config set` writes.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::{StoreError, set, setting, unset};

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("deep").join("settings.toml");
    if !text.is_empty() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    (folder, path)
}

#[test]
fn one_key_changes_and_comments_stay() {
    let (_folder, path) = file("");
    let tau = setting("inlineCompletion.tau").unwrap();
    set(&path, tau, "0.25").unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "[inlineCompletion]\ntau = 0.25\n"
    );

    let (_folder, path) =
        file("# mine\n[inlineCompletion] # here\ntau = 0.1 # low\nenabled = true\n");
    set(&path, tau, "0.75").unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "# mine\n[inlineCompletion] # here\ntau = 0.75 # low\nenabled = true\n"
    );
    assert!(unset(&path, tau).unwrap());
    assert!(!unset(&path, tau).unwrap());
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "# mine\n[inlineCompletion] # here\nenabled = true\n");

    let list = setting("instruments").unwrap();
    set(
        &path,
        list,
        "[{ name = 'a', kind = 'ollama', model = 'm' }]",
    )
    .unwrap();
    set(&path, setting("conductor.python").unwrap(), "~/python").unwrap();
    let layer = crate::Layer::from_toml(
        &fs::read_to_string(&path).unwrap(),
        crate::Source::Stored,
        &path,
    )
    .unwrap();
    assert_eq!(layer.problems, []);
    assert_eq!(layer.get("instruments").unwrap().value[0]["model"], "m");
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("python = \"~/python\"")
    );
}

#[test]
fn nothing_is_written_over_a_broken_file_or_with_a_wrong_value() {
    let (_folder, path) = file("[inlineCompletion\n");
    let tau = setting("inlineCompletion.tau").unwrap();
    assert!(matches!(set(&path, tau, "2"), Err(StoreError::Value(_))));
    let error = set(&path, tau, "0.5").unwrap_err();
    assert!(matches!(&error, StoreError::Broken(problems) if problems.len() == 1));
    assert!(error.to_string().contains("settings.toml:1:"), "{error}");
    assert!(matches!(unset(&path, tau), Err(StoreError::Broken(_))));
    assert_eq!(fs::read_to_string(&path).unwrap(), "[inlineCompletion\n");
    let (_folder, path) = file("inlineCompletion = 1\n");
    assert!(matches!(
        set(&path, tau, "0.5"),
        Err(StoreError::NoTable { .. })
    ));
}
