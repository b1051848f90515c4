//! `symphony quest`: the game in a Python of this machine, found without the current folder having a say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use symphony_tests::{server_command, workspace_root};
use tempfile::TempDir;

use crate::support::has_python;

fn packages() -> PathBuf {
    workspace_root().join("python-models").join("src")
}

/// The binary itself, in `folder`, without any setting of this machine's user.
fn quest(binary: &Path, folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(binary);
    command.arg("quest").args(words).current_dir(folder);
    for name in ["SYMPHONY_PYTHON", "SYMPHONY_PYTHON_PACKAGE", "PYTHONPATH"] {
        command.env_remove(name);
    }
    command.env("SYMPHONY_CONDUCTOR_DIR", folder.join("state"));
    command.output().unwrap()
}

fn binary() -> PathBuf {
    PathBuf::from(server_command().get_program())
}

/// The checkout's packages.
fn ours(folder: &Path, words: &[&str]) -> Output {
    let packages = packages();
    let option = ["--package", packages.to_str().unwrap()];
    quest(&binary(), folder, &[&option, words].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

#[test]
fn nothing_in_the_current_folder_runs() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let trap =
        "import pathlib; pathlib.Path('sprung').write_text('')\nraise SystemExit('sprung')\n";
    for name in [
        "json.py",
        "argparse.py",
        "conductor.py",
        "quest.py",
        "sitecustomize.py",
    ] {
        fs::write(folder.path().join(name), trap).unwrap();
    }
    let output = ours(folder.path(), &["list", "--levels", "1-2"]);
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{errors}");
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(
        lines[0].contains("puzzle:") && lines[1].contains("code:"),
        "{told}"
    );
    assert!(!folder.path().join("sprung").exists());
}

#[test]
fn a_score_is_the_same_bytes_twice() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let score = || ours(folder.path(), &["score", "--levels", "1-2", "--seed", "7"]);
    let (first, second) = (score(), score());
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert_eq!(first.stdout, second.stdout);
    let told = text(&first.stdout);
    for name in ["trained", "random", "greedy", "static", "oracle"] {
        assert!(told.contains(name), "{told}");
    }
}

#[test]
fn a_level_is_shown_to_a_person() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let told = text(&ours(folder.path(), &["play", "--level", "2"]).stdout);
    for words in [
        "trained plays",
        "There are: 0 is the model",
        "of what the oracle gets",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn own_choices_are_learned_from_and_what_is_left_out_is_told_aside() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let state = folder.path().join("state");
    fs::create_dir(&state).unwrap();
    let event = r#"{"surroundings":0,"prefix":2,"suffix_chars":0,"kind":0,"state":1,"tau":0.5,"shown_chars":14,"kept_chars":14}"#;
    let events = format!("{event}\n{{\"surround\n{event}\n");
    fs::write(state.join("events.jsonl"), events).unwrap();
    let output = ours(folder.path(), &["train", "--own"]);
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{errors}");
    assert_eq!(told, "2 events learned, 1 lines left out\n");
    assert!(
        errors.contains("left out: events.jsonl, line 2"),
        "{errors}"
    );
    let weights = fs::read_to_string(state.join("weights.json")).unwrap();
    assert!(weights.contains("\"events\": 2"));
}

#[test]
fn its_exit_status_is_ours() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let output = ours(folder.path(), &["score", "--levels", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("usage: "));
    let output = ours(folder.path(), &["score", "--weights", "none.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("failed to read the weights"));
}

#[test]
fn without_a_python_it_is_said_what_is_missing() {
    let folder = TempDir::new().unwrap();
    let python = folder.path().join("no python");
    let words = ["--python", python.to_str().unwrap(), "list"];
    let output = ours(folder.path(), &words);
    assert_eq!(output.status.code(), Some(1));
    let errors = text(&output.stderr);
    assert!(errors.starts_with("symphony: there is no "), "{errors}");
    if has_python() {
        let package = ["--package", folder.path().to_str().unwrap(), "list"];
        let output = quest(&binary(), folder.path(), &package);
        assert_eq!(output.status.code(), Some(1));
        let errors = text(&output.stderr);
        assert!(errors.contains("no package `conductor`"), "{errors}");
    }
}

/// As it is handed out: the binary, and `python` beside it, in a folder whose name is not plain.
#[test]
fn what_lies_beside_the_binary_is_found_without_a_setting() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("Größe und 名前").join("bin");
    fs::create_dir_all(&place).unwrap();
    let ours = place
        .join("symphony")
        .with_extension(std::env::consts::EXE_EXTENSION);
    if fs::hard_link(binary(), &ours).is_err() {
        fs::copy(binary(), &ours).unwrap();
    }
    for package in ["conductor", "quest"] {
        copy(
            &packages().join(package),
            &place.join("python").join(package),
        );
    }
    let output = quest(&ours, folder.path(), &["list", "--levels", "1"]);
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{errors}");
    assert!(told.contains("puzzle:"), "{told}");
}

/// The files of a folder, which has no other folders but those of byte code.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}
