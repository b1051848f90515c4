//! The names in a text, as a set that is small enough to be kept for every file of a workspace.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A name as a number. Two names may share one: a set says "perhaps", never a wrong "no".
pub fn word(name: &str) -> u32 {
    let mut hasher = rustc_hash::FxHasher::default();
    name.hash(&mut hasher);
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// The names in a text. Cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<u32>", into = "Vec<u32>")]
pub struct Words(Arc<[u32]>);

impl Words {
    /// The set of `names`.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut all: Vec<u32> = names.map(word).collect();
        all.sort_unstable();
        all.dedup();
        Self(all.into())
    }

    /// Whether the name with this number may be among them.
    pub fn may_have(&self, word: u32) -> bool {
        self.0.binary_search(&word).is_ok()
    }
}

/// The numbers as they are written: each less the one before, which makes them shorter.
impl From<Words> for Vec<u32> {
    fn from(Words(words): Words) -> Self {
        let mut before = 0;
        let step = |&it: &u32| it - std::mem::replace(&mut before, it);
        words.iter().map(step).collect()
    }
}

impl From<Vec<u32>> for Words {
    fn from(mut words: Vec<u32>) -> Self {
        let mut before = 0_u32;
        for it in &mut words {
            // Wrapping: bytes that are no set of words are to make a wrong set, not a panic.
            before = before.wrapping_add(*it);
            *it = before;
        }
        Self(words.into())
    }
}
