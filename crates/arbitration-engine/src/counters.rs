//! Counts for metrics.

use crate::{DropReason, Refusal};

/// What was decided since the start. Every request is in `queued`, `merged` or `refused_*`; every ticket ends in
/// `answered`, `cancelled` or one of the drops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests that became jobs.
    pub queued: u64,
    /// Requests that joined a job.
    pub merged: u64,
    /// Requests refused because the class was full.
    pub refused_full: u64,
    /// Requests refused because too many waited for the same job.
    pub refused_waiters: u64,
    /// Requests refused because they came too late.
    pub refused_expired: u64,
    /// Tickets dropped at their deadline.
    pub expired: u64,
    /// Tickets dropped for a newer request.
    pub displaced: u64,
    /// Tickets dropped with their window.
    pub window_closed: u64,
    /// Tickets cancelled by their owner.
    pub cancelled: u64,
    /// Tickets whose job finished.
    pub answered: u64,
    /// Jobs dispatched, for each class.
    pub dispatched: [u64; 4],
    /// Of these, jobs that went first because their class was passed over for long.
    pub aged: u64,
    /// Running jobs that were stopped.
    pub stopped: u64,
}

impl Counters {
    pub(crate) fn refuse(&mut self, reason: Refusal) {
        match reason {
            Refusal::Full => self.refused_full += 1,
            Refusal::TooManyWaiters => self.refused_waiters += 1,
            Refusal::Expired => self.refused_expired += 1,
        }
    }

    pub(crate) fn drop_ticket(&mut self, reason: DropReason) {
        match reason {
            DropReason::Expired => self.expired += 1,
            DropReason::Displaced => self.displaced += 1,
            DropReason::WindowClosed => self.window_closed += 1,
        }
    }
}
