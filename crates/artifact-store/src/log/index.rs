//! Where everything is: keys to values, values to places in segments. Pure: it is told what records say, and opens nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::record::Record;
use super::segment::{self, Segment};
use crate::uniform::{UniformMap, UniformSet};
use crate::{ArtifactId, Key, KindStats, Quality};

/// A record's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) segment: u32,
    pub(crate) offset: u32,
    /// Of the record, with its header.
    pub(crate) length: u32,
}

/// What a key leads to.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: ArtifactId,
    pub(crate) at: At,
    pub(crate) kind: u16,
    pub(crate) quality: Quality,
    pub(crate) created: u64,
    /// Uses since eviction last came by, up to [`MOST_USES`].
    pub(crate) used: AtomicU8,
}

const MOST_USES: u8 = 3;

/// A value, or the lack of one that entries speak of.
#[derive(Debug, Default)]
pub(crate) struct Value {
    pub(crate) at: Option<At>,
    /// How many entries lead to it.
    pub(crate) references: u32,
    /// Whether this process has written it or seen that it hashes to its id.
    pub(crate) sound: bool,
}

/// A segment file and how much of it is needed.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// None until the file is found, while a snapshot is read.
    pub(crate) segment: Option<Arc<Segment>>,
    pub(crate) length: u64,
    pub(crate) live: u64,
    /// Of tombstones, which are needed as long as there are older segments.
    pub(crate) tombstones: u64,
}

/// Everything that is known of a directory.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) entries: UniformMap<Key, Entry>,
    pub(crate) values: UniformMap<ArtifactId, Value>,
    pub(crate) kinds: Vec<Box<str>>,
    pub(crate) segments: BTreeMap<u32, Held>,
    /// While the log is read, an entry that leads to a value may come after the last one seen so far has gone: a
    /// compaction moves entries.
    pub(crate) keep_unreferenced: bool,
}

impl Index {
    /// The value of a key and where it is.
    pub(crate) fn find(&self, key: &Key) -> Option<(ArtifactId, At, Arc<Segment>)> {
        let entry = self.entries.get(key)?;
        let at = self.values.get(&entry.id)?.at?;
        let segment = self.segments.get(&at.segment)?.segment.clone()?;
        Some((entry.id, at, segment))
    }

    /// Where a key's entry is.
    pub(crate) fn find_entry(&self, key: &Key) -> Option<(At, Arc<Segment>)> {
        let at = self.entries.get(key)?.at;
        Some((at, self.segments.get(&at.segment)?.segment.clone()?))
    }

