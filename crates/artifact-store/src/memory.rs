//! Values in memory: S3-FIFO by weight, and pins that it cannot evict.

use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};

use crate::uniform::{BuildUniform, UniformMap};
use crate::{ArtifactId, Key, Lineage, Outcome, Purge, Quality};

/// A value that was found, and what it is. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Artifact(pub(crate) Arc<Held>);

impl Artifact {
    /// The value.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0.bytes
    }

    /// The hash of the value.
    #[must_use]
    pub fn id(&self) -> ArtifactId {
        self.0.id
    }
}

/// A value in memory.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) id: ArtifactId,
    pub(crate) bytes: Bytes,
    /// Of what was put in this process; that of what was read from disk stays there.
    pub(crate) lineage: Option<Arc<Lineage>>,
    pub(crate) quality: Quality,
    /// Whether it was asked for since the disk tier last looked: then it is worth keeping there too.
    used: AtomicBool,
}

impl Held {
    pub(crate) fn new(id: ArtifactId, bytes: Bytes, lineage: Option<Arc<Lineage>>) -> Self {
        Self {
            id,
            bytes,
            lineage,
            quality: Quality::default(),
            used: AtomicBool::new(false),
        }
    }

    /// Whether a purge is about this value. What was read from disk is not known well enough: the disk tier says.
    pub(crate) fn is_meant(&self, key: &Key, purge: &Purge) -> bool {
        let lineage = self.lineage.as_ref();
        match purge {
            Purge::All => true,
            Purge::Key(it) => it == key,
            Purge::Kind(kind) => lineage.is_some_and(|lineage| lineage.kind == *kind),
            Purge::MadeBefore(time) => lineage.is_some_and(|lineage| lineage.created < *time),
            Purge::WorseThan(score) => lineage.is_some() && self.quality.score() < *score,
        }
    }
}

#[derive(Debug, Clone)]
struct ByBytes;

/// What the tables and a lineage take beside a value: a guess from the sizes of the structures.
const OVERHEAD: u64 = 256;

impl Weighter<Key, Arc<Held>> for ByBytes {
    fn weight(&self, _: &Key, held: &Arc<Held>) -> u64 {
        held.bytes.len() as u64 + OVERHEAD
    }
}

type Values = Cache<Key, Arc<Held>, ByBytes, BuildUniform>;

/// The memory tier.
pub(crate) struct Memory {
    cache: Values,
    misses: AtomicU64,
    hits: AtomicU64,
    /// How often each key is pinned, and its value once that is known.
    pins: Mutex<UniformMap<Key, Pin>>,
}

#[derive(Default)]
struct Pin {
    count: u32,
    held: Option<Arc<Held>>,
}

impl Memory {
    pub(crate) fn new(bytes: u64) -> Self {
        // Room for values of 4 KiB: the tables are allocated at once, so a guess too high costs memory.
        let items = (bytes / 4096).clamp(64, 1 << 16) as usize;
        let hasher = BuildUniform::default();
        let cache = Cache::with(items, bytes, ByBytes, hasher, DefaultLifecycle::default());
        Self {
            cache,
            misses: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            pins: Mutex::default(),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Held>> {
        let held = match self.cache.get(key) {
            Some(held) => held,
            None => match self.pinned(key) {
                Some(held) => held,
                None => {
                    self.misses.fetch_add(1, Ordering::Relaxed);
                    return None;
                }
            },
        };
        self.hits.fetch_add(1, Ordering::Relaxed);
        // Read before write: the line of a value that many threads read stays shared.
        if !held.used.load(Ordering::Relaxed) {
            held.used.store(true, Ordering::Relaxed);
        }
        Some(held)
    }

    /// Without counting as a use.
    pub(crate) fn peek(&self, key: &Key) -> Option<Arc<Held>> {
        self.cache.peek(key).or_else(|| self.pinned(key))
    }

    pub(crate) fn insert(&self, key: Key, held: Arc<Held>) {
        let mut pins = self.lock_pins();
        if let Some(pin) = pins.get_mut(&key) {
            pin.held = Some(held.clone());
        }
        drop(pins);
        self.cache.insert(key, held);
    }

    pub(crate) fn remove(&self, key: &Key) {
        if let Some(pin) = self.lock_pins().get_mut(key) {
            pin.held = None;
        }
        self.cache.remove(key);
    }

    /// Removes what is chosen; the keys that were.
    pub(crate) fn remove_if(&self, chosen: impl Fn(&Key, &Held) -> bool) -> usize {
        let keys: Vec<Key> = self
            .cache
            .iter()
            .filter(|(key, held)| chosen(key, held))
            .map(|(key, _)| key)
            .chain(self.pinned_if(&chosen))
            .collect();
        for key in &keys {
            self.remove(key);
        }
        keys.len()
    }

    fn pinned_if(&self, chosen: &impl Fn(&Key, &Held) -> bool) -> Vec<Key> {
        let pins = self.lock_pins();
        let chosen = pins.iter().filter(|(key, pin)| {
            let held = pin.held.as_ref();
            held.is_some_and(|held| !self.cache.contains_key(*key) && chosen(key, held))
        });
        chosen.map(|(key, _)| *key).collect()
    }

    /// Every value of it, for what looks through all: lineage.
    pub(crate) fn all(&self) -> Vec<(Key, Arc<Held>)> {
        self.cache.iter().collect()
    }

    pub(crate) fn pin(&self, key: Key) {
        self.lock_pins().entry(key).or_default().count += 1;
    }

    /// The value of a pinned key.
    pub(crate) fn hold(&self, key: &Key, held: Arc<Held>) {
        if let Some(pin) = self.lock_pins().get_mut(key) {
            pin.held = Some(held);
        }
    }

    /// For a store without a disk. Two outcomes at once may count as one.
    pub(crate) fn score(&self, key: &Key, outcome: Outcome) {
        if let Some(held) = self.peek(key) {
            let quality = held.quality.after(outcome);
            let bytes = held.bytes.clone();
            let scored = Held {
                quality,
                ..Held::new(held.id, bytes, held.lineage.clone())
            };
            self.insert(*key, Arc::new(scored));
        }
    }

    pub(crate) fn unpin(&self, key: &Key) {
        if let Entry::Occupied(mut pin) = self.lock_pins().entry(*key) {
            pin.get_mut().count -= 1;
            if pin.get().count == 0 {
                pin.remove();
            }
        }
    }

    pub(crate) fn is_pinned(&self, key: &Key) -> bool {
        self.lock_pins().contains_key(key)
    }

    /// Whether the key was asked for since this was last asked.
    pub(crate) fn take_used(&self, key: &Key) -> bool {
        let held = self.cache.peek(key);
        held.is_some_and(|held| held.used.swap(false, Ordering::Relaxed))
    }

    fn pinned(&self, key: &Key) -> Option<Arc<Held>> {
        self.lock_pins().get(key)?.held.clone()
    }

    pub(crate) fn pins(&self) -> usize {
        self.lock_pins().len()
    }

    pub(crate) fn stats(&self) -> crate::MemoryStats {
        crate::MemoryStats {
            entries: self.cache.len(),
            bytes: self.cache.weight(),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }

    fn lock_pins(&self) -> std::sync::MutexGuard<'_, UniformMap<Key, Pin>> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
