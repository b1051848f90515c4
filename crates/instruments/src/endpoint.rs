//! An endpoint as an instrument of the Pit: reached, asked, probed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _, join_all};
use symphony_pit::store::{Key, Lineage};
use symphony_pit::{Cost, Instrument, InstrumentKind, Running, Spec, StartError};
use tokio::time::{Instant, timeout};

use crate::call::{Answer, Caller, Text};
use crate::client::Client;
use crate::cut::Cut;
use crate::judged::Judged;
use crate::kept::kept_as;
use crate::meter::Meter;
use crate::model::{Speak, speaker};
use crate::retry::RetryBudget;
use crate::template::TEMPLATES;
use crate::{CallError, EndpointOptions, Ghost, InlineQuestion, Prompt};

/// An endpoint that has answered needs no other sign of life for so long.
const FRESH: Duration = Duration::from_secs(60);
/// Questions at once: the newest, and one that is about to be cancelled.
const LEASES: u32 = 2;

/// A model behind HTTP.
#[derive(Debug, Clone)]
pub struct Endpoint {
    options: Arc<EndpointOptions>,
    meter: Meter,
    budget: Arc<RetryBudget>,
}

impl Endpoint {
    /// One that nobody has called yet.
    #[must_use]
    pub fn new(options: EndpointOptions) -> Self {
        Self {
            options: Arc::new(options),
            meter: Meter::default(),
            budget: Arc::new(RetryBudget::new()),
        }
    }

    /// What it has done and cost.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// What the Pool Manager has to know of it.
    #[must_use]
    pub fn spec(&self, kind: InstrumentKind) -> Spec {
        let prices = self.options.prices;
        Spec {
            leases: LEASES,
            priced: prices.input > 0.0 || prices.output > 0.0,
            ..Spec::new(self.options.name.clone(), kind)
        }
    }

    /// Ready to be asked, whether anybody is there or not.
    async fn connect(&self) -> Result<Connected, StartError> {
        let client = Client::new(&self.options).await?;
        Ok(self.connected(EndpointOptions::clone(&self.options), client))
    }

    /// With the counters and the budget of this one, at another address.
    pub(crate) fn connected(&self, options: EndpointOptions, client: Client) -> Connected {
        let endpoint = Self {
            options: Arc::new(options),
            ..self.clone()
        };
        Connected {
            client,
            endpoint,
            last_answer: Mutex::new(None),
        }
    }
}

impl Instrument for Endpoint {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        async move {
            let connected = self.connect().await?;
            // The first question then finds a connection, and a wrong address or key is told at once.
            let tried = timeout(self.options.times.first, connected.look()).await;
            tried
                .unwrap_or(Err(CallError::Late("answer")))
                .map_err(|error| StartError(error.to_string()))?;
            let running: Arc<dyn Running> = Arc::new(connected);
            Ok(running)
        }
        .boxed()
    }

    fn kept_as(&self, question: &[u8]) -> Option<(Key, Lineage)> {
        kept_as(&self.options, question)
    }
}

/// An endpoint with its connections.
pub(crate) struct Connected {
    endpoint: Endpoint,
    client: Client,
    last_answer: Mutex<Option<Instant>>,
}

