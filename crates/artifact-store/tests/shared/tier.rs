//! The shared tier around a store that does what the test says.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::{BoxFuture, pending, ready};
use symphony_artifact_store::{
    Backend, Options, Secret, SharedError, SharedOptions, SharedState, SharedStats, Store,
};

use crate::{LONG, WORTH, fill, key, keys, lineage, memory, patient, secret, shared, value};

#[derive(Clone, Copy, Default, PartialEq)]
enum Mood {
    #[default]
    Well,
    Silent,
    Failing,
    ReadOnly,
}

#[derive(Default)]
struct Inside {
    mood: Mood,
    entries: HashMap<String, Bytes>,
    gets: usize,
}

/// In memory, and as moody as it is told to be.
#[derive(Default)]
struct Fake {
    inside: Mutex<Inside>,
    asked: Condvar,
}

impl Fake {
    fn set(&self, mood: Mood) {
        self.inside.lock().unwrap().mood = mood;
    }

    fn gets(&self) -> usize {
        self.inside.lock().unwrap().gets
    }

    /// Changes every entry.
    fn change(&self, change: impl Fn(&mut Vec<u8>)) {
        for entry in self.inside.lock().unwrap().entries.values_mut() {
            let mut bytes = entry.to_vec();
            change(&mut bytes);
            *entry = bytes.into();
        }
    }

    fn wait_for_gets(&self, n: usize) {
        let inside = self.inside.lock().unwrap();
        let waited = self
            .asked
            .wait_timeout_while(inside, LONG, |it| it.gets < n);
        assert!(!waited.unwrap().1.timed_out(), "was not asked {n} times");
    }
}

impl Backend for Fake {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, SharedError>> {
        let mut inside = self.inside.lock().unwrap();
        inside.gets += 1;
        self.asked.notify_all();
        match inside.mood {
            Mood::Silent => pending().boxed(),
            Mood::Failing => ready(Err(SharedError::Failed("told to".to_owned()))).boxed(),
            Mood::Well | Mood::ReadOnly => ready(Ok(inside.entries.get(name).cloned())).boxed(),
        }
    }

    fn put<'a>(&'a self, name: &'a str, entry: Bytes) -> BoxFuture<'a, Result<(), SharedError>> {
        let mut inside = self.inside.lock().unwrap();
        match inside.mood {
            Mood::Silent => pending().boxed(),
            Mood::Failing | Mood::ReadOnly => {
                ready(Err(SharedError::Failed("told to".to_owned()))).boxed()
            }
            Mood::Well => {
                inside.entries.insert(name.to_owned(), entry);
                ready(Ok(())).boxed()
            }
        }
    }
}

#[test]
fn what_one_machine_has_made_another_finds_and_keeps() {
    let fake = Arc::new(Fake::default());
    fill(patient(fake.clone()), 100);
    let dir = tempfile::tempdir().unwrap();
    let options = |shared| Options {
        shared,
        ..Options::in_dir(dir.path())
    };
    let store = Store::open(options(Some(patient(fake.clone()))));
    assert!(store.get(&key(0)).is_none() && fake.gets() == 0);
    let found = store.get_shared(&keys(0..150), WORTH);
    for (number, found) in (0..).zip(&found) {
        let expected = (number < 100).then(|| value(number));
        assert_eq!(found.as_ref().map(|it| it.bytes().to_vec()), expected);
    }
    assert_eq!((shared(&store).hits, shared(&store).misses), (100, 50));
    // Another time it is not asked for what it had.
    let _ = store.get_shared(&keys(0..100), WORTH);
    assert_eq!(fake.gets(), 150);
    while !store.close() {}
    let alone = Store::open(options(None));
    assert_eq!(alone.get(&key(99)).unwrap().bytes().to_vec(), value(99));
    assert_eq!(alone.why(&key(99))[0].lineage, lineage());
    assert_eq!(shared(&alone), SharedStats::default());
}

#[test]
fn a_changed_entry_is_a_miss_and_is_not_kept() {
    let changes: [fn(&mut Vec<u8>); 4] = [
        |it| *it.last_mut().unwrap() ^= 1,
        |it| it[20] ^= 1,
        |it| it.truncate(50),
        Vec::clear,
    ];
    for change in changes {
        let fake = Arc::new(Fake::default());
        fill(patient(fake.clone()), 20);
        fake.change(change);
        let store = memory(patient(fake));
        let found = store.get_shared(&keys(0..20), WORTH);
        assert!(found.iter().all(Option::is_none));
        assert_eq!((shared(&store).refused, shared(&store).hits), (20, 0));
        assert!(keys(0..20).iter().all(|key| !store.contains(key)));
    }
}

#[test]
fn an_entry_under_the_name_of_another_key_is_a_miss() {
    let fake = Arc::new(Fake::default());
    fill(patient(fake.clone()), 2);
    let mut inside = fake.inside.lock().unwrap();
    let names: Vec<String> = inside.entries.keys().cloned().collect();
    let (one, other) = (
        inside.entries[&names[0]].clone(),
        inside.entries[&names[1]].clone(),
    );
    inside
        .entries
        .extend([(names[0].clone(), other), (names[1].clone(), one)]);
    drop(inside);
    let store = memory(patient(fake));
    assert!(
        store
            .get_shared(&keys(0..2), WORTH)
            .iter()
            .all(Option::is_none)
    );
    assert_eq!(shared(&store).refused, 2);
}

