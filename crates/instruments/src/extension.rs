//! An extension as an instrument: somebody's own model, in a program that is fenced in.
//!
//! It is asked by its method `complete` for texts, as an endpoint is, and what it answers is cut and checked like any other
//! answer. docs/protocol.md has the form of both.

use std::sync::Arc;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _};
use serde::{Deserialize, Serialize};
use symphony_extension::Supervisor;
use symphony_extension::host::Extension;
use symphony_extension::wire::Condition;
use symphony_pit::{Instrument, InstrumentKind, Running, Spec, StartError};

use crate::call::Text;
use crate::judged::Judged;
use crate::{Ghost, InlineQuestion, Limits, Prompt};

/// What an instrument is asked by.
const METHOD: &str = "complete";
/// An extension takes this many questions at once, if it says nothing else.
const LEASES: u32 = 2;
/// The probability of what an extension does not say it of.
const PRIOR: f32 = 0.5;

/// The parameters of `complete`.
#[derive(Debug, Serialize)]
struct Complete<'a> {
    path: &'a str,
    prefix: &'a str,
    suffix: &'a str,
    max_tokens: u32,
    candidates: u32,
    stop: &'a [String],
}

/// One of its answers.
#[derive(Debug, Deserialize)]
struct Completion {
    /// What stands at the cursor.
    text: String,
    /// How sure the model is that all of it is right, 0 to 1.
    #[serde(default)]
    probability: Option<f32>,
}

/// An extension of the kind `instrument`.
#[derive(Debug)]
pub struct ExtensionModel {
    name: String,
    supervisor: Arc<Supervisor>,
    limits: Limits,
}

impl ExtensionModel {
    /// One that does not run yet.
    #[must_use]
    pub fn new(name: impl Into<String>, supervisor: Supervisor, limits: Limits) -> Self {
        Self {
            name: name.into(),
            supervisor: Arc::new(supervisor),
            limits,
        }
    }

    /// What the Pool Manager has to know of it.
    #[must_use]
    pub fn spec(&self, kind: InstrumentKind) -> Spec {
        Spec {
            leases: LEASES,
            ..Spec::new(self.name.clone(), kind)
        }
    }
}

impl Instrument for ExtensionModel {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        async move {
            let extension = self.supervisor.extension().await;
            let extension = extension.map_err(|error| StartError(error.to_string()))?;
            let methods = extension.welcome().methods;
            if !methods.iter().any(|it| it == METHOD) {
                let methods = methods.join(", ");
                return Err(StartError(format!(
                    "it is no instrument: it has {methods}, not {METHOD}"
                )));
            }
            let running: Arc<dyn Running> = Arc::new(Started {
                extension,
                supervisor: Arc::clone(&self.supervisor),
                limits: self.limits.clone(),
            });
            Ok(running)
        }
        .boxed()
    }
}

/// One that runs.
struct Started {
    extension: Extension,
    supervisor: Arc<Supervisor>,
    limits: Limits,
}

impl Started {
    async fn answer(&self, question: Bytes) -> Result<Bytes, String> {
        let question = InlineQuestion::from_bytes(&question);
        let question = question.map_err(|error| format!("failed to read the question: {error}"))?;
        let prompt = Prompt::cut(&question, &self.limits);
        let prompt = prompt.ok_or("the cursor is outside of the document")?;
        let params = Complete {
            path: &prompt.path,
            prefix: &prompt.prefix,
            suffix: &prompt.suffix,
            max_tokens: prompt.limits.max_tokens,
            candidates: prompt.limits.candidates,
            stop: &prompt.limits.stop,
        };
        // The one that its files say now: it may have been changed.
        let extension = self.supervisor.extension().await;
        let extension = extension.map_err(|error| error.to_string())?;
        let answered = extension
            .call_with::<Vec<Completion>>(METHOD, &params)
            .await;
        let answered = answered.map_err(|error| error.to_string())?;
        let texts = answered
            .into_iter()
            .map(|it| Text::whole(it.text, it.probability));
        let texts: Vec<Text> = texts
            .take(prompt.limits.candidates.max(1) as usize)
            .collect();
        let judged = Judged {
            question: &question,
            prompt: &prompt,
            special: &[],
            is_prose: false,
            prior: PRIOR,
        };
        let (ghosts, _) = judged.ghosts(&texts).await?;
        Ghost::all_to_bytes(&ghosts).map_err(|error| error.to_string())
    }
}

impl Running for Started {
    fn ask(&self, question: Bytes) -> BoxFuture<'_, Result<Bytes, String>> {
        self.answer(question).boxed()
    }

    fn probe(&self) -> BoxFuture<'_, bool> {
        async {
            let health = self.extension.probe().await;
            health.is_some_and(|it| it.condition != Condition::Unwell)
        }
        .boxed()
    }

    fn ended(&self) -> BoxFuture<'_, String> {
        async { self.extension.ended().await.to_string() }.boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        async {
            if let Err(error) = self.supervisor.stop().await {
                tracing::debug!(%error, "how the extension ended is not kept");
            }
        }
        .boxed()
    }
}
