//! Values come back, from memory and from disk, in this process and the next.

use symphony_artifact_store::{
    ArtifactId, DiskState, Error, Kind, Lineage, Options, Outcome, Purge, Store,
};

use crate::operation::{key, lineage};

/// Different for every number.
fn value(number: u64, length: usize) -> Vec<u8> {
    let eight = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
    eight.into_iter().cycle().take(length).collect()
}

/// A store that has to read from disk: next to nothing fits in its memory.
fn on_disk(dir: &std::path::Path) -> Options {
    Options {
        memory_bytes: 1,
        ..Options::in_dir(dir)
    }
}

#[test]
fn a_value_put_is_found_in_memory_and_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    for options in [Options::in_memory(1 << 20), Options::in_dir(dir.path())] {
        let store = Store::open(options);
        assert!(store.get(&key(1)).is_none());
        let id = store.put(key(1), value(1, 100), lineage()).unwrap();
        let artifact = store.get(&key(1)).unwrap();
        assert_eq!(
            (artifact.id(), artifact.bytes().to_vec()),
            (id, value(1, 100))
        );
        assert!(store.contains(&key(1)) && !store.contains(&key(2)));
        store.flush().unwrap();
    }
    let store = Store::open(on_disk(dir.path()));
    assert_eq!(store.get(&key(1)).unwrap().bytes().to_vec(), value(1, 100));
    assert_eq!(store.stats().disk.hits, 1);
}

#[test]
fn a_later_put_wins_in_every_tier() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(on_disk(dir.path()));
    for round in 0..3 {
        for number in 0..50 {
            store
                .put(key(number), value(number + round, 300), lineage())
                .unwrap();
        }
        for number in 0..50 {
            let found = store.get(&key(number)).unwrap();
            assert_eq!(
                found.bytes().to_vec(),
                value(number + round, 300),
                "{number} {round}"
            );
        }
    }
    while !store.close() {}
    drop(store);
    let store = Store::open(on_disk(dir.path()));
    for number in 0..50 {
        assert_eq!(
            store.get(&key(number)).unwrap().bytes().to_vec(),
            value(number + 2, 300)
        );
    }
}

#[test]
fn equal_values_are_on_disk_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(on_disk(dir.path()));
    for number in 0..20 {
        store.put(key(number), value(0, 10_000), lineage()).unwrap();
    }
    store.flush().unwrap();
    let disk = store.stats().disk;
    assert_eq!((disk.entries, disk.values), (20, 1));
    assert!(disk.bytes < 20_000, "{}", disk.bytes);
    // The last key that leads to a value takes it along, an earlier one does not.
    for number in 0..19 {
        store.purge(&Purge::Key(key(number))).unwrap();
    }
    assert_eq!(
        store.get(&key(19)).unwrap().bytes().to_vec(),
        value(0, 10_000)
    );
    store.purge(&Purge::Key(key(19))).unwrap();
    assert_eq!(store.stats().disk.values, 0);
}

#[test]
fn a_value_that_loses_its_key_in_the_same_batch_is_written_for_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(on_disk(dir.path()));
    store.put(key(1), value(1, 100), lineage()).unwrap();
    store.put(key(1), value(2, 100), lineage()).unwrap();
    store.put(key(2), value(1, 100), lineage()).unwrap();
    store.put(key(2), value(2, 100), lineage()).unwrap();
    store.put(key(1), value(1, 100), lineage()).unwrap();
    store.flush().unwrap();
    while !store.close() {}
    drop(store);
    let store = Store::open(on_disk(dir.path()));
    assert_eq!(store.get(&key(1)).unwrap().bytes().to_vec(), value(1, 100));
    assert_eq!(store.get(&key(2)).unwrap().bytes().to_vec(), value(2, 100));
}

#[test]
fn large_values_are_compressed_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let text = "export const one = 1;\n".repeat(20_000);
    let store = Store::open(on_disk(dir.path()));
    store
        .put(key(1), text.clone().into_bytes(), lineage())
        .unwrap();
    store.flush().unwrap();
    assert!(store.stats().disk.bytes < text.len() as u64 / 10);
    assert_eq!(store.get(&key(1)).unwrap().bytes(), text.as_bytes());
}

