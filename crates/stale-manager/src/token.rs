//! How a job learns that nobody wants its answer any more.
//!
//! Our own and not `tokio_util`'s: loops on worker threads ask every thousand steps, and its `is_cancelled` takes a lock where ours
//! is one load; and it has no place for the reason. Waiting is tokio's `Notify`.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;

/// Why a job was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Newer jobs of the same document and kind took its place.
    Superseded,
    /// The document was closed.
    Closed,
    /// Its owner asked for it.
    Asked,
}

/// Set once, and never unset. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<Flag>);

/// 0 while the job waits, 1 once it may run, 2 and more once it is cancelled. It only grows.
#[derive(Debug, Default)]
struct Flag {
    state: AtomicU8,
    changed: Notify,
}

const ADMITTED: u8 = 1;
const CANCELLED: [Why; 3] = [Why::Superseded, Why::Closed, Why::Asked];
const FIRST_CANCELLED: u8 = 2;

impl CancelToken {
    /// A token that is not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels, for good. The first reason stays.
    pub fn cancel(&self, why: Why) {
        let place = CANCELLED.iter().position(|it| *it == why).unwrap_or(0);
        self.raise(FIRST_CANCELLED + place as u8);
    }

    /// Whether it was cancelled: one load.
    #[inline]
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.state.load(Ordering::Acquire) >= FIRST_CANCELLED
    }

    /// Why it was cancelled, if it was.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        let state = self.0.state.load(Ordering::Acquire);
        let place = state.checked_sub(FIRST_CANCELLED)?;
        CANCELLED.get(usize::from(place)).copied()
    }

    /// Waits until it is cancelled.
    pub async fn cancelled(&self) {
        self.reached(FIRST_CANCELLED).await;
    }

    pub(crate) fn admit(&self) {
        self.raise(ADMITTED);
    }

    pub(crate) fn is_admitted(&self) -> bool {
        self.0.state.load(Ordering::Acquire) == ADMITTED
    }

    /// Waits until it is admitted or cancelled.
    pub(crate) async fn settled(&self) {
        self.reached(ADMITTED).await;
    }

    fn raise(&self, to: u8) {
        let raised = self
            .0
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |state| {
                (state < to && state < FIRST_CANCELLED).then_some(to)
            });
        if raised.is_ok() {
            self.0.changed.notify_waiters();
        }
    }

    async fn reached(&self, state: u8) {
        loop {
            let mut changed = pin!(self.0.changed.notified());
            // Queued before looking: a change between the look and the wait is not missed.
            changed.as_mut().enable();
            if self.0.state.load(Ordering::Acquire) >= state {
                return;
            }
            changed.await;
        }
    }
}
