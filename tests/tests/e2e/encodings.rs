//! Columns in bytes, in UTF-16 units and in characters: each session has one kind.

use serde_json::{Value, json};
use symphony_tests::{Document, Encoding, LspClient, Position, Random};

use crate::support::{
    Folder, assert_same_text, capabilities, change, initialize_params, open, session_with, start,
};
use crate::traffic::random_changes;

const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

fn session_in(encoding: Encoding) -> LspClient {
    let mut capabilities = capabilities();
    capabilities["general"]["positionEncodings"] = json!([encoding.name()]);
    session_with(&[&Folder::new(&[])], capabilities)
}

#[test]
fn the_client_chooses() {
    for encoding in ALL {
        let mut capabilities = capabilities();
        capabilities["general"]["positionEncodings"] = json!([encoding.name()]);
        let mut client = start();
        let result = client
            .initialize(initialize_params(&[], capabilities))
            .unwrap();
        assert_eq!(result["capabilities"]["positionEncoding"], encoding.name());
        assert_eq!(client.shutdown().unwrap(), 0);
    }
}

#[test]
fn edits_arrive_in_each_encoding() {
    for encoding in ALL {
        let mut client = session_in(encoding);
        let mut document = Document {
            uri: "untitled:a.ts".into(),
            version: 1,
            text: String::new(),
        };
        open(&mut client, &document);
        let mut random = Random::new(17);
        for _ in 0..300 {
            let changes = random_changes(&mut document, &mut random, encoding);
            change(&mut client, &mut document, changes);
        }
        assert_same_text(&mut client, &document);
        assert_eq!(client.shutdown().unwrap(), 0);
    }
}

#[test]
fn answers_point_at_names_in_each_encoding() {
    let text =
        "/* \u{1f3bb}\u{e9} */ const \u{1d4b3}y = \"\u{1f3bb}\", z = 2; function f\u{e9}() {}\r\n";
    for encoding in ALL {
        let mut client = session_in(encoding);
        let document = Document {
            uri: "untitled:a.ts".into(),
            version: 1,
            text: text.into(),
        };
        open(&mut client, &document);
        let symbols = client
            .request("textDocument/documentSymbol", document.id_params())
            .unwrap();
        let symbols = symbols.as_array().unwrap();
        assert_eq!(symbols.len(), 3, "{symbols:?}");
        for symbol in symbols {
            let range = &symbol["selectionRange"];
            let start = document.offset(position(&range["start"]), encoding);
            let end = document.offset(position(&range["end"]), encoding);
            assert_eq!(document.text[start..end], *symbol["name"].as_str().unwrap());
        }
        assert_eq!(client.shutdown().unwrap(), 0);
    }
}

#[test]
fn a_byte_order_mark_counts_as_a_character_of_the_first_line() {
    let mut client = session_in(Encoding::Utf16);
    let mut document = Document {
        uri: "untitled:a.ts".into(),
        version: 1,
        text: "\u{feff}const a = 1;\n".into(),
    };
    open(&mut client, &document);
    let start = Position {
        line: 0,
        character: 7,
    };
    let end = Position {
        line: 0,
        character: 8,
    };
    let edit = document.replace(start, end, "b", Encoding::Utf16);
    change(&mut client, &mut document, vec![edit]);
    assert_same_text(&mut client, &document);
    assert_eq!(client.shutdown().unwrap(), 0);
}

fn position(value: &Value) -> Position {
    let number = |name: &str| usize::try_from(value[name].as_u64().unwrap()).unwrap();
    Position {
        line: number("line"),
        character: number("character"),
    }
}
