//! The Conductor: what is done about a question is decided in Python, or in Rust where there is no Python that answers in time.
//!
//! A [`View`] goes in and a [`Decision`] comes out, both of plain numbers; the layout is `python-models/src/conductor/schema.json`.
//! The binary is linked to no Python: one is looked for and tried out in a child process, and only then opened, on a
//! thread of its own that the crate starts. Whoever asks never waits for Python's lock, and not longer than the deadline for
//! an answer; what is late, raised, nonsense or not there becomes the decision of [`Fallback`], with the reason.
//!
//! ```
//! use symphony_conductor::{Conductor, Options, View};
//!
//! let conductor = Conductor::start(Options::default());
//! let (decision, source) = conductor.decide(&View::default());
//! // Nothing can be asked here, and Python is not there yet.
//! assert!(!decision.trigger);
//! assert!(!source.is_python());
//! ```

mod conductor;
mod decision;
mod fallback;
mod find;
mod health;
mod journal;
mod library;
mod load;
mod numbers;
mod options;
mod probe;
mod quest;
mod shared;
mod thread;
mod trust;
mod validate;
mod view;

pub use conductor::Conductor;
pub use decision::{Decision, Reason};
pub use fallback::Fallback;
pub use health::{Counts, Health, Source, State, Why};
pub use journal::{Event, Journal, JournalError};
pub use options::Options;
pub use quest::{Quest, QuestError};
pub use validate::{Nonsense, validate};
pub use view::{Availability, Instrument, Kind, Prefix, Surroundings, Trigger, View};

/// Of the flat forms of views and decisions; a package with another one is not loaded.
pub const LAYOUT: u32 = 1;

/// Something that decides about questions.
pub trait Decide {
    /// What is to be done about the question of `view`.
    fn decide(&self, view: &View) -> Decision;
}

#[cfg(test)]
mod tests;
