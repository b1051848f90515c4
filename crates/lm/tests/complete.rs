//! Completions from small workspaces, and at awkward places.

use symphony_lm::{Change, FileState, Model, Options, Query};

const STORE: &str = "import { createStore } from './store'
export function openStore(name: string) {
  const store = createStore(name)
  store.on('error', (error) => {
    console.error(error)
  })
  return store
}
export function closeStore(name: string) {
  const store = createStore(name)
  store.off('error')
  return store
}
";

fn model(documents: &[(&str, &str)]) -> Model {
    let model = Model::new(Options::default());
    let changes = documents.iter().map(|(path, text)| Change {
        path: (*path).into(),
        text: Some((*text).into()),
    });
    model.update(changes.collect());
    model
}

/// The whole completion at `$0`.
fn complete(model: &Model, source: &str) -> Option<String> {
    let (before, after) = source.split_once("$0").expect("there is a cursor");
    let query = Query {
        path: "/a/new.ts",
        before,
        after,
    };
    let completion = model.complete(&query, &mut FileState::new(), &|| false)?;
    for cut in &completion.cuts {
        assert!(completion.text.is_char_boundary(cut.length));
        assert!((0.0..=1.0).contains(&cut.probability));
    }
    Some(completion.text)
}

#[track_caller]
fn check(source: &str, expected: Option<&str>) {
    let model = model(&[("/a/store.ts", STORE)]);
    assert_eq!(complete(&model, source).as_deref(), expected);
}

#[test]
fn the_rest_of_a_line() {
    check(
        "function f(name) {\n  const store = $0\n",
        Some("createStore(name)"),
    );
    check(
        "function f(name) {\n  const store =$0\n",
        Some(" createStore(name)"),
    );
    check(
        "function f(name) {\n  const store = cr$0\n",
        Some("eateStore(name)"),
    );
}

#[test]
fn names_are_replaced_by_those_in_the_same_places() {
    let source = "export function makeStore(path: string) {\n  const store = createStore($0";
    check(source, Some("path)"));
}

#[test]
fn a_suggestion_stops_where_the_text_goes_on() {
    check(
        "function f(name) {\n  const store = $0(name)\n",
        Some("createStore"),
    );
    check(
        "function f(name) {\n  const $0 = createStore(name)\n",
        Some("store"),
    );
    check(
        "function f(name) {\n  const store = createStore($0)\n",
        Some("name"),
    );
    check(
        "function f(name) {\n  const store = create$0(name)\n",
        Some("Store"),
    );
}

#[test]
fn nothing_within_a_word() {
    check("const store = cre$0ateStore(name)\n", None);
}

#[test]
fn brackets_that_are_closed_after_the_cursor_stay_open() {
    let before = "function f(name) {\n  const store = createStore(name$0";
    check(&format!("{before}\n}}\n"), Some(")"));
    check(&format!("{before}\n)}}\n"), None);
}

#[test]
fn silent_in_comments() {
    check("// const store = $0\n", None);
    check("/* const store = $0 */\n", None);
    check("f() // x\n/** const store = $0\n", None);
}

#[test]
fn within_strings_templates_and_jsx() {
    check("import { createStore } from './st$0\n", Some("ore'"));
    for source in [
        "const x = `a ${createS$0",
        "return <div on={createS$0",
        "<p>don't createS$0",
    ] {
        let text = complete(&model(&[("/a/store.ts", STORE)]), source);
        assert!(
            text.is_some_and(|text| text.starts_with("tore")),
            "{source}"
        );
    }
}

#[test]
fn line_endings_of_both_kinds() {
    let dos = STORE.replace('\n', "\r\n");
    let model = model(&[("/a/store.ts", &dos)]);
    let text = complete(&model, "function f(name) {\r\n  const store = $0\r\n}\r\n");
    assert_eq!(text.as_deref(), Some("createStore(name)"));
    let text = complete(
        &model,
        "function f(name) {\r\n  const store = $0(name)\r\n}\r\n",
    );
    assert_eq!(text.as_deref(), Some("createStore"));
}

#[test]
fn unicode_names() {
    let model = model(&[(
        "/a/x.ts",
        "const größe = maß('🎻')\nconst größe = maß('🎻')\n",
    )]);
    assert_eq!(
        complete(&model, "const grö$0\n").as_deref(),
        Some("ße = maß('🎻')")
    );
    assert_eq!(
        complete(&model, "const größe = maß('$0\n").as_deref(),
        Some("🎻')")
    );
}

#[test]
fn an_empty_workspace_knows_the_file() {
    let model = Model::new(Options::default());
    assert_eq!(complete(&model, "$0"), None);
    let source = "const a = load(first)\nconst b = load(second)\nconst c = lo$0\n";
    assert!(complete(&model, source).is_some_and(|text| text.starts_with("ad(")));
}

#[test]
fn the_text_after_the_cursor_is_known() {
    let model = Model::new(Options::default());
    let source = "const total = sum$0\n\nconst other = sumOfSquares(list)\n";
    assert!(complete(&model, source).is_some_and(|text| text.starts_with("OfSquares")));
}

#[test]
fn a_state_gives_the_answers_of_a_new_one() {
    let model = model(&[("/a/store.ts", STORE)]);
    let mut state = FileState::new();
    let text = "function f(name) {\n  const store = createStore(name)\n  `${name} x`\n}\n";
    for end in 0..=text.len() {
        for after in ["", "\nf('x')\n", ")"] {
            let query = Query {
                path: "/a/new.ts",
                before: &text[..end],
                after,
            };
            let fresh = model.complete(&query, &mut FileState::new(), &|| false);
            assert_eq!(
                model.complete(&query, &mut state, &|| false),
                fresh,
                "{end} {after:?}"
            );
        }
    }
}

#[test]
fn a_cancelled_request_has_no_answer() {
    let model = model(&[("/a/store.ts", STORE)]);
    let query = Query {
        path: "/a/new.ts",
        before: "const store = ",
        after: "",
    };
    assert_eq!(
        model.complete(&query, &mut FileState::new(), &|| true),
        None
    );
}

#[test]
fn any_cursor_in_broken_text_is_fine() {
    let model = model(&[("/a/store.ts", STORE)]);
    let text = "'\\é`${`\\`}}{/[\u{2028}\r\u{feff}#!@\\u{/*🎻*/<a b='>'/></a>0x1_0n.5..` //\t";
    let mut state = FileState::new();
    for (end, _) in text.char_indices() {
        let query = Query {
            path: "/a/new.ts",
            before: &text[..end],
            after: &text[end..],
        };
        if let Some(completion) = model.complete(&query, &mut state, &|| false) {
            assert!(!completion.cuts.is_empty());
        }
    }
}
