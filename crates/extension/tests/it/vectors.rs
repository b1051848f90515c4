//! The wire vectors, which the SDKs in Python and TypeScript pass as well.

use rmpv::Value as Any;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use symphony_extension::wire::{Code, Condition, FrameBuffer, Level, MAX_FRAME, Message, Value};

#[derive(Deserialize)]
struct Vectors {
    messages: Vec<Vector>,
    malformed: Vec<Malformed>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    frame: String,
    message: Json,
}

#[derive(Deserialize)]
struct Malformed {
    name: String,
    frame: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../vectors/wire.json")).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|it| u8::try_from(it.to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] * 16 + pair[1])
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What JSON has no word for is an object with one key that begins with `$`.
fn json_of(value: &Any) -> Json {
    match value {
        Any::Nil => Json::Null,
        Any::Boolean(it) => json!(it),
        Any::Integer(it) => it
            .as_u64()
            .map_or_else(|| json!(it.as_i64()), |it| json!(it)),
        Any::F64(it) => json!(it),
        Any::String(it) => json!(it.as_str()),
        Any::Binary(it) => json!({ "$bytes": hex(it) }),
        Any::Array(it) => it.iter().map(json_of).collect(),
        Any::Map(it) => {
            let entries = it.iter();
            let entries =
                entries.map(|(key, value)| (key.as_str().unwrap().to_owned(), json_of(value)));
            Json::Object(entries.collect())
        }
        other => json!(other.to_string()),
    }
}

fn json_of_value(value: &Value) -> Json {
    json_of(&rmpv::decode::read_value(&mut value.as_bytes()).unwrap())
}

fn code(code: Code) -> &'static str {
    match code {
        Code::Failed => "failed",
        Code::UnknownMethod => "unknown_method",
        Code::BadParams => "bad_params",
        Code::Cancelled => "cancelled",
        Code::Denied => "denied",
        Code::Busy => "busy",
    }
}

fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Ready => "ready",
        Condition::Loading => "loading",
        Condition::Unwell => "unwell",
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warn",
        Level::Info => "info",
        Level::Debug => "debug",
    }
}

fn json_of_message(message: &Message) -> Json {
    match message {
        Message::Hello {
            versions,
            host,
            max_frame,
        } => {
            json!({"type": "hello", "versions": versions, "host": host, "max_frame": max_frame})
        }
        Message::Welcome {
            version,
            extension,
            concurrency,
            methods,
        } => json!({
            "type": "welcome", "version": version, "extension": extension,
            "concurrency": concurrency, "methods": methods,
        }),
        Message::Reject { reason } => json!({"type": "reject", "reason": reason}),
        Message::Request {
            id,
            method,
            credit,
            timeout_ms,
            params,
        } => json!({
            "type": "request", "id": id.0, "method": method, "credit": credit,
            "timeout_ms": timeout_ms, "params": json_of_value(params),
        }),
        Message::Cancel { id } => json!({"type": "cancel", "id": id.0}),
        Message::Credit { id, chunks } => json!({"type": "credit", "id": id.0, "chunks": chunks}),
        Message::Ping { nonce } => json!({"type": "ping", "nonce": nonce}),
        Message::Shutdown => json!({"type": "shutdown"}),
        Message::Response { id, value } => {
            json!({"type": "response", "id": id.0, "value": json_of_value(value)})
        }
        Message::Error {
            id,
            code: it,
            message,
        } => {
            json!({"type": "error", "id": id.0, "code": code(*it), "message": message})
        }
        Message::Chunk { id, value } => {
            json!({"type": "chunk", "id": id.0, "value": json_of_value(value)})
        }
        Message::Pong {
            nonce,
            condition: it,
            note,
        } => {
            json!({"type": "pong", "nonce": nonce, "condition": condition(*it), "note": note})
        }
        Message::Log { level: it, message } => {
            json!({"type": "log", "level": level(*it), "message": message})
        }
    }
}

#[test]
fn every_vector_is_read_and_written() {
    for vector in vectors().messages {
        let frame = bytes(&vector.frame);
        let message = Message::from_frame(&frame[4..]).unwrap();
        assert_eq!(json_of_message(&message), vector.message, "{}", vector.name);
        let written = message.to_frame(MAX_FRAME).unwrap();
        assert_eq!(hex(&written), vector.frame, "{}", vector.name);
    }
}

#[test]
fn every_malformed_vector_is_refused_with_words() {
    for vector in vectors().malformed {
        let mut buffer = FrameBuffer::new(MAX_FRAME);
        buffer.push(&bytes(&vector.frame));
        let error = match buffer.take() {
            Ok(frame) => Message::from_frame(frame.unwrap()).map_err(|it| it.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let error = error.expect_err(&vector.name);
        assert!(error.len() > 10, "{}: {error}", vector.name);
    }
}

#[test]
fn values_of_vectors_come_back_from_rust_types() {
    #[derive(serde::Serialize, Deserialize, PartialEq, Debug)]
    struct Text {
        text: String,
    }
    let text = Text {
        text: "hello".to_owned(),
    };
    let value = Value::of(&text).unwrap();
    assert_eq!(json_of_value(&value), json!({"text": "hello"}));
    assert_eq!(value.read::<Text>().unwrap(), text);
    assert!(Value::nil().read::<Text>().is_err());
}
