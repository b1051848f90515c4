//! From bytes to a message. Anything may arrive: what is no message is an error that says where and what, never a panic,
//! and no list is longer than its bytes.

use rmp::decode::{read_array_len, read_int, read_str_from_slice};
use thiserror::Error;

use super::message::tag;
use super::{Code, Condition, Level, Message, RequestId, Value};

/// Why bytes are no message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("byte {offset} of a frame: {what}")]
pub struct MessageError {
    /// Where, from the frame's first byte.
    pub offset: usize,
    /// What was expected there, or is wrong with it.
    pub what: String,
}

impl Message {
    /// Reads the one message of a frame.
    ///
    /// # Errors
    /// If it is none.
    pub fn from_frame(frame: &[u8]) -> Result<Self, MessageError> {
        let mut fields = Fields { frame, rest: frame };
        let n_elements = fields.length("an array")?;
        let tag = fields.int("a tag")?;
        let expected = match tag {
            tag::SHUTDOWN => 1,
            tag::REJECT | tag::CANCEL | tag::PING => 2,
            tag::CREDIT | tag::RESPONSE | tag::CHUNK | tag::LOG => 3,
            tag::HELLO | tag::ERROR | tag::PONG => 4,
            tag::WELCOME => 5,
            tag::REQUEST => 6,
            _ => return Err(fields.wrong(format!("no message has the tag {tag}"))),
        };
        if n_elements != expected {
            let told = format!("{n_elements} elements where {expected} belong to the tag {tag}");
            return Err(fields.wrong(told));
        }
        let message = fields.message(tag)?;
        if !fields.rest.is_empty() {
            return Err(fields.wrong("more than one message".to_owned()));
        }
        Ok(message)
    }
}

/// What is left of a frame.
struct Fields<'a> {
    frame: &'a [u8],
    rest: &'a [u8],
}

impl Fields<'_> {
    fn message(&mut self, tag: u8) -> Result<Message, MessageError> {
        Ok(match tag {
            tag::HELLO => Message::Hello {
                versions: self.list(|it| it.int("a version"))?,
                host: self.str("the host")?,
                max_frame: self.int("a length")?,
            },
            tag::WELCOME => Message::Welcome {
                version: self.int("a version")?,
                extension: self.str("the extension")?,
                concurrency: self.int("a number of requests")?,
                methods: self.list(|it| it.str("a method"))?,
            },
            tag::REJECT => Message::Reject {
                reason: self.str("a reason")?,
            },
            tag::REQUEST => Message::Request {
                id: self.id()?,
                method: self.str("a method")?,
                credit: self.int("a number of chunks")?,
                timeout_ms: self.int("a time in milliseconds")?,
                params: self.value()?,
            },
            tag::CANCEL => Message::Cancel { id: self.id()? },
            tag::CREDIT => Message::Credit {
                id: self.id()?,
                chunks: self.int("a number of chunks")?,
            },
            tag::PING => Message::Ping {
                nonce: self.int("a nonce")?,
            },
            tag::RESPONSE => Message::Response {
                id: self.id()?,
                value: self.value()?,
            },
            tag::ERROR => Message::Error {
                id: self.id()?,
                code: self.one_of(Code::from_wire, "a code")?,
                message: self.str("a message")?,
            },
            tag::CHUNK => Message::Chunk {
                id: self.id()?,
                value: self.value()?,
            },
            tag::PONG => Message::Pong {
                nonce: self.int("a nonce")?,
                condition: self.one_of(Condition::from_wire, "a condition")?,
                note: self.str("a note")?,
            },
            tag::LOG => Message::Log {
                level: self.one_of(Level::from_wire, "a level")?,
                message: self.str("a message")?,
            },
            // Shutdown: every other tag was refused before.
            _ => Message::Shutdown,
        })
    }

    fn id(&mut self) -> Result<RequestId, MessageError> {
        self.int("a request's number").map(RequestId)
    }

    fn one_of<T>(&mut self, from_wire: fn(u8) -> Option<T>, what: &str) -> Result<T, MessageError> {
        let value = self.int(what)?;
        from_wire(value).ok_or_else(|| self.wrong(format!("{value} is not {what}")))
    }

    fn list<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, MessageError>,
    ) -> Result<Vec<T>, MessageError> {
        // Not reserved: a length is only a promise.
        let n_elements = self.length("a list")?;
        (0..n_elements).map(|_| element(self)).collect()
    }

    /// The message's last field: the rest of the frame.
    fn value(&mut self) -> Result<Value, MessageError> {
        let value = Value::from_bytes(self.rest).map_err(|it| self.wrong(it.to_string()))?;
        self.rest = &[];
        Ok(value)
    }

    fn length(&mut self, what: &str) -> Result<u32, MessageError> {
        self.read(what, |rest| {
            let mut bytes = rmp::decode::Bytes::new(rest);
            let length = read_array_len(&mut bytes).ok()?;
            Some((length, bytes.remaining_slice()))
        })
    }

    fn int<T: TryFrom<u64>>(&mut self, what: &str) -> Result<T, MessageError> {
        self.read(what, |rest| {
            let mut bytes = rmp::decode::Bytes::new(rest);
            let value: u64 = read_int(&mut bytes).ok()?;
            Some((T::try_from(value).ok()?, bytes.remaining_slice()))
        })
    }

    fn str(&mut self, what: &str) -> Result<String, MessageError> {
        self.read(what, |rest| {
            let (text, rest) = read_str_from_slice(rest).ok()?;
            Some((text.to_owned(), rest))
        })
    }

    fn read<T>(
        &mut self,
        what: &str,
        read: impl for<'b> FnOnce(&'b [u8]) -> Option<(T, &'b [u8])>,
    ) -> Result<T, MessageError> {
        let (value, rest) =
            read(self.rest).ok_or_else(|| self.wrong(format!("{what} was expected")))?;
        self.rest = rest;
        Ok(value)
    }

    fn wrong(&self, what: String) -> MessageError {
        MessageError {
            offset: self.frame.len() - self.rest.len(),
            what,
        }
    }
}
