//! The embedded language model as an instrument, in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _, ready};
use symphony_assist::inline::{InlineCompleter, Policy, Request};
use symphony_instruments::{Ghost, InlineQuestion};
use symphony_pit::{Instrument, Running, StartError};

/// The embedded model. It runs as long as the process.
pub(crate) struct Local(Arc<InlineCompleter>);

impl Local {
    pub(crate) fn new(completer: Arc<InlineCompleter>) -> Self {
        Self(completer)
    }
}

impl Instrument for Local {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        let running: Arc<dyn Running> = Arc::new(Self(Arc::clone(&self.0)));
        ready(Ok(running)).boxed()
    }
}

impl Running for Local {
    fn ask(&self, question: Bytes) -> BoxFuture<'_, Result<Bytes, String>> {
        let completer = Arc::clone(&self.0);
        async move {
            let given_up = GivenUp::default();
            let flag = Arc::clone(&given_up.0);
            let computed =
                tokio::task::spawn_blocking(move || answer(&completer, &question, &flag));
            match computed.await {
                Ok(answer) => answer.map_err(|error| format!("{error:#}")),
                Err(error) => Err(error.to_string()),
            }
        }
        .boxed()
    }
}

/// Tells the computation when the question is dropped.
#[derive(Default)]
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn answer(
    completer: &InlineCompleter,
    question: &[u8],
    given_up: &AtomicBool,
) -> anyhow::Result<Bytes> {
    let question = InlineQuestion::from_bytes(question).context("failed to read the question")?;
    let start = question.context_start();
    let request = Request {
        document: question.document,
        path: question.path,
        text: question.text.get(start..).unwrap_or_default(),
        offset: question.offset as usize - start,
        policy: Policy::with_tau(question.tau),
    };
    let suggestions = completer.complete(&request, &|| given_up.load(Ordering::Relaxed));
    let ghosts: Vec<Ghost> = suggestions
        .into_iter()
        .map(|it| Ghost {
            start: (start + it.range.start) as u32,
            end: (start + it.range.end) as u32,
            text: it.insert_text,
            probability: it.probability,
        })
        .collect();
    Ghost::all_to_bytes(&ghosts).context("failed to write the answer")
}
