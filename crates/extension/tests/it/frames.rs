//! Frames that are cut anywhere, lie about their length, or are noise.

use std::io::{self, Read};

use proptest::collection::vec;
use proptest::prelude::*;
use symphony_extension::wire::{
    Code, Condition, FrameBuffer, FrameError, Level, Message, RequestId, Value, frame,
};

const LIMIT: usize = 4096;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(rmpv::Value::Nil),
        any::<bool>().prop_map(rmpv::Value::from),
        any::<i64>().prop_map(rmpv::Value::from),
        any::<u64>().prop_map(rmpv::Value::from),
        any::<f64>().prop_map(rmpv::Value::from),
        ".{0,20}".prop_map(rmpv::Value::from),
        vec(any::<u8>(), 0..40).prop_map(rmpv::Value::from),
    ];
    let any = leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(rmpv::Value::from),
            vec((inner.clone(), inner), 0..4).prop_map(rmpv::Value::from),
        ]
    });
    any.prop_map(|it| {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &it).unwrap();
        Value::from_bytes(&bytes).unwrap()
    })
}

fn message() -> impl Strategy<Value = Message> {
    let id = || any::<u64>().prop_map(RequestId);
    let text = || ".{0,40}";
    prop_oneof![
        (vec(any::<u32>(), 0..20), text(), any::<u32>()).prop_map(|(versions, host, max_frame)| {
            Message::Hello {
                versions,
                host,
                max_frame,
            }
        }),
        (any::<u32>(), text(), any::<u32>(), vec(text(), 0..20)).prop_map(
            |(version, extension, concurrency, methods)| Message::Welcome {
                version,
                extension,
                concurrency,
                methods
            }
        ),
        text().prop_map(|reason| Message::Reject { reason }),
        (id(), text(), any::<u32>(), any::<u32>(), value()).prop_map(
            |(id, method, credit, timeout_ms, params)| Message::Request {
                id,
                method,
                credit,
                timeout_ms,
                params
            }
        ),
        id().prop_map(|id| Message::Cancel { id }),
        (id(), any::<u32>()).prop_map(|(id, chunks)| Message::Credit { id, chunks }),
        any::<u64>().prop_map(|nonce| Message::Ping { nonce }),
        Just(Message::Shutdown),
        (id(), value()).prop_map(|(id, value)| Message::Response { id, value }),
        (id(), text()).prop_map(|(id, message)| Message::Error {
            id,
            code: Code::Denied,
            message
        }),
        (id(), value()).prop_map(|(id, value)| Message::Chunk { id, value }),
        (any::<u64>(), text()).prop_map(|(nonce, note)| Message::Pong {
            nonce,
            condition: Condition::Loading,
            note
        }),
        text().prop_map(|message| Message::Log {
            level: Level::Info,
            message
        }),
    ]
}

fn all(buffer: &mut FrameBuffer) -> Result<Vec<Message>, FrameError> {
    let mut messages = Vec::new();
    while let Some(frame) = buffer.take()? {
        messages.push(Message::from_frame(frame).unwrap());
    }
    Ok(messages)
}

proptest! {
    #[test]
    fn what_is_written_is_read_however_it_is_cut(
        messages in vec(message(), 1..8),
        cuts in vec(1usize..50, 1..20),
    ) {
        let frames = messages.iter().flat_map(|it| it.to_frame(1 << 20).unwrap());
        let bytes: Vec<u8> = frames.collect();
        let mut buffer = FrameBuffer::new(1 << 20);
        let (mut rest, mut read) = (&bytes[..], Vec::new());
        for cut in cuts.iter().cycle() {
            let (now, later) = rest.split_at((*cut).min(rest.len()));
            buffer.push(now);
            read.extend(all(&mut buffer).unwrap());
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(read, messages);
        prop_assert!(buffer.cut().is_none());
    }

    #[test]
    fn a_stream_that_ends_early_says_how_much_is_missing(message in message(), lost in 1usize..2000) {
        let bytes = message.to_frame(1 << 20).unwrap();
        let kept = bytes.len().saturating_sub(lost).max(1);
        let mut buffer = FrameBuffer::new(1 << 20);
        buffer.push(&bytes[..kept]);
        if kept < bytes.len() {
            prop_assert!(buffer.take().unwrap().is_none());
            let Some(FrameError::Cut { missing }) = buffer.cut() else {
                return Err(TestCaseError::fail("not seen as cut"));
            };
            prop_assert_eq!(missing, if kept < 4 { 4 - kept } else { bytes.len() - kept });
        }
    }

    #[test]
    fn noise_is_refused_and_never_a_panic(bytes in vec(any::<u8>(), 0..300)) {
        let mut buffer = FrameBuffer::new(LIMIT);
        buffer.push(&bytes);
        while let Ok(Some(frame)) = buffer.take() {
            // The point is that this returns.
            let _ = Message::from_frame(frame);
        }
        let _ = Message::from_frame(&bytes);
        let _ = Value::from_bytes(&bytes);
    }

    #[test]
    fn a_flipped_byte_is_an_error_or_another_message(message in message(), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = Vec::new();
        message.append(&mut bytes);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(other) = Message::from_frame(&bytes) {
            let mut again = Vec::new();
            other.append(&mut again);
            // Not the same bytes where a longer form of a number was flipped into being; the same message always.
            // By what is shown: a fraction that is no number is unlike itself.
            prop_assert_eq!(format!("{:?}", Message::from_frame(&again).unwrap()), format!("{other:?}"));
        }
    }
}

/// Gives the same bytes for ever.
struct Endless;

impl Read for Endless {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        bytes.fill(0xff);
        Ok(bytes.len())
    }
}

#[test]
fn a_huge_length_is_refused_before_anything_is_kept_for_it() {
    let mut buffer = FrameBuffer::new(LIMIT);
    assert!(buffer.fill(&mut Endless).unwrap());
    let error = buffer.take().unwrap_err();
    let expected = "a frame of 4294967295 bytes is longer than the 4096 that are allowed";
    assert_eq!(error.to_string(), expected);
    assert!(buffer.capacity() <= 128 * 1024, "{}", buffer.capacity());
}

#[test]
fn memory_grows_with_what_arrives_and_goes_back() {
    let limit = 8 << 20;
    let long = frame(limit, |bytes| bytes.resize(4 + limit, 7)).unwrap();
    let mut buffer = FrameBuffer::new(limit);
    buffer.push(&long[..4]);
    assert!(buffer.take().unwrap().is_none());
    assert!(buffer.capacity() <= 128 * 1024, "{}", buffer.capacity());
    buffer.push(&long[4..]);
    assert_eq!(buffer.take().unwrap().map(<[u8]>::len), Some(limit));
    for _ in 0..100 {
        buffer.push(&frame(limit, |bytes| bytes.push(1)).unwrap());
        assert_eq!(buffer.take().unwrap(), Some(&[1][..]));
    }
    assert!(buffer.capacity() <= 256 * 1024, "{}", buffer.capacity());
}

#[test]
fn nothing_longer_than_the_limit_is_written() {
    let message = Message::Reject {
        reason: "x".repeat(LIMIT),
    };
    assert!(message.to_frame(LIMIT).is_err());
    assert!(message.to_frame(LIMIT + 10).is_ok());
}
