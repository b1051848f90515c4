//! What is to be done about a question, as `python-models/src/conductor/view.py` has it.

use crate::LAYOUT;
use crate::numbers::{numbered, record};

numbered! {
    /// Why it was decided so; the first two ask, the others are silent.
    Reason {
        /// An answer is expected to be worth what it costs.
        WorthIt,
        /// The user wants one.
        AskedFor,
        /// There is nobody to ask.
        #[default]
        NoInstrument,
        /// Nobody would answer in time.
        NoTime,
        /// Nobody can be paid.
        NoBudget,
        /// No answer is expected to be worth what it costs.
        NotWorthIt,
    }
}

record! {
    /// What is to be done about a question.
    #[derive(Debug, Clone, Copy, PartialEq)]
    Decision {
        /// Whether anything is asked at all.
        trigger: bool,
        /// Why.
        reason: Reason,
        /// Ask the instrument and the fallbacks together, and let them vote.
        consensus: bool,
        /// Who is asked.
        instrument: Option<u8>,
        /// Who is asked when that one has no answer.
        fallback_0: Option<u8>,
        /// Who is asked when neither has one.
        fallback_1: Option<u8>,
        /// How many tokens of the text are given along.
        context_tokens: u32,
        /// How many answers are asked for.
        candidates: u8,
        /// The least probability of what is shown.
        tau: f64,
        /// How long to wait for another key first.
        debounce_ms: u32,
        /// When to give up, from the question on.
        deadline_ms: f64,
        /// The most that all calls together may cost, in millionths of money.
        cost_cap: u64,
    }
}

/// How many numbers a flat decision has.
pub(crate) const WIDTH: usize = Decision::FIELDS.len() + 1;

impl Decision {
    /// Nothing is asked.
    #[must_use]
    pub fn silent(reason: Reason) -> Self {
        Self {
            trigger: false,
            reason,
            consensus: false,
            instrument: None,
            fallback_0: None,
            fallback_1: None,
            context_tokens: 0,
            candidates: 0,
            tau: 1.0,
            debounce_ms: 0,
            deadline_ms: 0.0,
            cost_cap: 0,
        }
    }

    /// Who may be asked, the instrument first.
    pub fn asked(&self) -> impl Iterator<Item = u8> {
        let all = [self.instrument, self.fallback_0, self.fallback_1];
        all.into_iter().flatten()
    }

    /// The flat form.
    #[must_use]
    pub fn numbers(&self) -> Vec<f64> {
        let mut numbers = Vec::with_capacity(WIDTH);
        numbers.push(f64::from(LAYOUT));
        self.write(&mut numbers);
        numbers
    }

    /// The decision of a flat form; none if it is none. Whether it makes sense is [`crate::validate`]'s question.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let (layout, rest) = numbers.split_first()?;
        if *layout != f64::from(LAYOUT) || rest.len() + 1 != WIDTH {
            return None;
        }
        Self::read(&mut rest.iter().copied())
    }
}
