//! What Python's thread and those who ask share. The lock is held for some loads and stores, never while Python runs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::trust::Trust;
use crate::{Counts, Health, Options, State, Why};

/// A Python that takes so long to load, after its probe was quick enough, will hardly do so.
const LOADING_LIMIT: Duration = Duration::from_secs(30);

pub(crate) struct Shared {
    started: Instant,
    deadline: Duration,
    stuck_after: Duration,
    loading_limit: Duration,
    /// Since when Python has been at a question: nanoseconds since `started`, and 0 while it is at none.
    since: AtomicU64,
    inner: Mutex<Inner>,
    /// Told when `Inner::phase` changes.
    changed: Condvar,
}

struct Inner {
    phase: Phase,
    python: Option<String>,
    reason: Option<String>,
    trust: Trust,
    counts: Counts,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Loading,
    Loaded,
    Unavailable,
}

impl Shared {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            started: Instant::now(),
            deadline: options.deadline,
            stuck_after: options.stuck_after,
            loading_limit: options.probe_limit + LOADING_LIMIT,
            since: AtomicU64::new(0),
            inner: Mutex::new(Inner {
                phase: Phase::Loading,
                python: None,
                reason: None,
                trust: Trust::new(options.failures_in_a_row, options.back_off),
                counts: Counts::default(),
            }),
            changed: Condvar::new(),
        }
    }

    /// Python decides; `note` is what was passed over to get there.
    pub(crate) fn loaded(&self, python: String, note: Option<String>) {
        tracing::info!("the conductor decides in {python}");
        if let Some(note) = &note {
            tracing::warn!("{note}");
        }
        let mut inner = self.lock();
        inner.phase = Phase::Loaded;
        inner.python = Some(python);
        inner.reason = note;
        self.changed.notify_all();
    }

    pub(crate) fn unavailable(&self, reason: String) {
        tracing::warn!("the conductor decides without Python: {reason}");
        let mut inner = self.lock();
        inner.phase = Phase::Unavailable;
        inner.reason = Some(reason);
        self.changed.notify_all();
    }

    pub(crate) fn begins(&self, now: Instant) {
        let since = (now - self.started).as_nanos() as u64;
        self.since.store(since.max(1), Ordering::Relaxed);
    }

    pub(crate) fn ends(&self) {
        self.since.store(0, Ordering::Relaxed);
    }

    /// How long Python has been at a question.
    fn busy(&self, now: Instant) -> Option<Duration> {
        match self.since.load(Ordering::Relaxed) {
            0 => None,
            since => Some((now - self.started).saturating_sub(Duration::from_nanos(since))),
        }
    }

    /// Why Python should not be asked, if there is a reason.
    pub(crate) fn closed(&self, now: Instant) -> Option<Why> {
        let busy = self.busy(now);
        let inner = self.lock();
        match inner.phase {
            Phase::Loading if now - self.started > self.loading_limit => Some(Why::Stuck),
            Phase::Loading => Some(Why::Loading),
            Phase::Unavailable => Some(Why::Unavailable),
            Phase::Loaded => match busy {
                Some(busy) if busy >= self.stuck_after => Some(Why::Stuck),
                Some(busy) if busy >= self.deadline => Some(Why::Busy),
                _ => inner.trust.rests(now).then_some(Why::Resting),
            },
        }
    }

    /// Python decided well.
    pub(crate) fn decided(&self) {
        let mut inner = self.lock();
        inner.counts.python += 1;
        inner.trust.decided();
    }

    /// The fallback decided. What has not been told of before is told, with `words`.
    pub(crate) fn fell_back(&self, why: Why, words: Option<String>, now: Instant) {
        let mut inner = self.lock();
        let count = inner.counts.fallback.entry(why).or_default();
        *count += 1;
        let is_first = *count == 1;
        let mut rests = false;
        if matches!(why, Why::Late | Why::Raised | Why::Nonsense) {
            rests = inner.trust.failed(now);
        }
        if matches!(why, Why::Late | Why::Raised | Why::Nonsense | Why::Stuck) {
            inner.reason = Some(match &words {
                Some(words) => format!("{why}: {words}"),
                None => why.to_string(),
            });
        }
        drop(inner);
        // Loading and being unavailable are told by Python's thread.
        if is_first && !matches!(why, Why::Loading | Why::Unavailable) {
            let words = words.unwrap_or_default();
            tracing::warn!(%why, "the policy in Python did not decide: {words}");
        }
        if rests {
            tracing::debug!(%why, "the policy in Python is left alone for a while");
        }
    }

    pub(crate) fn health(&self, now: Instant) -> Health {
        let closed = self.closed(now);
        let inner = self.lock();
        Health {
            state: match closed {
                Some(Why::Loading) => State::Loading,
                Some(Why::Unavailable) => State::Unavailable,
                Some(Why::Stuck) => State::Stuck,
                Some(Why::Resting) => State::Resting,
                _ => State::Ready,
            },
            python: inner.python.clone(),
            reason: inner.reason.clone(),
            counts: inner.counts.clone(),
        }
    }

    /// Returns once Python is loaded or is known not to be, or after `most`.
    pub(crate) fn wait(&self, most: Duration) {
        let loading = |inner: &mut Inner| inner.phase == Phase::Loading;
        drop(self.changed.wait_timeout_while(self.lock(), most, loading));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Whoever panicked left numbers that are as good as before.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