#[test]
fn lineage_leads_to_the_parents() {
    let dir = tempfile::tempdir().unwrap();
    for options in [Options::in_memory(1 << 20), Options::in_dir(dir.path())] {
        let store = Store::open(options);
        let source = store.put(key(1), value(1, 10), lineage()).unwrap();
        let made = lineage()
            .parent(source)
            .parameter("temperature", "0.2")
            .prompt("fill/1");
        let middle = store.put(key(2), value(2, 10), made.clone()).unwrap();
        let last = store
            .put(
                key(3),
                value(3, 10),
                lineage().parent(middle).parent(source),
            )
            .unwrap();
        let chain = |links: Vec<symphony_artifact_store::Link>| -> Vec<_> {
            links.into_iter().map(|it| (it.depth, it.key)).collect()
        };
        let mut found = chain(store.why(&key(3)));
        found.sort();
        let mut expected = [(0, key(3)), (1, key(1)), (1, key(2))];
        expected.sort();
        assert_eq!(found, expected);
        assert_eq!(chain(store.why_id(last)).len(), 3);
        assert_eq!(store.why(&key(2))[0].lineage, made);
        assert!(store.why(&key(4)).is_empty());
    }
    let store = Store::open(on_disk(dir.path()));
    assert_eq!(store.why(&key(3)).len(), 3);
}

#[test]
fn outcomes_are_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let memory = Store::open(Options::in_memory(1 << 20));
    let disk = Store::open(Options::in_dir(dir.path()));
    for store in [&memory, &disk] {
        store.put(key(1), value(1, 10), lineage()).unwrap();
        store.put(key(2), value(2, 10), lineage()).unwrap();
        store.score(&key(1), Outcome::Accepted);
        store.score(&key(2), Outcome::Invalid);
        store.flush().unwrap();
        assert!((store.why(&key(1))[0].quality.score() - 0.75).abs() < 1e-6);
    }
    drop(disk);
    let disk = Store::open(Options::in_dir(dir.path()));
    assert!((disk.why(&key(1))[0].quality.score() - 0.75).abs() < 1e-6);
    for store in [&memory, &disk] {
        store.purge(&Purge::WorseThan(0.3)).unwrap();
        assert!(store.contains(&key(1)) && !store.contains(&key(2)));
    }
}

#[test]
fn what_is_purged_stays_away() {
    let dir = tempfile::tempdir().unwrap();
    let other = Lineage::new(Kind::new("other"), "tests", "1", 5_000);
    let purges = [
        (Purge::Key(key(1)), 3),
        (Purge::Kind("other".to_owned()), 2),
        (Purge::MadeBefore(2_000), 1),
        (Purge::All, 0),
    ];
    for memory in [true, false] {
        let options = || {
            if memory {
                Options::in_memory(1 << 20)
            } else {
                Options::in_dir(dir.path())
            }
        };
        let mut store = Store::open(options());
        store.put(key(1), value(1, 10), lineage()).unwrap();
        store.put(key(2), value(2, 10), other.clone()).unwrap();
        store.put(key(3), value(3, 10), lineage()).unwrap();
        let newer = Lineage {
            created: 9_000,
            ..lineage()
        };
        store.put(key(4), value(4, 10), newer).unwrap();
        for (purge, left) in &purges {
            store.purge(purge).unwrap();
            let there = |store: &Store| {
                (1..5)
                    .filter(|number| store.contains(&key(*number)))
                    .count()
            };
            assert_eq!(there(&store), *left, "{purge:?}");
            if !memory {
                while !store.close() {}
                drop(store);
                store = Store::open(options());
                assert_eq!(there(&store), *left, "{purge:?}");
            }
        }
    }
}

#[test]
fn the_directory_stays_within_its_budget_and_keeps_what_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let budget = 1 << 20;
    let options = || Options {
        disk_bytes: budget,
        ..on_disk(dir.path())
    };
    let store = Store::open(options());
    store.put(key(0), value(0, 1000), lineage()).unwrap();
    store.put(key(1), value(1, 1000), lineage()).unwrap();
    store.put(key(2), value(2, 1000), lineage()).unwrap();
    store.pin(key(1));
    for number in 3..4_000 {
        store
            .put(key(number), value(number, 1000), lineage())
            .unwrap();
        if number % 50 == 0 {
            store.flush().unwrap();
            assert!(store.get(&key(0)).is_some(), "used, and gone at {number}");
        }
    }
    store.flush().unwrap();
    let disk = store.stats().disk;
    assert!(disk.bytes <= budget && disk.evicted > 2_000, "{disk:?}");
    assert!(store.contains(&key(3_999)) && store.contains(&key(0)) && store.contains(&key(1)));
    assert!(!store.contains(&key(2)));
    while !store.close() {}
    drop(store);
    let store = Store::open(options());
    assert_eq!(store.get(&key(1)).unwrap().bytes().to_vec(), value(1, 1000));
    assert!(!store.contains(&key(2)) && store.contains(&key(0)));
    assert!(store.verify().is_sound());
}

