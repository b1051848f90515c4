//! The store: memory before disk before what machines share, behind one handle.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::log::{Command, Disk, Log, Medium, VALUE_LIMIT};
use crate::memory::{Held, Memory};
use crate::shared::Tier;
use crate::uniform::{UniformMap, UniformSet};
use crate::{
    Artifact, ArtifactId, DiskStats, Error, Key, Lineage, Link, Options, Outcome, Purge, Report,
    Stats,
};

/// A handle; clones are the same store. The last one that goes closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    memory: Arc<Memory>,
    log: Option<Log>,
    shared: Option<Tier>,
}

/// What closing may take.
const CLOSE: Duration = Duration::from_millis(450);
/// How much of that the shared tier may still put: less, so that it has counted what it could not when the time is over.
const CLOSE_SHARED: Duration = Duration::from_millis(350);

impl Store {
    /// Opens a store. A directory that cannot be used is told of once and done without: see [`Stats`].
    #[must_use]
    pub fn open(options: Options) -> Self {
        Self::open_on(options, Box::new(Disk))
    }

    pub(crate) fn open_on(options: Options, medium: Box<dyn Medium>) -> Self {
        let memory = Arc::new(Memory::new(options.memory_bytes));
        let dir = options.dir.clone().filter(|_| options.disk_bytes > 0);
        let log = dir.map(|dir| Log::open(dir, &options, memory.clone(), medium));
        let shared = options.shared.map(Tier::open);
        Self(Arc::new(Inner {
            memory,
            log,
            shared,
        }))
    }

