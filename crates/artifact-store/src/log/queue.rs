//! What is still to be written: one list that callers add to and the log's thread takes as a whole.
//!
//! A lock for a few instructions on either side. The list is bounded by bytes: who puts more than the disk takes waits.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::memory::Held;
use crate::uniform::UniformMap;
use crate::{ArtifactId, DiskState, Key, Lineage, Outcome};

/// One thing for the log's thread to do.
pub(crate) enum Command {
    Put {
        sequence: u64,
        key: Key,
        held: Arc<Held>,
        lineage: Arc<Lineage>,
    },
    Remove {
        sequence: u64,
        key: Key,
    },
    Score(Key, Outcome),
    /// A value's record is not what it should be.
    Damaged(ArtifactId),
    /// Throw everything out.
    Clear,
}

/// What a key will lead to, not yet in the index.
struct Pending {
    sequence: u64,
    /// None for a removal.
    held: Option<Arc<Held>>,
}

/// More than this waits for nobody.
const BATCH_BYTES: usize = 256 << 10;
/// More than this is not taken in.
const MOST_BYTES: usize = 64 << 20;
/// How long a first command waits for others: a value is in memory meanwhile.
const LINGER: Duration = Duration::from_millis(2);

#[derive(Default)]
struct State {
    disk: DiskState,
    commands: Vec<Command>,
    bytes: usize,
    pending: UniformMap<Key, Pending>,
    /// Sequence numbers of the last command taken in, written and made durable.
    accepted: u64,
    written: u64,
    durable: u64,
    /// Up to where somebody waits for it to be durable.
    wanted: u64,
    /// Whether the thread waits for a first command.
    idle: bool,
    /// How often a look at what another process wrote was asked for, and done.
    looks_asked: u64,
    looks_done: u64,
    last_look: Option<Instant>,
    unwritten: u64,
    stop: bool,
    stopped: bool,
}

#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    /// Tells the thread of work.
    work: Condvar,
    /// Tells waiting callers of work done.
    done: Condvar,
}

/// What the thread has to do next.
pub(crate) struct Work {
    pub(crate) commands: Vec<Command>,
    pub(crate) last: u64,
    pub(crate) sync: bool,
    pub(crate) looks: u64,
    pub(crate) stop: bool,
}

/// What is pending of a key.
pub(crate) enum Waiting {
    Nothing,
    Removal,
    Put(Arc<Held>),
}

impl Queue {
    pub(crate) fn put(&self, key: Key, held: Arc<Held>, lineage: Arc<Lineage>) {
        let mut state = self.lock();
        while state.bytes > MOST_BYTES && state.disk == DiskState::Writing && !state.stop {
            state = self.wait(state);
        }
        if state.disk != DiskState::Writing || state.stop {
            state.unwritten += 1;
            self.ask_for_look(state);
            return;
        }
        state.accepted += 1;
        let sequence = state.accepted;
        state.bytes += held.bytes.len() + 128;
        state.pending.insert(
            key,
            Pending {
                sequence,
                held: Some(held.clone()),
            },
        );
        state.commands.push(Command::Put {
            sequence,
            key,
            held,
            lineage,
        });
        self.wake(state);
    }

    pub(crate) fn remove(&self, key: Key) {
        let mut state = self.lock();
        if state.disk != DiskState::Writing || state.stop {
            return;
        }
        state.accepted += 1;
        let sequence = state.accepted;
        state.pending.insert(
            key,
            Pending {
                sequence,
                held: None,
            },
        );
        state.commands.push(Command::Remove { sequence, key });
        self.wake(state);
    }

    /// Adds a command that concerns no pending value.
    pub(crate) fn push(&self, command: Command) {
        let mut state = self.lock();
        let follows = state.disk == DiskState::Following && matches!(command, Command::Damaged(_));
        if (state.disk != DiskState::Writing && !follows) || state.stop {
            return;
        }
        state.accepted += 1;
        if matches!(command, Command::Clear) {
            state.pending.clear();
        }
        state.commands.push(command);
        self.wake(state);
    }

    pub(crate) fn find(&self, key: &Key) -> Waiting {
        match self.lock().pending.get(key) {
            None => Waiting::Nothing,
            Some(Pending { held: None, .. }) => Waiting::Removal,
            Some(Pending {
                held: Some(held), ..
            }) => Waiting::Put(held.clone()),
        }
    }

    /// What is pending and has a value.
    pub(crate) fn all(&self) -> Vec<(Key, Arc<Held>)> {
        let state = self.lock();
        let held = state
            .pending
            .iter()
            .filter_map(|(key, it)| Some((*key, it.held.clone()?)));
        held.collect()
    }