#[test]
fn garbage_is_compacted_away() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options {
        segment_bytes: Some(64 << 10),
        ..on_disk(dir.path())
    };
    let store = Store::open(options());
    for round in 0..50 {
        for number in 0..40 {
            store
                .put(key(number), value(number + round, 1000), lineage())
                .unwrap();
        }
        store
            .put(key(1000 + round), value(round, 500), lineage())
            .unwrap();
        store.purge(&Purge::Key(key(1000 + round - 1))).unwrap();
    }
    store.flush().unwrap();
    let disk = store.stats().disk;
    assert!(disk.compacted > 3 && disk.bytes < 200 << 10, "{disk:?}");
    for without_snapshot in [false, true] {
        while !store.close() {}
        if without_snapshot {
            std::fs::remove_file(dir.path().join("index.snap")).unwrap();
        }
        let store = Store::open(options());
        assert_eq!(
            store.stats().disk.entries,
            41,
            "without snapshot: {without_snapshot}"
        );
        for number in 0..40 {
            assert_eq!(
                store.get(&key(number)).unwrap().bytes().to_vec(),
                value(number + 49, 1000)
            );
        }
        assert!(store.verify().is_sound());
    }
}

#[test]
fn a_pinned_value_stays_in_memory() {
    let store = Store::open(Options::in_memory(64 << 10));
    store.put(key(0), value(0, 1000), lineage()).unwrap();
    store.pin(key(0));
    for number in 1..1000 {
        store
            .put(key(number), value(number, 1000), lineage())
            .unwrap();
    }
    assert_eq!(
        store.get(&key(0)).unwrap().id(),
        ArtifactId::of(&value(0, 1000))
    );
    store.unpin(&key(0));
    assert_eq!(store.stats().pinned, 0);
}

#[test]
fn a_second_store_reads_along_and_takes_over() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(on_disk(dir.path()));
    first.put(key(1), value(1, 100), lineage()).unwrap();
    first.flush().unwrap();
    let second = Store::open(on_disk(dir.path()));
    assert_eq!(second.stats().disk.state, DiskState::Following);
    assert_eq!(second.get(&key(1)).unwrap().bytes().to_vec(), value(1, 100));
    assert_eq!(second.flush(), Err(Error::ReadOnly));
    first.put(key(2), value(2, 100), lineage()).unwrap();
    first.flush().unwrap();
    second.refresh();
    assert_eq!(second.get(&key(2)).unwrap().bytes().to_vec(), value(2, 100));
    drop(first);
    second.refresh();
    assert_eq!(second.stats().disk.state, DiskState::Writing);
    second.put(key(3), value(3, 100), lineage()).unwrap();
    second.flush().unwrap();
    drop(second);
    let third = Store::open(on_disk(dir.path()));
    for number in 1..4 {
        assert_eq!(
            third.get(&key(number)).unwrap().bytes().to_vec(),
            value(number, 100)
        );
    }
}

#[test]
fn a_directory_that_cannot_be_made_is_done_without() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"in the way").unwrap();
    let store = Store::open(Options::in_dir(file.join("store")));
    store.put(key(1), value(1, 10), lineage()).unwrap();
    assert!(store.get(&key(1)).is_some());
    assert!(matches!(store.flush(), Err(Error::NoDisk(_))));
    assert!(matches!(store.stats().disk.state, DiskState::Off(_)));
    assert_eq!(store.stats().disk.unwritten, 1);
}

#[test]
fn closing_twice_and_using_a_closed_store_is_harmless() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(Options::in_dir(dir.path()));
    store.put(key(1), value(1, 10), lineage()).unwrap();
    assert!(store.close() && store.close());
    store.put(key(2), value(2, 10), lineage()).unwrap();
    assert!(store.get(&key(1)).is_some() && store.get(&key(2)).is_some());
    let next = Store::open(Options::in_dir(dir.path()));
    assert!(next.contains(&key(1)) && !next.contains(&key(2)));
}
