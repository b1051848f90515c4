//! What is kept and what goes when the budget is full.
//!
//! Stale artifacts go first, then those of the lowest tier. Within a tier the order is that of S3-FIFO: a small queue for what is
//! new, a main queue for what was used again, and a ghost queue of keys that went too early. Among the oldest unused ones the
//! lowest quality goes first. What is pinned stands in no queue, so looking for a victim never passes over it.

mod ghost;
mod queue;
mod tier;

use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::{Artifact, ArtifactKind};
use queue::{Entries, Entry, Place, Slot};
use tier::Queues;
pub use tier::Tier;

/// An artifact as the store tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its key.
    pub artifact: Artifact,
    /// What it takes of the budget.
    pub bytes: u64,
    /// How long it is worth keeping.
    pub tier: Tier,
    /// What it is.
    pub kind: ArtifactKind,
    /// Whose it is; a number of the caller's choice.
    pub workspace: u64,
    /// How good it is, higher is better: among equally unused ones the lowest goes first.
    pub quality: u8,
    /// When it was last used, since the caller's point in time.
    pub used: Duration,
}

impl Stored {
    /// An artifact of no particular kind, workspace or quality, used at the beginning of time.
    #[must_use]
    pub fn new(artifact: Artifact, bytes: u64, tier: Tier) -> Self {
        Self {
            artifact,
            bytes,
            tier,
            kind: ArtifactKind::default(),
            workspace: 0,
            quality: 128,
            used: Duration::ZERO,
        }
    }
}

/// Which artifacts to purge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Every one.
    All,
    /// Those of a kind.
    Kind(ArtifactKind),
    /// Those of a workspace.
    Workspace(u64),
    /// Those of a tier: the end of a session purges [`Tier::Session`].
    Tier(Tier),
    /// Those not used since then.
    UnusedSince(Duration),
}

impl Selection {
    fn takes(self, stored: &Stored) -> bool {
        match self {
            Self::All => true,
            Self::Kind(kind) => stored.kind == kind,
            Self::Workspace(workspace) => stored.workspace == workspace,
            Self::Tier(tier) => stored.tier == tier,
            Self::UnusedSince(then) => stored.used < then,
        }
    }
}

/// All artifacts that are there.
#[derive(Debug)]
pub(crate) struct Retention {
    budget: u64,
    bytes: u64,
    slots: FxHashMap<Artifact, Slot>,
    /// Apart from the entries: a pin outlives a purge, and may come before the artifact.
    pins: FxHashMap<Artifact, u32>,
    entries: Entries,
    stale: queue::List,
    tiers: [Queues; Tier::EVICTABLE],
}

impl Retention {
    pub(crate) fn new(budget: u64) -> Self {
        Self {
            budget,
            bytes: 0,
            slots: FxHashMap::default(),
            pins: FxHashMap::default(),
            entries: Entries::default(),
            stale: queue::List::default(),
            tiers: Default::default(),
        }
    }

    /// Adds or replaces an artifact; what goes for it is appended to `gone`.
    pub(crate) fn store(&mut self, stored: Stored, fresh: bool, gone: &mut Vec<Artifact>) {
        self.remove(&stored.artifact);
        let slot = self.entries.add(Entry::new(stored, fresh));
        self.slots.insert(stored.artifact, slot);
        self.bytes += stored.bytes;
        // Room is made before the newcomer stands in a queue, so that it is its own victim only if no lower or equal one is left.
        if stored.bytes <= self.budget {
            self.make_room(stored.tier.index() + 1, gone);
        }
        let seen = match self.tiers.get_mut(stored.tier.index()) {
            Some(queues) => queues.ghosts.take(&stored.artifact),
            None => false,
        };
        let place = if seen { Place::Main } else { Place::Small };
        self.enter(slot, place);
        if stored.bytes > self.budget && self.entries[slot].place != Place::Aside {
            self.remove(&stored.artifact);
            gone.push(stored.artifact);
        }
        self.make_room(Tier::EVICTABLE, gone);
    }

    pub(crate) fn set_budget(&mut self, budget: u64, gone: &mut Vec<Artifact>) {
        self.budget = budget;
        self.make_room(Tier::EVICTABLE, gone);
    }

    /// Counts a use.
    pub(crate) fn used(&mut self, artifact: &Artifact, now: Duration) {
        if let Some(slot) = self.slots.get(artifact) {
            self.entries[*slot].used(now);
        }
    }

