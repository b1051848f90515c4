//! How a job learns that nobody wants its answer any more.
//!
//! Our own and not `tokio_util`'s: loops on worker threads ask every thousand steps, and its `is_cancelled` takes a lock where ours
//! is one load; and it has no place for the reason. Waiting is tokio's `Notify`. It is the only state of this crate that is
//! shared without a lock; `tests/interleavings.rs` puts its accesses into every order that there is.

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

/// 0 while the job waits, 1 once it may run, 2 and more once it is cancelled. It only grows, and stays once it is cancelled.
#[derive(Debug, Default)]
pub(crate) struct Flag<B = AtomicU8> {
    state: B,
    changed: Notify,
}

/// What a flag asks of its byte: in tests, a model checker's stands in for the real one.
pub(crate) trait Byte {
    fn load(&self, order: Ordering) -> u8;
    fn update(
        &self,
        set: Ordering,
        fetch: Ordering,
        change: impl FnMut(u8) -> Option<u8>,
    ) -> Result<u8, u8>;
}

impl Byte for AtomicU8 {
    #[inline]
    fn load(&self, order: Ordering) -> u8 {
        self.load(order)
    }

    fn update(
        &self,
        set: Ordering,
        fetch: Ordering,
        change: impl FnMut(u8) -> Option<u8>,
    ) -> Result<u8, u8> {
        self.fetch_update(set, fetch, change)
    }
}

pub(crate) const ADMITTED: u8 = 1;
const CANCELLED: [Why; 3] = [Why::Superseded, Why::Closed, Why::Asked];
pub(crate) const FIRST_CANCELLED: u8 = 2;

impl CancelToken {
    /// A token that is not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels, for good. The first reason stays.
    pub fn cancel(&self, why: Why) {
        let place = CANCELLED.iter().position(|it| *it == why).unwrap_or(0);
        self.0.raise(FIRST_CANCELLED + place as u8);
    }

    /// Whether it was cancelled: one load.
    #[inline]
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.state() >= FIRST_CANCELLED
    }

    /// Why it was cancelled, if it was.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        let place = self.0.state().checked_sub(FIRST_CANCELLED)?;
        CANCELLED.get(usize::from(place)).copied()
    }

    /// Waits until it is cancelled.
    pub async fn cancelled(&self) {
        self.0.reached(FIRST_CANCELLED).await;
    }

    pub(crate) fn admit(&self) {
        self.0.raise(ADMITTED);
    }

    pub(crate) fn is_admitted(&self) -> bool {
        self.0.state() == ADMITTED
    }

    /// Waits until it is admitted or cancelled.
    pub(crate) async fn settled(&self) {
        self.0.reached(ADMITTED).await;
    }
}

impl<B: Byte> Flag<B> {
    #[inline]
    pub(crate) fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    /// Whether that changed anything.
    pub(crate) fn raise(&self, to: u8) -> bool {
        let raised = self
            .state
            .update(Ordering::AcqRel, Ordering::Acquire, |state| {
                (state < to && state < FIRST_CANCELLED).then_some(to)
            });
        if raised.is_ok() {
            self.changed.notify_waiters();
        }
        raised.is_ok()
    }

    pub(crate) async fn reached(&self, state: u8) {
        loop {
            let mut changed = pin!(self.changed.notified());
            // Queued before looking: a change between the look and the wait is not missed.
            changed.as_mut().enable();
            if self.state() >= state {
                return;
            }
            changed.await;
        }
    }
}
