//! What answers questions for the Pit, in the order in which the Pit knows it.

mod configured;
mod local;

use std::sync::Arc;

use symphony_assist::inline::InlineCompleter;
use symphony_conductor::Kind;
use symphony_config::Instrument as Settings;
use symphony_instruments::{CHARS_PER_TOKEN, Meter};
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
    /// Whether something has to be started before it can be asked, and that takes a while.
    pub(crate) starts: bool,
    /// Of a token that is sent and of one that comes back, in millionths of money.
    pub(crate) prices: [f64; 2],
    /// The most tokens that it reads, and that it answers.
    pub(crate) context_tokens: u32,
    pub(crate) answer_tokens: u32,
}

impl Profile {
    /// What a call about a document of this length costs at most, in millionths of money.
    pub(crate) fn cost(&self, document_chars: u32) -> u64 {
        let room = self.context_tokens.saturating_sub(self.answer_tokens);
        let sent = room.min(document_chars.div_ceil(CHARS_PER_TOKEN as u32));
        let [sending, answering] = self.prices;
        let cost = f64::from(sent) * sending + f64::from(self.answer_tokens) * answering;
        cost.ceil() as u64
    }
}

/// An instrument, as the Pit and as the Conductor know it.
pub(crate) struct Offered {
    pub(crate) spec: Spec,
    pub(crate) instrument: Arc<dyn Instrument>,
    pub(crate) profile: Profile,
    /// What the user has set; none for the embedded model.
    pub(crate) settings: Option<Settings>,
    /// What it has done and cost, if it counts that.
    pub(crate) meter: Option<Meter>,
}

/// The most that a pool has.
const MOST: usize = 64;

/// All instruments: the embedded model, and those of the user's settings in their order. One whose settings are wrong is
/// told of in the log, and by `symphony doctor`.
pub(crate) fn all(completer: &Arc<InlineCompleter>, settings: &[Settings]) -> Vec<Offered> {
    let configured = settings.iter().filter_map(|it| {
        let offered = configured::offered(it);
        let told = |error: &anyhow::Error| {
            tracing::warn!(instrument = it.name, "it is not asked: {error:#}");
        };
        offered.inspect_err(told).ok()
    });
    let all = std::iter::once(local(completer)).chain(configured);
    all.take(MOST).collect()
}

fn local(completer: &Arc<InlineCompleter>) -> Offered {
    Offered {
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
            starts: false,
            prices: [0.0; 2],
            context_tokens: LOCAL_CONTEXT,
            answer_tokens: 0,
        },
        settings: None,
        meter: None,
    }
}
