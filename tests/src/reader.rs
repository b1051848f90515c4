//! The client's reading side: files what the server says, and answers it as an editor would.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader};
use std::process::ChildStdout;
use std::sync::mpsc::Sender;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

use crate::framing::{frame, read_frame};
use crate::inbox::{Inbox, Message, Reply, ResponseError};

/// Lines of the server's standard error that an error message shows.
const STDERR_LINES: usize = 40;

/// What the threads of a client share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) inbox: Mutex<Inbox>,
    pub(crate) changed: Condvar,
    pub(crate) stderr: Mutex<VecDeque<String>>,
}

impl Shared {
    fn update(&self, change: impl FnOnce(&mut Inbox)) {
        change(&mut self.inbox.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Keeps the last lines of the server's standard error until it ends.
    pub(crate) fn keep_errors(&self, stderr: impl BufRead) {
        for line in stderr.lines().map_while(io::Result::ok) {
            let mut lines = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
            if lines.len() == STDERR_LINES {
                lines.pop_front();
            }
            lines.push_back(line);
        }
    }
}

/// Files messages until the server's output ends.
pub(crate) fn read_all(shared: &Shared, stdout: ChildStdout, answers: &Sender<Vec<u8>>) {
    let mut stdout = BufReader::new(stdout);
    let reason = loop {
        let body = match read_frame(&mut stdout) {
            Ok(Some(body)) => body,
            Ok(None) => break "end of its output".to_owned(),
            Err(error) => break format!("its output cannot be read: {error}"),
        };
        let Ok(message) = serde_json::from_slice::<Value>(&body) else {
            break format!("not JSON: {}", String::from_utf8_lossy(&body));
        };
        if let Some(answer) = receive(shared, message) {
            // As above: a writer that is gone shows at the next read.
            let _gone = answers.send(frame(answer.to_string().as_bytes()));
        }
    };
    shared.update(|inbox| inbox.closed = Some(reason));
}

/// Files one message; the answer when it was a request of the server.
fn receive(shared: &Shared, mut message: Value) -> Option<Value> {
    let at = Instant::now();
    let id = message.get("id").cloned();
    let Some(method) = message
        .get("method")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        let result = match message.get("error") {
            Some(error) => Err(ResponseError {
                code: error["code"].as_i64().unwrap_or_default(),
                message: error["message"].as_str().unwrap_or_default().to_owned(),
            }),
            None => Ok(message["result"].take()),
        };
        shared.update(
            |inbox| match (id.as_ref().and_then(Value::as_i64), result) {
                (Some(id), result) => inbox
                    .replies
                    .entry(id)
                    .or_default()
                    .push(Reply { result, at }),
                (None, Err(error)) => inbox.unaddressed.push(error),
                (None, Ok(result)) => inbox.closed = Some(format!("a result for nobody: {result}")),
            },
        );
        return None;
    };
    let params = message["params"].take();
    let answer = id.map(|id| match answer_to(&method, &params) {
        Some(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        None => json!({ "jsonrpc": "2.0", "id": id,
            "error": { "code": -32601, "message": format!("{method} is not known here") } }),
    });
    let message = Message { method, params };
    shared.update(|inbox| match answer {
        Some(_) => inbox.requests.push(message),
        None => inbox.notifications.push(message),
    });
    answer
}

/// What an editor with default settings would answer.
fn answer_to(method: &str, params: &Value) -> Option<Value> {
    match method {
        "workspace/configuration" => {
            let items = params["items"].as_array().map_or(0, Vec::len);
            Some(Value::Array(vec![Value::Null; items]))
        }
        "workspace/applyEdit" => Some(json!({ "applied": false })),
        "client/registerCapability"
        | "client/unregisterCapability"
        | "window/showMessageRequest"
        | "window/workDoneProgress/create"
        | "workspace/workspaceFolders" => Some(Value::Null),
        _ if method.ends_with("/refresh") => Some(Value::Null),
        _ => None,
    }
}
