//! A model behind HTTP, set up by the user's own settings and by nobody else.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::{Value, json};
use symphony_tests::{LspClient, server_command};

use crate::support::{Folder, capabilities, initialize_params, open, wait_for_change};

/// An endpoint that completes everything in one way, and tells what it was asked.
fn endpoint() -> (u16, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            thread::spawn(move || serve(&stream.unwrap(), &sender));
        }
    });
    (port, asked)
}

fn serve(stream: &TcpStream, asked: &Sender<(String, Value)>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let answer = match serde_json::from_slice(&body) {
            Ok(body) => {
                // The test may be over.
                let _ = asked.send((head, body));
                let piece = json!({ "choices": [{ "index": 0, "text": "answer();" }] });
                format!("data: {piece}\n\ndata: [DONE]\n\n")
            }
            Err(_) => "{}".to_owned(),
        };
        let length = answer.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {length}\r\n\r\n"
        );
        let mut writer = stream;
        // Whoever asked may be gone.
        let _ = writer.write_all(format!("{head}{answer}").as_bytes());
    }
}

/// A session, and a question for ghost text at the end of a small document.
fn session(home: &Folder, workspace: &Folder) -> (LspClient, Value) {
    let mut command = server_command();
    command.env("SYMPHONY_CONFIG_DIR", home.path("config"));
    command.env("SYMPHONY_STATE_DIR", home.path("state"));
    command.env("SYMPHONY_CACHE_DIR", home.path("cache"));
    command.env("SYMPHONY_TEST_KEY", "sk-canary");
    command.env("SYMPHONY_LOG", "debug");
    command.arg("--log-file").arg(home.path("server.log"));
    let mut client = LspClient::start(command).unwrap();
    client
        .initialize(initialize_params(&[workspace], capabilities()))
        .unwrap();
    let document = workspace.document("a.ts", "const unknown = ");
    open(&mut client, &document);
    let mut params = document.id_params();
    params["position"] = json!({ "line": 0, "character": 16 });
    params["context"] = json!({ "triggerKind": 1 });
    (client, params)
}

/// What is shown to somebody who has asked for it.
fn shown(client: &mut LspClient, question: &Value) -> Value {
    let answer = client.request("textDocument/inlineCompletion", question.clone());
    answer.unwrap()["items"].clone()
}

/// The same in a session of its own.
fn ghost(home: &Folder, workspace: &Folder) -> Value {
    let (mut client, question) = session(home, workspace);
    let items = shown(&mut client, &question);
    assert_eq!(client.shutdown().unwrap(), 0);
    items
}

fn settings(port: u16, more: &str) -> String {
    format!(
        "[[instruments]]\nname = \"mine\"\nkind = \"openai\"\nurl = \"http://127.0.0.1:{port}/v1\"\n\
         model = \"qwen2.5-coder\"\nkeyEnv = \"SYMPHONY_TEST_KEY\"\n{more}"
    )
}

#[test]
fn who_asks_gets_the_answer_of_the_users_own_model() {
    let (port, asked) = endpoint();
    let (home, workspace) = (Folder::new(&[]), Folder::new(&[]));
    home.write("config/symphony.toml", &settings(port, ""));
    let items = ghost(&home, &workspace);
    assert_eq!(items[0]["insertText"], "answer();", "{items}");
    let (head, body) = asked.recv().unwrap();
    assert!(head.starts_with("POST /v1/completions"), "{head}");
    assert!(head.to_lowercase().contains("bearer sk-canary"), "{head}");
    assert!(
        body["prompt"]
            .as_str()
            .unwrap()
            .contains("const unknown = ")
    );
}

#[test]
fn a_workspace_sets_up_no_model() {
    let (port, asked) = endpoint();
    let (home, workspace) = (Folder::new(&[]), Folder::new(&[]));
    workspace.write(".symphony.toml", &settings(port, ""));
    let items = ghost(&home, &workspace);
    assert_ne!(items[0]["insertText"], "answer();");
    assert!(asked.try_recv().is_err());
}

#[test]
fn what_has_a_price_is_asked_only_within_a_limit() {
    let (port, asked) = endpoint();
    let (home, workspace) = (Folder::new(&[]), Folder::new(&[]));
    let paid = settings(port, "pricePerMillionInput = 1000.0\n");
    home.write("config/symphony.toml", &paid);
    ghost(&home, &workspace);
    assert!(asked.try_recv().is_err());
    home.write("config/symphony.toml", &format!("cost.limit = 0.1\n{paid}"));
    assert_eq!(ghost(&home, &workspace)[0]["insertText"], "answer();");
    asked.recv().unwrap();
    let spent = std::fs::read_dir(home.path("state/spent")).unwrap();
    assert_eq!(spent.count(), 1);
}

#[test]
fn models_and_limits_count_from_the_next_question_on() {
    let (port, asked) = endpoint();
    let (home, workspace) = (Folder::new(&[]), Folder::new(&[]));
    let (mut client, question) = session(&home, &workspace);
    assert_ne!(shown(&mut client, &question)[0]["insertText"], "answer();");
    let paid = settings(port, "pricePerMillionInput = 1000.0\n");
    for (n, text, is_asked) in [
        (1, settings(port, ""), true),
        (2, paid.clone(), false),
        (3, format!("cost.limit = 0.1\n{paid}"), true),
        (4, String::new(), false),
    ] {
        home.write("config/symphony.toml", &text);
        wait_for_change(&client, n);
        let items = shown(&mut client, &question);
        assert_eq!(
            items[0]["insertText"] == "answer();",
            is_asked,
            "{n}: {items}"
        );
    }
    // Once: what it said then was kept.
    asked.recv().unwrap();
    let told = client.inbox().notified("window/showMessage").count();
    assert_eq!(told, 0);
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn the_same_question_in_another_session_is_asked_of_nobody() {
    let (port, asked) = endpoint();
    let (home, workspace) = (Folder::new(&[]), Folder::new(&[]));
    home.write("config/symphony.toml", &settings(port, ""));
    for _ in 0..2 {
        let items = ghost(&home, &workspace);
        assert_eq!(items[0]["insertText"], "answer();", "{items}");
    }
    asked.recv().unwrap();
    assert!(asked.try_recv().is_err());
}

#[test]
fn an_endpoint_that_says_nothing_in_time_is_taken_for_slow() {
    // Who connects waits for ever.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (home, workspace) = (Folder::new(&[]), Folder::new(&[]));
    home.write("config/symphony.toml", &settings(port, ""));
    ghost(&home, &workspace);
    let log = std::fs::read_to_string(home.path("server.log")).unwrap();
    assert!(log.contains("no answer in time"), "{log}");
}
