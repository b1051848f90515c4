//! Whether a policy that failed is asked again: after some failures in a row it is left alone for a while, and twice as long
//! each time. Pure: time is given.

use std::time::{Duration, Instant};

/// The longest rest is so many times the first.
const MOST: u32 = 60;

/// What is known of a policy's failures.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    most_in_a_row: u32,
    back_off: Duration,
    in_a_row: u32,
    n_rests: u32,
    until: Option<Instant>,
}

impl Trust {
    pub(crate) fn new(most_in_a_row: u32, back_off: Duration) -> Self {
        Self {
            most_in_a_row: most_in_a_row.max(1),
            back_off,
            in_a_row: 0,
            n_rests: 0,
            until: None,
        }
    }

    /// Whether it is left alone.
    pub(crate) fn rests(&self, now: Instant) -> bool {
        self.until.is_some_and(|it| now < it)
    }

    /// It decided.
    pub(crate) fn decided(&mut self) {
        *self = Self::new(self.most_in_a_row, self.back_off);
    }

    /// It did not; whether it is left alone from here on.
    pub(crate) fn failed(&mut self, now: Instant) -> bool {
        // Those that were asked together fail together, and that is one rest.
        if self.rests(now) {
            return false;
        }
        self.in_a_row += 1;
        if self.in_a_row < self.most_in_a_row {
            return false;
        }
        let times = 1u32.checked_shl(self.n_rests).unwrap_or(MOST).min(MOST);
        self.n_rests += 1;
        self.until = Some(now + self.back_off * times);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_come_after_failures_in_a_row_and_grow() {
        let second = Duration::from_secs(1);
        let mut trust = Trust::new(3, second);
        let mut now = Instant::now();
        assert!(!trust.failed(now) && !trust.failed(now));
        trust.decided();
        assert!(!trust.failed(now) && !trust.failed(now));
        let mut rests = Vec::new();
        for _ in 0..40 {
            assert!(!trust.rests(now));
            assert!(trust.failed(now));
            // Another one that was asked at the same time.
            assert!(!trust.failed(now));
            let start = now;
            while trust.rests(now) {
                now += second;
            }
            rests.push((now - start).as_secs());
        }
        assert_eq!(rests[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(rests[39], 60);
        trust.decided();
        assert!(!trust.failed(now));
    }
}
