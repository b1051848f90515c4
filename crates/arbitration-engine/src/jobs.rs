//! The jobs and their waiters: who waits for what, and what that makes of a job.

use std::collections::BTreeSet;
use std::time::Instant;

use rustc_hash::FxHashMap;

use crate::{Flow, JobId, MergeKey, Priority, Ticket};

/// One waiter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiter {
    pub(crate) job: JobId,
    pub(crate) priority: Priority,
    pub(crate) flow: Flow,
    pub(crate) deadline: Option<Instant>,
}

/// One job, queued or running.
#[derive(Debug)]
pub(crate) struct Job<T> {
    /// What to do; `None` once it runs.
    pub(crate) payload: Option<T>,
    /// The class and the flow of the most urgent waiter; as dispatched once it runs.
    pub(crate) priority: Priority,
    pub(crate) flow: Flow,
    pub(crate) cost: u32,
    pub(crate) merge: Option<MergeKey>,
    /// The newest revision that one of its waiters is about.
    pub(crate) revision: u64,
    /// The class in which it holds a place.
    pub(crate) admitted: Priority,
    pub(crate) queued_at: Instant,
    /// In the order they came. Empty only if it runs for nobody.
    pub(crate) waiters: Vec<Ticket>,
}

impl<T> Job<T> {
    pub(crate) fn is_queued(&self) -> bool {
        self.payload.is_some()
    }
}

/// All jobs and waiters.
#[derive(Debug)]
pub(crate) struct Jobs<T> {
    pub(crate) jobs: FxHashMap<JobId, Job<T>>,
    waiters: FxHashMap<Ticket, Waiter>,
    deadlines: BTreeSet<(Instant, Ticket)>,
    by_key: FxHashMap<MergeKey, JobId>,
    last_id: u64,
}

impl<T> Jobs<T> {
    pub(crate) fn new() -> Self {
        Self {
            jobs: FxHashMap::default(),
            waiters: FxHashMap::default(),
            deadlines: BTreeSet::new(),
            by_key: FxHashMap::default(),
            last_id: 0,
        }
    }

    /// A number that was not given out yet; numbers grow with time.
    pub(crate) fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn with_key(&self, key: Option<MergeKey>) -> Option<JobId> {
        self.by_key.get(&key?).copied()
    }

    pub(crate) fn insert(&mut self, id: JobId, job: Job<T>) {
        if let Some(key) = job.merge {
            self.by_key.insert(key, id);
        }
        self.jobs.insert(id, job);
    }

    /// Takes a job away, with its merge key; its waiters are the caller's business.
    pub(crate) fn remove(&mut self, id: JobId) -> Option<Job<T>> {
        self.forget_key(id);
        self.jobs.remove(&id)
    }

    /// Nobody can join this job any more.
    pub(crate) fn forget_key(&mut self, id: JobId) {
        if let Some(key) = self.jobs.get(&id).and_then(|job| job.merge)
            && self.by_key.get(&key) == Some(&id)
        {
            self.by_key.remove(&key);
        }
    }

    pub(crate) fn add_waiter(&mut self, ticket: Ticket, waiter: Waiter) {
        if let Some(deadline) = waiter.deadline {
            self.deadlines.insert((deadline, ticket));
        }
        if let Some(job) = self.jobs.get_mut(&waiter.job) {
            job.waiters.push(ticket);
        }
        self.waiters.insert(ticket, waiter);
    }

    /// Forgets a waiter, without a look at its job's list.
    pub(crate) fn take_waiter(&mut self, ticket: Ticket) -> Option<Waiter> {
        let waiter = self.waiters.remove(&ticket)?;
        if let Some(deadline) = waiter.deadline {
            self.deadlines.remove(&(deadline, ticket));
        }
        Some(waiter)
    }

    pub(crate) fn waiter(&self, ticket: Ticket) -> Option<&Waiter> {
        self.waiters.get(&ticket)
    }

    /// The tickets of a window, the oldest first.
    pub(crate) fn tickets_of(&self, window: crate::Window) -> Vec<Ticket> {
        let of_window = self
            .waiters
            .iter()
            .filter(|(_, waiter)| waiter.flow.window == window);
        let mut tickets: Vec<_> = of_window.map(|(ticket, _)| *ticket).collect();
        tickets.sort_unstable();
        tickets
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// A ticket whose deadline is over.
    pub(crate) fn expired(&self, now: Instant) -> Option<Ticket> {
        let (deadline, ticket) = self.deadlines.first()?;
        (*deadline <= now).then_some(*ticket)
    }

    /// The class and the flow of the job's most urgent waiter, the earliest of equals.
    pub(crate) fn leader(&self, job: JobId) -> Option<(Priority, Flow)> {
        // `min_by_key` takes the first of equals.
        let leader = self.waiters_of(job).min_by_key(|it| it.priority)?;
        Some((leader.priority, leader.flow))
    }

    /// When the last waiter gives up; `None` if one never does.
    pub(crate) fn deadline_of(&self, job: JobId) -> Option<Instant> {
        let mut last = None;
        for waiter in self.waiters_of(job) {
            last = last.max(Some(waiter.deadline?));
        }
        last
    }

    fn waiters_of(&self, job: JobId) -> impl Iterator<Item = &Waiter> {
        let tickets = self.jobs.get(&job).map(|it| it.waiters.as_slice());
        tickets
            .unwrap_or_default()
            .iter()
            .filter_map(|it| self.waiter(*it))
    }
}
