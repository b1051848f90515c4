//! Which artifacts are true: an artifact is fresh while every dependency has the fingerprint that it saw.
//!
//! Readers are grouped by (dependency, fingerprint): a change from one fingerprint to another touches the readers of these two
//! and nobody else, however many artifacts there are.

use rustc_hash::FxHashMap;

use crate::{Artifact, Dependency, Effect, Fingerprint};

/// A dependency, and what it was like when it was read.
pub type Read = (Dependency, Fingerprint);

/// Where an artifact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// It was just computed: of a dependency that nothing is known about, what it saw is taken as what is.
    Computed,
    /// It was kept from an earlier start: it is stale until every dependency is known to be what it saw.
    Restored,
}

/// A position in `Dependencies::artifacts`.
type Slot = u32;

#[derive(Debug)]
struct Reading {
    read: Read,
    /// Where this reading stands in its group.
    place: u32,
}

#[derive(Debug)]
struct Node {
    artifact: Artifact,
    readings: Vec<Reading>,
    /// Readings whose dependency is not what was seen.
    differing: u32,
}

#[derive(Debug, Default)]
struct Current {
    /// `None`: it is gone, or nobody said yet.
    fingerprint: Option<Fingerprint>,
    /// Whether somebody said so; if not it is forgotten with its last reader.
    told: bool,
    n_readings: u32,
}

/// One reading of one artifact.
#[derive(Debug, Clone, Copy)]
struct Reader {
    slot: Slot,
    reading: u32,
}

/// What reads what.
#[derive(Debug, Default)]
pub(crate) struct Dependencies {
    artifacts: Vec<Option<Node>>,
    free: Vec<Slot>,
    slots: FxHashMap<Artifact, Slot>,
    currents: FxHashMap<Dependency, Current>,
    groups: FxHashMap<Read, Vec<Reader>>,
}

impl Dependencies {
    /// Adds an artifact or replaces what it read; says whether it is fresh. Others may become fresh by what it saw.
    pub(crate) fn record(
        &mut self,
        artifact: Artifact,
        reads: &[Read],
        origin: Origin,
        effects: &mut Vec<Effect>,
    ) -> bool {
        self.remove(&artifact);
        // An artifact stands in a group once.
        let mut reads = reads.to_vec();
        reads.sort_unstable();
        reads.dedup();
        for (dependency, fingerprint) in &reads {
            self.seen(*dependency, *fingerprint, origin, effects);
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.artifacts.push(None);
            (self.artifacts.len() - 1) as Slot
        });
        let mut node = Node {
            artifact,
            readings: Vec::with_capacity(reads.len()),
            differing: 0,
        };
        for (index, read) in reads.iter().enumerate() {
            let current = self.currents.entry(read.0).or_default();
            current.n_readings += 1;
            node.differing += u32::from(current.fingerprint != Some(read.1));
            let group = self.groups.entry(*read).or_default();
            node.readings.push(Reading {
                read: *read,
                place: group.len() as u32,
            });
            group.push(Reader {
                slot,
                reading: index as u32,
            });
        }
        let fresh = node.differing == 0;
        self.slots.insert(artifact, slot);
        self.artifacts[slot as usize] = Some(node);
        fresh
    }

    /// What a new artifact saw is what is, if nobody knows better.
    fn seen(
        &mut self,
        dependency: Dependency,
        fingerprint: Fingerprint,
        origin: Origin,
        effects: &mut Vec<Effect>,
    ) {
        let current = self.currents.entry(dependency).or_default();
        if origin == Origin::Computed && !current.told && current.fingerprint.is_none() {
            current.fingerprint = Some(fingerprint);
            self.moved(dependency, None, Some(fingerprint), effects);
        }
    }

    /// The dependency is this now; `None`: it is gone.
    pub(crate) fn changed(
        &mut self,
        dependency: Dependency,
        fingerprint: Option<Fingerprint>,
        effects: &mut Vec<Effect>,
    ) {
        let current = self.currents.entry(dependency).or_default();
        current.told = true;
        let before = std::mem::replace(&mut current.fingerprint, fingerprint);
        self.moved(dependency, before, fingerprint, effects);
    }

    /// Nobody will tell of the dependency any more: it is forgotten with its last reader.
    pub(crate) fn forget(&mut self, dependency: Dependency) {
        if let Some(current) = self.currents.get_mut(&dependency) {
            current.told = false;
            if current.n_readings == 0 {
                self.currents.remove(&dependency);
            }
        }
    }

    fn moved(
        &mut self,
        dependency: Dependency,
        from: Option<Fingerprint>,
        to: Option<Fingerprint>,
        effects: &mut Vec<Effect>,
    ) {
        if from == to {
            return;
        }
        let group = |it: Option<Fingerprint>| it.and_then(|it| self.groups.get(&(dependency, it)));
        for reader in group(from).into_iter().flatten() {
            if let Some(node) = &mut self.artifacts[reader.slot as usize] {
                node.differing += 1;
                if node.differing == 1 {
                    effects.push(Effect::Stale(node.artifact));
                }
            }
        }
        for reader in group(to).into_iter().flatten() {
            if let Some(node) = &mut self.artifacts[reader.slot as usize] {
                node.differing -= 1;
                if node.differing == 0 {
                    effects.push(Effect::Fresh(node.artifact));
                }
            }
        }
    }

    pub(crate) fn remove(&mut self, artifact: &Artifact) {
        let Some(slot) = self.slots.remove(artifact) else {
            return;
        };
        self.free.push(slot);
        let Some(node) = self.artifacts[slot as usize].take() else {
            return;
        };
        for reading in &node.readings {
            self.leave(reading);
        }
    }

    /// Takes a reading of an artifact that is gone out of its group; the group's last reader takes its place.
    fn leave(&mut self, reading: &Reading) {
        if let Some(group) = self.groups.get_mut(&reading.read) {
            group.swap_remove(reading.place as usize);
            if let Some(moved) = group.get(reading.place as usize)
                && let Some(node) = &mut self.artifacts[moved.slot as usize]
            {
                node.readings[moved.reading as usize].place = reading.place;
            }
            if group.is_empty() {
                self.groups.remove(&reading.read);
            }
        }
        if let Some(current) = self.currents.get_mut(&reading.read.0) {
            current.n_readings -= 1;
            if current.n_readings == 0 && !current.told {
                self.currents.remove(&reading.read.0);
            }
        }
    }

    /// Whether the artifact is fresh; `None` for one that is not here.
    pub(crate) fn is_fresh(&self, artifact: &Artifact) -> Option<bool> {
        let slot = self.slots.get(artifact)?;
        let node = self.artifacts[*slot as usize].as_ref()?;
        Some(node.differing == 0)
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many dependencies are known.
    pub(crate) fn n_dependencies(&self) -> usize {
        self.currents.len()
    }
}
