//! What is asked of the pool, and why it may say no.

use thiserror::Error;

use crate::{Cost, InstrumentId, Kind};

/// Who may serve a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Among {
    /// Any instrument of the kind.
    Kind(Kind),
    /// This one only.
    One(InstrumentId),
}

/// A wish for a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Who may serve it.
    pub among: Among,
    /// What its answer is thought to cost at most.
    pub cost: Cost,
    /// Instruments that shall not serve it, a bit each: those that failed it already.
    pub(crate) without: u64,
}

impl Request {
    /// Any instrument of the kind.
    #[must_use]
    pub fn kind(kind: Kind) -> Self {
        Self::among(Among::Kind(kind))
    }

    /// This instrument only.
    #[must_use]
    pub fn one(instrument: InstrumentId) -> Self {
        Self::among(Among::One(instrument))
    }

    fn among(among: Among) -> Self {
        Self {
            among,
            cost: Cost::ZERO,
            without: 0,
        }
    }

    /// With what its answer is thought to cost at most.
    #[must_use]
    pub fn at_cost(self, cost: Cost) -> Self {
        Self { cost, ..self }
    }

    /// Without an instrument that failed it.
    #[must_use]
    pub fn without(self, instrument: InstrumentId) -> Self {
        let bit = 1u64.checked_shl(u32::from(instrument.0)).unwrap_or(0);
        Self {
            without: self.without | bit,
            ..self
        }
    }

    pub(crate) fn allows(&self, instrument: InstrumentId) -> bool {
        Self {
            without: 0,
            ..*self
        }
        .without(instrument)
        .without
            & self.without
            == 0
    }
}

/// Why there is no lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum Refusal {
    /// Try again later or do without: each that could serve failed and is left alone for a while.
    #[error("no instrument is well")]
    Unavailable,
    /// Do without: too many wait already.
    #[error("too many wait for an instrument")]
    Full,
    /// Do without until the next period.
    #[error("the budget for answers is spent")]
    Budget,
    /// A mistake: no instrument does this.
    #[error("no instrument can do this")]
    Unknown,
    /// Do without: it took too long.
    #[error("no instrument was free in time")]
    Late,
    /// The pool is being shut down.
    #[error("the pool is shut down")]
    Closed,
}
