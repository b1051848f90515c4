//! One question to an endpoint: tries, waits, and the text as it comes.
//!
//! Before the first piece of text a call may be repeated; after it nothing is, and what has come is used if a line of it is
//! whole.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::StreamExt as _;
use tokio::time::{Instant, sleep, timeout};

use crate::client::Client;
use crate::meter::{Meter, Usage};
use crate::model::{Piece, Said, Speak};
use crate::prompt::tokens;
use crate::retry::{RetryBudget, wait};
use crate::stream::{Form, events};
use crate::{CallError, CallTimes, Prices};

/// More than any suggestion takes; a model that goes on is not read any further.
const MOST_TEXT: usize = 4 << 10;

/// What an endpoint answered: a text for each candidate that it had.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Answer {
    /// The candidates, in the endpoint's order.
    pub(crate) texts: Vec<Text>,
}

/// One candidate, as it came.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Text {
    /// All of it.
    pub(crate) text: String,
    /// Where its pieces end, with the logarithm of the probability of each, where the endpoint says.
    pieces: Vec<(usize, Option<f64>)>,
}

impl Text {
    /// In one piece, with its probability if that is known.
    pub(crate) fn whole(text: String, probability: Option<f32>) -> Self {
        let logprob = probability.map(|it| f64::from(it.clamp(0.0, 1.0)).ln());
        let pieces = vec![(text.len(), logprob)];
        Self { text, pieces }
    }

    fn push(&mut self, piece: &Piece) {
        self.text.push_str(&piece.text);
        self.pieces.push((self.text.len(), piece.logprob));
    }

    /// The probability that the model gives to the first `len` bytes, if the endpoint said it of all pieces of them.
    pub(crate) fn probability(&self, len: usize) -> Option<f32> {
        let mut start = 0;
        let mut sum = 0.0;
        for &(end, logprob) in &self.pieces {
            if start >= len {
                break;
            }
            sum += logprob?.min(0.0);
            start = end;
        }
        (start > 0).then(|| sum.exp() as f32)
    }

    /// The lines that have ended.
    fn keep_whole_lines(&mut self) {
        let end = self.text.rfind('\n').unwrap_or(0);
        self.text.truncate(end);
    }
}

/// What a call is made with.
pub(crate) struct Caller<'a> {
    pub(crate) client: &'a Client,
    pub(crate) speak: &'static dyn Speak,
    pub(crate) times: CallTimes,
    pub(crate) calls: u32,
    pub(crate) prices: Prices,
    pub(crate) budget: &'a RetryBudget,
    pub(crate) meter: &'a Meter,
}

