//! Bytes that no client should send: the server says what is wrong and goes on.

use serde_json::json;
use symphony_tests::{LspClient, frame};

use crate::support::{Folder, code, session};

/// The server still answers a request that comes right behind.
#[track_caller]
fn assert_alive(client: &mut LspClient) {
    client
        .request("workspace/symbol", json!({ "query": "nothing" }))
        .unwrap();
}

/// Sends the bytes; the server answers them once, with this code and the id `null`, and goes on.
#[track_caller]
fn assert_refused(bytes: &[u8], expected: i64) {
    let mut client = session(&[&Folder::new(&[])]);
    client.send_raw(bytes.to_vec());
    assert_alive(&mut client);
    let refused = client
        .wait_for(|inbox| inbox.unaddressed.first().map(|it| it.code))
        .unwrap();
    assert_eq!(refused, expected);
    assert_alive(&mut client);
    assert_eq!(client.inbox().unaddressed.len(), 1);
    client.settle().unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn a_body_that_is_not_json() {
    assert_refused(&frame(b"{ \"jsonrpc\": \"2.0\", "), code::PARSE_ERROR);
}

#[test]
fn a_body_that_is_not_utf_8() {
    assert_refused(&frame(b"{ \"jsonrpc\": \"\xff\xfe\" }"), code::PARSE_ERROR);
}

#[test]
fn a_length_that_is_not_a_number() {
    assert_refused(b"Content-Length: many\r\n\r\n", code::PARSE_ERROR);
}

#[test]
fn a_header_without_a_length() {
    assert_refused(b"Content-Weight: 2\r\n\r\n{}", code::PARSE_ERROR);
}

#[test]
fn garbage_between_frames() {
    assert_refused(b"garbage\r\n\r\n", code::PARSE_ERROR);
}

#[test]
fn garbage_without_an_end_of_line() {
    assert_refused(b"garbage", code::PARSE_ERROR);
}

#[test]
fn bytes_that_are_no_text_between_frames() {
    assert_refused(b"\0\x01\xff\xfe\r\n\r\n", code::PARSE_ERROR);
}

#[test]
fn header_names_have_no_case() {
    let mut client = session(&[&Folder::new(&[])]);
    let body = json!({ "jsonrpc": "2.0", "method": "$/ignored", "params": {} }).to_string();
    for name in ["content-length", "CONTENT-LENGTH", "Content-length"] {
        client.send_raw(format!("{name}: {}\r\n\r\n{body}", body.len()).into_bytes());
    }
    assert_alive(&mut client);
    assert!(client.inbox().unaddressed.is_empty());
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn a_frame_may_come_in_pieces_and_frames_in_one() {
    let mut client = session(&[&Folder::new(&[])]);
    let body = json!({ "jsonrpc": "2.0", "method": "$/ignored", "params": {} }).to_string();
    let bytes = format!(
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for byte in bytes.bytes() {
        client.send_raw(vec![byte]);
    }
    client.send_raw(bytes.repeat(50).into_bytes());
    assert_alive(&mut client);
    assert!(client.inbox().unaddressed.is_empty());
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn unknown_methods_and_wrong_parameters() {
    let mut client = session(&[&Folder::new(&[])]);
    for method in ["textDocument/play", "$/play", ""] {
        let id = client.send(method, json!({}));
        assert_eq!(
            client.wait(id).unwrap().code(),
            Some(code::METHOD_NOT_FOUND),
            "{method}"
        );
    }
    for params in [
        json!({}),
        json!([]),
        json!({ "textDocument": 5 }),
        json!(null),
    ] {
        let id = client.send("textDocument/documentSymbol", params.clone());
        assert_eq!(
            client.wait(id).unwrap().code(),
            Some(code::INVALID_PARAMS),
            "{params}"
        );
        client.notify("textDocument/didChange", params.clone());
        client.notify("textDocument/didOpen", params.clone());
        client.notify("textDocument/play", params);
    }
    client.settle().unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}
