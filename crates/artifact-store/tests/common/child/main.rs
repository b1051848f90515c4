//! A process that writes a store until it is killed, and says what it was told is durable: for the crash tests.
//!
//! `store-child DIRECTORY SEED`. Prints `open`, then `flushed N` when the first N operations of the seed are durable.

mod operation;

use std::io::Write as _;

use operation::{Operation, Random, lineage, options};
use symphony_artifact_store::{DiskState, Outcome, Purge, Store};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(dir), Some(seed)) = (arguments.next(), arguments.next()) else {
        return;
    };
    let Ok(seed) = seed.parse() else {
        return;
    };
    let mut random = Random(seed);
    let mut store = Store::open(options(dir.as_ref()));
    say("open");
    for n in 1_u64.. {
        // Operations come from the seed alone, so that the parent knows them too.
        match Operation::nth(seed, n) {
            Operation::Put(key, value) => drop(store.put(key, value, lineage())),
            Operation::Remove(key) => drop(store.purge(&Purge::Key(key))),
        }
        match random.next() % 40 {
            0..5 if store.flush().is_ok() => say(&format!("flushed {n}")),
            5 => store.score(
                &operation::key(random.next() % operation::KEYS),
                Outcome::Valid,
            ),
            6 if random.next().is_multiple_of(4) => {
                store.close();
                store = Store::open(options(dir.as_ref()));
                if store.stats().disk.state != DiskState::Writing {
                    return;
                }
            }
            _ => {}
        }
    }
}

/// Nobody reads any more: the parent has gone.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::panic::resume_unwind(Box::new(()));
    }
}
