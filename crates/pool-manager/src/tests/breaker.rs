//! The breaker and the backoff.

use std::time::Duration;

use proptest::prelude::*;

use crate::{Backoff, Breaker, BreakerSettings, BreakerState};

const SETTINGS: BreakerSettings = BreakerSettings {
    failures: 3,
    open: Duration::from_secs(5),
    open_most: Duration::from_secs(15),
};

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

#[test]
fn it_opens_after_failures_in_a_row_and_closes_after_one_that_goes_well() {
    let mut breaker = Breaker::new(SETTINGS);
    for _ in 0..2 {
        breaker.failed(false, seconds(0));
    }
    breaker.succeeded(false);
    for _ in 0..3 {
        assert!(breaker.allows());
        breaker.failed(false, seconds(1));
    }
    assert_eq!(breaker.state(), BreakerState::Open(seconds(6)));
    breaker.tick(seconds(5));
    assert!(!breaker.allows());
    breaker.tick(seconds(6));
    assert!(breaker.let_through());
    assert!(!breaker.allows());
    breaker.succeeded(true);
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[test]
fn each_trial_that_fails_doubles_the_time_up_to_the_most() {
    let mut breaker = Breaker::new(SETTINGS);
    for _ in 0..3 {
        breaker.failed(false, seconds(0));
    }
    let mut now = seconds(0);
    for open in [5, 10, 15, 15] {
        assert_eq!(breaker.due(), Some(now + seconds(open)));
        now += seconds(open);
        breaker.tick(now);
        let is_trial = breaker.let_through();
        breaker.failed(is_trial, now);
    }
}

#[test]
fn a_trial_that_is_cancelled_leaves_room_for_the_next() {
    let mut breaker = Breaker::new(SETTINGS);
    for _ in 0..3 {
        breaker.failed(false, seconds(0));
    }
    breaker.tick(seconds(5));
    // Somebody from before it opened comes back: neither opens nor closes it.
    breaker.failed(false, seconds(5));
    breaker.succeeded(false);
    assert!(breaker.let_through());
    breaker.returned(true);
    assert_eq!(breaker.state(), BreakerState::HalfOpen { trial: false });
}

proptest! {
    #[test]
    fn the_wait_is_anywhere_below_a_bound_that_doubles(failures in 1..80u32, random in any::<u64>()) {
        let backoff = Backoff::default();
        let wait = backoff.wait(failures, random);
        prop_assert!(wait <= backoff.bound(failures));
        prop_assert!(backoff.bound(failures) <= backoff.most);
        prop_assert_eq!(backoff.wait(failures, 0), Duration::ZERO);
        prop_assert_eq!(backoff.wait(failures, u64::MAX), backoff.bound(failures));
        let next = backoff.bound(failures + 1);
        prop_assert_eq!(next, (backoff.bound(failures) * 2).min(backoff.most));
    }
}
