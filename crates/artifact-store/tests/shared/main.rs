//! The shared tier. A program of its own: it starts others, and until those are under way they hold the locks of all
//! stores that are open in it.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

#[cfg(all(feature = "redis", feature = "s3"))]
mod servers;
mod tier;

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use symphony_artifact_store::{
    Backend, Key, KeyBuilder, Kind, Lineage, Options, Secret, SharedOptions, SharedStats, Store,
};

const KIND: Kind = Kind::new("test");

fn key(number: u64) -> Key {
    let number = number.to_le_bytes();
    KeyBuilder::new(KIND, 1).part("number", number).finish()
}

fn lineage() -> Lineage {
    Lineage::new(KIND, "tests", "1", 1_000)
}

/// What tests wait for at most, where they wait for something to happen.
const LONG: Duration = Duration::from_secs(30);

/// What it is said to take to make a value.
const WORTH: Duration = Duration::from_millis(1);

fn secret() -> Secret {
    Secret::new("what the team knows and nobody else").unwrap()
}

/// A tier that waits so long that a slow machine does not matter.
fn patient(backend: Arc<dyn Backend>) -> SharedOptions {
    SharedOptions {
        deadline: LONG,
        ..SharedOptions::new(backend, secret())
    }
}

fn memory(shared: SharedOptions) -> Store {
    Store::open(Options {
        shared: Some(shared),
        ..Options::in_memory(1 << 20)
    })
}

fn value(number: u64) -> Vec<u8> {
    format!("value {number} ")
        .repeat(1 + number as usize * 3)
        .into_bytes()
}

fn keys(numbers: Range<u64>) -> Vec<Key> {
    numbers.map(key).collect()
}

fn shared(store: &Store) -> SharedStats {
    store.stats().shared
}

/// Puts values, and waits until the tier has them.
fn fill(shared: SharedOptions, n: u64) {
    let store = memory(shared);
    for number in 0..n {
        store
            .put_shared(key(number), value(number), lineage())
            .unwrap();
    }
    let started = Instant::now();
    while self::shared(&store).put < n {
        assert!(started.elapsed() < LONG, "{:?}", self::shared(&store));
        std::thread::yield_now();
    }
    while !store.close() {}
}
