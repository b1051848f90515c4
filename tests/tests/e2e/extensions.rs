//! `symphony ext`: an extension from its beginning to its end, by the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use symphony_tests::server_command;
use tempfile::TempDir;

/// Made by `cargo xtask python`: a Python with msgpack.
fn python() -> Option<PathBuf> {
    let test = std::env::current_exe().unwrap();
    // <target>/<profile>/deps/<test>
    let python = test.ancestors().nth(3)?.join("python/venv/bin/python");
    let has_it = Command::new(&python)
        .args(["-c", "import msgpack"])
        .output();
    has_it.is_ok_and(|it| it.status.success()).then_some(python)
}

struct Terminal {
    folder: TempDir,
    python: PathBuf,
}

impl Terminal {
    fn new(python: PathBuf) -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            python,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ext(&self, words: &[&str]) -> Output {
        Command::new(server_command().get_program())
            .arg("ext")
            .args(words)
            .current_dir(self.folder.path())
            .env("SYMPHONY_EXTENSIONS_DIR", self.folder.path())
            .env("SYMPHONY_PYTHON", &self.python)
            .output()
            .unwrap()
    }

    fn says(&self, words: &[&str]) -> String {
        let output = self.ext(words);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn complains(&self, words: &[&str]) -> String {
        let output = self.ext(words);
        assert!(!output.status.success(), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn what_new_writes_is_verified_and_run() {
    let Some(python) = python() else {
        skipped();
        return;
    };
    let terminal = Terminal::new(python);
    assert!(terminal.says(&["list"]).starts_with("nothing is installed"));
    let next = terminal.says(&["new", "greeter", "--kind", "addon"]);
    assert!(next.contains("symphony ext verify ."), "{next}");
    assert!(terminal.complains(&["new", "greeter"]).contains("greeter"));
    assert!(terminal.complains(&["new", "../up"]).contains("`name`"));
    let verified = terminal.says(&["verify", "greeter"]);
    let expected = "greeter 0.1.0, addon: reads its own folder only\nstarted as greeter 0.1.0, Ready, 4 requests at once; methods: count, hello\n";
    assert!(verified.starts_with(expected), "{verified}");
    let greeting = terminal.says(&["run", "greeter", "hello", r#"{"name": "you"}"#]);
    assert_eq!(greeting, "\"Hello, you!\"\n");
    assert_eq!(
        terminal.says(&["run", "greeter", "count", "2"]),
        "0\n1\n2\n"
    );
    let complaint = terminal.complains(&["run", "greeter", "hello"]);
    assert_eq!(complaint, "symphony: bad parameters: `name` is missing\n");
    let listed = terminal.says(&["list"]);
    assert!(
        listed.starts_with("greeter 0.1.0, addon: reads its own folder only\n"),
        "{listed}"
    );
    let complaint = terminal.complains(&["verify", "nobody"]);
    assert!(
        complaint.contains("no extension of this name is installed"),
        "{complaint}"
    );
}

#[test]
fn a_wrong_manifest_is_told_with_its_places() {
    let Some(python) = python() else {
        skipped();
        return;
    };
    let terminal = Terminal::new(python);
    terminal.says(&["new", "wrong"]);
    let manifest = terminal.path("wrong/extension.toml");
    let text = "name = \"wrong\"\nversion = \"1\"\nkind = \"addon\"\nentry = \"../main.py\"\n";
    fs::write(&manifest, text).unwrap();
    let complaint = terminal.complains(&["verify", "wrong"]);
    let place = |position: &str| {
        format!(
            "{}:{position}: ",
            Path::new("wrong/extension.toml").display()
        )
    };
    assert!(complaint.contains(&place("2:11")), "{complaint}");
    assert!(complaint.contains(&place("4:9")), "{complaint}");
}

#[test]
fn one_that_crashes_comes_into_quarantine_and_out() {
    let Some(python) = python() else {
        skipped();
        return;
    };
    let terminal = Terminal::new(python);
    terminal.says(&["new", "broken"]);
    fs::write(terminal.path("broken/main.py"), "raise SystemExit(9)\n").unwrap();
    for _ in 0..5 {
        let complaint = terminal.complains(&["run", "broken", "hello"]);
        assert!(complaint.contains("exit status: 9"), "{complaint}");
    }
    let complaint = terminal.complains(&["run", "broken", "hello"]);
    assert!(
        complaint.contains("in quarantine after 5 crashes"),
        "{complaint}"
    );
    let listed = terminal.says(&["list"]);
    assert!(
        listed.contains("broken 0.1.0, operator: in quarantine after 5 crashes"),
        "{listed}"
    );
    terminal.says(&["release", "broken"]);
    assert!(
        terminal
            .complains(&["release", "broken"])
            .contains("nothing was held")
    );
    let complaint = terminal.complains(&["run", "broken", "hello"]);
    assert!(complaint.contains("exit status: 9"), "{complaint}");
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says why")]
fn skipped() {
    eprintln!("skipped: no Python with msgpack; `cargo xtask python` makes one");
}
