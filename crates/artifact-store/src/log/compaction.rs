//! Segments that are mostly garbage are rewritten; the oldest go when the directory is over its budget.
//!
//! Eviction goes through the log from its old end, as a clock does: what was used since the last time, or judged well,
//! or is pinned, is written again at the new end, up to half of the segment; the rest goes with the file.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::index::{At, Index};
use super::record::{self, Record};
use super::segment::Segment;
use super::writer::{Worth, Writer};
use crate::memory::Memory;
use crate::uniform::UniformSet;
use crate::{ArtifactId, Key};

impl Writer {
    /// Brings the directory back under its budget, and rewrites one segment at most that is half garbage.
    pub(super) fn tidy_up(&mut self) -> io::Result<()> {
        // What is pinned is written again whatever it takes, so once around is enough.
        let mut left = self.shared.read_index().segments.len();
        while left > 0 && self.shared.read_index().bytes() > self.shared.disk_bytes {
            left -= 1;
            match (self.mostly_garbage(), self.oldest()) {
                (Some(segment), _) => self.compact(&segment)?,
                (None, Some(segment)) => self.evict(&segment)?,
                (None, None) => break,
            }
        }
        match self.mostly_garbage() {
            Some(segment) => self.compact(&segment),
            None => Ok(()),
        }
    }

    /// The sealed segment with the most garbage, if that is more than half of it.
    fn mostly_garbage(&self) -> Option<Arc<Segment>> {
        let active = self.active_id();
        let index = self.shared.read_index();
        let oldest = *index.segments.keys().next()?;
        let sealed = index.segments.iter().filter(|(id, _)| Some(**id) != active);
        let garbage = sealed.map(|(id, held)| {
            let needed = if *id == oldest {
                held.live
            } else {
                held.live + held.tombstones
            };
            (held.length.saturating_sub(needed), held)
        });
        let (garbage, held) = garbage.max_by_key(|(garbage, _)| *garbage)?;
        (garbage * 2 > held.length).then(|| held.segment.clone())?
    }

    fn oldest(&self) -> Option<Arc<Segment>> {
        let active = self.active_id();
        let index = self.shared.read_index();
        let (id, held) = index.segments.iter().next()?;
        if Some(*id) == active {
            None
        } else {
            held.segment.clone()
        }
    }

    fn compact(&mut self, segment: &Segment) -> io::Result<()> {
        self.copy(segment, |_| true)?;
        self.shared
            .counters
            .compacted
            .fetch_add(1, Ordering::Relaxed);
        self.drop_segment(segment.id)
    }

    fn evict(&mut self, segment: &Segment) -> io::Result<()> {
        let worth = worth(&self.shared.read_index(), &self.shared.memory, segment.id);
        let before = self.shared.read_index().entries.len();
        self.copy(segment, |id| worth.contains_key(id))?;
        self.drop_segment(segment.id)?;
        let after = self.shared.read_index().entries.len();
        let evicted = before.saturating_sub(after) as u64;
        self.shared
            .counters
            .evicted
            .fetch_add(evicted, Ordering::Relaxed);
        Ok(())
    }

    /// Appends what is live in a segment, and keeps a value for its id.
    fn copy(&mut self, segment: &Segment, keep: impl Fn(&ArtifactId) -> bool) -> io::Result<()> {
        self.commit()?;
        let bytes = segment.read_from(super::segment::HEADER)?;
        let mut live = Vec::new();
        let index = self.shared.read_index();
        let oldest = index.segments.keys().next() == Some(&segment.id);
        record::scan(
            &bytes,
            &segment.salt,
            super::segment::HEADER,
            |offset, length, record| {
                let at = At {
                    segment: segment.id,
                    offset: offset as u32,
                    length,
                };
                let wanted = match &record {
                    Record::Value { id, .. } => {
                        keep(id)
                            && index
                                .values
                                .get(id)
                                .is_some_and(|value| value.at == Some(at))
                    }
                    Record::Entry(put) => {
                        keep(&put.id)
                            && index
                                .entries
                                .get(&put.key)
                                .is_some_and(|entry| entry.at == at)
                    }
                    // One that a later put has undone must not come after that put.
                    Record::Tombstone(key) => !oldest && !index.entries.contains_key(key),
                };
                if wanted {
                    live.push(record);
                }
            },
        );
        drop(index);
        for record in live {
            self.append(&record)?;
        }
        self.commit()?;
        self.sync()
    }

    /// The segment's copies are durable: a start without a new snapshot finds them in the log's tail.
    fn drop_segment(&mut self, id: u32) -> io::Result<()> {
        let mut index = self.shared.write_index();
        index.forget(&[id]);
        index.prune();
        drop(index);
        fs::remove_file(Segment::path(&self.shared.dir, id))
    }
}

/// Which of a segment's values to keep when it goes: the best, up to half of it, and all that are pinned.
fn worth(index: &Index, memory: &Memory, segment: u32) -> Worth {
    let here = |at: At| at.segment == segment;
    let mut ids: UniformSet<ArtifactId> = UniformSet::default();
    for (id, value) in &index.values {
        if value.at.is_some_and(here) {
            ids.insert(*id);
        }
    }
    ids.extend(
        index
            .entries
            .values()
            .filter(|it| here(it.at))
            .map(|it| it.id),
    );
    let mut best = Worth::default();
    for (key, id) in index.keys_of(&ids) {
        let worth = worth_of(index, memory, &key);
        let known = best.entry(id).or_insert(0.0);
        *known = known.max(worth);
    }
    let half = index
        .segments
        .get(&segment)
        .map_or(0, |held| held.length / 2);
    let mut ranked: Vec<(ArtifactId, f32)> = best.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut kept = 0;
    ranked.retain(|(id, worth)| {
        let length = index
            .values
            .get(id)
            .and_then(|value| value.at)
            .map_or(0, |at| at.length);
        let fits = kept + u64::from(length) <= half;
        let keep = *worth == f32::INFINITY || *worth >= WORTH_KEEPING && fits;
        if keep {
            kept += u64::from(length);
        }
        keep
    });
    ranked.into_iter().collect()
}

/// A use counts as much as the whole range of quality. A guess.
const WORTH_KEEPING: f32 = 0.7;

fn worth_of(index: &Index, memory: &Memory, key: &Key) -> f32 {
    if memory.is_pinned(key) {
        return f32::INFINITY;
    }
    let Some(entry) = index.entries.get(key) else {
        return 0.0;
    };
    let used = entry.used.load(Ordering::Relaxed);
    entry.used.store(used.saturating_sub(1), Ordering::Relaxed);
    let in_memory = if memory.take_used(key) { 1.0 } else { 0.0 };
    f32::from(used) + in_memory + entry.quality.score()
}
