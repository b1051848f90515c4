//! Flipped bytes and cut-off files: a miss, never a wrong value, and the directory opens and works again.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use symphony_artifact_store::{DiskState, Key, Outcome, Purge, Store};

use crate::operation::{KEYS, Operation, Random, key, lineage, options};

/// Every value that was ever put under a key.
type Ever = HashMap<Key, Vec<Vec<u8>>>;

fn fill(dir: &Path) -> Ever {
    let mut ever = Ever::new();
    let store = Store::open(options(dir));
    for n in 0..600 {
        match Operation::nth(1, n) {
            Operation::Put(key, value) => {
                ever.entry(key).or_default().push(value.clone());
                store.put(key, value, lineage()).unwrap();
            }
            Operation::Remove(key) => store.purge(&Purge::Key(key)).unwrap(),
        }
        if n == 400 {
            while !store.close() {}
            return fill_tail(dir, ever);
        }
    }
    ever
}

/// Some more behind the snapshot, as a process leaves it that is killed.
fn fill_tail(dir: &Path, mut ever: Ever) -> Ever {
    let snapshot = fs::read(dir.join("index.snap")).unwrap();
    let store = Store::open(options(dir));
    for n in 400..430 {
        if let Operation::Put(key, value) = Operation::nth(1, n) {
            ever.entry(key).or_default().push(value.clone());
            store.put(key, value, lineage()).unwrap();
            store.score(&key, Outcome::Valid);
        }
    }
    while !store.close() {}
    fs::write(dir.join("index.snap"), snapshot).unwrap();
    ever
}

fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = fs::read_dir(dir).unwrap().map(|it| it.unwrap().path());
    let files = paths.filter(|path| !path.ends_with("lock"));
    let mut files: Vec<_> = files
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn a_flipped_byte_or_a_cut_file_is_never_a_wrong_value() {
    let dir = tempfile::tempdir().unwrap();
    let ever = fill(dir.path());
    let sound = files(dir.path());
    let there = Store::open(options(dir.path())).stats().disk.entries;
    let mut random = Random(3);
    let mut lost = 0;
    for round in 0..crate::rounds(250) {
        for (path, _) in files(dir.path()) {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in &sound {
            fs::write(path, bytes).unwrap();
        }
        let (path, bytes) = &sound[random.next() as usize % sound.len()];
        let at = random.next() as usize % bytes.len();
        let mut bytes = bytes.clone();
        if round % 3 == 0 {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << (random.next() % 8);
        }
        fs::write(path, bytes).unwrap();
        lost += check(
            dir.path(),
            &ever,
            there,
            &format!("{} at {at}", path.display()),
        );
    }
    assert!(lost > 0, "no damage was done");
}

/// Looks at everything, then writes and reads again. How many keys were lost.
fn check(dir: &Path, ever: &Ever, there: usize, what: &str) -> usize {
    let store = Store::open(options(dir));
    assert_eq!(store.stats().disk.state, DiskState::Writing, "{what}");
    let mut found = 0;
    for number in 0..KEYS {
        if let Some(value) = store.get(&key(number)) {
            found += 1;
            assert!(
                ever[&key(number)].iter().any(|it| it == value.bytes()),
                "{what}: {number}"
            );
        }
    }
    for number in 0..3 {
        let value = ever.values().nth(number as usize).unwrap()[0].clone();
        store.put(key(KEYS + number), value, lineage()).unwrap();
    }
    store.flush().unwrap();
    while !store.close() {}
    drop(store);
    let store = Store::open(options(dir));
    for number in 0..3 {
        let value = store.get(&key(KEYS + number)).unwrap();
        assert_eq!(
            value.bytes(),
            &ever.values().nth(number as usize).unwrap()[0],
            "{what}"
        );
    }
    there.saturating_sub(found)
}

#[test]
fn a_file_of_another_version_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path());
    let segments = files(dir.path());
    let segments = segments
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|it| it == "seg"));
    let (path, bytes) = segments.clone().next().unwrap();
    let mut newer = bytes.clone();
    newer[8] += 1;
    fs::write(path, &newer).unwrap();
    let store = Store::open(options(dir.path()));
    assert_eq!(
        (store.stats().disk.set_aside, store.stats().disk.state),
        (1, DiskState::Writing)
    );
    assert_eq!(fs::read(path.with_extension("seg.aside")).unwrap(), newer);
    store.purge(&Purge::All).unwrap();
    assert!(!path.with_extension("seg.aside").exists());
}

#[test]
fn a_store_file_kept_as_a_value_is_not_read_as_a_store() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(one.path());
    let store = Store::open(options(other.path()));
    for (number, (_, bytes)) in files(one.path()).into_iter().enumerate() {
        store
            .put(key(1_000 + number as u64), bytes, lineage())
            .unwrap();
    }
    while !store.close() {}
    drop(store);
    fs::remove_file(other.path().join("index.snap")).unwrap();
    for (path, mut bytes) in files(other.path()) {
        // The header of the first record: what follows is searched for records.
        bytes[70] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    let store = Store::open(options(other.path()));
    assert!((0..KEYS).all(|number| !store.contains(&key(number))));
}
