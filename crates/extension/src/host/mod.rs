//! The host: starts an extension, talks to it, and ends it with everything that it started.
//!
//! Two threads an extension: one reads what it says, one its standard error; a third writes only while the extension does
//! not read. A request is written by who makes it, so it takes no way to a task and back. Nothing here waits for
//! an extension without a limit, and all that is kept for one is bounded: requests by its slots, what is not yet written by
//! [`OUTBOX_BYTES`], chunks by the credit of their stream, lines by their length.

mod call;
mod error;
mod extension;
mod notice;
mod options;
mod outbox;
mod pending;
mod reader;
mod runtime;
mod spawn;
mod stream;

pub use error::{CallError, Ended, StartError};
pub use extension::{Extension, Health, Welcome};
pub use notice::{Event, Notice, Notices};
pub use options::{HostOptions, Launcher};
pub use outbox::OUTBOX_BYTES;
pub use stream::Stream;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic elsewhere leaves nothing half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
