//! What is known of one instrument.

use std::collections::VecDeque;
use std::time::Duration;

use crate::{Backoff, Breaker, BreakerSettings, Cost, Generation, Kind, Request, WaiterId};

/// What an instrument is like; does not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Its name, for people.
    pub name: String,
    /// What it can do. Instruments of a kind are preferred in the order of the list.
    pub kind: Kind,
    /// The memory that it takes while it runs.
    pub memory: u64,
    /// How many leases may be out at once.
    pub leases: u32,
    /// Whether what it answers costs anything, and so is limited.
    pub priced: bool,
    /// So long unused it is stopped; `None`: never.
    pub idle: Option<Duration>,
    /// How long to wait before it is started again after it failed.
    pub backoff: Backoff,
    /// When nobody is sent to it for a while because its answers fail.
    pub breaker: BreakerSettings,
}

impl Spec {
    /// An instrument that takes no memory, costs nothing, lends one lease and stops after five minutes.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            memory: 0,
            leases: 1,
            priced: false,
            idle: Some(Duration::from_secs(5 * 60)),
            backoff: Backoff::default(),
            breaker: BreakerSettings::default(),
        }
    }
}

/// Where an instrument is; the table is in the documentation of the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It does not run.
    Cold,
    /// It was started and is not ready.
    Loading,
    /// It is ready, and no lease is out.
    Warm,
    /// It is ready, and leases are out.
    Active,
    /// It was told to stop and has not ended.
    Cooldown,
    /// It failed, and is not started again before then.
    Failed {
        /// When it may be started again.
        until: Duration,
        /// Whether its process is still to end.
        ending: bool,
    },
}

/// What happened to an instrument since the pool was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// Leases that were given out.
    pub leases: u64,
    /// Of them, to somebody who had to wait.
    pub waited: u64,
    /// Times that it was started.
    pub starts: u64,
    /// Of them, because somebody waited: the others were foreseen.
    pub cold_starts: u64,
    /// Times that it failed to start, ended by itself or was not healthy.
    pub failures: u64,
    /// Leases that were out when it failed.
    pub lost: u64,
    /// Times that it was stopped because it was idle.
    pub idled: u64,
    /// Times that it was stopped to make room for another.
    pub displaced: u64,
    /// What its answers cost.
    pub spent: Cost,
}

/// Somebody in the queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub(super) waiter: WaiterId,
    pub(super) request: Request,
}

#[derive(Debug)]
pub(super) struct Slot {
    pub(super) spec: Spec,
    pub(super) phase: Phase,
    pub(super) generation: Generation,
    pub(super) in_flight: u32,
    pub(super) waiters: VecDeque<Waiting>,
    /// It is to be started as soon as there is memory.
    pub(super) is_wanted: bool,
    /// In a row.
    pub(super) failures: u32,
    pub(super) breaker: Breaker,
    pub(super) account: Account,
    /// Leases given out when time was last looked at, and since when there were so many.
    seen_leases: u64,
    pub(super) idle_since: Duration,
}

impl Slot {
    pub(super) fn new(spec: Spec) -> Self {
        Self {
            breaker: Breaker::new(spec.breaker),
            spec,
            phase: Phase::Cold,
            generation: Generation::default(),
            in_flight: 0,
            waiters: VecDeque::new(),
            is_wanted: false,
            failures: 0,
            account: Account::default(),
            seen_leases: 0,
            idle_since: Duration::ZERO,
        }
    }

    pub(super) fn runs(&self) -> bool {
        matches!(self.phase, Phase::Warm | Phase::Active)
    }

    /// Whether a lease can be given out without a wait.
    pub(super) fn has_room(&self) -> bool {
        self.runs() && self.in_flight < self.spec.leases
    }

    /// Whether its process has not ended.
    pub(super) fn holds_memory(&self) -> bool {
        !matches!(
            self.phase,
            Phase::Cold | Phase::Failed { ending: false, .. }
        )
    }

    pub(super) fn is_idle(&self) -> bool {
        self.phase == Phase::Warm && self.waiters.is_empty()
    }

    /// Looks whether it was used since the last look.
    pub(super) fn look(&mut self, now: Duration) {
        if self.in_flight > 0 || self.seen_leases != self.account.leases {
            self.seen_leases = self.account.leases;
            self.idle_since = now;
        }
    }

    /// Starts to count the idle time.
    pub(super) fn ready(&mut self, now: Duration) {
        self.phase = Phase::Warm;
        self.seen_leases = self.account.leases;
        self.idle_since = now;
    }
}
