//! What a crashing process does, by seed and number: known to it and to who looks at what is left.

use std::path::Path;

use symphony_artifact_store::{Key, KeyBuilder, Kind, Lineage, Options};

pub(crate) const KEYS: u64 = 150;

/// One change of the store.
pub(crate) enum Operation {
    Put(Key, Vec<u8>),
    Remove(Key),
}

impl Operation {
    pub(crate) fn nth(seed: u64, n: u64) -> Self {
        let mut random = Random(seed ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let key = key(random.next() % KEYS);
        match random.next() % 12 {
            0 => Self::Remove(key),
            // Few contents, so that values are shared and lose and find their keys again.
            1..4 => Self::Put(key, contents(random.next() % 8, 700)),
            // Large enough to be compressed.
            4 => Self::Put(key, contents(random.next() % 100, 20_000)),
            _ => {
                let length = random.next() % 3_000;
                Self::Put(key, contents(random.next(), length as usize))
            }
        }
    }
}

fn contents(number: u64, length: usize) -> Vec<u8> {
    let mut random = Random(number);
    let pattern: Vec<u8> = (0..32).flat_map(|_| random.next().to_le_bytes()).collect();
    pattern.into_iter().cycle().take(length).collect()
}

pub(crate) const KIND: Kind = Kind::new("test");

pub(crate) fn key(number: u64) -> Key {
    KeyBuilder::new(KIND, 1)
        .part("number", number.to_le_bytes())
        .finish()
}

pub(crate) fn lineage() -> Lineage {
    Lineage::new(KIND, "tests", "1", 1_000)
}

/// Small segments: rotation, compaction and snapshots happen all the time. A budget that is never reached.
pub(crate) fn options(dir: &Path) -> Options {
    Options {
        memory_bytes: 20_000,
        segment_bytes: Some(48 << 10),
        ..Options::in_dir(dir)
    }
}

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
