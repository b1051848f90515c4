//! Whether a decision makes sense: whoever decided, only what has passed here is carried out. The rules are those of
//! `python-models/src/conductor/check.py`.

use crate::{Availability, Decision, Instrument, Reason, View};

const MOST_CANDIDATES: u8 = 8;
const MOST_DEBOUNCE_MS: u32 = 1000;

/// Why a decision cannot be carried out.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Nonsense {
    /// The numbers are no decision.
    #[error("the numbers are no decision")]
    Form,
    /// No probability.
    #[error("tau is {0}, not from 0 to 1")]
    Tau(f64),
    /// The reason is one to be silent and it asks, or the other way round.
    #[error("the reason does not go with asking or being silent")]
    Reason,
    /// It is silent, and names instruments.
    #[error("it is silent, and names instruments")]
    Silent,
    /// It asks nobody, or somebody who is not there.
    #[error("there is no instrument {0:?}")]
    Nobody(Option<u8>),
    /// It asks somebody who has failed.
    #[error("instrument {0} has failed")]
    Failed(u8),
    /// It asks somebody twice.
    #[error("instrument {0} is named twice")]
    Twice(u8),
    /// A consensus of one.
    #[error("a consensus of one")]
    Alone,
    /// More or less money than there is, or than the calls cost.
    #[error("cost_cap is {0}; the calls cost {1}, and {2} is left")]
    Cost(u64, u64, u64),
    /// More text than the instrument reads.
    #[error("context_tokens is {0}, not up to {1}")]
    Context(u32, u32),
    /// None, or too many.
    #[error("candidates is {0}, not from 1 to {MOST_CANDIDATES}")]
    Candidates(u8),
    /// It waits too long.
    #[error("debounce_ms is {0}, not up to {MOST_DEBOUNCE_MS} and below deadline_ms")]
    Debounce(u32),
    /// It gives up at once, or after nobody waits any more.
    #[error("deadline_ms is {0}, not above 0 and up to {1}")]
    Deadline(f64, f64),
}

/// Whether `decision` can be carried out for `view`.
///
/// # Errors
/// What is wrong first.
pub fn validate(decision: &Decision, view: &View) -> Result<(), Nonsense> {
    if !(0.0..=1.0).contains(&decision.tau) {
        return Err(Nonsense::Tau(decision.tau));
    }
    let asks = matches!(decision.reason, Reason::WorthIt | Reason::AskedFor);
    if asks != decision.trigger {
        return Err(Nonsense::Reason);
    }
    if !decision.trigger {
        let is_idle = decision.asked().next().is_none() && !decision.consensus;
        return is_idle.then_some(()).ok_or(Nonsense::Silent);
    }
    whom(decision, view)?;
    how(decision, view)
}

fn whom(decision: &Decision, view: &View) -> Result<(), Nonsense> {
    let there = |id: u8| {
        // Of two with one number the last one counts, as in Python.
        let found = view.instruments.iter().rev().find(|it| it.id == id);
        found.ok_or(Nonsense::Nobody(Some(id)))
    };
    let first = there(decision.instrument.ok_or(Nonsense::Nobody(None))?)?;
    let asked: Vec<&Instrument> = decision.asked().map(there).collect::<Result<_, _>>()?;
    for (index, instrument) in asked.iter().enumerate() {
        if instrument.state == Availability::Failed {
            return Err(Nonsense::Failed(instrument.id));
        }
        if asked[..index].iter().any(|it| it.id == instrument.id) {
            return Err(Nonsense::Twice(instrument.id));
        }
    }
    if decision.consensus && asked.len() < 2 {
        return Err(Nonsense::Alone);
    }
    let least = match decision.consensus {
        true => asked
            .iter()
            .fold(0u64, |sum, it| sum.saturating_add(it.cost)),
        false => first.cost,
    };
    if !(least..=view.cost_left).contains(&decision.cost_cap) {
        let (cap, left) = (decision.cost_cap, view.cost_left);
        return Err(Nonsense::Cost(cap, least, left));
    }
    if decision.context_tokens > first.context_tokens {
        let (tokens, most) = (decision.context_tokens, first.context_tokens);
        return Err(Nonsense::Context(tokens, most));
    }
    Ok(())
}

fn how(decision: &Decision, view: &View) -> Result<(), Nonsense> {
    if !(1..=MOST_CANDIDATES).contains(&decision.candidates) {
        return Err(Nonsense::Candidates(decision.candidates));
    }
    let deadline = decision.deadline_ms;
    if !(deadline > 0.0 && deadline <= view.deadline_ms) {
        return Err(Nonsense::Deadline(deadline, view.deadline_ms));
    }
    if decision.debounce_ms > MOST_DEBOUNCE_MS || f64::from(decision.debounce_ms) >= deadline {
        return Err(Nonsense::Debounce(decision.debounce_ms));
    }
    Ok(())
}
