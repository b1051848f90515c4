//! Processes that share a directory, and are killed. A program of its own: a process that is being started holds the
//! lock of every store that is open in the one that starts it, for a moment.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod crash;
#[path = "../common/child/operation.rs"]
mod operation;
mod processes;
#[path = "../common/rounds.rs"]
mod rounds;

use std::sync::{Mutex, MutexGuard, PoisonError};

use operation::{key, lineage};
use rounds::rounds;

/// One test at a time, for the same reason.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
