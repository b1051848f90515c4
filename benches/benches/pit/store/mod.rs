//! The Artifact Store's figures: values in memory and on disk, and how many of those that are asked for are still there.

mod disk;
mod hits;
mod memory;

use bytes::Bytes;
use symphony_artifact_store::{Key, KeyBuilder, Kind, Lineage, Store};
use symphony_benches::Figure;

const KIND: Kind = Kind::new("bench");
const VALUES: usize = 10_000;
const BYTES: usize = 4 << 10;

pub(crate) fn figures() -> Vec<Figure> {
    let keys: Vec<Key> = (0..VALUES).map(key).collect();
    let mut figures = memory::figures(&keys);
    figures.extend(disk::figures(&keys));
    figures.extend([1, 10].into_iter().flat_map(hits::figures));
    figures
}

fn key(number: usize) -> Key {
    KeyBuilder::new(KIND, 1)
        .part("number", number.to_le_bytes())
        .finish()
}

fn lineage() -> Lineage {
    Lineage::new(KIND, "bench", "1", 1_700_000_000)
}

/// Bytes that do not compress, another for each number.
fn value(number: usize, length: usize) -> Bytes {
    let mut state = number as u64 + 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect::<Vec<u8>>().into()
}

/// Another place for each index, in no order.
fn scattered(index: usize) -> usize {
    index.wrapping_mul(7_919) % VALUES
}

fn put(store: &Store, key: Key, value: Bytes) {
    if let Err(error) = store.put(key, value, lineage()) {
        unreachable!("a value of {BYTES} bytes is kept: {error}");
    }
}
