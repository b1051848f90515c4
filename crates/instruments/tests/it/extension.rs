//! Models that are extensions.

use std::path::Path;
use std::time::Duration;

use symphony_extension::host::{HostOptions, Launcher, Notices};
use symphony_extension::{Quarantine, Supervisor};
use symphony_instruments::{ExtensionModel, Ghost, InlineQuestion, Limits};
use symphony_pit::{Instrument as _, InstrumentKind};
use tempfile::TempDir;

use crate::fake::question;

const CHILD: &str = env!("CARGO_BIN_EXE_instrument-child");

/// The model in a mode, installed in a folder of its own.
fn installed(mode: &str) -> (ExtensionModel, TempDir) {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("model");
    std::fs::copy(CHILD, &program).unwrap();
    let manifest = format!(
        "name = \"model\"\nversion = \"1.0.0\"\nkind = \"instrument\"\nentry = [\"model\", \"extension\", \"{mode}\"]\n"
    );
    std::fs::write(folder.path().join("extension.toml"), manifest).unwrap();
    (model(folder.path()), folder)
}

fn model(folder: &Path) -> ExtensionModel {
    let launcher = Launcher {
        program: CHILD.into(),
        arguments: vec!["launch".into()],
    };
    let mut options = HostOptions::new(launcher, Notices::new(|_| {}));
    // Nothing here is about time, and the machine may be busy.
    options.handshake = Duration::from_secs(120);
    options.grace = Duration::from_secs(120);
    let quarantine = Quarantine::new(folder.join("quarantine.json"));
    let supervisor = Supervisor::new(folder, options, quarantine);
    let limits = Limits {
        candidates: 3,
        ..Limits::default()
    };
    ExtensionModel::new("model", supervisor, limits)
}

#[tokio::test]
async fn what_an_extension_says_is_judged_like_any_other_answer() {
    let (model, _folder) = installed("sure");
    assert_eq!(model.spec(InstrumentKind(3)).kind, InstrumentKind(3));
    let running = model.start().await.unwrap();
    assert!(running.probe().await);
    let answer = running.ask(question("let a = $0\nlet b = 1;\n")).await;
    let ghosts = Ghost::all_from(&answer.unwrap());
    let shown: Vec<_> = ghosts
        .iter()
        .map(|it| (&*it.text, it.probability))
        .collect();
    // The third adds a syntax error; of the second nothing is known.
    assert_eq!(shown, [("42;", 0.75), ("43;", 0.5)]);
    let outside = InlineQuestion {
        document: "a",
        path: "a.ts",
        text: "",
        offset: 7,
        tau: 0.5,
        candidates: 1,
        context_tokens: 100,
    };
    assert!(running.ask(outside.to_bytes()).await.is_err());
    running.stop().await;
    assert!(!running.ended().await.is_empty());
}

#[tokio::test]
async fn one_that_crashes_is_started_anew() {
    let (model, _folder) = installed("sure");
    let running = model.start().await.unwrap();
    let lost = running.ask(question("let end = $0")).await;
    assert!(lost.is_err(), "{lost:?}");
    let answer = running.ask(question("let a = $0")).await.unwrap();
    assert_eq!(Ghost::all_from(&answer).len(), 2);
    running.stop().await;
}

#[tokio::test]
async fn what_is_no_model_is_not_started() {
    let (model, _folder) = installed("other");
    let error = model.start().await.err().unwrap();
    assert!(
        error.to_string().contains("it has hello, not complete"),
        "{error}"
    );
    let (model, _folder) = installed("failing");
    let running = model.start().await.unwrap();
    let error = running.ask(question("let a = $0")).await.unwrap_err();
    assert!(error.contains("no model"), "{error}");
    running.stop().await;
}
