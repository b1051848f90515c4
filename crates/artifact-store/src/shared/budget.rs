//! Whether asking the shared store pays: an account of time. Waiting is paid from it, each value found pays in what it
//! would have taken to make. A pure state machine; who uses it brings the clock.
//!
//! The deadline bounds one wait, not a thousand: a store that is there but far, or has nothing that is wanted, would make
//! the index of a large workspace slower than having no store. With the account such a store costs half a second at
//! first, and a twentieth of the time after that; one that saves more than it costs is asked as often as it is needed.

use std::time::{Duration, Instant};

/// What may be lost before it is known whether it pays. A guess: less than who waits for an index would notice.
const MOST: Duration = Duration::from_millis(500);
/// Once it is spent, what share of the time may be lost: one part of so many.
const SHARE: u32 = 20;

/// See the module.
#[derive(Debug)]
pub(crate) struct Budget {
    /// In nanoseconds; below nothing after a wait that cost more than was left.
    left: i64,
    since: Instant,
}

impl Budget {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            left: nanoseconds(MOST),
            since: now,
        }
    }

    /// Whether a wait can be paid for. The last one may cost more than is left.
    pub(crate) fn allows(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.since);
        self.since = now;
        self.earn(passed / SHARE);
        self.left > 0
    }

    /// One wait, and what making all that it has brought would have taken.
    pub(crate) fn waited(&mut self, time: Duration, saved: Duration) {
        self.left = self.left.saturating_sub(nanoseconds(time));
        self.earn(saved);
    }

    fn earn(&mut self, time: Duration) {
        let earned = self.left.saturating_add(nanoseconds(time));
        self.left = earned.min(nanoseconds(MOST));
    }
}

fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// How many of 1,000 batches are asked for one after the other, and how long that takes beside `making` them all.
    fn run(wait: Duration, saved: Duration, making: Duration) -> (usize, Duration) {
        let start = Instant::now();
        let (mut now, mut budget, mut asked) = (start, Budget::new(start), 0);
        for _ in 0..1_000 {
            if budget.allows(now) {
                asked += 1;
                budget.waited(wait, saved);
                now += wait;
            }
            now += making;
        }
        (asked, now - start)
    }

    #[test]
    fn what_pays_is_asked_always() {
        assert_eq!(run(MS, 32 * MS, MS).0, 1_000);
        assert_eq!(run(30 * MS, 32 * MS, MS).0, 1_000);
    }

    #[test]
    fn what_does_not_pay_costs_half_a_second_and_a_twentieth_of_the_time() {
        let making = 32 * MS;
        for (wait, saved) in [(2, 0), (5, 0), (50, 0), (50, 32)] {
            let (wait, saved) = (wait * MS, saved * MS);
            let (asked, took) = run(wait, saved, making);
            let lost = took - 1_000 * making - saved * asked as u32;
            assert!(
                asked >= 10 && lost <= MOST + took / SHARE + wait,
                "{asked} {lost:?}"
            );
        }
    }

    #[test]
    fn a_store_that_is_filled_meanwhile_is_asked_again() {
        let start = Instant::now();
        let mut budget = Budget::new(start);
        budget.waited(550 * MS, Duration::ZERO);
        assert!(!budget.allows(start + 999 * MS));
        let later = start + Duration::from_millis(1_100);
        assert!(budget.allows(later));
        for _ in 0..100 {
            budget.waited(5 * MS, 32 * MS);
            assert!(budget.allows(later));
        }
    }
}
