//! The disk tier beside fjall, at three promises: what the process has, what the system has, and what the disk has.
//!
//! `put` promises the first: the value waits in this process for the writer's next batch (2 ms or 256 KiB), and `flush`
//! promises the last; there is no promise in between. fjall is measured at the same two, and at what it does by default, which
//! is more than `put` promises. It is set up in its favour where it has the choice: nothing compressed, tables compacted before
//! they are read, index and filters in memory. It does not hash values; both check what they read.

use std::path::Path;

use bytes::Bytes;
use fjall::config::PinningPolicy;
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, UserKey, UserValue};
use symphony_artifact_store::{Key, Options, Store};
use symphony_benches::{Bound, Figure, Sample, each};

use super::{BYTES, VALUES, put, scattered, value};

/// So little that what is asked for comes from the disk, whose pages the system has.
const MEMORY: u64 = 64 << 10;
const PEER: &str = "fjall 3.1";

/// Values put one at a time, each made durable.
const SINGLE: usize = 200;
/// Values made durable together, and how often.
const TOGETHER: usize = 100;
const ROUNDS: usize = 80;

pub(super) fn figures(keys: &[Key]) -> Vec<Figure> {
    let values: Vec<Bytes> = (0..VALUES).map(|number| value(number, BYTES)).collect();
    let (Ok(ours), Ok((theirs, to_system))) = (ours(keys, &values), theirs(&values)) else {
        return Vec::new();
    };
    vec![
        Figure::times("store", "put of 4 KiB, acknowledged", ours.put)
            .beside(format!("{PEER}, no more promised"), theirs.put)
            .asked(Bound::RatioAtMost(1.0)),
        Figure::times("store", "put of 4 KiB, acknowledged", ours.put)
            .beside(format!("{PEER}, the system has it"), to_system)
            .asked(Bound::AtMost(25e3)),
        Figure::times("store", "put of 4 KiB and flush", ours.single)
            .beside(format!("{PEER}, fdatasync"), theirs.single)
            .asked(Bound::RatioAtMost(1.0)),
        Figure::times("store", "100 puts of 4 KiB and flush", ours.together)
            .beside(format!("{PEER}, fdatasync"), theirs.together)
            .asked(Bound::RatioAtMost(1.0)),
        Figure::times("store", "verified get of 4 KiB from disk, warm", ours.get)
            .beside(PEER, theirs.get)
            .asked(Bound::AtMost(5e3)),
    ]
}

/// The times of one side.
struct Times {
    put: Sample,
    single: Sample,
    together: Sample,
    get: Sample,
}

/// Times `n` puts, of another value each: what is there already would cost less.
fn puts(n: usize, mut put: impl FnMut(usize)) -> Sample {
    let mut numbers = 0..VALUES;
    each(n, |_| numbers.next().map(&mut put))
}

/// Times `n` times some puts and what makes them durable.
fn durable(
    n: usize,
    together: usize,
    mut put: impl FnMut(usize),
    mut flush: impl FnMut(),
) -> Sample {
    let mut numbers = 0..VALUES;
    each(n, |_| {
        numbers.by_ref().take(together).for_each(&mut put);
        flush();
    })
}

fn ours(keys: &[Key], values: &[Bytes]) -> std::io::Result<Times> {
    // A directory of its own for each figure: what one leaves behind is no work for the next.
    let with_store = |measure: &dyn Fn(&Store) -> Sample| {
        let dir = tempfile::tempdir()?;
        let store = Store::open(Options {
            memory_bytes: MEMORY,
            ..Options::in_dir(dir.path())
        });
        let sample = measure(&store);
        store.close();
        Ok::<_, std::io::Error>(sample)
    };
    let put_at = |store: &Store, index: usize| put(store, keys[index], values[index].clone());
    let flush = |store: &Store| {
        if let Err(error) = store.flush() {
            unreachable!("a fresh directory is written: {error}");
        }
    };
    let many = |n: usize, together: usize| {
        with_store(&|store| durable(n, together, |index| put_at(store, index), || flush(store)))
    };
    Ok(Times {
        put: with_store(&|store| puts(VALUES / 2, |index| put_at(store, index)))?,
        single: many(SINGLE, 1)?,
        together: many(ROUNDS, TOGETHER)?,
        get: with_store(&|store| {
            (0..VALUES).for_each(|index| put_at(store, index));
            flush(store);
            gets(|index| store.get(&keys[index]).map(|it| it.bytes().len()))
        })?,
    })
}

/// Times gets of everything, in no order, that answer with a length.
fn gets(mut get: impl FnMut(usize) -> Option<usize>) -> Sample {
    let mut n_found = 0;
    let sample = each(VALUES, |index| {
        n_found += usize::from(get(scattered(index)) == Some(BYTES));
    });
    assert!(n_found >= VALUES, "what was put is found");
    sample
}

/// The peer's times, and those of its puts that go to the system at once.
fn theirs(values: &[Bytes]) -> fjall::Result<(Times, Sample)> {
    // Hashes too, and as long.
    let keys = (0..VALUES).map(|number| UserKey::from(&*value(number ^ 0x5555_5555, 32)));
    let keys: Vec<UserKey> = keys.collect();
    let values: Vec<UserValue> = values.iter().map(|it| UserValue::from(&**it)).collect();
    let with_keyspace = |manual: bool, measure: &dyn Fn(&Database, &Keyspace) -> Sample| {
        let dir = tempfile::tempdir()?;
        let (database, keyspace) = opened(dir.path(), manual)?;
        Ok::<_, fjall::Error>(measure(&database, &keyspace))
    };
    let put_at = |keyspace: &Keyspace, index: usize| {
        done(keyspace.insert(keys[index].clone(), values[index].clone()));
    };
    let single = |manual: bool| {
        with_keyspace(manual, &|_, keyspace| {
            puts(VALUES / 2, |index| put_at(keyspace, index))
        })
    };
    let many = |n: usize, together: usize| {
        with_keyspace(true, &|database, keyspace| {
            let put = |index| put_at(keyspace, index);
            durable(n, together, put, || {
                done(database.persist(PersistMode::SyncData));
            })
        })
    };
    let times = Times {
        put: single(true)?,
        single: many(SINGLE, 1)?,
        together: many(ROUNDS, TOGETHER)?,
        get: with_keyspace(true, &|_, keyspace| {
            (0..VALUES).for_each(|index| put_at(keyspace, index));
            done(keyspace.rotate_memtable_and_wait());
            done(keyspace.major_compact());
            gets(|index| Some(keyspace.get(&keys[index]).ok()??.len()))
        })?,
    };
    Ok((times, single(false)?))
}

fn done(outcome: fjall::Result<()>) {
    if let Err(error) = outcome {
        unreachable!("a fresh directory is written: {error}");
    }
}

/// A keyspace whose puts go to the system at once, or when they are made durable.
fn opened(dir: &Path, manual: bool) -> fjall::Result<(Database, Keyspace)> {
    let database = Database::builder(dir)
        .cache_size(MEMORY)
        .manual_journal_persist(manual)
        .open()?;
    let keyspace = database.keyspace("bench", || {
        KeyspaceCreateOptions::default()
            .manual_journal_persist(manual)
            .expect_point_read_hits(true)
            .index_block_pinning_policy(PinningPolicy::all(true))
            .filter_block_pinning_policy(PinningPolicy::all(true))
    })?;
    Ok((database, keyspace))
}
