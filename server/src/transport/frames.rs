//! Frames from the client: `Content-Length` headers and JSON bodies, with damage kept from everything behind.
//!
//! The transport library stops reading at the first malformed frame. Here such a frame is reported, and reading goes
//! on at the next header that can be found: an editor's bug costs one message, not the session.

use std::io::{self, Read};

use serde::Deserialize;
use serde::de::IgnoredAny;
use tower_lsp::jsonrpc::Id;

/// Bodies above this are taken for a damaged length.
const MAX_BODY: usize = 512 << 20;
const HEADER: &[u8] = b"content-length:";

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// The body of a well-formed JSON-RPC message.
    Message(Vec<u8>),
    /// Something else, with the reason.
    Malformed(String),
}

/// Reads frames from `input`, which may hand out bytes in pieces of any size.
#[derive(Debug)]
pub(super) struct FrameReader<R> {
    input: R,
    buffer: Vec<u8>,
}

impl<R: Read> FrameReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
        }
    }

    /// The next frame; none at the end of the input.
    pub(super) fn read(&mut self) -> io::Result<Option<Frame>> {
        loop {
            let Some(header) = find_header(&self.buffer) else {
                if !self.fill()? {
                    let rest = std::mem::take(&mut self.buffer);
                    let blank = rest.iter().all(u8::is_ascii_whitespace);
                    return Ok((!blank).then(|| malformed("bytes without a header")));
                }
                continue;
            };
            let garbage = !is_headers(&self.buffer[..header]);
            let after = header + HEADER.len();
            let Some((length_end, body)) = find_blank_line(&self.buffer, after) else {
                if !self.fill()? {
                    self.buffer.clear();
                    return Ok(Some(malformed("the input ends within a header")));
                }
                continue;
            };
            if garbage {
                self.buffer.drain(..header);
                return Ok(Some(malformed("bytes between two messages")));
            }
            let length = parse_length(&self.buffer[after..length_end]);
            let Some(length) = length.filter(|&length| length <= MAX_BODY) else {
                self.buffer.drain(..body);
                return Ok(Some(malformed("a Content-Length that is no length")));
            };
            while self.buffer.len() < body + length {
                if !self.fill()? {
                    self.buffer.clear();
                    return Ok(Some(malformed("the input ends within a message")));
                }
            }
            return Ok(Some(self.take(body, length)));
        }
    }

    /// Takes a complete body out of the buffer. A body that is no message may have swallowed the next frame, if its
    /// length was wrong: then only what lies before that frame's header is dropped.
    fn take(&mut self, body: usize, length: usize) -> Frame {
        let bytes = &self.buffer[body..body + length];
        match check(bytes) {
            Ok(()) => {
                let message = bytes.to_vec();
                self.buffer.drain(..body + length);
                Frame::Message(message)
            }
            Err(reason) => {
                let next = find_header(bytes).unwrap_or(length);
                self.buffer.drain(..body + next);
                Frame::Malformed(reason)
            }
        }
    }

    /// Reads more; false at the end of the input.
    fn fill(&mut self) -> io::Result<bool> {
        let mut piece = [0; 64 << 10];
        loop {
            match self.input.read(&mut piece) {
                Ok(read) => {
                    self.buffer.extend_from_slice(&piece[..read]);
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn malformed(reason: &str) -> Frame {
    Frame::Malformed(reason.to_owned())
}

/// Where a `Content-Length` header begins.
fn find_header(bytes: &[u8]) -> Option<usize> {
    memchr::memchr2_iter(b'C', b'c', bytes).find(|&at| {
        bytes
            .get(at..at + HEADER.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(HEADER))
    })
}

/// Whether what stands before `Content-Length` is other headers, or nothing.
fn is_headers(bytes: &[u8]) -> bool {
    bytes
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .all(|line| {
            let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
            line.is_empty()
                || name.len() < line.len()
                    && name
                        .iter()
                        .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        })
}

/// The end of the header's line and of the blank line after the headers.
fn find_blank_line(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let line_end = from + memchr::memchr(b'\n', &bytes[from..])?;
    let mut start = line_end + 1;
    loop {
        let end = start + memchr::memchr(b'\n', bytes.get(start..)?)?;
        if bytes[start..end].trim_ascii().is_empty() {
            return Some((line_end, end + 1));
        }
        start = end + 1;
    }
}

fn parse_length(bytes: &[u8]) -> Option<usize> {
    std::str::from_utf8(bytes).ok()?.trim().parse().ok()
}

/// The outline of a JSON-RPC message: enough to know that the transport will take it.
#[derive(Deserialize)]
struct Envelope {
    jsonrpc: String,
    id: Option<Id>,
    method: Option<String>,
    #[serde(rename = "params")]
    _params: Option<IgnoredAny>,
    result: Option<IgnoredAny>,
    error: Option<ErrorOutline>,
}

#[derive(Deserialize)]
struct ErrorOutline {
    #[serde(rename = "code")]
    _code: i64,
    #[serde(rename = "message")]
    _message: String,
}

fn check(body: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let envelope: Envelope = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if envelope.jsonrpc != "2.0" {
        return Err("not JSON-RPC 2.0".into());
    }
    // `"result": null` reads as no result; what has an id and no method is an answer all the same.
    let answer = envelope.result.is_some() || envelope.error.is_some() || envelope.id.is_some();
    if envelope.method.is_none() && !answer {
        return Err("neither a request nor a response".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time: the hardest case for what waits for more.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            into[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    const A: &str = r#"{"jsonrpc":"2.0","method":"a"}"#;
    const B: &str = r#"{"jsonrpc":"2.0","id":1,"result":null}"#;

    /// The frames of `input`: the body of a message, `!` for a malformed one.
    fn check_frames(input: &str, expected: &[&str]) {
        let mut reader = FrameReader::new(Trickle(input.as_bytes()));
        let mut found = Vec::new();
        while let Some(frame) = reader.read().unwrap() {
            found.push(match frame {
                Frame::Message(body) => String::from_utf8(body).unwrap(),
                Frame::Malformed(_) => "!".into(),
            });
        }
        assert_eq!(found, expected, "{input:?}");
    }

    #[test]
    fn well_formed_frames() {
        check_frames("", &[]);
        check_frames(&(frame(A) + &frame(B)), &[A, B]);
        let typed = "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n";
        check_frames(&format!("{typed}{}", frame(A)), &[A]);
        check_frames(
            &format!("content-length:{}\r\n{typed}\r\n{A}", A.len()),
            &[A],
        );
    }

    #[test]
    fn a_damaged_frame_costs_only_itself() {
        let (a, b) = (frame(A), frame(B));
        check_frames(&format!("{}{b}", frame("{nonsense")), &["!", B]);
        check_frames(
            &format!("{}{b}", frame(r#"{"jsonrpc":"1.0","method":"a"}"#)),
            &["!", B],
        );
        check_frames(&format!("{}{b}", frame("[]")), &["!", B]);
        check_frames(&format!("{a}garbage{b}"), &[A, "!", B]);
        check_frames(&format!("Content-Length: ten\r\n\r\n{b}"), &["!", B]);
        check_frames(
            &format!("Content-Length: 99999999999999\r\n\r\n{b}"),
            &["!", B],
        );
        // The length is too short, then too long: the second swallows the frame behind it.
        check_frames(&format!("Content-Length: 5\r\n\r\n{A}{b}"), &["!", "!", B]);
        check_frames(&format!("Content-Length: 60\r\n\r\n{A}{b}"), &["!", B]);
    }

    #[test]
    fn the_end_within_a_frame_is_malformed() {
        check_frames("Content-Length: 20\r\n\r\n{", &["!"]);
        check_frames("Content-Length: 2", &["!"]);
        check_frames("noise", &["!"]);
        check_frames("\r\n", &[]);
    }
}
