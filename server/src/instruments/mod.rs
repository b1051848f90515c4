//! What answers questions for the Pit, in the order in which the Pit knows it.

mod local;

use std::sync::Arc;

use symphony_assist::inline::InlineCompleter;
use symphony_conductor::Kind;
use symphony_pit::{Instrument, InstrumentKind, Spec};

pub(crate) use local::Local;

/// What completes text.
const COMPLETION: InstrumentKind = InstrumentKind(0);
/// Questions that the embedded model answers at once; more would only take the cores from each other.
const LOCAL_LEASES: u32 = 2;

/// What of the embedded model's answers is expected before there are any, in milliseconds: half of them, and 95 of 100
/// (measured with 235,000 lines learned).
const LOCAL_MS: [f64; 2] = [5.0, 30.0];
/// It reads the whole document; more is nothing that anyone writes.
const LOCAL_CONTEXT: u32 = 1 << 24;

/// What the Conductor is told of an instrument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Profile {
    pub(crate) kind: Kind,
    /// How long its answers take before any were measured: half of them, and 95 of 100.
    pub(crate) expected_ms: [f64; 2],
    /// Of one call, in millionths of money.
    pub(crate) cost: u64,
    /// The most tokens that it reads.
    pub(crate) context_tokens: u32,
}

/// An instrument, as the Pit and as the Conductor know it.
pub(crate) struct Offered {
    pub(crate) spec: Spec,
    pub(crate) instrument: Arc<dyn Instrument>,
    pub(crate) profile: Profile,
}

/// All instruments.
pub(crate) fn all(completer: &Arc<InlineCompleter>) -> Vec<Offered> {
    let local = Offered {
        spec: Spec {
            leases: LOCAL_LEASES,
            // It is what it has learned: there is nothing to stop.
            idle: None,
            ..Spec::new("local", COMPLETION)
        },
        instrument: Arc::new(Local::new(Arc::clone(completer))),
        profile: Profile {
            kind: Kind::Local,
            expected_ms: LOCAL_MS,
            cost: 0,
            context_tokens: LOCAL_CONTEXT,
        },
    };
    vec![local]
}
