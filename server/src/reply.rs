//! What a request is answered with: JSON text, made once, where the answer is found out. A tree of values in between
//! costs several times as much as the text (measured 2026-11: a third of a symbol search).

use bytes::Bytes;
use serde::Serialize;
use tower_lsp::jsonrpc::{Error, Id};

use crate::task::HandlerResult;

/// The answer to a request, or why there is none.
pub(crate) type Reply = HandlerResult<Json>;

/// A JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Json(Bytes);

impl Json {
    /// `null`.
    pub(crate) const NULL: Self = Self(Bytes::from_static(b"null"));

    /// An empty list of either kind: that of `completion` must say whether it is all, that of `inlineCompletion` may.
    pub(crate) const EMPTY_LIST: Self =
        Self(Bytes::from_static(b"{\"isIncomplete\":true,\"items\":[]}"));

    /// A value as text.
    ///
    /// # Errors
    ///
    /// An internal error, logged, for a value that JSON has no form for.
    pub(crate) fn of(value: impl Serialize) -> Reply {
        match serde_json::to_vec(&value) {
            Ok(text) => Ok(Self(text.into())),
            Err(error) => {
                tracing::error!(%error, "an answer that is no JSON");
                Err(Error::internal_error())
            }
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> &[u8] {
        &self.0
    }
}

/// A reply as it is sent: JSON-RPC's message with its header.
pub(crate) fn frame(id: &Id, reply: Reply) -> Vec<u8> {
    let (name, body) = match reply {
        Ok(json) => ("result", json.0),
        // An error holds strings and numbers, and what a handler put into it.
        Err(error) => (
            "error",
            serde_json::to_vec(&error).unwrap_or_default().into(),
        ),
    };
    let id = serde_json::to_string(id).unwrap_or_else(|_| "null".into());
    let before = format!(r#"{{"jsonrpc":"2.0","id":{id},"{name}":"#);
    let length = before.len() + body.len() + 1;
    let mut frame = format!("Content-Length: {length}\r\n\r\n{before}").into_bytes();
    frame.reserve_exact(body.len() + 1);
    frame.extend_from_slice(&body);
    frame.push(b'}');
    frame
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sent(id: Id, reply: Reply) -> Value {
        let frame = String::from_utf8(frame(&id, reply)).unwrap();
        let (header, body) = frame.split_once("\r\n\r\n").unwrap();
        assert_eq!(header, format!("Content-Length: {}", body.len()));
        serde_json::from_str(body).unwrap()
    }

    #[test]
    fn a_reply_is_a_message_of_json_rpc() {
        assert_eq!(
            sent(Id::Number(7), Json::of(["é", "\"\n"])),
            json!({ "jsonrpc": "2.0", "id": 7, "result": ["é", "\"\n"] })
        );
        assert_eq!(
            sent(Id::String("a\"b".into()), Ok(Json::NULL)),
            json!({ "jsonrpc": "2.0", "id": "a\"b", "result": null })
        );
        assert_eq!(
            sent(Id::Null, Err(Error::parse_error())),
            json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": "Parse error" } })
        );
        assert_eq!(
            sent(Id::Null, Ok(Json::EMPTY_LIST))["result"],
            json!({ "isIncomplete": true, "items": [] })
        );
    }
}
