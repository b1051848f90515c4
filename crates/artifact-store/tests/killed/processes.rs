//! Several processes share a directory: one writes, the others read along, and one of them takes over.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use symphony_artifact_store::{DiskState, Store};

use crate::operation::{KEYS, Operation, key, options};
use crate::{alone, lineage};

/// What the process has written under each key, as far as somebody asked: nobody knows how far it is.
#[derive(Default)]
struct Written {
    operations: u64,
    values: HashMap<u64, Vec<Vec<u8>>>,
}

impl Written {
    /// Whether one of its operations puts this value there, of far more than it can have done.
    fn has(&mut self, number: u64, value: &[u8]) -> bool {
        loop {
            let known = self.values.get(&number);
            if known.is_some_and(|it| it.iter().any(|it| it == value)) {
                return true;
            }
            if self.operations >= 100_000 {
                return false;
            }
            self.operations += 1;
            if let Operation::Put(key, value) = Operation::nth(5, self.operations) {
                let number = (0..KEYS).find(|it| crate::key(*it) == key).unwrap();
                self.values.entry(number).or_default().push(value);
            }
        }
    }
}

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
    let mut written = Written::default();
    for line in lines.by_ref().take(60) {
        assert!(line.starts_with("flushed "), "{line}");
        for reader in &readers {
            reader.refresh();
            for number in 0..KEYS {
                if let Some(found) = reader.get(&key(number)) {
                    assert!(written.has(number, found.bytes()), "{number}");
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
