//! The body of an answer as the events in it, within bounds.

use std::io;

use bytes::Bytes;
use futures::future::ready;
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use reqwest::Response;
use reqwest::header::HeaderValue;
use sse_stream::SseByteStream;
use thiserror::Error;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};
use tokio_util::io::StreamReader;

use crate::CallError;

/// Far more than any suggestion takes, with all that is said around each token.
const MOST_BYTES: usize = 4 << 20;
/// The longest event.
const MOST_OF_AN_EVENT: usize = 1 << 20;

/// How events are put into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Server-sent events.
    Events,
    /// A line of JSON each.
    Lines,
    /// One event is all of it: the endpoint does not stream.
    Whole,
    /// What the endpoint did not say, so it is as its interface has it.
    Unsaid,
}

impl Form {
    pub(crate) fn of(content_type: Option<&HeaderValue>) -> Self {
        let name = content_type
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default();
        match name.split(';').next().unwrap_or_default().trim() {
            "text/event-stream" => Self::Events,
            "application/x-ndjson" | "application/jsonl" => Self::Lines,
            "application/json" => Self::Whole,
            _ => Self::Unsaid,
        }
    }
}

#[derive(Debug, Error)]
enum BodyError {
    #[error("it broke off")]
    Broken,
    #[error("it is too large")]
    TooLarge,
}

/// What is in the body, an event each.
pub(crate) type Events = BoxStream<'static, Result<String, CallError>>;

pub(crate) fn events(response: Response, form: Form) -> Events {
    let body = body(response);
    match form {
        Form::Lines => {
            let reader = StreamReader::new(body.map_err(io::Error::other));
            let codec = LinesCodec::new_with_max_length(MOST_OF_AN_EVENT);
            let lines = FramedRead::new(reader, codec).map_err(|error| match error {
                LinesCodecError::MaxLineLengthExceeded => CallError::TooLarge,
                LinesCodecError::Io(error) => of_source(error.get_ref().map(|it| it as _)),
            });
            lines.try_filter(|it| ready(!it.trim().is_empty())).boxed()
        }
        Form::Events | Form::Unsaid => {
            // The last event of a body that has ended well counts without an empty line behind it.
            let end = stream::once(ready(Ok(Bytes::from_static(b"\n\n"))));
            let events = SseByteStream::new(Box::pin(body.chain(end)));
            let data = events.map_err(|error| match error {
                sse_stream::Error::Body(error) => of_source(Some(&*error)),
                _ => CallError::Senseless("it has no events in UTF-8"),
            });
            data.try_filter_map(|it| ready(Ok(it.data))).boxed()
        }
        Form::Whole => stream::once(async move {
            let bytes: Vec<u8> = body
                .try_fold(Vec::new(), |mut all, part| {
                    all.extend_from_slice(&part);
                    ready(Ok(all))
                })
                .await
                .map_err(|error| of_source(Some(&error)))?;
            String::from_utf8(bytes).map_err(|_| CallError::Senseless("it is not in UTF-8"))
        })
        .boxed(),
    }
}

/// All of a small body.
pub(crate) async fn whole(response: Response, most: usize) -> Result<Vec<u8>, CallError> {
    let mut body = response.bytes_stream();
    let mut all = Vec::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| CallError::BrokeOff)?;
        if all.len() + part.len() > most {
            return Err(CallError::TooLarge);
        }
        all.extend_from_slice(&part);
    }
    Ok(all)
}

fn body(response: Response) -> impl stream::Stream<Item = Result<Bytes, BodyError>> + Send {
    let mut left = MOST_BYTES;
    response.bytes_stream().map(move |part| {
        let part = part.map_err(|_| BodyError::Broken)?;
        left = left.checked_sub(part.len()).ok_or(BodyError::TooLarge)?;
        Ok(part)
    })
}

fn of_source(error: Option<&(dyn std::error::Error + Send + Sync + 'static)>) -> CallError {
    match error.and_then(|it| it.downcast_ref::<BodyError>()) {
        Some(BodyError::TooLarge) => CallError::TooLarge,
        Some(BodyError::Broken) => CallError::BrokeOff,
        None => CallError::Senseless("it is not in UTF-8"),
    }
}
