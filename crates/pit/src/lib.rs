//! The Pit: the five services behind one handle. Typed jobs in, answers out.
//!
//! A [`Job`] says what it is, for whom, about which version of which document, and what its answer depends on; its work
//! is a closure over owned data, or a question to instruments. The Pit answers from the Artifact Store if it can, else it
//! asks the Arbitration Engine whose turn it is. A closure runs on a thread of its own; a question becomes a graph of the
//! DAG Tracker, an alternative for each [`Instrument`] that may answer, which the Pool Manager lends. The Stale Manager
//! tells either when nobody wants the answer any more. Every job gets exactly one reply.
//!
//! The Pit knows no editor protocol, no database and no Python. Its queues are bounded: what does not fit is refused, with
//! a reason, at once.
//!
//! ```
//! use std::sync::mpsc::channel;
//! use symphony_pit::{Job, Pit, Priority, Settings};
//!
//! let pit = Pit::start(Settings::default())?;
//! let (sender, answers) = channel();
//! let job = Job::new("greeting", Priority::Interactive);
//! pit.submit(
//!     job,
//!     |_cancel| Ok("hello".into()),
//!     move |answer| sender.send(answer).expect("the receiver waits"),
//! );
//! assert_eq!(answers.recv()??, "hello");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answered;
mod asking;
mod instrument;
mod job;
mod metrics;
mod pit;
mod workers;

pub use answered::Answered;
pub use asking::{Manner, Question};
pub use instrument::{Cost, Instrument, Running, StartError};
pub use job::{Answer, Cancel, DocumentVersion, Job, NoAnswer};
pub use metrics::{Latency, Metrics};
pub use pit::{Pit, Settings};
pub use symphony_arbitration_engine::{Candidate, Choice, DropReason, Priority, Ticket, Window};
pub use symphony_artifact_store as store;
pub use symphony_pool_manager::{
    Account, InstrumentId, Kind as InstrumentKind, Limits, Phase, Predictor, Spec, Status, Times,
};

#[cfg(test)]
mod tests;
