//! Everything that the server has said so far, and waiting for it to say something.
//!
//! Written by the client's reader thread only; tests look at it through `LspClient::wait_for`.

use std::collections::HashMap;
use std::fmt;
use std::time::Instant;

use serde_json::Value;

/// The error half of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseError {
    /// A JSON-RPC or LSP error code.
    pub code: i64,
    /// The server's words.
    pub message: String,
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {})", self.message, self.code)
    }
}

impl std::error::Error for ResponseError {}

/// What the server answered to one request, and when it came.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The result, or the error.
    pub result: Result<Value, ResponseError>,
    /// When the whole message had been read.
    pub at: Instant,
}

impl Reply {
    /// The error code, if the request failed.
    pub fn code(&self) -> Option<i64> {
        self.result.as_ref().err().map(|error| error.code)
    }
}

/// A notification or a request that the server sent.
#[derive(Debug, Clone)]
pub struct Message {
    /// The LSP method.
    pub method: String,
    /// Its parameters; `Null` when absent.
    pub params: Value,
}

/// All that came in, in order of arrival within each list.
#[derive(Debug, Default)]
pub struct Inbox {
    /// Every reply by request id: more than one for an id is the server's fault.
    pub replies: HashMap<i64, Vec<Reply>>,
    /// Replies with the id `null`: the server could not read some message.
    pub unaddressed: Vec<ResponseError>,
    /// Notifications, `$/progress` included.
    pub notifications: Vec<Message>,
    /// Requests of the server; the client has answered them.
    pub requests: Vec<Message>,
    /// Set at the end of the server's output, with the reason when it was not a clean end.
    pub closed: Option<String>,
}

impl Inbox {
    /// The only reply to `id` so far.
    pub fn reply(&self, id: i64) -> Option<&Reply> {
        self.replies.get(&id).and_then(|replies| replies.first())
    }

    /// The parameters of all notifications of one method.
    pub fn notified<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a Value> {
        self.notifications
            .iter()
            .filter(move |it| it.method == method)
            .map(|it| &it.params)
    }

    /// The `value` of every `$/progress` notification of one kind: `begin`, `report` or `end`.
    pub fn progress<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.notified("$/progress")
            .map(|it| &it["value"])
            .filter(move |it| it["kind"] == kind)
    }
}
