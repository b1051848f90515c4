//! The embedded language model as an instrument, in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _, ready};
use serde::{Deserialize, Serialize};
use symphony_assist::inline::{InlineCompleter, Policy, Request};
use symphony_pit::{Instrument, Running, StartError};

/// A question for ghost text.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InlineQuestion<'a> {
    /// Names the document between questions.
    pub(crate) document: &'a str,
    /// Its path as the model knows it.
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    /// The cursor, in bytes.
    pub(crate) offset: u32,
    /// The least probability of what is shown, 0 to 1.
    pub(crate) tau: f64,
}

/// Ghost text; the answer is a list of it, the best first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ghost {
    /// The bytes of the document that it replaces.
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) text: String,
    /// The calibrated probability that all of it is right.
    pub(crate) probability: f32,
}

impl InlineQuestion<'_> {
    /// As the instrument reads it.
    pub(crate) fn to_bytes(&self) -> Bytes {
        // Strings and numbers have a form in every encoding.
        postcard::to_stdvec(self).unwrap_or_default().into()
    }
}

impl Ghost {
    /// What the instrument answered; nothing if it makes no sense.
    pub(crate) fn all_from(answer: &[u8]) -> Vec<Self> {
        postcard::from_bytes(answer).unwrap_or_else(|error| {
            tracing::error!(%error, "an answer of the model that is none");
            Vec::new()
        })
    }
}

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
    let question: InlineQuestion<'_> =
        postcard::from_bytes(question).context("failed to read the question")?;
    let request = Request {
        document: question.document,
        path: question.path,
        text: question.text,
        offset: question.offset as usize,
        policy: Policy::with_tau(question.tau),
    };
    let suggestions = completer.complete(&request, &|| given_up.load(Ordering::Relaxed));
    let ghosts: Vec<Ghost> = suggestions
        .into_iter()
        .map(|it| Ghost {
            start: it.range.start as u32,
            end: it.range.end as u32,
            text: it.insert_text,
            probability: it.probability,
        })
        .collect();
    Ok(postcard::to_stdvec(&ghosts)
        .context("failed to write the answer")?
        .into())
}
