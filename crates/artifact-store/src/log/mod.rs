//! The disk tier: an append-only log of segments, one writer, any number of processes that read along.
//!
//! Callers touch the index and the files for reading; everything that writes is done by one thread, which takes the
//! queue as a whole. Lock order: queue, then index; the thread holds neither while it writes or waits for the disk.

mod compaction;
mod index;
mod medium;
mod queue;
mod record;
mod recovery;
mod segment;
mod snapshot;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use crate::memory::{Held, Memory};
use crate::options::Options;
use crate::{ArtifactId, DiskState, DiskStats, Error, Key, Lineage, Link, Quality};

use index::Index;
pub(crate) use medium::{Disk, Medium};
pub(crate) use queue::{Command, Waiting};
use queue::{Queue, Work};
use record::Record;
pub(crate) use record::VALUE_LIMIT;
use recovery::Loaded;
use snapshot::Position;
use writer::Writer;

/// What the callers and the log's thread have in common.
pub(crate) struct Shared {
    dir: PathBuf,
    disk_bytes: u64,
    segment_limit: u64,
    compress_from: usize,
    medium: Box<dyn Medium>,
    memory: Arc<Memory>,
    index: RwLock<Index>,
    pub(crate) queue: Queue,
    counters: Counters,
}

#[derive(Default)]
struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    damaged: AtomicU64,
    evicted: AtomicU64,
    compacted: AtomicU64,
    set_aside: AtomicU64,
}

/// The disk tier of one store.
pub(crate) struct Log {
    pub(crate) shared: Arc<Shared>,
}

/// What the thread does in this process.
enum Role {
    Writer(Box<Writer>),
    Follower {
        lock: Option<File>,
        position: Position,
    },
    /// Nothing more; what the writer held is kept, so that no other process falls into the same hole.
    Retired {
        _writer: Option<Box<Writer>>,
    },
}

impl Log {
    /// Opens a directory as far as that is possible; never fails.
    pub(crate) fn open(
        dir: PathBuf,
        options: &Options,
        memory: Arc<Memory>,
        medium: Box<dyn Medium>,
    ) -> Self {
        let shared = Arc::new(Shared {
            dir,
            disk_bytes: options.disk_bytes,
            segment_limit: options.segment_limit(),
            compress_from: options.compress_from,
            medium,
            memory,
            index: RwLock::default(),
            queue: Queue::default(),
            counters: Counters::default(),
        });
        let role = shared.start();
        let thread = shared.clone();
        let spawned = std::thread::Builder::new()
            .name("symphony-store".to_owned())
            .spawn(move || Ended(thread).serve(role));
        if let Err(error) = spawned {
            shared.give_up(&error);
            shared.queue.stopped();
        }
        Self { shared }
    }

    /// The value of a key, if it is there and sound.
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Held>> {
        let shared = &*self.shared;
        let found = match shared.queue.find(key) {
            Waiting::Put(held) => return Some(held),
            Waiting::Removal => None,
            Waiting::Nothing => shared.read_index().find(key),
        };
        let Some((id, at, segment)) = found else {
            shared.counters.misses.fetch_add(1, Ordering::Relaxed);
            shared.queue.hint();
            return None;
        };
        let record = segment.read(at.offset, at.length);
        match record.ok().and_then(|record| record::value_of(record, id)) {
            Some(bytes) => {
                shared.counters.hits.fetch_add(1, Ordering::Relaxed);
                shared.read_index().note_use(key);
                Some(Arc::new(Held::new(id, bytes, None)))
            }
            None => {
                shared.counters.damaged.fetch_add(1, Ordering::Relaxed);
                shared.counters.misses.fetch_add(1, Ordering::Relaxed);
                shared.queue.push(Command::Damaged(id));
                None
            }
        }
    }

    /// What a key leads to at this moment, without reading it.
    pub(crate) fn id_of(&self, key: &Key) -> Option<ArtifactId> {
        match self.shared.queue.find(key) {
            Waiting::Put(held) => Some(held.id),
            Waiting::Removal => None,
            Waiting::Nothing => self.shared.read_index().find(key).map(|(id, ..)| id),
        }
    }

    /// Waits until all that was put is durable.
    pub(crate) fn flush(&self) -> Result<(), Error> {
        match self.shared.queue.flush() {
            DiskState::Writing | DiskState::None => Ok(()),
            DiskState::Following => Err(Error::ReadOnly),
            DiskState::ReadOnly(reason) | DiskState::Off(reason) => Err(Error::NoDisk(reason)),
        }
    }

    /// The keys on disk that `chosen` picks by kind, quality and time of making.
    pub(crate) fn keys(&self, chosen: impl Fn(&str, Quality, u64) -> bool) -> Vec<Key> {
        let index = self.shared.read_index();
        let entries = index
            .entries
            .iter()
            .filter(|(_, entry)| chosen(index.kind_name(entry.kind), entry.quality, entry.created));
        entries.map(|(key, _)| *key).collect()
    }

    /// The keys that lead to these values.
    pub(crate) fn keys_of(&self, ids: &[ArtifactId]) -> Vec<Key> {
        let ids = ids.iter().copied().collect();
        let keys = self.shared.read_index().keys_of(&ids);
        keys.into_iter().map(|(key, _)| key).collect()
    }

    /// A key's entry as it is on disk.
    pub(crate) fn link(&self, key: &Key) -> Option<Link> {
        let (at, segment) = self.shared.read_index().find_entry(key)?;
        let bytes = segment.read(at.offset, at.length).ok()?;
        let (record, _) = Record::parse(&bytes, &segment.salt, u64::from(at.offset))?;
        let Record::Entry(put) = record else {
            return None;
        };
        let lineage: Lineage = postcard::from_bytes(put.lineage).ok()?;
        (put.key == *key).then_some(Link {
            depth: 0,
            key: *key,
            id: put.id,
            lineage,
            quality: put.quality,
        })
    }

