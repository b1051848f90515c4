//! The queues of one tier, and who goes next.

use super::ghost::Ghosts;
use super::queue::{Entries, List, Place, Slot};

/// How long an artifact is worth keeping. When the budget is full the lowest tier goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Cheap to make again: answers of models, searches.
    Cache,
    /// Wanted at the next start of the workspace: summaries, indexes.
    Workspace,
    /// Wanted while the editor runs: what the user accepted, checkpoints of jobs.
    Session,
    /// Never evicted, only purged.
    Pinned,
}

impl Tier {
    /// How many tiers may be evicted.
    pub(super) const EVICTABLE: usize = 3;

    pub(super) fn index(self) -> usize {
        self as usize
    }
}

/// So many of the oldest unused ones are compared by quality.
const COMPARED: usize = 4;
/// The small queue's share of a tier's bytes: a tenth, the figure of the S3-FIFO paper.
const SMALL_SHARE: u64 = 10;
/// So many uses in the small queue and it moves to the main one.
const PROMOTED_AT: u8 = 2;
/// Ghosts are at least so many, however few entries there are.
const FEWEST_GHOSTS: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Queues {
    pub(super) small: List,
    pub(super) main: List,
    pub(super) ghosts: Ghosts,
}

impl Queues {
    /// Who goes next; it still stands in its queue.
    pub(super) fn victim(&mut self, entries: &mut Entries) -> Option<Slot> {
        loop {
            let small = self.small.bytes();
            let from_small = small * SMALL_SHARE >= small + self.main.bytes();
            let (list, is_small) = match (self.small.oldest(), self.main.oldest()) {
                (Some(_), None) => (&mut self.small, true),
                (Some(_), Some(_)) if from_small => (&mut self.small, true),
                (_, Some(_)) => (&mut self.main, false),
                (None, None) => return None,
            };
            let oldest = list.oldest()?;
            let uses = entries[oldest].uses;
            if is_small && uses >= PROMOTED_AT {
                list.unlink(entries, oldest);
                entries[oldest].uses = 0;
                entries[oldest].place = Place::Main;
                self.main.push(entries, oldest);
            } else if !is_small && uses > 0 {
                // Once around for every use.
                list.unlink(entries, oldest);
                entries[oldest].uses -= 1;
                list.push(entries, oldest);
            } else {
                let unused = if is_small { PROMOTED_AT - 1 } else { 0 };
                let victim = worst(entries, oldest, unused);
                if is_small {
                    let most = self.main.len().max(FEWEST_GHOSTS);
                    self.ghosts.add(&entries[victim].stored.artifact, most);
                }
                return Some(victim);
            }
        }
    }
}

/// The lowest quality of the few oldest that were used as little as the oldest may be; of equals the oldest.
fn worst(entries: &Entries, oldest: Slot, unused: u8) -> Slot {
    let next = |slot: &Slot| List::newer(entries, *slot);
    let candidates = std::iter::successors(Some(oldest), next).take(COMPARED);
    let candidates = candidates.filter(|it| entries[*it].uses <= unused);
    candidates
        .min_by_key(|it| entries[*it].stored.quality)
        .unwrap_or(oldest)
}
