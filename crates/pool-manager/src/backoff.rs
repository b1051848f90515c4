//! How long to wait before the next try: exponential, with full jitter, so that many who failed together do not return together.

use std::time::Duration;

/// The bounds of the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The longest wait after the first failure; it doubles with each further one.
    pub base: Duration,
    /// The longest wait of all.
    pub most: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(500),
            most: Duration::from_secs(60),
        }
    }
}

impl Backoff {
    /// The longest wait after so many failures in a row.
    #[must_use]
    pub fn bound(&self, failures: u32) -> Duration {
        let times = 2u32.saturating_pow(failures.saturating_sub(1));
        self.base.saturating_mul(times).min(self.most)
    }

    /// The wait after so many failures in a row; `random` is anywhere in its range with equal chance.
    #[must_use]
    pub fn wait(&self, failures: u32, random: u64) -> Duration {
        let share = random as f64 / u64::MAX as f64;
        self.bound(failures).mul_f64(share)
    }
}
