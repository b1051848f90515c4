//! The policy where Python has none: as the server decides by itself. While the user types it asks the embedded model; who
//! asks in so many words gets the answer of another model, if there is one, and the embedded one's where that has none. It
//! shows what is at least as probable as the setting says, waits for nothing, and does not spend what it need not.

use crate::{Availability, Decide, Decision, Instrument, Kind, Reason, Trigger, View};

/// The policy in Rust: always there, at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fallback {
    tau: f64,
}

impl Fallback {
    /// Shows what is at least as probable as `tau`, which is kept within 0 and 1.
    #[must_use]
    pub fn new(tau: f64) -> Self {
        let tau = if tau.is_nan() { 1.0 } else { tau };
        Self {
            tau: tau.clamp(0.0, 1.0),
        }
    }
}

impl Default for Fallback {
    /// With the tau of a server without settings.
    fn default() -> Self {
        Self::new(0.5)
    }
}

impl Decide for Fallback {
    fn decide(&self, view: &View) -> Decision {
        let alive = |it: &&Instrument| it.state != Availability::Failed;
        let mut alive = view.instruments.iter().filter(alive).peekable();
        if alive.peek().is_none() {
            return Decision::silent(Reason::NoInstrument);
        }
        let mut affordable: Vec<&Instrument> =
            alive.filter(|it| it.cost <= view.cost_left).collect();
        let order = |it: &Instrument| order(it, view.trigger);
        affordable.sort_by(|a, b| {
            order(a).partial_cmp(&order(b)).unwrap_or(
                // Times that are no numbers are as good as any other.
                std::cmp::Ordering::Equal,
            )
        });
        let Some(&first) = affordable.first() else {
            return Decision::silent(Reason::NoBudget);
        };
        let embedded = affordable.iter().find(|it| it.kind == Kind::Local);
        let instead = embedded.filter(|it| it.id != first.id);
        let deadline_ms = view.deadline_ms.min(f64::MAX);
        if view.deadline_ms.is_nan() || deadline_ms <= 0.0 {
            return Decision::silent(Reason::NoTime);
        }
        Decision {
            trigger: true,
            reason: match view.trigger {
                Trigger::Automatic => Reason::WorthIt,
                Trigger::Invoked => Reason::AskedFor,
            },
            instrument: Some(first.id),
            fallback_0: instead.map(|it| it.id),
            context_tokens: first.context_tokens,
            candidates: 1,
            tau: self.tau,
            deadline_ms,
            cost_cap: first.cost,
            ..Decision::silent(Reason::WorthIt)
        }
    }
}

/// The embedded model first, or last if the user asked; then what costs least, then what is warm, then what is fastest.
fn order(instrument: &Instrument, trigger: Trigger) -> (bool, u64, bool, f64) {
    let is_embedded = instrument.kind == Kind::Local;
    (
        is_embedded == (trigger == Trigger::Invoked),
        instrument.cost,
        instrument.state != Availability::Warm,
        instrument.p50_ms,
    )
}
