//! The shared tier as its callers see it: waits that end, and counts of what became of them.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::breaker::{Breaker, Verdict};
use super::budget::Budget;
use super::runner::{self, Command, Put};
use super::seal::Opened;
use super::{SharedError, SharedOptions};
use crate::memory::Held;
use crate::{Key, Lineage, SharedState, SharedStats};

/// What waits to be put takes at most this; more is dropped.
const QUEUE_BYTES: usize = 32 << 20;
/// A larger value is not shared: it would hold up the small ones.
const LARGEST: usize = 8 << 20;

/// What the callers and the thread have in common.
pub(super) struct Common {
    pub(super) options: SharedOptions,
    gate: Mutex<Gate>,
    pub(super) counters: Counters,
    pub(super) queued_bytes: AtomicUsize,
    told_of_failures: AtomicBool,
    told_of_refusals: AtomicBool,
}

/// Reading and writing are judged apart: a full store, or a copy for reading, still has what is wanted.
struct Gate {
    reads: Breaker,
    writes: Breaker,
    budget: Budget,
}

#[derive(Default)]
pub(super) struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    refused: AtomicU64,
    timed_out: AtomicU64,
    failed: AtomicU64,
    skipped: AtomicU64,
    pub(super) put: AtomicU64,
    pub(super) not_put: AtomicU64,
}

/// The shared tier of one store.
pub(crate) struct Tier {
    common: Arc<Common>,
    // Unbounded: gets are as many as threads that wait for them, and puts are bounded by their bytes.
    commands: UnboundedSender<Command>,
    closed: AtomicBool,
    /// Disconnected when the thread has ended.
    ended: Mutex<mpsc::Receiver<()>>,
}

/// What became of the keys of one get.
#[derive(Default)]
struct Tally {
    hits: u64,
    misses: u64,
    refused: u64,
    failed: u64,
    timed_out: u64,
}

impl Tier {
    /// Starts the thread. Never fails: a tier without its thread has nothing.
    pub(crate) fn open(options: SharedOptions) -> Self {
        let gate = Gate {
            reads: Breaker::new(options.pauses.clone()),
            writes: Breaker::new(options.pauses.clone()),
            budget: Budget::new(Instant::now()),
        };
        let common = Arc::new(Common {
            options,
            gate: Mutex::new(gate),
            counters: Counters::default(),
            queued_bytes: AtomicUsize::new(0),
            told_of_failures: AtomicBool::new(false),
            told_of_refusals: AtomicBool::new(false),
        });
        let (commands, receiver) = unbounded_channel();
        let (running, ended) = mpsc::channel();
        let thread = common.clone();
        let spawned = std::thread::Builder::new()
            .name("symphony-shared".to_owned())
            .spawn(move || {
                let _dropped_at_the_end = running;
                runner::run(&thread, receiver);
            });
        if let Err(error) = &spawned {
            tracing::warn!(%error, "the shared store is not used");
        }
        Self {
            common,
            commands,
            closed: AtomicBool::new(spawned.is_err()),
            ended: Mutex::new(ended),
        }
    }

    /// What the store has of these keys, in their order. Waits for all together at most the deadline. `worth` is what it
    /// takes to make one of them.
    pub(crate) fn get(&self, keys: &[Key], worth: Duration) -> Vec<Option<Opened>> {
        let mut found: Vec<Option<Opened>> = Vec::new();
        found.resize_with(keys.len(), || None);
        if keys.is_empty() || self.is_closed() {
            return found;
        }
        if !self.may_wait() {
            add(&self.common.counters.skipped, keys.len() as u64);
            return found;
        }
        let started = Instant::now();
        let until = started + self.common.options.deadline;
        let secret = &self.common.options.secret;
        let names = keys.iter().map(|key| secret.name(key)).collect();
        let (reply, replies) = mpsc::channel();
        let get = Command::Get {
            names,
            until,
            reply,
        };
        // A thread that has ended drops the command, and with it the way to reply.
        let _ = self.commands.send(get);
        let mut tally = Tally::default();
        for n in 0..keys.len() {
            let left = until.saturating_duration_since(Instant::now());
            match replies.recv_timeout(left) {
                Ok((at, Ok(Some(entry)))) => match secret.open(&keys[at], &entry) {
                    Some(opened) => {
                        tally.hits += 1;
                        found[at] = Some(opened);
                    }
                    None => tally.refused += 1,
                },
                Ok((_, Ok(None))) => tally.misses += 1,
                Ok((_, Err(error))) => {
                    tally.failed += 1;
                    tracing::debug!(%error, "the shared store has not answered");
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    tally.timed_out = (keys.len() - n) as u64;
                    break;
                }
            }
        }
        let saved = worth * u32::try_from(tally.hits).unwrap_or(u32::MAX);
        self.count(&tally, started.elapsed(), saved);
        found
    }