#[test]
fn who_has_another_secret_finds_nothing_and_overwrites_nothing() {
    let fake = Arc::new(Fake::default());
    fill(patient(fake.clone()), 5);
    let others = SharedOptions {
        secret: Secret::new("what the others know").unwrap(),
        ..patient(fake.clone())
    };
    let store = memory(others.clone());
    assert!(
        store
            .get_shared(&keys(0..5), WORTH)
            .iter()
            .all(Option::is_none)
    );
    assert_eq!((shared(&store).misses, shared(&store).refused), (5, 0));
    fill(others, 5);
    assert_eq!(fake.inside.lock().unwrap().entries.len(), 10);
}

#[test]
fn a_silent_store_costs_three_deadlines_and_is_then_left_alone() {
    for mood in [Mood::Silent, Mood::Failing] {
        let fake = Arc::new(Fake::default());
        fake.set(mood);
        let deadline = Duration::from_millis(20);
        let store = memory(SharedOptions {
            deadline,
            ..SharedOptions::new(fake.clone(), secret())
        });
        let started = Instant::now();
        for _ in 0..1_000 {
            assert!(store.get_shared(&keys(0..4), WORTH)[0].is_none());
        }
        // Three deadlines; the rest is for a machine that is busy with something else.
        assert!(started.elapsed() < 3 * deadline + Duration::from_secs(5));
        let stats = shared(&store);
        assert_eq!(stats.state, SharedState::LeftAlone);
        assert_eq!((stats.timed_out + stats.failed, stats.skipped), (12, 3_988));
        assert!(fake.gets() <= 12, "{}", fake.gets());
    }
}

#[test]
fn a_store_that_is_back_is_used_again() {
    let fake = Arc::new(Fake::default());
    fill(patient(fake.clone()), 5);
    fake.set(Mood::Failing);
    let short = Duration::from_millis(1);
    let store = memory(SharedOptions {
        pauses: short..=short,
        ..patient(fake.clone())
    });
    for _ in 0..3 {
        let _ = store.get_shared(&keys(0..1), WORTH);
    }
    assert_eq!(shared(&store).state, SharedState::LeftAlone);
    fake.set(Mood::Well);
    let before = fake.gets();
    let started = Instant::now();
    let found = loop {
        // Not one of these waits for the probe.
        let found = store.get_shared(&keys(0..5), WORTH);
        if found[0].is_some() {
            break found;
        }
        assert!(started.elapsed() < LONG);
        std::thread::yield_now();
    };
    fake.wait_for_gets(before + 6);
    assert!(found.iter().all(Option::is_some));
    assert_eq!(shared(&store).state, SharedState::Used);
}

#[test]
fn puts_wait_for_nobody_and_what_is_too_much_is_dropped() {
    let fake = Arc::new(Fake::default());
    fake.set(Mood::Silent);
    let store = memory(SharedOptions::new(fake, secret()));
    let started = Instant::now();
    for number in 0..50_u8 {
        let bytes = vec![number; 1 << 20];
        store
            .put_shared(key(number.into()), bytes, lineage())
            .unwrap();
    }
    store
        .put_shared(key(100), vec![0; 9 << 20], lineage())
        .unwrap();
    // Eight are on their way, 32 wait.
    assert!(shared(&store).not_put >= 51 - 40);
    while !store.close() {}
    assert!(started.elapsed() < Duration::from_secs(10));
    // Its thread counts what it could not put, a moment after closing on a busy machine.
    while shared(&store).not_put < 51 {
        assert!(started.elapsed() < LONG, "{:?}", shared(&store));
        std::thread::yield_now();
    }
    assert_eq!(shared(&store).put, 0);
}

#[test]
fn a_store_that_takes_nothing_still_gives() {
    let fake = Arc::new(Fake::default());
    fill(patient(fake.clone()), 5);
    fake.set(Mood::ReadOnly);
    let store = memory(patient(fake));
    for number in 10..30 {
        store.put_shared(key(number), value(1), lineage()).unwrap();
    }
    let found = store.get_shared(&keys(0..5), WORTH);
    assert!(found.iter().all(Option::is_some));
    while !store.close() {}
    assert_eq!((shared(&store).put, shared(&store).not_put), (0, 20));
}

#[test]
fn closing_puts_what_waits_and_then_nothing_is_asked() {
    let fake = Arc::new(Fake::default());
    let store = memory(patient(fake.clone()));
    for number in 0..50 {
        store
            .put_shared(key(number), value(number), lineage())
            .unwrap();
    }
    assert!(store.close() && store.close());
    assert_eq!(shared(&store).put, 50);
    assert_eq!(shared(&store).state, SharedState::Closed);
    assert!(
        store
            .get_shared(&keys(50..60), WORTH)
            .iter()
            .all(Option::is_none)
    );
    assert!(store.get_shared(&keys(0..1), WORTH)[0].is_some());
    store.put_shared(key(60), value(60), lineage()).unwrap();
    assert_eq!(fake.gets(), 0);
}
