//! Artifacts that failed verification. They are not served again; why is kept for whoever asks.

use std::collections::VecDeque;
use std::time::Duration;

use rustc_hash::FxHashSet;

use crate::Artifact;

/// An artifact that failed verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Which.
    pub artifact: Artifact,
    /// What was wrong with it, for a person.
    pub reason: String,
    /// When, since the caller's point in time.
    pub at: Duration,
}

/// Reasons of the last ones, and the keys of many more: both bounded, the oldest goes first.
#[derive(Debug)]
pub(crate) struct Quarantine {
    reasons: VecDeque<Quarantined>,
    order: VecDeque<Artifact>,
    keys: FxHashSet<Artifact>,
    most_reasons: usize,
}

/// Keys are kept for so many times the number of reasons: 32 bytes against a text.
const KEYS_FOR_A_REASON: usize = 64;

impl Quarantine {
    pub(crate) fn new(most_reasons: usize) -> Self {
        Self {
            reasons: VecDeque::new(),
            order: VecDeque::new(),
            keys: FxHashSet::default(),
            most_reasons: most_reasons.max(1),
        }
    }

    pub(crate) fn add(&mut self, quarantined: Quarantined) {
        if !self.keys.insert(quarantined.artifact) {
            return;
        }
        self.order.push_back(quarantined.artifact);
        self.reasons.push_back(quarantined);
        if self.reasons.len() > self.most_reasons {
            self.reasons.pop_front();
        }
        if self.order.len() > self.most_reasons.saturating_mul(KEYS_FOR_A_REASON)
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
    }

    pub(crate) fn holds(&self, artifact: &Artifact) -> bool {
        self.keys.contains(artifact)
    }

    pub(crate) fn reasons(&self) -> impl Iterator<Item = &Quarantined> {
        self.reasons.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }
}
