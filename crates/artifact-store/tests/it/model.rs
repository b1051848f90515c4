//! Random sequences of operations beside a plain map.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use symphony_artifact_store::{ArtifactId, Kind, Lineage, Options, Outcome, Purge, Store};

use crate::{key, lineage};

#[derive(Debug, Clone)]
enum Step {
    Put { key: u64, value: u64, length: usize },
    PutOther { key: u64, value: u64 },
    Get(u64),
    Remove(u64),
    RemoveKind,
    RemoveAll,
    Score(u64),
    Pin(u64),
    Unpin(u64),
    Flush,
    Look,
    Reopen { snapshot: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..12_u64;
    prop_oneof![
        8 => (key.clone(), 0..6_u64, prop_oneof![0..40_usize, 500..3000_usize])
            .prop_map(|(key, value, length)| Step::Put { key, value, length }),
        2 => (key.clone(), 0..6_u64).prop_map(|(key, value)| Step::PutOther { key, value }),
        6 => key.clone().prop_map(Step::Get),
        2 => key.clone().prop_map(Step::Remove),
        1 => Just(Step::RemoveKind),
        1 => Just(Step::RemoveAll),
        1 => key.clone().prop_map(Step::Score),
        1 => key.clone().prop_map(Step::Pin),
        1 => key.prop_map(Step::Unpin),
        1 => Just(Step::Flush),
        1 => Just(Step::Look),
        2 => any::<bool>().prop_map(|snapshot| Step::Reopen { snapshot }),
    ]
}

fn value(number: u64, length: usize) -> Vec<u8> {
    number
        .to_le_bytes()
        .into_iter()
        .cycle()
        .take(length)
        .collect()
}

const OTHER: Kind = Kind::new("other");

/// A value of the model, and whether it is of the other kind.
type Model = HashMap<u64, (Vec<u8>, bool)>;

fn options(dir: &Path, memory_bytes: u64, disk_bytes: u64) -> Options {
    Options {
        memory_bytes,
        disk_bytes,
        segment_bytes: Some(8 << 10),
        compress_from: 1000,
        ..Options::in_dir(dir)
    }
}

/// Runs the steps. `exact`: nothing may be missing; else what is there must be right.
fn run(steps: &[Step], memory_bytes: u64, disk_bytes: u64, exact: bool) {
    let dir = tempfile::tempdir().unwrap();
    let open = || Store::open(options(dir.path(), memory_bytes, disk_bytes));
    let mut store = open();
    let mut model = Model::new();
    for step in steps {
        match step {
            Step::Put {
                key: k,
                value: v,
                length,
            } => {
                let bytes = value(*v, *length);
                let id = store.put(key(*k), bytes.clone(), lineage()).unwrap();
                assert_eq!(id, ArtifactId::of(&bytes));
                model.insert(*k, (bytes, false));
            }
            Step::PutOther { key: k, value: v } => {
                let lineage = Lineage::new(OTHER, "tests", "1", 1);
                store.put(key(*k), value(*v, 700), lineage).unwrap();
                model.insert(*k, (value(*v, 700), true));
            }
            Step::Get(k) => agree(&store, &model, *k, exact),
            Step::Remove(k) => {
                store.purge(&Purge::Key(key(*k))).unwrap();
                model.remove(k);
            }
            Step::RemoveKind => {
                store.purge(&Purge::Kind(OTHER.name().to_owned())).unwrap();
                model.retain(|_, (_, other)| !*other);
            }
            Step::RemoveAll => {
                store.purge(&Purge::All).unwrap();
                model.clear();
            }
            Step::Score(k) => store.score(&key(*k), Outcome::Accepted),
            Step::Pin(k) => store.pin(key(*k)),
            Step::Unpin(k) => store.unpin(&key(*k)),
            Step::Flush => store.flush().unwrap(),
            Step::Look => {
                store.flush().unwrap();
                let beside = open();
                (0..12).for_each(|k| agree(&beside, &model, k, exact));
            }
            Step::Reopen { snapshot } => {
                while !store.close() {}
                if !snapshot {
                    let _ = fs::remove_file(dir.path().join("index.snap"));
                }
                store = open();
            }
        }
    }
    (0..12).for_each(|k| agree(&store, &model, k, exact));
    store.flush().unwrap();
    assert!(store.verify().is_sound());
}

fn agree(store: &Store, model: &Model, number: u64, exact: bool) {
    let found = store.get(&key(number)).map(|it| it.bytes().to_vec());
    let expected = model.get(&number).map(|(value, _)| value.clone());
    if exact || found.is_some() {
        assert_eq!(found, expected, "key {number}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_is_a_map(steps in vec(step(), 1..120)) {
        run(&steps, 4_000, 1 << 30, true);
    }

    #[test]
    fn a_store_with_a_budget_is_a_map_that_forgets(steps in vec(step(), 1..120)) {
        run(&steps, 2_000, 20_000, false);
    }
}