    /// Waits until all that was taken in is durable, or cannot be. The state that the tier is in then.
    pub(crate) fn flush(&self) -> DiskState {
        let mut state = self.lock();
        let target = state.accepted;
        while state.durable < target && state.disk == DiskState::Writing && !state.stopped {
            // A number and no flag: one that is raised while the thread makes that much durable would ask for it again, in
            // the middle of what is put next.
            state.wanted = state.wanted.max(target);
            self.work.notify_one();
            state = self.wait(state);
        }
        state.disk.clone()
    }

    /// Asks the thread to read what another process has written, and waits until it has.
    pub(crate) fn look(&self) {
        let mut state = self.lock();
        if state.disk != DiskState::Following {
            return;
        }
        state.looks_asked += 1;
        let target = state.looks_asked;
        self.work.notify_one();
        while state.looks_done < target && !state.stopped {
            state = self.wait(state);
        }
    }

    /// Asks for a look, at most ten times a second, and does not wait for it. After a miss.
    pub(crate) fn hint(&self) {
        self.ask_for_look(self.lock());
    }

    fn ask_for_look(&self, mut state: MutexGuard<'_, State>) {
        let recent = |at: Instant| at.elapsed() < Duration::from_millis(100);
        if state.disk == DiskState::Following && !state.last_look.is_some_and(recent) {
            state.last_look = Some(Instant::now());
            state.looks_asked += 1;
            self.work.notify_one();
        }
    }

    /// For the thread: waits for work.
    pub(crate) fn next(&self) -> Work {
        let mut state = self.lock();
        let urgent =
            |it: &State| it.wanted > it.durable || it.stop || it.looks_asked > it.looks_done;
        state.idle = true;
        while state.commands.is_empty() && !urgent(&state) {
            state = self
                .work
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.idle = false;
        let (mut state, _) = self
            .work
            .wait_timeout_while(state, LINGER, |it| !urgent(it) && it.bytes < BATCH_BYTES)
            .unwrap_or_else(PoisonError::into_inner);
        state.bytes = 0;
        Work {
            commands: std::mem::take(&mut state.commands),
            last: state.accepted,
            sync: state.wanted > state.durable,
            looks: state.looks_asked,
            stop: state.stop,
        }
    }

    /// For the thread: all of `work` is in the index, and durable if it asked for that.
    pub(crate) fn finished(&self, work: &Work, durable: bool) {
        let mut state = self.lock();
        for command in &work.commands {
            if let Command::Put { sequence, key, .. } | Command::Remove { sequence, key } = command
                && state
                    .pending
                    .get(key)
                    .is_some_and(|it| it.sequence == *sequence)
            {
                state.pending.remove(key);
            }
        }
        state.written = state.written.max(work.last);
        if durable {
            state.durable = state.durable.max(work.last);
        }
        state.looks_done = work.looks;
        self.done.notify_all();
    }

    /// The tier's state changed. What is pending stays findable only while it will be written.
    pub(crate) fn set_disk(&self, disk: DiskState) {
        let mut state = self.lock();
        if disk != DiskState::Writing {
            state.unwritten += state.pending.len() as u64;
            state.pending.clear();
            state.commands.clear();
            state.bytes = 0;
            state.wanted = state.durable;
        }
        state.disk = disk;
        self.done.notify_all();
    }

    pub(crate) fn disk(&self) -> DiskState {
        self.lock().disk.clone()
    }

    pub(crate) fn unwritten(&self) -> u64 {
        self.lock().unwritten
    }

    /// Asks the thread to write what is there, and to end.
    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.stop = true;
        self.work.notify_one();
        self.done.notify_all();
    }

    pub(crate) fn stopped(&self) {
        self.lock().stopped = true;
        self.done.notify_all();
    }

    /// Waits until the thread has ended, but not longer than this. Whether it has.
    pub(crate) fn wait_stopped(&self, most: Duration) -> bool {
        let state = self.lock();
        let ended = self.done.wait_timeout_while(state, most, |it| !it.stopped);
        ended.unwrap_or_else(PoisonError::into_inner).0.stopped
    }

    fn wake(&self, state: MutexGuard<'_, State>) {
        // A thread that is busy, or waits for more, finds the command by itself: waking it costs more than the put.
        let wake = state.idle || state.bytes >= BATCH_BYTES;
        drop(state);
        if wake {
            self.work.notify_one();
        }
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.done
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