    pub(crate) fn stats(&self) -> DiskStats {
        let shared = &*self.shared;
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &shared.counters;
        let index = shared.read_index();
        DiskStats {
            state: shared.queue.disk(),
            entries: index.entries.len(),
            values: index.values.len(),
            kinds: index.by_kind(),
            segments: index.segments.len(),
            bytes: index.bytes(),
            live_bytes: index.live_bytes(),
            hits: count(&counters.hits),
            misses: count(&counters.misses),
            damaged: count(&counters.damaged),
            evicted: count(&counters.evicted),
            compacted: count(&counters.compacted),
            set_aside: count(&counters.set_aside),
            unwritten: shared.queue.unwritten(),
        }
    }

    /// Writes what is queued and ends the thread; gives up waiting after `most`.
    pub(crate) fn close(&self, most: Duration) -> bool {
        self.shared.queue.stop();
        self.shared.queue.wait_stopped(most)
    }
}

impl Shared {
    /// Takes the lock if nobody has it, and reads the directory.
    fn start(self: &Arc<Self>) -> Role {
        if let Err(error) = std::fs::create_dir_all(&self.dir) {
            self.give_up(&error);
            return Role::Retired { _writer: None };
        }
        let (lock, free, hindered) = match lock(&self.dir) {
            Ok((file, free)) => (Some(file), free, None),
            Err(error) => (None, false, Some(error)),
        };
        let role = match (lock, free) {
            (Some(lock), true) => self.become_writer(lock),
            (lock, _) => self
                .follow()
                .map(|position| Role::Follower { lock, position }),
        };
        match (role, hindered) {
            (Ok(role), None) => role,
            (Ok(role), Some(error)) => {
                self.tell(&error);
                self.queue.set_disk(DiskState::ReadOnly(error.to_string()));
                role
            }
            (Err(error), _) => {
                self.give_up(&error);
                Role::Retired { _writer: None }
            }
        }
    }

    fn become_writer(self: &Arc<Self>, lock: File) -> io::Result<Role> {
        let loaded = self.load(true)?;
        let writer = Writer::new(self.clone(), lock, &loaded)?;
        self.queue.set_disk(DiskState::Writing);
        Ok(Role::Writer(Box::new(writer)))
    }

    fn follow(&self) -> io::Result<Position> {
        let loaded = self.load(false)?;
        self.queue.set_disk(DiskState::Following);
        Ok(loaded.position)
    }

    fn load(&self, write: bool) -> io::Result<Loaded> {
        let mut loaded = recovery::load(&self.dir, write)?;
        self.counters
            .set_aside
            .fetch_add(loaded.set_aside, Ordering::Relaxed);
        *self.write_index() = std::mem::take(&mut loaded.index);
        Ok(loaded)
    }

    /// One look at what the writing process has done since the last; if it is gone, this one takes over.
    fn look(self: &Arc<Self>, lock: Option<File>, position: Position) -> Role {
        if let Some(lock) = lock {
            if !matches!(lock.try_lock(), Ok(())) {
                let position = self.catch_up(position);
                return Role::Follower {
                    lock: Some(lock),
                    position,
                };
            }
            return self.become_writer(lock).unwrap_or_else(|error| {
                self.give_up(&error);
                Role::Retired { _writer: None }
            });
        }
        let position = self.catch_up(position);
        Role::Follower { lock, position }
    }

    fn catch_up(&self, position: Position) -> Position {
        // What cannot be read this time may be the next: the writer moves files.
        recovery::catch_up(&self.dir, &mut self.write_index(), position).unwrap_or(position)
    }

    /// The tier is of no more use, or of none for writing; told once.
    fn give_up(&self, error: &io::Error) {
        self.tell(error);
        let readable = !self.read_index().entries.is_empty();
        let reason = error.to_string();
        let state = if readable {
            DiskState::ReadOnly(reason)
        } else {
            DiskState::Off(reason)
        };
        self.queue.set_disk(state);
    }

    fn tell(&self, error: &io::Error) {
        let dir = self.dir.display();
        tracing::warn!(%error, %dir, "artifacts are kept in memory only: the directory cannot be written");
    }

    fn read_index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_index(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lock file, and whether this process now holds it.
fn lock(dir: &Path) -> io::Result<(File, bool)> {
    let path = dir.join("lock");
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok((file, true)),
        Err(TryLockError::WouldBlock) => Ok((file, false)),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Tells waiting callers that the thread has ended, even when it panicked.
struct Ended(Arc<Shared>);

impl Ended {
    fn serve(self, mut role: Role) {
        loop {
            let work = self.0.queue.next();
            role = self.step(role, &work);
            if work.stop {
                return;
            }
        }
    }

    fn step(&self, role: Role, work: &Work) -> Role {
        let shared = &self.0;
        let (role, durable) = match role {
            Role::Writer(mut writer) => match writer.run(work) {
                Ok(durable) => (Role::Writer(writer), durable),
                Err(error) => {
                    shared.give_up(&error);
                    (
                        Role::Retired {
                            _writer: Some(writer),
                        },
                        false,
                    )
                }
            },
            Role::Follower { lock, position } => {
                for command in &work.commands {
                    if let Command::Damaged(id) = command {
                        shared.write_index().lose(id);
                    }
                }
                (shared.look(lock, position), false)
            }
            retired @ Role::Retired { .. } => (retired, false),
        };
        shared.queue.finished(work, durable);
        role
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0
                .give_up(&io::Error::other("the log's thread panicked"));
        }
        self.0.queue.stopped();
    }
}
