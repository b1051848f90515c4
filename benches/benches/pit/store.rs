//! The Artifact Store's figures: values in memory and on disk, and how many of those that are asked for are still there.

use std::hint::black_box;

use bytes::Bytes;
use quick_cache::sync::Cache;
use symphony_artifact_store::{Key, KeyBuilder, Kind, Lineage, Options, Store};
use symphony_benches::{Bound, Figure, each, rounds};

const KIND: Kind = Kind::new("bench");
const VALUES: usize = 10_000;
const BYTES: usize = 4 << 10;

pub(crate) fn figures() -> Vec<Figure> {
    let keys: Vec<Key> = (0..VALUES).map(key).collect();
    let mut figures = vec![memory(&keys)];
    figures.extend(disk(&keys));
    figures.extend([1, 10].map(hit_ratio));
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

fn put(store: &Store, key: Key, value: Bytes) {
    if let Err(error) = store.put(key, value, lineage()) {
        unreachable!("a value of {BYTES} bytes is kept: {error}");
    }
}

fn memory(keys: &[Key]) -> Figure {
    let store = Store::open(Options::in_memory(256 << 20));
    let peer: Cache<Key, Bytes> = Cache::new(2 * VALUES);
    for (number, &key) in keys.iter().enumerate() {
        let value = value(number, BYTES);
        peer.insert(key, value.clone());
        put(&store, key, value);
    }
    let at = |index: usize| &keys[index.wrapping_mul(7_919) % VALUES];
    let theirs = rounds(500, 1_000, |index| black_box(peer.get(at(index))).is_some());
    let mut n_found = 0;
    let ours = rounds(500, 1_000, |index| {
        n_found += usize::from(black_box(store.get(at(index))).is_some());
    });
    assert!(n_found >= 500 * 1_000, "what fits is found");
    Figure::times("store", "get from memory", ours)
        .beside("quick_cache 0.6", theirs)
        .asked(Bound::RatioAtMost(1.5))
}

fn disk(keys: &[Key]) -> Vec<Figure> {
    let Ok(dir) = tempfile::tempdir() else {
        return Vec::new();
    };
    // So little memory that what is asked for comes from the disk, whose pages the system has.
    let options = Options {
        memory_bytes: 64 << 10,
        ..Options::in_dir(dir.path())
    };
    let store = Store::open(options);
    let values: Vec<Bytes> = (0..VALUES).map(|number| value(number, BYTES)).collect();
    let puts = each(VALUES / 2, |index| {
        put(&store, keys[index], values[index].clone());
    });
    for (&key, value) in keys.iter().zip(&values) {
        put(&store, key, value.clone());
    }
    if let Err(error) = store.flush() {
        unreachable!("a fresh directory is written: {error}");
    }
    let mut n_found = 0;
    let gets = each(VALUES, |index| {
        let found = store.get(&keys[index.wrapping_mul(7_919) % VALUES]);
        n_found += usize::from(found.is_some_and(|it| it.bytes().len() == BYTES));
    });
    assert!(n_found >= VALUES, "what was flushed is found");
    store.close();
    vec![
        Figure::times("store", "put of 4 KiB, acknowledged", puts).asked(Bound::AtMost(25e3)),
        Figure::times("store", "verified get of 4 KiB from disk, warm", gets)
            .asked(Bound::AtMost(5e3)),
    ]
}

/// How many of a million questions by Zipf's law (0.99, over 100,000 keys) find their value, where `percent` of all
/// entries fit.
fn hit_ratio(percent: usize) -> Figure {
    const KEYS: usize = 100_000;
    const ASKED: usize = 1_000_000;
    const LENGTH: usize = 1_024;
    const OVERHEAD: usize = 256;
    let mut sums = Vec::with_capacity(KEYS);
    let mut sum = 0.0;
    for rank in 1..=KEYS {
        sum += (rank as f64).powf(-0.99);
        sums.push(sum);
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let at = (state >> 11) as f64 / (1_u64 << 53) as f64 * sum;
        sums.partition_point(|&it| it < at).min(KEYS - 1)
    };
    let room = KEYS * percent / 100;
    // As many entries for both: the store also counts what an entry takes beside its bytes.
    let store = Store::open(Options::in_memory((room * (LENGTH + OVERHEAD)) as u64));
    let peer: Cache<usize, Bytes> = Cache::new(room);
    let bytes = Bytes::from(vec![0; LENGTH]);
    let (mut ours, mut theirs) = (0, 0);
    for _ in 0..ASKED {
        let number = draw();
        let key = key(number);
        match store.get(&key) {
            Some(_) => ours += 1,
            None => put(&store, key, bytes.clone()),
        }
        match peer.get(&number) {
            Some(_) => theirs += 1,
            None => peer.insert(number, bytes.clone()),
        }
    }
    let share = |n: usize| n as f64 * 100.0 / ASKED as f64;
    let name = format!("hit ratio, Zipf 0.99, room for {percent} %");
    Figure::value("store", name, "%", share(ours))
        .beside_value("quick_cache 0.6", share(theirs))
        .asked(Bound::DifferenceAtLeast(-1.0))
}
