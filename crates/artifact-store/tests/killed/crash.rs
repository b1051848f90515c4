//! A process that puts, flushes, compacts and reopens is killed at random points, again and again in one directory.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use symphony_artifact_store::{DiskState, Key, Store};

use crate::operation::{KEYS, Operation, Random, key, options};
use crate::{alone, rounds};

/// What each key leads to.
type Contents = HashMap<Key, Vec<u8>>;

#[test]
fn nothing_flushed_is_lost_when_the_process_is_killed() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let mut random = Random(7);
    let mut before = Contents::new();
    let mut flushed_in_all = 0;
    let rounds = rounds(40);
    // Where others keep the machine busy, a process does less before it is killed: then more of them are.
    for seed in 0..rounds * 10 {
        if seed >= rounds && flushed_in_all > 200 {
            break;
        }
        let until = Duration::from_micros(random.next() % 60_000);
        let flushed = killed_after(dir.path(), seed, until);
        flushed_in_all += flushed;
        before = check(dir.path(), seed, &before, flushed);
        if seed % 8 == 3 {
            // Without a snapshot everything has to come from the segments.
            let _ = std::fs::remove_file(dir.path().join("index.snap"));
        }
    }
    assert!(
        flushed_in_all > 200,
        "the process was killed before it did anything: {flushed_in_all}"
    );
}

/// Starts the process, kills it after a while, and tells how many operations it was told are durable.
fn killed_after(dir: &Path, seed: u64, until: Duration) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_store-child"))
        .arg(dir)
        .arg(seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (sender, lines) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    assert_eq!(lines.recv().as_deref(), Ok("open"));
    let end = Instant::now() + until;
    let mut flushed = 0;
    let mut note = |line: String| {
        flushed = line.strip_prefix("flushed ").unwrap().parse().unwrap();
    };
    while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
        note(line);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    lines.try_iter().for_each(note);
    flushed
}

/// Each key has what it had after the operations that are durable, or after some later one. What is there.
fn check(dir: &Path, seed: u64, before: &Contents, flushed: u64) -> Contents {
    let store = Store::open(options(dir));
    let disk = store.stats().disk;
    assert_eq!((disk.state, disk.set_aside), (DiskState::Writing, 0));
    let mut durable = before.clone();
    let mut later: HashMap<Key, Vec<Option<Vec<u8>>>> = HashMap::new();
    // Far more operations than are done between two flushes.
    for n in 1..=flushed + 2_000 {
        let (key, value) = match Operation::nth(seed, n) {
            Operation::Put(key, value) => (key, Some(value)),
            Operation::Remove(key) => (key, None),
        };
        if n > flushed {
            later.entry(key).or_default().push(value);
        } else if let Some(value) = value {
            durable.insert(key, value);
        } else {
            durable.remove(&key);
        }
    }
    let mut found = Contents::new();
    for number in 0..KEYS {
        let key = key(number);
        let value = store.get(&key).map(|it| it.bytes().to_vec());
        let allowed = later.get(&key).is_some_and(|later| later.contains(&value));
        let lengths = (
            value.as_ref().map(Vec::len),
            durable.get(&key).map(Vec::len),
        );
        assert!(
            durable.get(&key) == value.as_ref() || allowed,
            "seed {seed}, {flushed} flushed, key {number}: found, expected {lengths:?}"
        );
        found.extend(value.map(|value| (key, value)));
    }
    let report = store.verify();
    assert!(report.is_sound(), "{report:?}");
    found
}
