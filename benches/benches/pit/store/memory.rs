//! What is in memory, beside caches that only cache: ours also counts, and marks what was used for the disk's sake.

use std::hint::black_box;

use bytes::Bytes;
use symphony_artifact_store::{Key, Options, Store};
use symphony_benches::{Bound, Figure, rounds};

use super::{BYTES, VALUES, put, scattered, value};

const ROUNDS: usize = 500;
const BATCH: usize = 1_000;

pub(super) fn figures(keys: &[Key]) -> Vec<Figure> {
    let store = Store::open(Options::in_memory(256 << 20));
    let quick: quick_cache::sync::Cache<Key, Bytes> = quick_cache::sync::Cache::new(2 * VALUES);
    let moka: moka::sync::Cache<Key, Bytes> = moka::sync::Cache::new(2 * VALUES as u64);
    for (number, &key) in keys.iter().enumerate() {
        let value = value(number, BYTES);
        quick.insert(key, value.clone());
        moka.insert(key, value.clone());
        put(&store, key, value);
    }
    moka.run_pending_tasks();
    let at = |index: usize| &keys[scattered(index)];
    let quick = rounds(ROUNDS, BATCH, |index| {
        black_box(quick.get(at(index))).is_some()
    });
    let moka = rounds(ROUNDS, BATCH, |index| {
        black_box(moka.get(at(index))).is_some()
    });
    let mut n_found = 0;
    let ours = rounds(ROUNDS, BATCH, |index| {
        n_found += usize::from(black_box(store.get(at(index))).is_some());
    });
    assert!(n_found >= ROUNDS * BATCH, "what fits is found");
    vec![
        Figure::times("store", "get from memory", ours)
            .beside("quick_cache 0.6", quick)
            .asked(Bound::RatioAtMost(1.5)),
        Figure::times("store", "get from memory", ours)
            .beside("moka 0.12", moka)
            .asked(Bound::RatioAtMost(1.0)),
    ]
}
