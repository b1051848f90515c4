//! Edits before reads, reads past slow requests, and cancelling.

use serde_json::json;
use symphony_tests::{Encoding, LspClient, Position};

use crate::support::{Folder, change, code, open, session, symbol_names};

fn sleepers(client: &mut LspClient, count: usize) -> Vec<i64> {
    (0..count)
        .map(|_| client.send("symphony/sleep", json!({ "ms": 600_000 })))
        .collect()
}

#[test]
fn edits_and_reads_pass_64_slow_requests_that_can_be_cancelled() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    let mut document = folder.document("a.ts", "const before = 1;\n");
    open(&mut client, &document);
    let slow = sleepers(&mut client, 64);
    let edit = document.replace_all("const after = 1;\n");
    change(&mut client, &mut document, vec![edit]);
    assert_eq!(symbol_names(&mut client, &document), ["after"]);
    assert!(slow.iter().all(|id| client.inbox().reply(*id).is_none()));
    for id in &slow {
        client.cancel(*id);
    }
    for id in &slow {
        assert_eq!(
            client.wait(*id).unwrap().code(),
            Some(code::REQUEST_CANCELLED)
        );
    }
    client.settle().unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn cancelling_what_is_answered_or_unknown_is_harmless() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    let document = folder.document("a.ts", "const a = 1;\n");
    open(&mut client, &document);
    let id = client.send("textDocument/documentSymbol", document.id_params());
    client.wait(id).unwrap();
    client.cancel(id);
    client.cancel(987_654);
    client.notify("$/cancelRequest", json!({ "id": "a name" }));
    client.notify("$/cancelRequest", json!({}));
    assert_eq!(symbol_names(&mut client, &document), ["a"]);
    client.settle().unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn a_burst_of_typing_ends_on_the_newest_text() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    let mut document = folder.document("a.ts", "");
    open(&mut client, &document);
    let mut requests = Vec::new();
    for line in 0..200 {
        let at = Position { line, character: 0 };
        let text = format!("const value{line} = {line};\n");
        let edit = document.replace(at, at, &text, Encoding::Utf16);
        change(&mut client, &mut document, vec![edit]);
        let mut params = document.id_params();
        params["position"] = json!({ "line": line + 1, "character": 0 });
        params["context"] = json!({ "triggerKind": 2 });
        requests.push(client.send("textDocument/inlineCompletion", params));
    }
    let names = symbol_names(&mut client, &document);
    assert_eq!(names.len(), 200);
    assert_eq!(names.last().unwrap(), "value199");
    let overtaken = [
        code::CONTENT_MODIFIED,
        code::SERVER_CANCELLED,
        code::REQUEST_CANCELLED,
    ];
    let (last, earlier) = requests.split_last().unwrap();
    for id in earlier {
        let reply = client.wait(*id).unwrap();
        let fine = reply.code().is_none_or(|it| overtaken.contains(&it));
        assert!(fine, "{reply:?}");
    }
    // No edit came after the last one: it has no excuse, and what it offers stands on that line.
    let result = client.wait(*last).unwrap().result.unwrap();
    for item in result["items"].as_array().expect("never null") {
        let line = item["range"]["start"]["line"].as_u64();
        assert!(line.is_none_or(|it| it == 200), "{item}");
    }
    client.settle().unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}
