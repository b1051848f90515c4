//! What all graphs share: workers, the queue of nodes that are ready for one, and what is due when.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::time::Instant;

use super::RunId;
use crate::plan::Rank;

/// A node that is ready for a worker. The greatest goes first: the most urgent, then what has the longest way to go, then
/// the earliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ready {
    priority: Reverse<u8>,
    left: u64,
    number: Reverse<u64>,
    pub(super) run: RunId,
    pub(super) node: u32,
}

/// Something that is due at a time: a deadline, or the latest start of a node that may be held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Due {
    pub(super) at: Instant,
    pub(super) run: RunId,
    pub(super) node: u32,
    pub(super) is_deadline: bool,
}

#[derive(Debug)]
pub(super) struct Shared {
    ready: BinaryHeap<Ready>,
    /// How many in `ready` have ended meanwhile: they stay there until they come up or are too many.
    stale: usize,
    number: u64,
    due: BTreeSet<Due>,
    free: BinaryHeap<Reverse<u32>>,
}

impl Shared {
    pub(super) fn new(workers: u32) -> Self {
        Self {
            ready: BinaryHeap::new(),
            stale: 0,
            number: 0,
            due: BTreeSet::new(),
            free: (0..workers).map(Reverse).collect(),
        }
    }

    pub(super) fn push_ready(&mut self, run: RunId, node: u32, rank: Rank) {
        self.number += 1;
        self.ready.push(Ready {
            priority: Reverse(rank.priority.0),
            left: rank.left,
            number: Reverse(self.number),
            run,
            node,
        });
    }

    /// The next node, if a worker is free.
    pub(super) fn pop_ready(&mut self) -> Option<Ready> {
        if self.free.is_empty() {
            return None;
        }
        self.ready.pop()
    }

    /// A node that is in the queue has ended.
    pub(super) fn leave_stale(&mut self) {
        self.stale += 1;
    }

    /// A node that had ended came out of the queue.
    pub(super) fn take_stale(&mut self) {
        self.stale = self.stale.saturating_sub(1);
    }

    /// Sweeps ended nodes out of the queue if they are most of it.
    pub(super) fn sweep(&mut self, is_ready: impl Fn(RunId, u32) -> bool) {
        if self.stale >= 64 && self.stale * 2 >= self.ready.len() {
            self.ready.retain(|it| is_ready(it.run, it.node));
            self.stale = 0;
        }
    }

    #[cfg(test)]
    pub(super) fn queue_len(&self) -> usize {
        self.ready.len()
    }

    pub(super) fn take_slot(&mut self) -> Option<u32> {
        self.free.pop().map(|it| it.0)
    }

    pub(super) fn free_slot(&mut self, slot: u32) {
        self.free.push(Reverse(slot));
    }

    pub(super) fn add_due(&mut self, due: Due) {
        self.due.insert(due);
    }

    pub(super) fn remove_due(&mut self, due: &Due) {
        self.due.remove(due);
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|it| it.at)
    }

    pub(super) fn pop_due(&mut self, now: Instant) -> Option<Due> {
        if self.due.first()?.at > now {
            return None;
        }
        self.due.pop_first()
    }
}
