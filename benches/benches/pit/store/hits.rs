//! How many of those that are asked for are still there, beside caches with room for as many.

use std::num::NonZeroUsize;

use bytes::Bytes;
use symphony_artifact_store::{Options, Store};
use symphony_benches::{Bound, Figure};

use super::{key, put};

const KEYS: usize = 100_000;
const ASKED: usize = 1_000_000;
const LENGTH: usize = 1_024;
/// What the store counts for an entry beside its bytes.
const OVERHEAD: usize = 256;

/// Numbers below [`KEYS`] by Zipf's law (0.99), the same each time.
struct Zipf {
    sums: Vec<f64>,
    state: u64,
}

impl Zipf {
    fn new() -> Self {
        let mut sum = 0.0;
        let sums = (1..=KEYS).map(|rank| {
            sum += (rank as f64).powf(-0.99);
            sum
        });
        Self {
            sums: sums.collect(),
            state: 0x9e37_79b9_7f4a_7c15,
        }
    }

    fn draw(&mut self) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let all = self.sums.last().copied().unwrap_or_default();
        let at = (self.state >> 11) as f64 / (1_u64 << 53) as f64 * all;
        self.sums.partition_point(|&it| it < at).min(KEYS - 1)
    }
}

/// How many of a million questions find their value, where `percent` of all entries fit. Who lacks a value is given it.
pub(super) fn figures(percent: usize) -> Vec<Figure> {
    let mut zipf = Zipf::new();
    let room = KEYS * percent / 100;
    // As many entries for all.
    let store = Store::open(Options::in_memory((room * (LENGTH + OVERHEAD)) as u64));
    let quick = quick_cache::sync::Cache::<usize, Bytes>::new(room);
    let moka = moka::sync::Cache::<usize, Bytes>::new(room as u64);
    let mut lru = lru::LruCache::new(NonZeroUsize::new(room).unwrap_or(NonZeroUsize::MIN));
    let bytes = Bytes::from(vec![0; LENGTH]);
    let [mut ours, mut in_quick, mut in_moka, mut in_lru] = [0; 4];
    for _ in 0..ASKED {
        let number = zipf.draw();
        let key = key(number);
        match store.get(&key) {
            Some(_) => ours += 1,
            None => put(&store, key, bytes.clone()),
        }
        match quick.get(&number) {
            Some(_) => in_quick += 1,
            None => quick.insert(number, bytes.clone()),
        }
        match moka.get(&number) {
            Some(_) => in_moka += 1,
            None => moka.insert(number, bytes.clone()),
        }
        match lru.get(&number) {
            Some(_) => in_lru += 1,
            None => drop(lru.put(number, bytes.clone())),
        }
    }
    let share = |n: usize| n as f64 * 100.0 / ASKED as f64;
    let figure = |peer: &str, theirs: usize, least: f64| {
        let name = format!("hit ratio, Zipf 0.99, room for {percent} %");
        Figure::value("store", name, "%", share(ours))
            .beside_value(peer, share(theirs))
            .asked(Bound::DifferenceAtLeast(least))
    };
    vec![
        figure("quick_cache 0.6", in_quick, -1.0),
        figure("moka 0.12", in_moka, -1.0),
        figure("LRU (lru 0.19)", in_lru, 0.0),
    ]
}
