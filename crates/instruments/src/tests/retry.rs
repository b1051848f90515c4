//! When to try again.

use std::time::{Duration, SystemTime};

use crate::CallError;
use crate::retry::{BACKOFF, retry_after, wait};

fn status(status: u16, retry_after: Option<u64>) -> CallError {
    CallError::Status {
        status,
        code: None,
        retry_after: retry_after.map(Duration::from_secs),
    }
}

#[test]
fn only_what_may_pass_is_tried_again() {
    let long = Duration::from_secs(60);
    for it in [408, 429, 500, 502, 503, 504] {
        assert!(wait(&status(it, None), 1, 3, long, 0).is_some(), "{it}");
    }
    for it in [301, 400, 401, 403, 404, 413, 422, 501] {
        assert_eq!(wait(&status(it, None), 1, 3, long, 0), None, "{it}");
    }
    assert_eq!(wait(&CallError::Late("text"), 1, 3, long, 0), None);
    assert_eq!(wait(&status(500, None), 3, 3, long, 0), None);
}

#[test]
fn waits_are_random_and_grow_and_end_with_the_time() {
    let long = Duration::from_secs(60);
    let most = |failed| wait(&status(500, None), failed, 9, long, u64::MAX).unwrap();
    assert_eq!(most(1), BACKOFF.base);
    assert_eq!(most(2), BACKOFF.base * 2);
    assert_eq!(
        wait(&status(500, None), 1, 9, long, 0),
        Some(Duration::ZERO)
    );
    assert_eq!(wait(&status(500, None), 1, 9, Duration::ZERO, 0), None);
    // The endpoint's own wish.
    let told = wait(&status(429, Some(7)), 1, 9, long, 0);
    assert_eq!(told, Some(Duration::from_secs(7)));
    assert_eq!(wait(&status(429, Some(61)), 1, 9, long, 0), None);
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    assert_eq!(retry_after("120", now), Some(Duration::from_secs(120)));
    let date = "Sun, 06 Nov 1994 08:49:47 GMT";
    assert_eq!(retry_after(date, now), Some(Duration::from_secs(10)));
    assert_eq!(
        retry_after("Sun, 06 Nov 1994 08:49:30 GMT", now),
        Some(Duration::ZERO)
    );
    for bad in ["", "-1", "soon", "1e9"] {
        assert_eq!(retry_after(bad, now), None, "{bad}");
    }
}
