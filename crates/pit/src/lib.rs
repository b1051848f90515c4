//! The Pit: the five services behind one handle. Typed jobs in, answers out.
//!
//! A [`Job`] says what it is, for whom, about which version of which document, and what its answer depends on; its work
//! is a closure over owned data. The Pit answers from the Artifact Store if it can, else it asks the Arbitration Engine
//! whose turn it is and runs the work on a thread of its own; the Stale Manager tells the work when nobody wants it any
//! more. Every submitted job gets exactly one reply.
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

mod job;
mod metrics;
mod pit;
mod workers;

pub use job::{Answer, Cancel, DocumentVersion, Job, NoAnswer};
pub use metrics::{Latency, Metrics};
pub use pit::{Pit, Settings};
pub use symphony_arbitration_engine::{Priority, Ticket, Window};
pub use symphony_artifact_store as store;

#[cfg(test)]
mod tests;
