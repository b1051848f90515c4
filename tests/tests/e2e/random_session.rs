//! Ten thousand messages in an order that no one would think of.
//!
//! At the end every request has exactly one reply, each open document is the same on both sides,
//! and the server ends with exit code 0.

use std::collections::HashMap;
use std::env;

use serde_json::{Value, json};
use symphony_tests::{Document, Encoding, LspClient, Position, Random};

use crate::support::{Folder, assert_same_text, change, code, open, session};
use crate::traffic::{malformed, random_changes, random_read, random_text, wrong_params};

const N_MESSAGES: usize = 10_000;

/// Requests under way at most, so that the server is busy but not buried.
const N_PENDING: usize = 200;

/// What may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// A result, or a reason that lies in time.
    Answer,
    UnknownMethod,
    WrongParams,
    /// The document is not open: any answer but none.
    Any,
}

struct Session {
    client: LspClient,
    random: Random,
    folder: Folder,
    documents: Vec<Document>,
    /// By request: the document that it is about, and what may come back.
    expected: HashMap<i64, (Value, Expected)>,
    ids: Vec<i64>,
    n_malformed: usize,
    n_opened: usize,
}

#[test]
fn every_request_has_one_reply_and_every_text_arrives() {
    let seed = env::var("SYMPHONY_TEST_SEED").map_or(1, |it| it.parse().unwrap());
    let folder = Folder::new(&[("a.ts", "export const a = 1;\n"), ("b.tsx", "export {};\n")]);
    let client = session(&[&folder]);
    let mut session = Session {
        client,
        random: Random::new(seed),
        folder,
        documents: Vec::new(),
        expected: HashMap::new(),
        ids: Vec::new(),
        n_malformed: 0,
        n_opened: 0,
    };
    for step in 0..N_MESSAGES {
        if step == N_MESSAGES / 2 {
            session.read_a_large_document();
        }
        session.step();
    }
    session.end();
}

impl Session {
    fn step(&mut self) {
        if self.documents.is_empty() {
            return self.open();
        }
        match self.random.below(100) {
            0..45 => self.edit(),
            45..83 => self.read(),
            83..88 => self.cancel(),
            88..90 if self.documents.len() < 6 => self.open(),
            88..92 => self.close(),
            92..94 => self.odd_request(),
            94..96 => self.odd_notification(),
            96..98 => {
                let bytes = malformed(&mut self.random);
                self.client.send_raw(bytes);
                self.n_malformed += 1;
            }
            _ => {
                let index = self.random.below(self.documents.len());
                assert_same_text(&mut self.client, &self.documents[index]);
            }
        }
    }

    fn send(&mut self, method: &str, params: Value, expected: Expected) {
        let uri = params["textDocument"]["uri"].clone();
        let id = self.client.send(method, params);
        self.expected.insert(id, (uri, expected));
        self.ids.push(id);
        if let Some(index) = self.ids.len().checked_sub(N_PENDING) {
            self.client.wait(self.ids[index]).unwrap();
        }
    }

    fn open(&mut self) {
        self.n_opened += 1;
        let n = self.n_opened;
        let uri = match self.random.below(4) {
            0 => format!("untitled:Untitled-{n}"),
            1 => format!("file:///nowhere/\u{e9}/{n}.ts").replace('\u{e9}', "%C3%A9"),
            2 => self.folder.uri(&format!("src/view {n}.tsx")),
            _ => self.folder.uri(&format!("src/{n}.ts")),
        };
        let text = random_text(&mut self.random, 40);
        let version = i64::try_from(self.random.below(5)).unwrap();
        let document = Document { uri, version, text };
        open(&mut self.client, &document);
        self.documents.push(document);
    }

    fn close(&mut self) {
        let index = self.random.below(self.documents.len());
        let document = self.documents.swap_remove(index);
        self.client
            .notify("textDocument/didClose", document.id_params());
        // Late messages for a closed document are ignored or refused, never fatal.
        let params = document
            .clone()
            .change_params(vec![json!({ "text": "late" })]);
        self.client.notify("textDocument/didChange", params);
        let (method, params) = random_read(&document, &mut self.random);
        self.send(method, params, Expected::Any);
    }

