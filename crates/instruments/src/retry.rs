//! When a question is put to an endpoint again: only before its first piece of text, only when it may help, and never more
//! often than a share of all questions.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use symphony_pool_manager::Backoff;

use crate::CallError;

/// What is saved up by questions for retries, in retries.
const SAVED_BY_A_QUESTION: f64 = 0.2;
const MOST_SAVED: f64 = 10.0;

/// The waits before retries: short, since somebody types meanwhile.
pub(crate) const BACKOFF: Backoff = Backoff {
    base: Duration::from_millis(200),
    most: Duration::from_secs(5),
};

/// What an endpoint may be called beside once for each question: one in five, and some to begin with. An endpoint in
/// trouble is not made worse by those who ask.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<f64>);

impl RetryBudget {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(MOST_SAVED))
    }

    pub(crate) fn question(&self) {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *saved = (*saved + SAVED_BY_A_QUESTION).min(MOST_SAVED);
    }

    /// Whether a retry is allowed; it is paid for if so.
    pub(crate) fn take(&self) -> bool {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_enough = *saved >= 1.0;
        if is_enough {
            *saved -= 1.0;
        }
        is_enough
    }
}

/// How long to wait before the next call, after so many that failed; none if there shall be no other. The endpoint's own
/// wish comes first; where it has none, any time up to the bound with equal chance.
pub(crate) fn wait(
    error: &CallError,
    failed: u32,
    calls: u32,
    left: Duration,
    random: u64,
) -> Option<Duration> {
    if !error.is_passing() || failed >= calls {
        return None;
    }
    let jitter = BACKOFF.wait(failed, random);
    // Those who were sent away together must not come back together.
    let wait = error.retry_after().map_or(jitter, |it| it + jitter / 4);
    (wait < left).then_some(wait)
}

/// What a header `Retry-After` says: seconds, or a date.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}
