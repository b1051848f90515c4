//! The Arbitration Engine decides: who goes first, who is refused, which of several answers is taken, and why.
//!
//! It is a pure state machine. It has no clock (`now` is an argument), no I/O, no tasks and no locks; whoever owns the
//! engine (one task of the Pit) calls it, carries out what it says and drains its [`Effect`]s after each call.
//!
//! - *Order*: [`Priority`] classes are strict, but a class that was passed over for long gets one turn
//!   ([`Settings::patience`], [`Settings::passes`]), so nothing starves. Within a class, flows (a window and a kind of
//!   job) share by weight: start-time fair queueing in exact arithmetic.
//! - *Admission*: each class holds a bounded number of jobs. When it is full, the [`WhenFull`] policy says whether the
//!   new request is refused or an outdated one of its own flow makes room.
//! - *Merging*: requests with the same [`MergeKey`] are one job, with the priority of its most urgent waiter.
//! - *Deadlines*: a request that is too late is dropped and never dispatched.
//! - *Choice*: [`choose`] picks one of several answers.
//! - *Reasons*: every decision is in a bounded log ([`Engine::decisions`]) and counted ([`Engine::counters`]).
//!
//! ```
//! use std::time::Instant;
//! use symphony_arbitration_engine::{Admission, Engine, Flow, MergeKey, Priority, Request, Settings, Window};
//!
//! let now = Instant::now();
//! let mut engine = Engine::new(Settings::default());
//! let hover = Flow::new(Window(1), "hover");
//! let index = Flow::new(Window(1), "index");
//!
//! engine.submit(Request::new(Priority::Index, index, "read all files"), now);
//! let key = MergeKey::from(7);
//! engine.submit(Request::new(Priority::Interactive, hover, "explain f").merged_by(key), now);
//! let again = engine.submit(Request::new(Priority::Interactive, hover, "explain f").merged_by(key), now);
//! assert!(matches!(again, Admission::Merged { .. }));
//!
//! let dispatch = engine.next(now).expect("two jobs wait");
//! assert_eq!(dispatch.payload, "explain f");
//! let waiters = engine.finish(dispatch.job, now);
//! assert_eq!(waiters.len(), 2); // one job, and both get its answer
//! assert_eq!(engine.next(now).map(|it| it.payload), Some("read all files"));
//! ```

mod choice;
mod class;
mod counters;
mod engine;
mod fair;
mod jobs;
mod log;
mod outcome;
mod request;
mod settings;
#[cfg(test)]
mod tests;

pub use choice::{Candidate, Choice, ChoiceReason, Validity, choose};
pub use counters::Counters;
pub use engine::Engine;
pub use log::{Decision, Verdict};
pub use outcome::{Admission, Cancelled, Dispatch, DropReason, Effect, Refusal, Turn};
pub use request::{Flow, JobId, MergeKey, Priority, Request, Ticket, Window};
pub use settings::{Settings, WhenFull};
