//! What answers questions for the Pit, in the order in which the Pit knows it.

mod local;

use std::sync::Arc;

use symphony_assist::inline::InlineCompleter;
use symphony_pit::{Instrument, InstrumentId, InstrumentKind, Spec};

pub(crate) use local::Local;

/// The embedded language model.
pub(crate) const LOCAL: InstrumentId = InstrumentId(0);
/// What completes text.
const COMPLETION: InstrumentKind = InstrumentKind(0);
/// Questions that the embedded model answers at once; more would only take the cores from each other.
const LOCAL_LEASES: u32 = 2;

/// All instruments.
pub(crate) fn all(completer: &Arc<InlineCompleter>) -> Vec<(Spec, Arc<dyn Instrument>)> {
    let local = Spec {
        leases: LOCAL_LEASES,
        // It is what it has learned: there is nothing to stop.
        idle: None,
        ..Spec::new("local", COMPLETION)
    };
    vec![(local, Arc::new(Local::new(Arc::clone(completer))))]
}