    pub(crate) fn note_use(&self, key: &Key) {
        if let Some(entry) = self.entries.get(key) {
            let used = entry.used.load(Ordering::Relaxed);
            if used < MOST_USES {
                entry.used.store(used + 1, Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn attach(&mut self, segment: Arc<Segment>) {
        let held = self.segments.entry(segment.id).or_default();
        held.length = held.length.max(segment::HEADER);
        held.segment = Some(segment);
    }

    /// Takes in a record that is at `at`.
    pub(crate) fn apply(&mut self, at: At, record: &Record<'_>) {
        if let Some(held) = self.segments.get_mut(&at.segment) {
            held.length = held.length.max(u64::from(at.offset) + u64::from(at.length));
        }
        match record {
            Record::Value { id, .. } => {
                let value = self.values.entry(*id).or_default();
                value.sound = true;
                let old = value.at.replace(at);
                self.occupy(at);
                old.inspect(|old| self.free(*old));
            }
            Record::Entry(put) => {
                let kind = self.kind(put.kind);
                self.values.entry(put.id).or_default().references += 1;
                self.occupy(at);
                let entry = Entry {
                    id: put.id,
                    at,
                    kind,
                    quality: put.quality,
                    created: put.created,
                    used: AtomicU8::new(0),
                };
                if let Some(old) = self.entries.insert(put.key, entry) {
                    if old.id == put.id {
                        self.entries
                            .entry(put.key)
                            .and_modify(|it| it.used = old.used);
                    }
                    self.free(old.at);
                    self.dereference(&old.id);
                }
            }
            Record::Tombstone(key) => {
                self.remove(key);
                if let Some(held) = self.segments.get_mut(&at.segment) {
                    held.tombstones += u64::from(at.length);
                }
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &Key) {
        if let Some(old) = self.entries.remove(key) {
            self.free(old.at);
            self.dereference(&old.id);
        }
    }

    /// A value's record is not what it should be.
    pub(crate) fn lose(&mut self, id: &ArtifactId) {
        if let Some(at) = self.values.get_mut(id).and_then(|value| value.at.take()) {
            self.free(at);
        }
    }

    /// Drops segments with all that is in them.
    pub(crate) fn forget(&mut self, gone: &[u32]) {
        if gone.is_empty() {
            return;
        }
        for value in self.values.values_mut() {
            value.at = value.at.filter(|at| !gone.contains(&at.segment));
        }
        let keys: Vec<Key> = self
            .entries
            .iter()
            .filter(|(_, entry)| gone.contains(&entry.at.segment))
            .map(|(key, _)| *key)
            .collect();
        keys.iter().for_each(|key| self.remove(key));
        self.segments.retain(|id, _| !gone.contains(id));
    }

    /// Drops entries without a value and values without an entry. Only once every record has been seen: after a
    /// compaction an entry may come before its value.
    pub(crate) fn prune(&mut self) -> usize {
        self.keep_unreferenced = false;
        let lost: Vec<Key> = self
            .entries
            .iter()
            .filter(|(_, entry)| self.values.get(&entry.id).is_none_or(|it| it.at.is_none()))
            .map(|(key, _)| *key)
            .collect();
        lost.iter().for_each(|key| self.remove(key));
        let unused: Vec<ArtifactId> = self
            .values
            .iter()
            .filter(|(_, value)| value.references == 0)
            .map(|(id, _)| *id)
            .collect();
        for id in unused {
            self.lose(&id);
            self.values.remove(&id);
        }
        lost.len()
    }

    /// The keys that lead to these values.
    pub(crate) fn keys_of(&self, ids: &UniformSet<ArtifactId>) -> Vec<(Key, ArtifactId)> {
        let entries = self.entries.iter();
        let wanted = entries.filter(|(_, entry)| ids.contains(&entry.id));
        wanted.map(|(key, entry)| (*key, entry.id)).collect()
    }

    pub(crate) fn kind_name(&self, kind: u16) -> &str {
        self.kinds.get(usize::from(kind)).map_or("", |name| name)
    }

    /// The number of a kind. There are a dozen; if there are ever too many, the last number stands for the rest.
    pub(crate) fn kind(&mut self, name: &str) -> u16 {
        let at = self.kinds.iter().position(|it| **it == *name);
        let at = at.unwrap_or_else(|| {
            if self.kinds.len() < usize::from(u16::MAX) {
                self.kinds.push(name.into());
            }
            self.kinds.len() - 1
        });
        at as u16
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.segments.values().map(|held| held.length).sum()
    }

    pub(crate) fn live_bytes(&self) -> u64 {
        self.segments.values().map(|held| held.live).sum()
    }

    pub(crate) fn by_kind(&self) -> Vec<KindStats> {
        let mut counts = vec![0; self.kinds.len()];
        for entry in self.entries.values() {
            if let Some(count) = counts.get_mut(usize::from(entry.kind)) {
                *count += 1;
            }
        }
        let kinds = self.kinds.iter().zip(counts);
        let mut kinds: Vec<_> = kinds
            .map(|(kind, entries)| KindStats {
                kind: kind.to_string(),
                entries,
            })
            .filter(|kind| kind.entries > 0)
            .collect();
        kinds.sort_by(|a, b| a.kind.cmp(&b.kind));
        kinds
    }

    fn dereference(&mut self, id: &ArtifactId) {
        if let Some(value) = self.values.get_mut(id) {
            value.references = value.references.saturating_sub(1);
            if value.references == 0 && !self.keep_unreferenced {
                let at = value.at;
                self.values.remove(id);
                at.inspect(|at| self.free(*at));
            }
        }
    }

    fn occupy(&mut self, at: At) {
        if let Some(held) = self.segments.get_mut(&at.segment) {
            held.live += u64::from(at.length);
        }
    }

    fn free(&mut self, at: At) {
        if let Some(held) = self.segments.get_mut(&at.segment) {
            held.live = held.live.saturating_sub(u64::from(at.length));
        }
    }
}
