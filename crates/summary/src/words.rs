//! The names in a text, as a set that is small enough to be kept for every file of a workspace.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The bits of a number that say what its name is.
const USES: u32 = 0b1111;

/// A name as a number. Two names may share one: a set says "perhaps", never a wrong "no".
pub fn word(name: &str) -> u32 {
    let mut hasher = rustc_hash::FxHasher::default();
    name.hash(&mut hasher);
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32 & !USES
}

/// What a name stands for where it is written in a file, as a set. Empty if it is nothing that other files can name or
/// have named: a parameter, a variable of a function, a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses(pub u8);

impl Uses {
    /// Something that the file, a module, declares at its top.
    pub const OWN: Self = Self(1);
    /// Something of another file, which the file imports, hands on or does not declare.
    pub const OUTSIDE: Self = Self(2);
    /// A member of something, as it is declared or asked for.
    pub const MEMBER: Self = Self(4);
    /// What the file alone does not tell.
    pub const ANYTHING: Self = Self(8);

    /// Whether the two have something in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The names in a text that may concern other files. Cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<u32>", into = "Vec<u32>")]
pub struct Words(Arc<[u32]>);

impl Words {
    /// The set of names, each with what it stands for.
    pub fn new<'a>(names: impl Iterator<Item = (&'a str, Uses)>) -> Self {
        let mut all: Vec<u32> = names
            .filter(|(_, uses)| uses.0 != 0)
            .map(|(name, uses)| word(name) | (u32::from(uses.0) & USES))
            .collect();
        all.sort_unstable();
        all.dedup_by(|next, kept| {
            let same = *next & !USES == *kept & !USES;
            if same {
                *kept |= *next;
            }
            same
        });
        Self(all.into())
    }

    /// What the name with this number may stand for.
    pub fn uses(&self, word: u32) -> Uses {
        let at = self.0.partition_point(|&it| it < word);
        match self.0.get(at) {
            Some(&found) if found & !USES == word => Uses((found & USES) as u8),
            _ => Uses::default(),
        }
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
