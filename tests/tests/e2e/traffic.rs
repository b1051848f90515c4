//! Random texts, edits and requests, the same for the same seed.

use serde_json::{Value, json};
use symphony_tests::{Document, Encoding, Position, Random, frame};

/// What edits put in: code, broken code, every line ending, characters of every width.
const PIECES: &[&str] = &[
    "const value = 1;\n",
    "export function play(name: string): void {\r\n  return;\r\n}\r\n",
    "class Box<T> { item?: T; get it() { return this.item } }\n",
    "interface Shape { readonly area: number }\r",
    "import { a, b as c } from \"./other\";\n",
    "const view = <Box item={1}>text {value}</Box>;\n",
    "{",
    "}",
    "(",
    "`${",
    "\"",
    "/*",
    "*/",
    "//",
    "x",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\n\r",
    "\t",
    "\u{feff}",
    "\u{e9}",
    "e\u{301}",
    "\u{4e2d}\u{6587}",
    "\u{1f3bb}",
    "\u{1d4b3}",
    "\u{1f469}\u{200d}\u{1f680}",
    "\u{2028}",
    "\u{0}",
    "",
];

/// Positions no document has.
const FAR: usize = 2_147_483_647;

/// A text of up to `n_pieces` pieces.
pub(crate) fn random_text(random: &mut Random, n_pieces: usize) -> String {
    (0..random.below(n_pieces + 1))
        .map(|_| *random.pick(PIECES))
        .collect()
}

/// A place in or around the text, now and then inside a character or far outside.
pub(crate) fn random_position(document: &Document, random: &mut Random) -> Position {
    if random.chance(3) {
        let far = [FAR, 0, document.text.len()];
        return Position {
            line: *random.pick(&far),
            character: *random.pick(&far),
        };
    }
    let n_lines = document
        .text
        .bytes()
        .filter(|it| matches!(it, b'\n' | b'\r'))
        .count();
    Position {
        line: random.below(n_lines + 2),
        character: random.below(30),
    }
}

/// One to four changes for one `didChange`, applied to the client's copy.
pub(crate) fn random_changes(
    document: &mut Document,
    random: &mut Random,
    encoding: Encoding,
) -> Vec<Value> {
    if document.text.len() > 20_000 || random.chance(3) {
        let text = random_text(random, 40);
        return vec![document.replace_all(&text)];
    }
    let count = 1 + random.below(4);
    (0..count)
        .map(|_| {
            let from = random_position(document, random);
            let to = match random.below(4) {
                0 => from,
                1 => random_position(document, random),
                _ => Position {
                    line: from.line,
                    character: from.character + random.below(4),
                },
            };
            let (from, to) = if random.chance(5) {
                (to, from)
            } else {
                (from, to)
            };
            let text = random_text(random, 3);
            document.replace(from, to, &text, encoding)
        })
        .collect()
}

/// Methods that read one document and need nothing but its name.
const WHOLE: &[&str] = &[
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/diagnostic",
];

/// Methods that read one document at one place.
const AT: &[&str] = &[
    "textDocument/documentHighlight",
    "textDocument/linkedEditingRange",
    "textDocument/completion",
    "textDocument/inlineCompletion",
];

/// A request that any open document can be asked.
pub(crate) fn random_read(document: &Document, random: &mut Random) -> (&'static str, Value) {
    let mut params = document.id_params();
    match random.below(8) {
        0 => (*random.pick(WHOLE), params),
        1 => {
            let positions = [
                random_position(document, random),
                random_position(document, random),
            ];
            params["positions"] = positions.iter().map(|it| it.to_json()).collect();
            ("textDocument/selectionRange", params)
        }
        2 => {
            params["previousResultId"] = json!(random.below(50).to_string());
            ("textDocument/semanticTokens/full/delta", params)
        }
        3 => {
            let (start, end) = (
                random_position(document, random),
                random_position(document, random),
            );
            params["range"] = json!({ "start": start.to_json(), "end": end.to_json() });
            ("textDocument/semanticTokens/range", params)
        }
        4 => {
            let query = *random.pick(&["", "a", "value", "Box", "\u{1f3bb}", "zzzz"]);
            ("workspace/symbol", json!({ "query": query }))
        }
        _ => {
            params["position"] = random_position(document, random).to_json();
            params["context"] = json!({ "triggerKind": 1 });
            (*random.pick(AT), params)
        }
    }
}

/// Parameters of the wrong shape for any method of a text document.
pub(crate) fn wrong_params(random: &mut Random) -> Value {
    let shapes = [
        json!(null),
        json!([]),
        json!([1, 2]),
        json!({}),
        json!({ "textDocument": null }),
        json!({ "textDocument": { "uri": 5 } }),
        json!({ "textDocument": "untitled:a", "position": { "line": 0, "character": 0 } }),
    ];
    random.pick(&shapes).clone()
}

/// Bytes that are no message. Each kind is looked at alone in `frames`.
pub(crate) fn malformed(random: &mut Random) -> Vec<u8> {
    let ignored = br#"{"jsonrpc":"2.0","method":"$/ignored"}"#;
    let lower = format!("content-length: {}\r\n\r\n", ignored.len()).into_bytes();
    let kinds = [
        frame(b"{"),
        frame(b"\xc3\x28"),
        [lower, ignored.to_vec()].concat(),
        b"Content-Weight: 3\r\n\r\n".to_vec(),
        b"Content-Length: -1\r\n\r\n".to_vec(),
        b"garbage\r\n\r\n".to_vec(),
        b"garbage".to_vec(),
    ];
    random.pick(&kinds).clone()
}
