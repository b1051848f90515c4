//! A lease: the right to use an instrument, returned when it is dropped.
//!
//! That an instrument was lost is the only state of this crate that is shared without a lock; `tests/interleavings.rs` puts its
//! accesses into every order that there is.

use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::pool::Shared;
use crate::{Cost, Grant, Instrument, InstrumentId};

/// A running instrument, and whether it failed meanwhile.
#[derive(Debug)]
pub(crate) struct Live<R, B = AtomicBool> {
    pub(crate) running: R,
    is_lost: B,
    lost: Notify,
}

/// What [`Live`] asks of its flag: in tests, a model checker's stands in for the real one.
pub(crate) trait Bit: Default {
    fn load(&self, order: Ordering) -> bool;
    fn store(&self, value: bool, order: Ordering);
}

impl Bit for AtomicBool {
    fn load(&self, order: Ordering) -> bool {
        self.load(order)
    }

    fn store(&self, value: bool, order: Ordering) {
        self.store(value, order);
    }
}

impl<R, B: Bit> Live<R, B> {
    pub(crate) fn new(running: R) -> Self {
        Self {
            running,
            is_lost: B::default(),
            lost: Notify::new(),
        }
    }

    pub(crate) fn lose(&self) {
        self.is_lost.store(true, Ordering::Release);
        self.lost.notify_waiters();
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Acquire)
    }

    pub(crate) async fn lost(&self) {
        loop {
            let mut lost = pin!(self.lost.notified());
            // Queued before looking: a loss between the look and the wait is not missed.
            lost.as_mut().enable();
            if self.is_lost() {
                return;
            }
            lost.await;
        }
    }
}

/// How a lease went, as far as its holder said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Unknown,
    Good,
    Bad,
}

/// The right to use an instrument; dropping it gives it back.
pub struct Lease<I: Instrument> {
    pub(crate) shared: Arc<Shared<I>>,
    pub(crate) live: Arc<Live<I::Running>>,
    pub(crate) grant: Grant,
    pub(crate) verdict: Verdict,
    pub(crate) spent: Option<Cost>,
}

impl<I: Instrument> Lease<I> {
    /// Which instrument it is.
    #[must_use]
    pub fn instrument(&self) -> InstrumentId {
        self.grant.instrument
    }

    /// Says that there was an answer.
    pub fn succeeded(&mut self) {
        self.verdict = Verdict::Good;
    }

    /// Says that there was none, through the instrument's fault: some in a row and nobody is sent to it for a while.
    pub fn failed(&mut self) {
        self.verdict = Verdict::Bad;
    }

    /// Says what it cost. Without a word it is what was set aside.
    pub fn spent(&mut self, cost: Cost) {
        self.spent = Some(cost);
    }

    /// Whether the instrument failed or ended since.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.live.is_lost()
    }

    /// Waits until the instrument fails or ends: beside every wait for an answer of its.
    pub async fn lost(&self) {
        self.live.lost().await;
    }
}

impl<I: Instrument> Deref for Lease<I> {
    type Target = I::Running;

    fn deref(&self) -> &I::Running {
        &self.live.running
    }
}

impl<I: Instrument> Drop for Lease<I> {
    fn drop(&mut self) {
        self.shared.take_back(self.grant, self.verdict, self.spent);
    }
}

impl<I: Instrument> std::fmt::Debug for Lease<I> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Lease");
        shown.field("grant", &self.grant).finish_non_exhaustive()
    }
}
