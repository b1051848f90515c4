//! When the shared store is left alone: after failures in a row, for a time that grows. A pure state machine; who uses it
//! brings the clock.
//!
//! Nobody waits to find out whether the store is back: one question in the background, a probe, tells.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

/// Failures in a row until the store is left alone.
const PATIENCE: u32 = 3;

/// What may be done with the store at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Ask it.
    Ask,
    /// Leave it alone, but find out in the background whether it is back. Said once; [`Breaker::probed`] has to follow.
    Probe,
    /// Leave it alone.
    Leave,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Breaker {
    pauses: RangeInclusive<Duration>,
    next_pause: Duration,
    failures: u32,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    until: Instant,
    probing: bool,
}

impl Breaker {
    /// With the shortest and the longest pause.
    pub(crate) fn new(pauses: RangeInclusive<Duration>) -> Self {
        Self {
            next_pause: *pauses.start(),
            pauses,
            failures: 0,
            open: None,
        }
    }

    pub(crate) fn verdict(&mut self, now: Instant) -> Verdict {
        if self.leaves(now) {
            return Verdict::Leave;
        }
        match &mut self.open {
            None => Verdict::Ask,
            Some(open) => {
                open.probing = true;
                Verdict::Probe
            }
        }
    }

    /// A get was answered in time. Late good news about a store that is left alone changes nothing: the probe decides.
    pub(crate) fn succeeded(&mut self) {
        if self.open.is_none() {
            self.failures = 0;
            self.next_pause = *self.pauses.start();
        }
    }

    /// Something failed or was not answered in time. Whether the store is left alone from here on.
    pub(crate) fn failed(&mut self, now: Instant) -> bool {
        if self.open.is_some() {
            return false;
        }
        self.failures += 1;
        if self.failures < PATIENCE {
            return false;
        }
        self.pause(now);
        true
    }

    /// A probe was answered in time, or was not.
    pub(crate) fn probed(&mut self, now: Instant, well: bool) {
        if well {
            self.failures = 0;
            self.open = None;
        } else {
            self.pause(now);
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether [`Self::verdict`] would say to leave it alone.
    pub(crate) fn leaves(&self, now: Instant) -> bool {
        let open = self.open.as_ref();
        open.is_some_and(|it| it.probing || now < it.until)
    }

    /// Whether a probe has been asked for and not come back.
    pub(crate) fn is_probing(&self) -> bool {
        self.open.as_ref().is_some_and(|it| it.probing)
    }

    fn pause(&mut self, now: Instant) {
        self.open = Some(Open {
            until: now + self.next_pause,
            probing: false,
        });
        self.next_pause = (self.next_pause * 2).min(*self.pauses.end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn opened() -> (Breaker, Instant) {
        let (mut breaker, now) = (Breaker::new(SECOND..=4 * SECOND), Instant::now());
        assert!(!breaker.failed(now) && !breaker.failed(now) && breaker.failed(now));
        (breaker, now)
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_between_does_not() {
        let (mut breaker, now) = (Breaker::new(SECOND..=4 * SECOND), Instant::now());
        for _ in 0..10 {
            assert!(!breaker.failed(now) && !breaker.failed(now));
            breaker.succeeded();
        }
        assert_eq!(breaker.verdict(now), Verdict::Ask);
        let (mut breaker, now) = opened();
        breaker.succeeded();
        assert!(breaker.is_open() && !breaker.failed(now));
        assert_eq!(breaker.verdict(now), Verdict::Leave);
    }

    #[test]
    fn it_is_probed_once_after_pauses_that_grow_to_a_limit() {
        let (mut breaker, mut now) = opened();
        for pause in [1, 2, 4, 4, 4] {
            let almost = now + pause * SECOND - SECOND / 100;
            assert_eq!(breaker.verdict(almost), Verdict::Leave);
            now += pause * SECOND;
            assert_eq!(breaker.verdict(now), Verdict::Probe);
            assert_eq!(breaker.verdict(now + SECOND), Verdict::Leave);
            breaker.probed(now, false);
        }
        now += 4 * SECOND;
        assert_eq!(breaker.verdict(now), Verdict::Probe);
        breaker.probed(now, true);
        assert_eq!(breaker.verdict(now), Verdict::Ask);
    }

    #[test]
    fn a_good_probe_alone_does_not_shorten_the_next_pause_but_a_good_answer_does() {
        let (mut breaker, mut now) = opened();
        now += SECOND;
        breaker.verdict(now);
        breaker.probed(now, true);
        assert!(!breaker.failed(now) && !breaker.failed(now) && breaker.failed(now));
        assert_eq!(breaker.verdict(now + SECOND), Verdict::Leave);
        assert_eq!(breaker.verdict(now + 2 * SECOND), Verdict::Probe);
        breaker.probed(now, true);
        breaker.succeeded();
        assert!(!breaker.failed(now) && !breaker.failed(now) && breaker.failed(now));
        assert_eq!(breaker.verdict(now + SECOND), Verdict::Probe);
    }
}