    fn edit(&mut self) {
        let index = self.random.below(self.documents.len());
        let document = &mut self.documents[index];
        let changes = random_changes(document, &mut self.random, Encoding::Utf16);
        change(&mut self.client, document, changes);
    }

    fn read(&mut self) {
        let index = self.random.below(self.documents.len());
        let (method, params) = random_read(&self.documents[index], &mut self.random);
        self.send(method, params, Expected::Answer);
    }

    fn cancel(&mut self) {
        let from = self.ids.len().saturating_sub(8);
        let recent = &self.ids[from..];
        if !recent.is_empty() {
            let id = *self.random.pick(recent);
            self.client.cancel(id);
        }
    }

    fn odd_request(&mut self) {
        if self.random.chance(50) {
            self.send(
                "textDocument/play",
                json!({ "loud": true }),
                Expected::UnknownMethod,
            );
        } else {
            let params = wrong_params(&mut self.random);
            self.send("textDocument/foldingRange", params, Expected::WrongParams);
        }
    }

    fn odd_notification(&mut self) {
        let params = wrong_params(&mut self.random);
        let methods = [
            "textDocument/didChange",
            "textDocument/didClose",
            "textDocument/play",
            "$/x",
        ];
        let method = *self.random.pick(&methods);
        self.client.notify(method, params);
    }

    /// Opens ten megabytes, edits them at both ends, reads them and closes them.
    fn read_a_large_document(&mut self) {
        let function = "export function play(tune: string): number {\n  return tune.length;\n}\n";
        let text = function.repeat(10_000_000 / function.len());
        let uri = self.folder.uri("large.ts");
        let mut document = Document {
            uri,
            version: 1,
            text,
        };
        open(&mut self.client, &document);
        for line in [0, 1_000_000] {
            let at = Position { line, character: 0 };
            let edit = document.replace(at, at, "const \u{1f3bb} = 1;\r\n", Encoding::Utf16);
            change(&mut self.client, &mut document, vec![edit]);
        }
        for method in ["textDocument/documentSymbol", "textDocument/foldingRange"] {
            let answer = self.client.request(method, document.id_params()).unwrap();
            assert!(answer.as_array().unwrap().len() > 100_000, "{method}");
        }
        assert_same_text(&mut self.client, &document);
        self.client
            .notify("textDocument/didClose", document.id_params());
    }

    fn end(mut self) {
        for document in &self.documents {
            assert_same_text(&mut self.client, document);
        }
        self.client.settle().unwrap();
        for (id, (_, expected)) in &self.expected {
            let reply = self.client.wait(*id).unwrap();
            let fine = match (expected, reply.code()) {
                (Expected::Any, _) | (Expected::Answer, None) => true,
                (Expected::UnknownMethod, code) => code == Some(code::METHOD_NOT_FOUND),
                (Expected::WrongParams, code) => code == Some(code::INVALID_PARAMS),
                (Expected::Answer, Some(_)) => false,
            };
            let in_time = [
                code::REQUEST_CANCELLED,
                code::CONTENT_MODIFIED,
                code::SERVER_CANCELLED,
            ];
            let late = reply.code().is_some_and(|it| in_time.contains(&it));
            assert!(fine || late, "{expected:?}: {reply:?}");
        }
        for refused in &self.client.inbox().unaddressed {
            let fine = [code::PARSE_ERROR, code::INVALID_REQUEST].contains(&refused.code);
            assert!(fine, "{refused}");
        }
        let n_refused = self.client.inbox().unaddressed.len();
        assert!(
            0 < n_refused && n_refused <= self.n_malformed,
            "{n_refused} refused"
        );
        assert_eq!(self.client.shutdown().unwrap(), 0);
    }
}
