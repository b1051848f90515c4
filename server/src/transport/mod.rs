//! Standard input and output as LSP. Knows frames and JSON-RPC, no method and no state.
//!
//! A thread reads standard input (a blocking read cannot be given up, so nothing may wait for it at exit); the rest
//! runs on the calling thread.

mod frames;
mod service;
mod stdout;

use std::io;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::Sender;
use futures::channel::mpsc::UnboundedReceiver;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::bytes::Bytes;
use tokio_util::io::StreamReader;
use tower_lsp::Server;
use tower_lsp::jsonrpc::Request;

use crate::event::Event;
use frames::{Frame, FrameReader};
use service::{END_OF_INPUT, MALFORMED, Outgoing, Service};
use stdout::Stdout;

/// Pending requests never hold up what comes behind them, so this is only a bound on memory.
const CONCURRENCY: usize = 1 << 16;
/// How long the last replies may take to be written once the loop has ended.
const FLUSH: Duration = Duration::from_millis(400);

/// Serves until the client says `exit`, standard input ends, or `done` fires because the loop has ended.
///
/// # Errors
///
/// When standard output is closed, or the runtime or the reading thread cannot be started.
pub(crate) fn serve(
    events: Sender<Event>,
    messages: UnboundedReceiver<Request>,
    done: oneshot::Receiver<()>,
) -> anyhow::Result<()> {
    // So many messages are read ahead; a client that writes that many without reading anything is held up by its pipe.
    let (bytes, input) = mpsc::channel(1024);
    thread::Builder::new()
        .name("symphony-stdin".into())
        .spawn(move || read_input(&bytes))
        .context("failed to start the reading thread")?;
    let output = Stdout::new().context("failed to open standard output")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .context("failed to start the runtime")?;
    runtime.block_on(async move {
        let input = StreamReader::new(ReceiverStream::new(input).map(Ok::<Bytes, io::Error>));
        let outgoing = Outgoing {
            messages,
            events: events.clone(),
        };
        let service = Service {
            events,
            output: output.clone(),
        };
        let serving = Server::new(input, output, outgoing)
            .concurrency_level(CONCURRENCY)
            .serve(service);
        tokio::pin!(serving);
        tokio::select! {
            () = &mut serving => {}
            _ = done => {
                // What is left to write when the client does not read is lost either way.
                let _ = tokio::time::timeout(FLUSH, serving).await;
            }
        }
    });
    runtime.shutdown_background();
    Ok(())
}

/// Passes frames on until the input ends, and then says so: as messages, so that they stay in order.
fn read_input(bytes: &mpsc::Sender<Bytes>) {
    let mut reader = FrameReader::new(io::stdin().lock());
    let note = |method: &str, reason: &str| {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": { "reason": reason } });
        message.to_string().into_bytes()
    };
    loop {
        let (body, last) = match reader.read() {
            Ok(Some(Frame::Message(body))) => (body, false),
            Ok(Some(Frame::Malformed(reason))) => {
                tracing::warn!(reason, "malformed message");
                (note(MALFORMED, &reason), false)
            }
            Ok(None) => (note(END_OF_INPUT, "end of input"), true),
            Err(error) => (note(END_OF_INPUT, &error.to_string()), true),
        };
        let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        frame.extend_from_slice(&body);
        if bytes.blocking_send(frame.into()).is_err() || last {
            return;
        }
    }
}