    pub(crate) fn score(&mut self, artifact: &Artifact, quality: u8) {
        if let Some(slot) = self.slots.get(artifact) {
            self.entries[*slot].stored.quality = quality;
        }
    }

    pub(crate) fn pin(&mut self, artifact: Artifact) {
        *self.pins.entry(artifact).or_default() += 1;
        if let Some(slot) = self.slots.get(&artifact).copied() {
            self.leave(slot);
        }
    }

    pub(crate) fn unpin(&mut self, artifact: &Artifact, gone: &mut Vec<Artifact>) {
        let Some(pins) = self.pins.get_mut(artifact) else {
            return;
        };
        *pins -= 1;
        if *pins > 0 {
            return;
        }
        self.pins.remove(artifact);
        if let Some(slot) = self.slots.get(artifact).copied() {
            self.enter(slot, Place::Main);
            self.make_room(Tier::EVICTABLE, gone);
        }
    }

    /// Stale ones go first; one that is fresh again has proven that it comes back.
    pub(crate) fn set_fresh(&mut self, artifact: &Artifact, fresh: bool) {
        let Some(slot) = self.slots.get(artifact).copied() else {
            return;
        };
        self.entries[slot].fresh = fresh;
        if self.entries[slot].place != Place::Aside {
            self.leave(slot);
            self.enter(slot, Place::Main);
        }
    }

    pub(crate) fn remove(&mut self, artifact: &Artifact) -> bool {
        let Some(slot) = self.slots.remove(artifact) else {
            return false;
        };
        self.leave(slot);
        self.bytes -= self.entries[slot].stored.bytes;
        self.entries.remove(slot);
        true
    }

    /// Removes all that are selected, pinned or not.
    pub(crate) fn purge(&mut self, selection: Selection, gone: &mut Vec<Artifact>) {
        let stored = self.entries.iter().map(|it| &it.stored);
        let first = gone.len();
        gone.extend(
            stored
                .filter(|it| selection.takes(it))
                .map(|it| it.artifact),
        );
        for artifact in &gone[first..] {
            self.remove(artifact);
        }
        if selection == Selection::All {
            for queues in &mut self.tiers {
                queues.ghosts = ghost::Ghosts::default();
            }
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn holds(&self, artifact: &Artifact) -> bool {
        self.slots.contains_key(artifact)
    }

    /// Evicts from the lowest `n_tiers` until the rest fits, or nothing is left there.
    fn make_room(&mut self, n_tiers: usize, gone: &mut Vec<Artifact>) {
        while self.bytes > self.budget {
            let Some(slot) = self.victim(n_tiers) else {
                return;
            };
            let artifact = self.entries[slot].stored.artifact;
            self.remove(&artifact);
            gone.push(artifact);
        }
    }

    fn victim(&mut self, n_tiers: usize) -> Option<Slot> {
        if let Some(oldest) = self.stale.oldest() {
            return Some(oldest);
        }
        let entries = &mut self.entries;
        let mut tiers = self.tiers.iter_mut().take(n_tiers);
        tiers.find_map(|it| it.victim(entries))
    }

    /// Puts an entry where it belongs: `place`, if neither pins nor staleness say otherwise.
    fn enter(&mut self, slot: Slot, place: Place) {
        let entry = &self.entries[slot];
        let tier = entry.stored.tier.index();
        if tier >= self.tiers.len() || self.pins.contains_key(&entry.stored.artifact) {
            return;
        }
        let place = if entry.fresh { place } else { Place::Stale };
        self.list(tier, place, |list, entries| list.push(entries, slot));
        self.entries[slot].place = place;
    }

    fn leave(&mut self, slot: Slot) {
        let (tier, place) = (
            self.entries[slot].stored.tier.index(),
            self.entries[slot].place,
        );
        self.list(tier, place, |list, entries| list.unlink(entries, slot));
        self.entries[slot].place = Place::Aside;
    }

    fn list(
        &mut self,
        tier: usize,
        place: Place,
        change: impl FnOnce(&mut queue::List, &mut Entries),
    ) {
        match (place, self.tiers.get_mut(tier)) {
            (Place::Stale, _) => change(&mut self.stale, &mut self.entries),
            (Place::Small, Some(queues)) => change(&mut queues.small, &mut self.entries),
            (Place::Main, Some(queues)) => change(&mut queues.main, &mut self.entries),
            _ => {}
        }
    }
}
