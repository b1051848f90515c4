//! What is offered as grey text, and when nothing is.

use std::sync::atomic::{AtomicBool, Ordering};
use symphony_assist::inline::{Check, InlineCompleter, Policy, Request, Suggestion, Verdict};
use symphony_lm::{Change, Model, Options};

const STORE: &str = "export function openStore(name: string) {
  const store = createStore(name)
  return store
}
export function closeStore(name: string) {
  const store = createStore(name)
  return store
}
";

fn completer(source: &str) -> InlineCompleter {
    let model = Model::new(Options::default());
    model.update(vec![Change {
        path: "/a/store.ts".into(),
        text: Some(source.into()),
    }]);
    InlineCompleter::new(model)
}

fn ask_at(completer: &InlineCompleter, before: &str, after: &str) -> Vec<Suggestion> {
    let text = format!("{before}{after}");
    let request = Request {
        document: "1",
        path: "/a/new.ts",
        text: &text,
        offset: before.len(),
        policy: Policy::default(),
    };
    completer.complete(&request, &|| false)
}

fn ask(completer: &InlineCompleter, source: &str) -> Option<String> {
    let (before, after) = source.split_once("$0").expect("there is a cursor");
    let suggestions = ask_at(completer, before, after);
    for suggestion in &suggestions {
        assert_eq!(suggestion.range, before.len()..before.len());
        assert!((0.0..=1.0).contains(&suggestion.probability));
    }
    suggestions.into_iter().next().map(|it| it.insert_text)
}

#[test]
fn what_is_probable_is_shown() {
    let completer = completer(STORE);
    let shown = ask(&completer, "function f(name) {\n  const store = $0\n}\n");
    assert_eq!(shown.as_deref(), Some("createStore(name)"));
}

#[test]
fn what_is_not_probable_is_not_shown() {
    let completer = completer("a(1)\nb(2)\nc(3)\nd(4)\n");
    assert_eq!(ask(&completer, "x(0)\n$0\n"), None);
    assert_eq!(ask(&completer, "// a($0\n"), None);
}

#[test]
fn the_text_after_the_cursor_is_not_repeated() {
    let completer = completer(STORE);
    let shown = ask(
        &completer,
        "function f(name) {\n  const store = $0(name)\n}\n",
    );
    assert_eq!(shown.as_deref(), Some("createStore"));
}

#[test]
fn after_another_edit_the_model_is_asked_again() {
    let completer = completer(STORE);
    let before = "function f(name) {\n  const store = ";
    assert_eq!(
        ask_at(&completer, before, "\n}\n")[0].insert_text,
        "createStore(name)"
    );
    assert_eq!(
        ask_at(&completer, before, "(name)\n}\n")[0].insert_text,
        "createStore"
    );
    completer.close("1");
    assert_eq!(
        ask_at(&completer, before, "\n}\n")[0].insert_text,
        "createStore(name)"
    );
}

#[test]
fn dos_line_endings() {
    let completer = completer(&STORE.replace('\n', "\r\n"));
    let shown = ask(
        &completer,
        "function f(name) {\r\n  const store = $0\r\n}\r\n",
    );
    assert_eq!(shown.as_deref(), Some("createStore(name)"));
}

#[test]
fn an_offset_that_is_no_place_in_the_text_is_answered_with_nothing() {
    let completer = completer(STORE);
    for offset in [1, 3, 99] {
        let request = Request {
            document: "1",
            path: "/a/b.ts",
            text: "é = 'ä",
            offset,
            policy: Policy::default(),
        };
        let _ = completer.complete(&request, &|| false);
    }
    let request = Request {
        document: "1",
        path: "/a/b.ts",
        text: "é",
        offset: 1,
        policy: Policy::default(),
    };
    assert_eq!(completer.complete(&request, &|| false), []);
    let request = Request {
        document: "1",
        path: "/a/b.ts",
        text: "",
        offset: 0,
        policy: Policy::default(),
    };
    assert_eq!(completer.complete(&request, &|| false), []);
}

#[test]
fn a_cancelled_request_shows_nothing_and_spoils_nothing() {
    let completer = completer(STORE);
    let text = "function f(name) {\n  const store = ";
    let request = Request {
        document: "1",
        path: "/a/n.ts",
        text,
        offset: text.len(),
        policy: Policy::default(),
    };
    assert_eq!(completer.complete(&request, &|| true), []);
    assert_eq!(completer.complete(&request, &|| false).len(), 1);
}

#[test]
fn a_newer_request_supersedes_an_older_one() {
    let completer = completer(STORE);
    let text = "function f(name) {\n  const store = ";
    let request = Request {
        document: "1",
        path: "/a/n.ts",
        text,
        offset: text.len(),
        policy: Policy::default(),
    };
    let newer = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // The older request is asked whether it was cancelled; then the newer one begins.
        let older = completer.complete(&request, &|| {
            if !newer.swap(true, Ordering::SeqCst) {
                scope.spawn(|| assert_eq!(completer.complete(&request, &|| false).len(), 1));
            }
            false
        });
        // Whether the newer one began in time is up to the threads; both are answered.
        assert!(older.len() <= 1);
    });
}

#[test]
fn documents_take_turns() {
    let completer = completer(STORE);
    let text = "function f(name) {\n  const store = ";
    for document in ["1", "2", "3", "4", "5", "1", "2"] {
        let request = Request {
            document,
            path: "/a/n.ts",
            text,
            offset: text.len(),
            policy: Policy::default(),
        };
        let shown = completer.complete(&request, &|| false);
        assert_eq!(shown[0].insert_text, "createStore(name)");
    }
}

struct Shout;

impl Check for Shout {
    fn check(&self, request: &Request<'_>, suggestion: &Suggestion) -> Verdict {
        if request.path.ends_with("drop.ts") {
            Verdict::Dropped
        } else if request.path.ends_with("repair.ts") {
            Verdict::Repaired(suggestion.insert_text.to_uppercase())
        } else {
            Verdict::Clean
        }
    }
}

#[test]
fn a_check_has_the_last_word() {
    let completer = completer(STORE).with_check(Box::new(Shout));
    let text = "function f(name) {\n  const store = ";
    let shown = |path: &str| {
        let request = Request {
            document: path,
            path,
            text,
            offset: text.len(),
            policy: Policy::default(),
        };
        completer
            .complete(&request, &|| false)
            .pop()
            .map(|it| it.insert_text)
    };
    assert_eq!(shown("/a/x.ts").as_deref(), Some("createStore(name)"));
    assert_eq!(shown("/a/repair.ts").as_deref(), Some("CREATESTORE(NAME)"));
    assert_eq!(shown("/a/drop.ts"), None);
}

#[test]
fn a_prepared_document_is_answered_alike() {
    let source = "function f(name) {\n  const store = $0\n}";
    let plain = ask(&completer(STORE), source);
    let prepared = completer(STORE);
    prepared.prepare("1", "/a/new.ts", &source.replace("$0", ""));
    assert!(plain.is_some());
    assert_eq!(ask(&prepared, source), plain);
}
