//! A circuit breaker: after some failures in a row nobody is sent to an instrument for a while, then one to see.

use std::time::Duration;

/// When a breaker opens and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// So many failures in a row open it.
    pub failures: u32,
    /// So long it stays open the first time; twice as long after every trial that fails.
    pub open: Duration,
    /// Never longer than this.
    pub open_most: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 3,
            open: Duration::from_secs(5),
            open_most: Duration::from_secs(5 * 60),
        }
    }
}

/// What a breaker lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Everything.
    Closed,
    /// Nothing until then.
    Open(Duration),
    /// One at a time, to see.
    HalfOpen {
        /// Whether one is under way.
        trial: bool,
    },
}

/// A breaker; pure.
#[derive(Debug, Clone)]
pub struct Breaker {
    settings: BreakerSettings,
    state: BreakerState,
    /// In a row.
    failures: u32,
    /// Times that it opened in a row.
    opened: u32,
}

impl Breaker {
    /// Closed.
    #[must_use]
    pub fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            state: BreakerState::Closed,
            failures: 0,
            opened: 0,
        }
    }

    /// What it lets through.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        self.state
    }

    /// Whether somebody may be let through.
    #[must_use]
    pub fn allows(&self) -> bool {
        matches!(
            self.state,
            BreakerState::Closed | BreakerState::HalfOpen { trial: false }
        )
    }

    /// Somebody was let through; says whether as a trial.
    pub fn let_through(&mut self) -> bool {
        if let BreakerState::HalfOpen { trial } = &mut self.state {
            *trial = true;
            return true;
        }
        false
    }

    /// It went well.
    pub fn succeeded(&mut self, was_trial: bool) {
        self.failures = 0;
        if was_trial || self.state == BreakerState::Closed {
            self.state = BreakerState::Closed;
            self.opened = 0;
        }
    }

    /// It went wrong. Failures of those who were let through before it opened change nothing.
    pub fn failed(&mut self, was_trial: bool, now: Duration) {
        let opens = match self.state {
            BreakerState::Closed => {
                self.failures += 1;
                self.failures >= self.settings.failures
            }
            BreakerState::HalfOpen { .. } => was_trial,
            BreakerState::Open(_) => false,
        };
        if opens {
            let times = 2u32.saturating_pow(self.opened);
            let open = self.settings.open.saturating_mul(times);
            self.state = BreakerState::Open(now + open.min(self.settings.open_most));
            self.opened += 1;
            self.failures = 0;
        }
    }

    /// It went neither well nor wrong: it was cancelled.
    pub fn returned(&mut self, was_trial: bool) {
        if let BreakerState::HalfOpen { trial } = &mut self.state
            && was_trial
        {
            *trial = false;
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Duration) {
        if self.due().is_some_and(|due| now >= due) {
            self.state = BreakerState::HalfOpen { trial: false };
        }
    }

    /// When time changes something.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        match self.state {
            BreakerState::Open(until) => Some(until),
            _ => None,
        }
    }
}
