//! What the model suggests, by both ways in which a client may see it.

use serde_json::{Value, json};
use symphony_tests::{Document, LspClient, server_command};

use crate::support::{
    Folder, capabilities, change, initialize_params, open, session, session_with,
};

/// Lines so much alike that the rest of the next one is beyond doubt.
fn repetitive(folder: &Folder) -> (Document, Value) {
    let line = "registry.register(handlers.first, options);\n";
    let text = line.repeat(30) + "registry.reg";
    let document = folder.document("a.ts", &text);
    let mut params = document.id_params();
    params["position"] = json!({ "line": 30, "character": 12 });
    params["context"] = json!({ "triggerKind": 1 });
    (document, params)
}

/// The ghost text at another column of the line that the params name.
fn first_item(client: &mut LspClient, params: &Value, character: usize) -> Value {
    let mut params = params.clone();
    params["position"]["character"] = character.into();
    let answer = client.request("textDocument/inlineCompletion", params);
    answer.unwrap()["items"][0].clone()
}

/// The model's item among the completions, which come without it while the model is at work.
fn popup_item(client: &mut LspClient, params: &Value) -> Option<Value> {
    (0..1000).find_map(|_| {
        let answer = client
            .request("textDocument/completion", params.clone())
            .unwrap();
        assert_eq!(answer["isIncomplete"], true, "another key may bring more");
        let mut items = answer["items"].as_array().unwrap().iter();
        items
            .find(|it| it["labelDetails"]["description"] == "Symphony")
            .cloned()
    })
}

#[test]
fn a_client_without_ghost_text_gets_it_as_an_item() {
    let folder = Folder::new(&[]);
    let (document, params) = repetitive(&folder);

    let mut modern = session(&[&folder]);
    open(&mut modern, &document);
    let ghost = modern
        .request("textDocument/inlineCompletion", params.clone())
        .unwrap();
    let text = ghost["items"][0]["insertText"].as_str().unwrap();
    assert!(text.starts_with("ister(handlers.first"), "{text}");
    let names = modern
        .request("textDocument/completion", params.clone())
        .unwrap();
    let own = |it: &Value| it["labelDetails"]["description"] == "Symphony";
    assert!(!names["items"].as_array().unwrap().iter().any(own));

    let mut plain = capabilities();
    plain["textDocument"]
        .as_object_mut()
        .unwrap()
        .remove("inlineCompletion");
    let mut plain = session_with(&[&folder], plain);
    open(&mut plain, &document);
    let item = popup_item(&mut plain, &params).expect("the model is sure");
    assert_eq!(item["textEdit"]["newText"], format!("reg{text}"));
    assert_eq!(item["filterText"], item["textEdit"]["newText"]);
    assert_eq!(item["textEdit"]["range"]["start"]["character"], 9);

    assert_eq!(modern.shutdown().unwrap(), 0);
    assert_eq!(plain.shutdown().unwrap(), 0);
}

#[test]
fn what_is_shown_stays_while_it_is_typed() {
    let folder = Folder::new(&[]);
    let (mut document, params) = repetitive(&folder);
    let mut client = LspClient::start(server_command()).unwrap();
    client
        .initialize(initialize_params(&[&folder], capabilities()))
        .unwrap();
    open(&mut client, &document);
    let ask = |client: &mut LspClient, character| first_item(client, &params, character);
    let first = ask(&mut client, 12);
    let shown = first["insertText"].as_str().unwrap();
    for (typed, key) in shown[..shown.len() - 1].char_indices() {
        let at = json!({ "line": 30, "character": 12 + typed });
        let edit = json!({ "range": { "start": at, "end": at }, "text": key.to_string() });
        document.text.push(key);
        change(&mut client, &mut document, vec![edit]);
        let rest = ask(&mut client, 12 + typed + 1);
        assert_eq!(rest["insertText"], shown[typed + 1..]);
        assert_eq!(rest["data"], first["data"]);
    }
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn what_was_accepted_is_written_down_in_numbers() {
    let (folder, home) = (Folder::new(&[]), Folder::new(&[]));
    let (mut document, params) = repetitive(&folder);
    let mut command = server_command();
    command.env("SYMPHONY_STATE_DIR", home.path("state"));
    let mut client = LspClient::start(command).unwrap();
    client
        .initialize(initialize_params(&[&folder], capabilities()))
        .unwrap();
    open(&mut client, &document);
    let ask = |client: &mut LspClient, character| first_item(client, &params, character);
    let first = ask(&mut client, 12);
    let shown = first["insertText"].as_str().unwrap();
    let at = document.text.len();
    document.text.insert_str(at, shown);
    let end = json!({ "line": 30, "character": 12 });
    let edit = json!({ "range": { "start": end, "end": end }, "text": shown });
    change(&mut client, &mut document, vec![edit]);
    ask(&mut client, 12 + shown.len());
    // It is written when nothing else is to be done.
    let events = home.path("state/conductor/events.jsonl");
    let written = (0..10_000).find_map(|_| {
        client
            .request("textDocument/foldingRange", document.id_params())
            .unwrap();
        let text = std::fs::read_to_string(&events).ok()?;
        // That there was nothing to say behind it is an event as well.
        let lines = text.lines().map(serde_json::from_str::<Value>);
        let event = lines.flatten().find(|it| it["shown_chars"] != 0)?;
        Some((event, text))
    });
    let (event, written) = written.expect("the event is written");
    assert_eq!(event["shown_chars"], shown.len());
    assert_eq!(event["kept_chars"], event["shown_chars"]);
    assert!(!written.contains("registry"), "{written}");
    assert_eq!(client.shutdown().unwrap(), 0);
}
