//! Diagnostics are pulled by clients that can pull, and pushed to the others; never both.

use serde_json::{Value, json};
use symphony_tests::{Document, LspClient};

use crate::support::{Folder, capabilities, change, open, session, session_with, symbol_names};

const BROKEN: &str = "const a = ;\n";
const FINE: &str = "const a = 1;\n";

fn pull(client: &mut LspClient, document: &Document) -> Vec<Value> {
    let report = client
        .request("textDocument/diagnostic", document.id_params())
        .unwrap();
    assert_eq!(report["kind"], "full", "{report}");
    report["items"].as_array().unwrap().clone()
}

#[test]
fn a_client_that_pulls_is_not_pushed_to() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    let mut document = folder.document("a.ts", BROKEN);
    open(&mut client, &document);
    let items = pull(&mut client, &document);
    assert_eq!(items.len(), 1, "{items:?}");
    assert_eq!(items[0]["range"]["start"]["line"], 0);
    let edit = document.replace_all(FINE);
    change(&mut client, &mut document, vec![edit]);
    assert_eq!(pull(&mut client, &document), [] as [Value; 0]);
    assert_eq!(
        client
            .inbox()
            .notified("textDocument/publishDiagnostics")
            .count(),
        0
    );
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn a_client_that_cannot_pull_is_pushed_to() {
    let folder = Folder::new(&[]);
    let mut capabilities = capabilities();
    capabilities["textDocument"]
        .as_object_mut()
        .unwrap()
        .remove("diagnostic");
    let mut client = session_with(&[&folder], capabilities);
    let mut document = folder.document("a.ts", BROKEN);
    open(&mut client, &document);
    wait_for_push(&client, &document, Some(1), 1);
    let edit = document.replace_all(FINE);
    change(&mut client, &mut document, vec![edit]);
    wait_for_push(&client, &document, Some(2), 0);
    let edit = document.replace_all(BROKEN);
    change(&mut client, &mut document, vec![edit]);
    wait_for_push(&client, &document, Some(3), 1);
    client.notify("textDocument/didClose", document.id_params());
    // What a closed document leaves behind has no version.
    wait_for_push(&client, &document, None, 0);
    assert_eq!(client.shutdown().unwrap(), 0);
}

/// Waits until the newest push for the document has this version and this many diagnostics.
#[track_caller]
fn wait_for_push(client: &LspClient, document: &Document, version: Option<i64>, count: usize) {
    client
        .wait_for(|inbox| {
            let pushes = inbox.notified("textDocument/publishDiagnostics");
            let last = pushes.filter(|it| it["uri"] == document.uri).last()?;
            let fits = version.is_none_or(|it| last["version"] == it);
            (fits && last["diagnostics"].as_array()?.len() == count).then_some(())
        })
        .unwrap();
}

#[test]
fn files_outside_any_root_and_untitled_ones_are_served() {
    let (folder, elsewhere) = (Folder::new(&[]), Folder::new(&[]));
    let mut client = session(&[&folder]);
    let untitled = Document {
        uri: "untitled:Untitled-1".into(),
        version: 1,
        text: BROKEN.into(),
    };
    for document in [elsewhere.document("b.ts", BROKEN), untitled] {
        open(&mut client, &document);
        assert_eq!(
            symbol_names(&mut client, &document),
            ["a"],
            "{}",
            document.uri
        );
        assert_eq!(pull(&mut client, &document).len(), 1, "{}", document.uri);
        client.notify("textDocument/didClose", document.id_params());
    }
    let id = client.send(
        "textDocument/documentSymbol",
        json!({ "textDocument": { "uri": "odd" } }),
    );
    client.wait(id).unwrap();
    client.settle().unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}
