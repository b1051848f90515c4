//! The two ends that the transport library asks for: where messages go, and where ours come from.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use crossbeam_channel::Sender;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{BoxFuture, FutureExt, ready};
use futures::sink::Sink;
use tokio::sync::oneshot;
use tower_lsp::Loopback;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};

use super::stdout::Stdout;
use crate::event::Event;
use crate::reply::frame;

/// The method under which the reader passes on what it could not read.
pub(super) const MALFORMED: &str = "symphony/malformed";
/// The method under which the reader passes on that the input has ended.
pub(super) const END_OF_INPUT: &str = "symphony/endOfInput";

/// Turns each message into an [`Event`], in the order of arrival and before anything is awaited.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) events: Sender<Event>,
    /// Where replies are written.
    pub(super) output: Stdout,
}

impl tower::Service<Request> for Service {
    type Response = Option<Response>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Option<Response>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (method, id, params) = request.into_parts();
        let Some(id) = id else {
            let event = match &*method {
                MALFORMED => {
                    let response = Response::from_error(Id::Null, Error::parse_error());
                    return ready(Ok(Some(response))).boxed();
                }
                END_OF_INPUT => Event::EndOfInput,
                _ => Event::Notification { method, params },
            };
            // A loop that has ended needs no more news.
            let _ = self.events.send(event);
            return ready(Ok(None)).boxed();
        };
        let (reply, answer) = oneshot::channel();
        let sent = self.events.send(Event::Request {
            id: id.clone(),
            method,
            params,
            reply,
        });
        let output = self.output.clone();
        async move {
            let reply = match sent {
                Ok(()) => answer.await.ok(),
                Err(_) => None,
            };
            // The loop dropped the request, or is gone: the client gets its one reply all the same.
            let reply = reply.unwrap_or_else(|| Err(Error::internal_error()));
            // Not by the library, which wants a tree of values.
            if let Err(error) = output.send(&frame(&id, reply)) {
                tracing::debug!(%error, "the client reads no more");
            }
            Ok(None)
        }
        .boxed()
    }
}

/// What the server sends of its own accord, and where the client's answers to that go.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) messages: UnboundedReceiver<Request>,
    pub(super) events: Sender<Event>,
}

impl Loopback for Outgoing {
    type RequestStream = UnboundedReceiver<Request>;
    type ResponseSink = Answers;

    fn split(self) -> (Self::RequestStream, Self::ResponseSink) {
        (
            self.messages,
            Answers {
                events: self.events,
            },
        )
    }
}

/// Passes the client's answers on to the loop.
#[derive(Debug)]
pub(super) struct Answers {
    events: Sender<Event>,
}

impl Sink<Response> for Answers {
    type Error = Infallible;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, response: Response) -> Result<(), Infallible> {
        // A loop that has ended needs no more answers.
        let _ = self.events.send(Event::Response(response));
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}