impl Connected {
    fn speak(&self) -> &'static dyn Speak {
        speaker(self.endpoint.options.api)
    }

    /// Asks for something small. Not all have what is asked for; that they say so is enough.
    pub(crate) async fn look(&self) -> Result<(), CallError> {
        let status = self.client.get(self.speak().probe_path()).await?;
        let is_well = status < 400 || matches!(status, 404 | 405 | 429);
        if !is_well {
            return Err(CallError::Status {
                status,
                code: None,
                retry_after: None,
            });
        }
        Ok(())
    }

    async fn answer(&self, question: Bytes) -> Result<Bytes, String> {
        let question = InlineQuestion::from_bytes(&question);
        let question = question.map_err(|error| format!("failed to read the question: {error}"))?;
        let options = &self.endpoint.options;
        let prompt = Prompt::cut(&question, &options.limits);
        let prompt = prompt.ok_or("the cursor is outside of the document")?;
        let texts = self
            .texts(&prompt)
            .await
            .map_err(|error| error.to_string())?;
        let special = special(options, self.speak());
        let judged = Judged {
            question: &question,
            prompt: &prompt,
            special: &special,
            is_prose: self.speak().is_prose(),
            prior: options.prior,
        };
        let (ghosts, unusable) = judged.ghosts(&texts).await?;
        self.endpoint.meter.unusable(unusable);
        Ghost::all_to_bytes(&ghosts).map_err(|error| error.to_string())
    }

    /// The texts of all candidates, of which some may be missing.
    async fn texts(&self, prompt: &Prompt) -> Result<Vec<Text>, CallError> {
        let (options, meter) = (&self.endpoint.options, &self.endpoint.meter);
        let speak = self.speak();
        let asked = Asked::new(meter);
        self.endpoint.budget.question();
        let caller = Caller {
            client: &self.client,
            speak,
            times: options.times,
            calls: options.calls.max(1),
            prices: options.prices,
            budget: &self.endpoint.budget,
            meter,
        };
        let candidates = prompt.limits.candidates.max(1);
        let (calls, of_each) = match speak.has_candidates() {
            true => (1, candidates),
            false => (candidates, 1),
        };
        let special = special(options, speak);
        let cut = Cut::new(prompt, &special, speak.is_prose());
        let is_enough = |text: &str| cut.is_enough(text);
        let calls = (0..calls).map(|candidate| {
            let body = speak.body(options, prompt, candidate);
            let body = serde_json::to_vec(&body).unwrap_or_default();
            caller.ask(body.into(), prompt.tokens(), of_each as usize, &is_enough)
        });
        let answers = join_all(calls).await;
        let result = merged(answers);
        asked.ended(&result);
        if result.is_ok() {
            let now = Some(Instant::now());
            *self
                .last_answer
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = now;
        }
        result
    }
}

impl Running for Connected {
    fn ask(&self, question: Bytes) -> BoxFuture<'_, Result<Bytes, String>> {
        self.answer(question).boxed()
    }

    fn probe(&self) -> BoxFuture<'_, bool> {
        let last = *self
            .last_answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|it| it.elapsed() < FRESH) {
            return futures::future::ready(true).boxed();
        }
        async { self.look().await.is_ok() }.boxed()
    }

    fn take_cost(&self) -> Cost {
        self.endpoint.meter.take_cost()
    }
}

/// Counts how a question ended; one that is dropped before was cancelled.
struct Asked<'a> {
    meter: &'a Meter,
    has_ended: bool,
}

impl<'a> Asked<'a> {
    fn new(meter: &'a Meter) -> Self {
        meter.asked();
        Self {
            meter,
            has_ended: false,
        }
    }

    fn ended<T, E>(mut self, result: &Result<T, E>) {
        self.has_ended = true;
        if result.is_err() {
            self.meter.failed();
        }
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.meter.cancelled();
        }
    }
}

/// What answers together have; one of several is enough.
fn merged(answers: Vec<Result<Answer, CallError>>) -> Result<Vec<Text>, CallError> {
    let mut texts = Vec::new();
    let mut failure = None;
    for answer in answers {
        match answer {
            Ok(answer) => texts.extend(answer.texts),
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        Some(error) if texts.is_empty() => Err(error),
        _ => Ok(texts),
    }
}

/// What ends an answer, beside what the endpoint stops at itself.
fn special(options: &EndpointOptions, speak: &dyn Speak) -> Vec<&'static str> {
    match options.template.resolve(options.model.as_deref()) {
        Some(template) => template.special.to_vec(),
        // Nobody says which model it is; code has none of them, or few.
        None if !speak.is_prose() => {
            let special = TEMPLATES.iter().flat_map(|it| it.special.iter().copied());
            special
                .filter(|it| it.starts_with("<|") || it.starts_with("<｜"))
                .collect()
        }
        None => Vec::new(),
    }
}
