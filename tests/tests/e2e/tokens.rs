//! Semantic tokens: the differences that the server sends add up to what it would send in full.

use serde_json::Value;
use symphony_tests::{Encoding, Random};

use crate::support::{Folder, change, open, session};
use crate::traffic::{random_changes, random_text};

#[test]
fn differences_add_up() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    let mut random = Random::new(5);
    let mut document = folder.document("a.tsx", &random_text(&mut random, 60));
    open(&mut client, &document);
    let method = "textDocument/semanticTokens/full";
    let mut result = client.request(method, document.id_params()).unwrap();
    let mut tokens = numbers(&result["data"]);
    let mut n_differences = 0;
    for _ in 0..100 {
        let changes = random_changes(&mut document, &mut random, Encoding::Utf16);
        change(&mut client, &mut document, changes);
        let mut params = document.id_params();
        params["previousResultId"] = result["resultId"].clone();
        result = client
            .request("textDocument/semanticTokens/full/delta", params)
            .unwrap();
        match result["edits"].as_array() {
            Some(edits) => {
                n_differences += 1;
                apply(&mut tokens, edits);
            }
            None => tokens = numbers(&result["data"]),
        }
        let whole = client.request(method, document.id_params()).unwrap();
        assert_eq!(tokens, numbers(&whole["data"]));
        result = whole;
    }
    assert!(n_differences > 50, "{n_differences} differences");
    assert_eq!(client.shutdown().unwrap(), 0);
}

/// Applies edits, whose places all refer to the tokens before any of them.
fn apply(tokens: &mut Vec<u64>, edits: &[Value]) {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|it| number(&it["start"]));
    for edit in edits.into_iter().rev() {
        let start = number(&edit["start"]);
        let new = edit.get("data").map(numbers).unwrap_or_default();
        tokens.splice(start..start + number(&edit["deleteCount"]), new);
    }
}

fn numbers(data: &Value) -> Vec<u64> {
    data.as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_u64().unwrap())
        .collect()
}