impl Caller<'_> {
    /// Asks, until there is an answer or no sense in another try. `is_enough` tells of a text whether more of it is of no use.
    pub(crate) async fn ask(
        &self,
        body: Bytes,
        input_tokens: u64,
        candidates: usize,
        is_enough: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Answer, CallError> {
        let end = Instant::now() + self.times.total;
        let mut failed = 0;
        loop {
            let mut reading = Reading::new(self, input_tokens, candidates);
            self.meter.called();
            let called = self.call(body.clone(), &mut reading, is_enough);
            let left = end.saturating_duration_since(Instant::now());
            let result = timeout(left, called).await;
            let error = match result.unwrap_or(Err(CallError::Late("end of it"))) {
                Ok(()) => return Ok(reading.answer()),
                Err(_) if reading.has_begun() => return reading.rest(),
                Err(error) => error,
            };
            // What was not answered is not paid for.
            reading.is_settled = true;
            failed += 1;
            let left = end.saturating_duration_since(Instant::now());
            match wait(&error, failed, self.calls, left, fastrand::u64(..)) {
                Some(pause) if self.budget.take() => sleep(pause).await,
                _ => return Err(error),
            }
        }
    }

    async fn call(
        &self,
        body: Bytes,
        reading: &mut Reading<'_>,
        is_enough: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<(), CallError> {
        let first = Instant::now() + self.times.first;
        let asked = within(self.client.post(self.speak.path(), body), first, "answer");
        let (response, form) = asked.await?;
        reading.is_sent = true;
        let form = match form {
            Form::Unsaid => self.speak.form(),
            form => form,
        };
        let mut events = events(response, form);
        loop {
            let until = match reading.has_begun() {
                false => first,
                true => Instant::now() + self.times.between,
            };
            let next = async { events.next().await.transpose() };
            let Some(event) = within(next, until, "text").await? else {
                // An answer of nothing is one; an end without a word is none.
                let is_whole = reading.has_begun() || reading.is_ended;
                return if is_whole {
                    Ok(())
                } else {
                    Err(CallError::BrokeOff)
                };
            };
            let said = self.speak.read(&event)?;
            reading.take(said);
            if form == Form::Whole || reading.is_over(is_enough) {
                return Ok(());
            }
        }
    }
}

async fn within<T>(
    work: impl Future<Output = Result<T, CallError>>,
    until: Instant,
    what: &'static str,
) -> Result<T, CallError> {
    let left = until.saturating_duration_since(Instant::now());
    let done = timeout(left.max(Duration::from_millis(1)), work).await;
    done.unwrap_or(Err(CallError::Late(what)))
}

/// What has come of an answer. When it is dropped, however that comes about, what it cost is counted.
struct Reading<'a> {
    caller: &'a Caller<'a>,
    input_tokens: u64,
    texts: Vec<Text>,
    usage: Option<Usage>,
    is_sent: bool,
    is_ended: bool,
    is_settled: bool,
}

impl<'a> Reading<'a> {
    fn new(caller: &'a Caller<'a>, input_tokens: u64, candidates: usize) -> Self {
        Self {
            caller,
            input_tokens,
            texts: vec![Text::default(); candidates],
            usage: None,
            is_sent: false,
            is_ended: false,
            is_settled: false,
        }
    }

    fn has_begun(&self) -> bool {
        self.texts.iter().any(|it| !it.text.is_empty())
    }

    fn take(&mut self, said: Said) {
        for piece in &said.pieces {
            // Candidates that nobody has asked for are left out.
            if let Some(text) = self.texts.get_mut(piece.candidate) {
                text.push(piece);
            }
        }
        self.usage = said.usage.or(self.usage);
        self.is_ended |= said.is_end;
    }

    /// Whether there is nothing more to come, or nothing that could be used.
    fn is_over(&self, is_enough: &(dyn Fn(&str) -> bool + Sync)) -> bool {
        let has_enough = |it: &Text| it.text.len() > MOST_TEXT || is_enough(&it.text);
        self.is_ended || self.texts.iter().all(has_enough)
    }

    fn answer(mut self) -> Answer {
        Answer {
            texts: std::mem::take(&mut self.texts_counted().texts),
        }
    }

    /// What can be used of an answer that broke off.
    fn rest(self) -> Result<Answer, CallError> {
        let mut answer = self.answer();
        answer.texts.iter_mut().for_each(Text::keep_whole_lines);
        match answer.texts.iter().all(|it| it.text.is_empty()) {
            true => Err(CallError::BrokeOff),
            false => Ok(answer),
        }
    }

    /// Counts what it cost: by the endpoint's own count, else by what was sent and what has come.
    fn texts_counted(&mut self) -> &mut Self {
        if self.is_settled {
            return self;
        }
        self.is_settled = true;
        let estimate = Usage {
            input: self.input_tokens,
            output: self.texts.iter().map(|it| tokens(&it.text)).sum(),
        };
        let usage = self.usage.unwrap_or(estimate);
        let meter = self.caller.meter;
        meter.used(usage, self.usage.is_none(), self.caller.prices);
        self
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        if self.is_sent {
            self.texts_counted();
        }
    }
}
