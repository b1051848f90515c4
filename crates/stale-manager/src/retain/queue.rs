//! Entries in one vector, and queues as doubly linked lists through it: any entry leaves its queue at once.

use std::ops::{Index, IndexMut};
use std::time::Duration;

use super::Stored;

/// A position in [`Entries`].
pub(super) type Slot = u32;

/// Which queue an entry stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// None: it is pinned, or of a tier that is never evicted.
    Aside,
    Stale,
    Small,
    Main,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) stored: Stored,
    pub(super) fresh: bool,
    /// Uses since it last moved, up to 3.
    pub(super) uses: u8,
    pub(super) place: Place,
    newer: Option<Slot>,
    older: Option<Slot>,
}

impl Entry {
    pub(super) fn new(stored: Stored, fresh: bool) -> Self {
        Self {
            stored,
            fresh,
            uses: 0,
            place: Place::Aside,
            newer: None,
            older: None,
        }
    }

    pub(super) fn used(&mut self, now: Duration) {
        self.uses = (self.uses + 1).min(3);
        self.stored.used = self.stored.used.max(now);
    }
}

#[derive(Debug, Default)]
pub(super) struct Entries {
    entries: Vec<Option<Entry>>,
    free: Vec<Slot>,
}

impl Entries {
    pub(super) fn add(&mut self, entry: Entry) -> Slot {
        match self.free.pop() {
            Some(slot) => {
                self.entries[slot as usize] = Some(entry);
                slot
            }
            None => {
                self.entries.push(Some(entry));
                (self.entries.len() - 1) as Slot
            }
        }
    }

    /// The entry must have left its queue.
    pub(super) fn remove(&mut self, slot: Slot) {
        self.entries[slot as usize] = None;
        self.free.push(slot);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }
}

impl Index<Slot> for Entries {
    type Output = Entry;

    #[expect(clippy::expect_used, reason = "the invariant of slots")]
    fn index(&self, slot: Slot) -> &Entry {
        self.entries[slot as usize]
            .as_ref()
            .expect("queues and keys name only entries that are there")
    }
}

impl IndexMut<Slot> for Entries {
    #[expect(clippy::expect_used, reason = "the invariant of slots")]
    fn index_mut(&mut self, slot: Slot) -> &mut Entry {
        self.entries[slot as usize]
            .as_mut()
            .expect("queues and keys name only entries that are there")
    }
}

/// A queue: pushed at the new end, left anywhere.
#[derive(Debug, Default)]
pub(super) struct List {
    newest: Option<Slot>,
    oldest: Option<Slot>,
    n_entries: usize,
    bytes: u64,
}

impl List {
    pub(super) fn push(&mut self, entries: &mut Entries, slot: Slot) {
        let entry = &mut entries[slot];
        entry.newer = None;
        entry.older = self.newest;
        self.bytes += entry.stored.bytes;
        self.n_entries += 1;
        match self.newest {
            Some(newest) => entries[newest].newer = Some(slot),
            None => self.oldest = Some(slot),
        }
        self.newest = Some(slot);
    }

    /// The entry must stand in this list.
    pub(super) fn unlink(&mut self, entries: &mut Entries, slot: Slot) {
        let entry = &mut entries[slot];
        let (newer, older) = (entry.newer.take(), entry.older.take());
        self.bytes -= entry.stored.bytes;
        self.n_entries -= 1;
        match newer {
            Some(newer) => entries[newer].older = older,
            None => self.newest = older,
        }
        match older {
            Some(older) => entries[older].newer = newer,
            None => self.oldest = newer,
        }
    }

    pub(super) fn oldest(&self) -> Option<Slot> {
        self.oldest
    }

    /// Who came next after `slot` into the list in which it stands.
    pub(super) fn newer(entries: &Entries, slot: Slot) -> Option<Slot> {
        entries[slot].newer
    }

    pub(super) fn len(&self) -> usize {
        self.n_entries
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}