    /// The value put under a key, from memory or disk; never one that does not hash to its id. For any thread: the shared
    /// tier is not asked.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Artifact> {
        let memory = &self.0.memory;
        if let Some(held) = memory.get(key) {
            return Some(Artifact(held));
        }
        let log = self.0.log.as_ref()?;
        let held = log.get(key)?;
        memory.insert(*key, held.clone());
        // A put or a purge of the key may have come between: then what was just read is out of date.
        if log.id_of(key) != Some(held.id) {
            memory.remove(key);
        }
        Some(Artifact(held))
    }

    /// Keeps a value under a key, in place of the one before. Returns once it is in memory; [`Self::flush`] makes it durable.
    /// Waits while 64 MiB are queued for the disk.
    ///
    /// # Errors
    /// Only if the value is larger than 1 GiB.
    pub fn put(
        &self,
        key: Key,
        bytes: impl Into<Bytes>,
        lineage: impl Into<Arc<Lineage>>,
    ) -> Result<ArtifactId, Error> {
        self.keep(key, bytes.into(), lineage.into())
            .map(|held| held.id)
    }

    /// The values put under these keys, in their order, on this machine or another. What neither memory nor disk has is asked
    /// of the shared tier, all at once, and kept here. May wait for the deadline of the shared tier: for threads that
    /// nobody waits for, and with as many keys as are known. `worth` is about how long it takes to make one of the values:
    /// where waiting turns out to take longer than that, the shared tier is asked less.
    ///
    /// Only for keys that name all that the value follows from, wherever it is made: no paths, no times.
    #[must_use]
    pub fn get_shared(&self, keys: &[Key], worth: Duration) -> Vec<Option<Artifact>> {
        let mut found: Vec<_> = keys.iter().map(|key| self.get(key)).collect();
        let Some(tier) = &self.0.shared else {
            return found;
        };
        let missing = |at: &usize| found[*at].is_none();
        let missing: Vec<usize> = (0..keys.len()).filter(missing).collect();
        let wanted: Vec<Key> = missing.iter().map(|at| keys[*at]).collect();
        for (at, opened) in missing.into_iter().zip(tier.get(&wanted, worth)) {
            let Some(opened) = opened else {
                continue;
            };
            let key = keys[at];
            // What was put here meanwhile is as good, and is there already.
            let kept = match self.0.memory.peek(&key) {
                Some(held) => Ok(held),
                None => self.keep(key, opened.value, opened.lineage.into()),
            };
            found[at] = kept.ok().map(Artifact);
        }
        found
    }

    /// As [`Self::put`], and gives the value to the shared tier some time later, if there is room for it. As for
    /// [`Self::get_shared`], the key has to name everything.
    ///
    /// # Errors
    /// Only if the value is larger than 1 GiB.
    pub fn put_shared(
        &self,
        key: Key,
        bytes: impl Into<Bytes>,
        lineage: impl Into<Arc<Lineage>>,
    ) -> Result<ArtifactId, Error> {
        let lineage = lineage.into();
        let held = self.keep(key, bytes.into(), lineage.clone())?;
        let id = held.id;
        if let Some(tier) = &self.0.shared {
            tier.put(key, held, lineage);
        }
        Ok(id)
    }

    fn keep(&self, key: Key, bytes: Bytes, lineage: Arc<Lineage>) -> Result<Arc<Held>, Error> {
        if bytes.len() > VALUE_LIMIT {
            return Err(Error::TooLarge {
                length: bytes.len(),
                limit: VALUE_LIMIT,
            });
        }
        let id = ArtifactId::of(&bytes);
        let held = Arc::new(Held::new(id, bytes, Some(lineage.clone())));
        if let Some(log) = &self.0.log {
            log.shared.queue.put(key, held.clone(), lineage);
        }
        self.0.memory.insert(key, held.clone());
        Ok(held)
    }

    /// Whether there is a value for the key; does not count as a use.
    #[must_use]
    pub fn contains(&self, key: &Key) -> bool {
        let on_disk = || {
            self.0
                .log
                .as_ref()
                .is_some_and(|log| log.id_of(key).is_some())
        };
        self.0.memory.peek(key).is_some() || on_disk()
    }

    /// Waits until everything put before is durable. Nothing to do for a store without a directory.
    ///
    /// # Errors
    /// If another process writes the directory, or it cannot be written: then values are in memory only.
    pub fn flush(&self) -> Result<(), Error> {
        self.0.log.as_ref().map_or(Ok(()), Log::flush)
    }

    /// Tells what became of the value under a key.
    pub fn score(&self, key: &Key, outcome: Outcome) {
        match &self.0.log {
            Some(log) => log.shared.queue.push(Command::Score(*key, outcome)),
            None => self.0.memory.score(key, outcome),
        }
    }

    /// Keeps the value under a key from being evicted until it is unpinned as often. Purging still removes it.
    pub fn pin(&self, key: Key) {
        // Pinned before it is read, so that it cannot be evicted in between.
        self.0.memory.pin(key);
        if let Some(artifact) = self.get(&key) {
            self.0.memory.hold(&key, artifact.0);
        }
    }

    /// Takes back one [`Self::pin`].
    pub fn unpin(&self, key: &Key) {
        self.0.memory.unpin(key);
    }

    /// Throws out what is chosen; it is gone from memory at once, and from the index on disk when this returns. The bytes
    /// of single values go with the next compaction, those of everything at once. What machines share stays where it is.
    ///
    /// # Errors
    /// If the directory cannot be written.
    pub fn purge(&self, what: &Purge) -> Result<(), Error> {
        let memory = &self.0.memory;
        let Some(log) = &self.0.log else {
            memory.remove_if(|key, held| held.is_meant(key, what));
            return Ok(());
        };
        let queue = &log.shared.queue;
        match what {
            Purge::All => queue.push(Command::Clear),
            Purge::Key(key) => queue.remove(*key),
            _ => {
                // What is queued may be about to replace what the index knows.
                let _ = log.flush();
                let keys = log.keys(|kind, quality, created| match what {
                    Purge::Kind(name) => kind == name,
                    Purge::MadeBefore(time) => created < *time,
                    Purge::WorseThan(score) => quality.score() < *score,
                    Purge::All | Purge::Key(_) => false,
                });
                for key in keys {
                    queue.remove(key);
                    memory.remove(&key);
                }
            }
        }
        memory.remove_if(|key, held| held.is_meant(key, what));
        log.flush()
    }

    /// The artifact under a key and the artifacts that it was made from, and so on, nearest first; what is no longer kept
    /// is left out.
    #[must_use]
    pub fn why(&self, key: &Key) -> Vec<Link> {
        self.chain(vec![*key])
    }

    /// As [`Self::why`], for whatever keys have led to a value.
    #[must_use]
    pub fn why_id(&self, id: ArtifactId) -> Vec<Link> {
        self.chain(self.keys_of(&[id]))
    }

    fn chain(&self, keys: Vec<Key>) -> Vec<Link> {
        let mut seen: UniformSet<Key> = keys.iter().copied().collect();
        let mut level = VecDeque::from(keys);
        let mut links = Vec::new();
        for depth in 0.. {
            let found: Vec<Link> = level
                .drain(..)
                .filter_map(|key| self.link(&key, depth))
                .collect();
            let parents: Vec<ArtifactId> = found
                .iter()
                .flat_map(|link| &link.lineage.parents)
                .copied()
                .collect();
            links.extend(found);
            if parents.is_empty() {
                break;
            }
            level.extend(
                self.keys_of(&parents)
                    .into_iter()
                    .filter(|key| seen.insert(*key)),
            );
        }
        links
    }

    fn link(&self, key: &Key, depth: usize) -> Option<Link> {
        let held = self.0.memory.peek(key);
        let from_memory = held.and_then(|held| {
            let lineage = Lineage::clone(held.lineage.as_ref()?);
            Some(Link {
                depth,
                key: *key,
                id: held.id,
                lineage,
                quality: held.quality,
            })
        });
        let from_disk = self.0.log.as_ref().and_then(|log| log.link(key));
        let link = match (from_memory, from_disk) {
            // The disk knows the quality; memory knows what is not written yet.
            (Some(memory), Some(disk)) if memory.id == disk.id => disk,
            (Some(memory), _) => memory,
            (None, disk) => disk?,
        };
        Some(Link { depth, ..link })
    }

    fn keys_of(&self, ids: &[ArtifactId]) -> Vec<Key> {
        let mut keys: UniformMap<Key, ()> = UniformMap::default();
        let wanted = |held: &Held| ids.contains(&held.id);
        let memory = self.0.memory.all();
        keys.extend(
            memory
                .iter()
                .filter(|(_, held)| wanted(held))
                .map(|(key, _)| (*key, ())),
        );
        if let Some(log) = &self.0.log {
            let pending = log.shared.queue.all();
            keys.extend(
                pending
                    .iter()
                    .filter(|(_, held)| wanted(held))
                    .map(|(key, _)| (*key, ())),
            );
            keys.extend(log.keys_of(ids).into_iter().map(|key| (key, ())));
        }
        let mut keys: Vec<Key> = keys.into_keys().collect();
        keys.sort_unstable();
        keys
    }

    /// Reads what another process has written to the directory since, and takes over the writing if that process has
    /// gone. Happens by itself after misses, up to ten times a second.
    pub fn refresh(&self) {
        if let Some(log) = &self.0.log {
            log.shared.queue.look();
        }
    }

    /// Checks every record on disk. Reads everything: for a person who asks.
    #[must_use]
    pub fn verify(&self) -> Report {
        self.0.log.as_ref().map(Log::verify).unwrap_or_default()
    }

    /// What it holds and what became of the gets.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            memory: self.0.memory.stats(),
            disk: self
                .0
                .log
                .as_ref()
                .map_or_else(DiskStats::default, Log::stats),
            shared: self.0.shared.as_ref().map(Tier::stats).unwrap_or_default(),
            pinned: self.0.memory.pins(),
        }
    }

    /// Writes what is queued and lets go of the directory; takes half a second at most. Gets still work, puts stay in
    /// memory. Whether everything was written in that time, here: what the shared tier did not get is only counted.
    pub fn close(&self) -> bool {
        self.0.close()
    }
}

impl Inner {
    fn close(&self) -> bool {
        let started = Instant::now();
        if let Some(tier) = &self.shared {
            tier.stop(CLOSE_SHARED);
        }
        let written = self.log.as_ref().is_none_or(|log| log.close(CLOSE));
        if let Some(tier) = &self.shared {
            tier.wait_stopped(CLOSE.saturating_sub(started.elapsed()));
        }
        written
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
