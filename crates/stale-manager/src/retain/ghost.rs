//! Keys that were evicted from a small queue a short while ago: one that comes back enters the main queue.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::Artifact;

/// The beginnings of keys, which are hashes: 64 bits, and a wrong match costs a place in the main queue.
#[derive(Debug, Default)]
pub(super) struct Ghosts {
    order: VecDeque<(u64, u32)>,
    /// The last round in which a key came; an older mention of it in the order counts for nothing.
    rounds: FxHashMap<u64, u32>,
    round: u32,
}

impl Ghosts {
    pub(super) fn add(&mut self, artifact: &Artifact, most: usize) {
        self.round = self.round.wrapping_add(1);
        let key = beginning(artifact);
        self.rounds.insert(key, self.round);
        self.order.push_back((key, self.round));
        while self.order.len() > most.max(1) {
            if let Some((key, round)) = self.order.pop_front()
                && self.rounds.get(&key) == Some(&round)
            {
                self.rounds.remove(&key);
            }
        }
    }

    /// Whether the key was there; it is not afterwards.
    pub(super) fn take(&mut self, artifact: &Artifact) -> bool {
        self.rounds.remove(&beginning(artifact)).is_some()
    }
}

fn beginning(artifact: &Artifact) -> u64 {
    let (words, _) = artifact.0.as_chunks::<8>();
    words.first().copied().map_or(0, u64::from_le_bytes)
}
