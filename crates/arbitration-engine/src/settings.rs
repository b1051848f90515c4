//! The engine's limits.

use std::time::Duration;

use crate::Priority;

/// What happens to a new job when its class is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFull {
    /// The new request is refused.
    RefuseNewest,
    /// The oldest queued job of the same flow makes room if it is about an older revision and only that flow waits for
    /// it; otherwise the new request is refused.
    DisplaceStale,
}

/// The engine's limits. Arrays have a place for each class, the most urgent first.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How many jobs may be queued in a class. A job that a more urgent waiter lifts into a full class is let in: it
    /// holds a place of the class that it was admitted to.
    pub capacity: [usize; 4],
    /// What happens when a class is full.
    pub when_full: [WhenFull; 4],
    /// After how long without a turn a class that has jobs queued is due for one ahead of more urgent classes.
    pub patience: [Duration; 4],
    /// How many jobs of more urgent classes must have gone first in that time, at least 1: a class is not due because
    /// nothing at all was dispatched, and each of its turns out of order is paid for by this many of more urgent ones.
    pub passes: u32,
    /// How many requests may wait for one job.
    pub waiters: usize,
    /// How many decisions are kept.
    pub decisions: usize,
}

impl Settings {
    /// How many jobs may be queued in `class`.
    #[must_use]
    pub fn capacity_of(&self, class: Priority) -> usize {
        self.capacity[class.index()]
    }
}

impl Default for Settings {
    /// Wild guesses but for the order of sizes: typing supersedes itself, an index has many files.
    fn default() -> Self {
        let milliseconds = Duration::from_millis;
        Self {
            capacity: [64, 256, 1024, 65_536],
            when_full: [
                WhenFull::DisplaceStale,
                WhenFull::DisplaceStale,
                WhenFull::DisplaceStale,
                WhenFull::RefuseNewest,
            ],
            patience: [
                Duration::ZERO,
                milliseconds(100),
                milliseconds(500),
                milliseconds(2000),
            ],
            passes: 8,
            waiters: 64,
            decisions: 1024,
        }
    }
}
