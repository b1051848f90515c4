//! Several processes share a directory: one writes, the others read along, and one of them takes over.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use symphony_artifact_store::{DiskState, Store};

use crate::operation::{KEYS, Operation, key, options};
use crate::{alone, lineage};

#[test]
fn readers_see_what_the_writer_has_flushed_and_one_takes_over() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Command::new(env!("CARGO_BIN_EXE_store-child"))
        .arg(dir.path())
        .arg("5")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    assert_eq!(lines.next().as_deref(), Some("open"));
    let readers = [
        Store::open(options(dir.path())),
        Store::open(options(dir.path())),
    ];
    let mut values = vec![Vec::new(); KEYS as usize];
    let mut known = 0;
    for line in lines.by_ref().take(60) {
        let flushed: u64 = line.strip_prefix("flushed ").unwrap().parse().unwrap();
        for n in known + 1..=flushed + 500 {
            if let Operation::Put(key, value) = Operation::nth(5, n) {
                let number = (0..KEYS).find(|it| crate::key(*it) == key).unwrap();
                values[number as usize].push(value);
            }
        }
        known = flushed + 500;
        for reader in &readers {
            reader.refresh();
            for number in 0..KEYS {
                if let Some(found) = reader.get(&key(number)) {
                    let values = &values[number as usize];
                    assert!(
                        values.iter().any(|value| value == found.bytes()),
                        "{number}"
                    );
                }
            }
        }
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
    readers.iter().for_each(Store::refresh);
    // Whoever looked first, on a question or of its own accord after a miss.
    let state = |store: &Store| store.stats().disk.state;
    let [writer, reader] = match state(&readers[0]) {
        DiskState::Writing => [&readers[0], &readers[1]],
        _ => [&readers[1], &readers[0]],
    };
    assert_eq!(state(writer), DiskState::Writing);
    assert_eq!(state(reader), DiskState::Following);
    writer
        .put(key(KEYS), b"taken over".to_vec(), lineage())
        .unwrap();
    writer.flush().unwrap();
    reader.refresh();
    assert_eq!(reader.get(&key(KEYS)).unwrap().bytes(), &b"taken over"[..]);
    for number in 0..KEYS {
        let [one, other] = [0, 1].map(|it: usize| readers[it].get(&key(number)).map(|it| it.id()));
        assert_eq!(one, other, "{number}");
    }
    assert!(writer.verify().is_sound());
}
