//! What an instrument has done and cost since it was made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use symphony_pool_manager::Cost;

use crate::Prices;

/// The counters of an instrument; clones share them. They go on over restarts.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    questions: AtomicU64,
    calls: AtomicU64,
    failures: AtomicU64,
    cancelled: AtomicU64,
    unusable: AtomicU64,
    input_tokens: AtomicU64,
    output_tokens: AtomicU64,
    estimated_tokens: AtomicU64,
    money: AtomicU64,
    /// What of the cost nobody has taken yet.
    untaken_tokens: AtomicU64,
    untaken_money: AtomicU64,
}

/// What was counted. Each number is right; together they may be a moment apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Questions that were put to the instrument.
    pub questions: u64,
    /// Calls of the endpoint, retries included.
    pub calls: u64,
    /// Questions without an answer.
    pub failures: u64,
    /// Questions that nobody wanted answered any more.
    pub cancelled: u64,
    /// Candidates of which nothing could be shown: empty, broken, or with characters that no program has.
    pub unusable: u64,
    /// Tokens that were sent.
    pub input_tokens: u64,
    /// Tokens that came back.
    pub output_tokens: u64,
    /// Tokens of both that are not counted by the endpoint but estimated by characters.
    pub estimated_tokens: u64,
    /// Money, in millionths of whatever the user pays in.
    pub money: u64,
}

/// Tokens of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Usage {
    pub(crate) input: u64,
    pub(crate) output: u64,
}

impl Meter {
    /// What was counted.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let it = &*self.0;
        Totals {
            questions: it.questions.load(Relaxed),
            calls: it.calls.load(Relaxed),
            failures: it.failures.load(Relaxed),
            cancelled: it.cancelled.load(Relaxed),
            unusable: it.unusable.load(Relaxed),
            input_tokens: it.input_tokens.load(Relaxed),
            output_tokens: it.output_tokens.load(Relaxed),
            estimated_tokens: it.estimated_tokens.load(Relaxed),
            money: it.money.load(Relaxed),
        }
    }

    /// What was spent since this was last asked.
    #[must_use]
    pub fn take_cost(&self) -> Cost {
        Cost {
            tokens: self.0.untaken_tokens.swap(0, Relaxed),
            money: self.0.untaken_money.swap(0, Relaxed),
        }
    }

    pub(crate) fn asked(&self) {
        self.0.questions.fetch_add(1, Relaxed);
    }

    pub(crate) fn called(&self) {
        self.0.calls.fetch_add(1, Relaxed);
    }

    pub(crate) fn failed(&self) {
        self.0.failures.fetch_add(1, Relaxed);
    }

    pub(crate) fn cancelled(&self) {
        self.0.cancelled.fetch_add(1, Relaxed);
    }

    pub(crate) fn unusable(&self, texts: u64) {
        self.0.unusable.fetch_add(texts, Relaxed);
    }

    /// Counts the tokens of a call, at their price.
    pub(crate) fn used(&self, usage: Usage, is_estimate: bool, prices: Prices) {
        let it = &*self.0;
        it.input_tokens.fetch_add(usage.input, Relaxed);
        it.output_tokens.fetch_add(usage.output, Relaxed);
        let tokens = usage.input.saturating_add(usage.output);
        if is_estimate {
            it.estimated_tokens.fetch_add(tokens, Relaxed);
        }
        // A price is for a million tokens, and money is counted in millionths.
        let money = usage.input as f64 * prices.input + usage.output as f64 * prices.output;
        let money = money.ceil().max(0.0) as u64;
        it.money.fetch_add(money, Relaxed);
        it.untaken_tokens.fetch_add(tokens, Relaxed);
        it.untaken_money.fetch_add(money, Relaxed);
    }
}