    fn may_wait(&self) -> bool {
        let now = Instant::now();
        let mut gate = self.common.lock();
        match gate.reads.verdict(now) {
            Verdict::Ask => gate.budget.allows(now),
            Verdict::Leave => false,
            Verdict::Probe => {
                drop(gate);
                let _ = self.commands.send(Command::Probe);
                false
            }
        }
    }

    fn count(&self, tally: &Tally, waited: Duration, saved: Duration) {
        let counters = &self.common.counters;
        add(&counters.hits, tally.hits);
        add(&counters.misses, tally.misses);
        add(&counters.refused, tally.refused);
        add(&counters.failed, tally.failed);
        add(&counters.timed_out, tally.timed_out);
        if tally.refused > 0 && !self.common.told_of_refusals.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the shared store gave out an entry that no holder of the secret has made: it is not used"
            );
        }
        let answered = tally.hits + tally.misses + tally.refused;
        let mut gate = self.common.lock();
        gate.budget.waited(waited, saved);
        if answered > 0 {
            gate.reads.succeeded();
        } else if gate.reads.failed(Instant::now()) {
            drop(gate);
            self.common.tell();
        }
    }

    /// Gives a value to the store, some time; never waits.
    pub(crate) fn put(&self, key: Key, held: Arc<Held>, lineage: Arc<Lineage>) {
        let length = held.bytes.len();
        let common = &self.common;
        // Where it would not be tried, the thread need not be woken for it.
        let leaves = common.lock().writes.leaves(Instant::now());
        if leaves || self.is_closed() || length > LARGEST {
            add(&common.counters.not_put, 1);
            return;
        }
        // The new one is dropped, not the oldest: both are worth the same to others, and what waits has waited.
        let queued = common.queued_bytes.fetch_add(length, Ordering::Relaxed);
        if queued + length > QUEUE_BYTES {
            common.queued_bytes.fetch_sub(length, Ordering::Relaxed);
            add(&common.counters.not_put, 1);
            return;
        }
        let put = Put { key, held, lineage };
        if self.commands.send(Command::Put(put)).is_err() {
            add(&common.counters.not_put, 1);
        }
    }

    pub(crate) fn stats(&self) -> SharedStats {
        let counters = &self.common.counters;
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let state = if self.is_closed() {
            SharedState::Closed
        } else if self.common.lock().reads.is_open() {
            SharedState::LeftAlone
        } else {
            SharedState::Used
        };
        SharedStats {
            state,
            hits: count(&counters.hits),
            misses: count(&counters.misses),
            refused: count(&counters.refused),
            timed_out: count(&counters.timed_out),
            failed: count(&counters.failed),
            skipped: count(&counters.skipped),
            put: count(&counters.put),
            not_put: count(&counters.not_put),
        }
    }

    /// Asks the thread to put what waits, in this time, and to end.
    pub(crate) fn stop(&self, most: Duration) {
        if !self.closed.swap(true, Ordering::Relaxed) {
            let _ = self.commands.send(Command::Stop(most));
        }
    }

    /// Waits until the thread has ended, but not longer than this.
    pub(crate) fn wait_stopped(&self, most: Duration) {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(most);
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

impl Common {
    /// Whether a put may be tried; it has to be told what became of it.
    pub(super) fn may_write(&self) -> bool {
        self.lock().writes.verdict(Instant::now()) != Verdict::Leave
    }

    /// What became of a put.
    pub(super) fn wrote(&self, well: bool) {
        let now = Instant::now();
        let mut gate = self.lock();
        let writes = &mut gate.writes;
        let opened = match (writes.is_probing(), well) {
            (true, _) => {
                writes.probed(now, well);
                false
            }
            (false, true) => {
                writes.succeeded();
                false
            }
            (false, false) => writes.failed(now),
        };
        drop(gate);
        if opened {
            self.tell();
        }
    }

    /// What became of a probe.
    pub(super) fn probed(&self, well: bool) {
        self.lock().reads.probed(Instant::now(), well);
        tracing::debug!(well, "looked whether the shared store is back");
    }

    fn tell(&self) {
        if !self.told_of_failures.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the shared store does not answer in time: it is left alone, and asked again now and then"
            );
        }
    }

    fn lock(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}

/// An answer to one key of a get, by its place among them.
pub(super) type Reply = (usize, Result<Option<bytes::Bytes>, SharedError>);
