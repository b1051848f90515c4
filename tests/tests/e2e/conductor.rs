//! The server beside a Python that decides, that is not there, or that does what it should not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use symphony_tests::{Document, LspClient, server_command, workspace_root};

use crate::support::{Folder, capabilities, has_python, initialize_params, open};

/// A server whose log is kept.
struct Server {
    client: LspClient,
    document: Document,
    at: Value,
    log: PathBuf,
    folder: Folder,
}

impl Server {
    /// A session with one document, in which the model is sure of what comes next; `change` sets the environment.
    fn start(change: impl FnOnce(&mut Command, &Folder)) -> Self {
        let line = "registry.register(handlers.first, options);\n";
        let text = line.repeat(30) + "registry.reg";
        let folder = Folder::new(&[("a.ts", &text)]);
        let log = folder.path("log/server.log");
        fs::create_dir_all(log.parent().unwrap()).unwrap();
        let mut command = server_command();
        command.arg("--log-file").arg(&log);
        command.env("SYMPHONY_LOG", "debug");
        command.env("SYMPHONY_CONDUCTOR_ENABLED", "true");
        command.env("SYMPHONY_CONDUCTOR_PACKAGE", package());
        change(&mut command, &folder);
        let mut client = LspClient::start(command).unwrap();
        client
            .initialize(initialize_params(&[&folder], capabilities()))
            .unwrap();
        let document = folder.document("a.ts", &text);
        open(&mut client, &document);
        let mut at = document.id_params();
        at["position"] = json!({ "line": 30, "character": 12 });
        at["context"] = json!({ "triggerKind": 1 });
        Self {
            client,
            document,
            at,
            log,
            folder,
        }
    }

    /// The ghost text at the end of the document.
    fn ghost(&mut self) -> Option<String> {
        let params = self.at.clone();
        let answer = self
            .client
            .request("textDocument/inlineCompletion", params)
            .unwrap();
        let text = answer["items"][0]["insertText"].as_str();
        text.map(str::to_owned)
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Asks for ghost text until the log says `word`, and gives that line.
    #[track_caller]
    fn ask_until_told(&mut self, word: &str) -> String {
        for _ in 0..2_000 {
            self.ghost();
            if let Some(line) = self.log().lines().find(|it| it.contains(word)) {
                return line.to_owned();
            }
        }
        panic!("{word:?} is not in the log:\n{}", self.log());
    }

    /// What needs no decision is answered, and ghost text is there all the same.
    #[track_caller]
    fn answers(mut self) {
        let outline = self
            .client
            .request("textDocument/foldingRange", self.document.id_params())
            .unwrap();
        assert_eq!(outline, json!([]));
        let ghost = self.ghost().unwrap();
        assert!(ghost.starts_with("ister(handlers.first"), "{ghost}");
        assert_eq!(self.client.shutdown().unwrap(), 0);
    }
}

fn package() -> PathBuf {
    workspace_root().join("python-models/src")
}

fn with_policy(code: &str) -> Server {
    Server::start(|command, folder| {
        folder.write("policy/policy.py", code);
        command.env("SYMPHONY_CONDUCTOR_POLICY", folder.path("policy/policy.py"));
    })
}

#[test]
fn python_decides_about_ghost_text() {
    if !has_python() {
        return;
    }
    let mut server = Server::start(|_, _| {});
    server.ask_until_told("source=Python");
    server.answers();
}

#[test]
fn without_a_python_there_is_ghost_text_all_the_same() {
    let mut server = Server::start(|command, folder| {
        command.env("SYMPHONY_CONDUCTOR_PYTHON", folder.path("no-python"));
    });
    let why = server.ask_until_told("no-python");
    assert!(why.contains("WARN") || why.contains("INFO"), "{why}");
    server.ask_until_told("Fallback(Unavailable)");
    server.answers();
}

#[test]
fn a_python_that_does_not_start_ends_nothing() {
    if !has_python() {
        return;
    }
    let mut server = Server::start(|command, folder| {
        command.env("PYTHONHOME", folder.path("nothing-here"));
    });
    server.ask_until_told("source=");
    server.answers();
}

#[test]
fn a_policy_that_never_ends_raises_or_lies_is_told_of() {
    if !has_python() {
        return;
    }
    for (code, why) in [
        (
            "def decide(view):\n    while True: pass\n",
            "Fallback(Late)",
        ),
        (
            "def decide(view):\n    raise ValueError('not today')\n",
            "not today",
        ),
        ("def decide(view):\n    return 42\n", "Fallback(Nonsense)"),
        (
            "def decide(view):\n    import sys; sys.exit(3)\n",
            "Fallback(Raised)",
        ),
        ("raise ImportError('no such policy')\n", "no such policy"),
    ] {
        let mut server = with_policy(code);
        server.ask_until_told(why);
        server.answers();
    }
}

#[test]
fn nothing_waits_for_pythons_lock() {
    if !has_python() {
        return;
    }
    let mut server = Server::start(|command, folder| {
        let [began, ended] = ["began", "ended"].map(|it| quoted(&folder.path(it)));
        // Text is never searched for so long without giving the lock away.
        let code = format!(
            "import re\ndef decide(view):\n    open({began}, 'w').close()\n    \
             re.match('(a|a)*b', 'a' * 60)\n    open({ended}, 'w').close()\n"
        );
        folder.write("policy/policy.py", &code);
        command.env("SYMPHONY_CONDUCTOR_POLICY", folder.path("policy/policy.py"));
    });
    for _ in 0..2_000 {
        if server.folder.path("began").exists() {
            break;
        }
        server.ghost();
    }
    assert!(server.folder.path("began").exists());
    for _ in 0..1000 {
        let params = server.document.id_params();
        let answer = server
            .client
            .request("textDocument/foldingRange", params)
            .unwrap();
        assert_eq!(answer, json!([]));
    }
    assert!(server.ghost().is_some());
    assert!(!server.folder.path("ended").exists(), "{}", server.log());
    server.answers();
}

fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_str().unwrap())
}
