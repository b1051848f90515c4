//! What the model suggests, by both ways in which a client may see it.

use serde_json::{Value, json};
use symphony_tests::{Document, LspClient};

use crate::support::{Folder, capabilities, open, session, session_with};

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
