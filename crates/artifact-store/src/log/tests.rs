//! A disk that fails: the store goes on without it, and what is on it stays readable.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use super::Medium;
use crate::{DiskState, Error, Key, KeyBuilder, Kind, Lineage, Options, Store};

const KIND: Kind = Kind::new("test");

fn key(number: u32) -> Key {
    KeyBuilder::new(KIND, 1)
        .part("number", number.to_le_bytes())
        .finish()
}

fn put(store: &Store, number: u32) {
    let lineage = Lineage::new(KIND, "tests", "1", 1);
    store
        .put(key(number), number.to_le_bytes().repeat(500), lineage)
        .unwrap();
}

/// How many of these keys can be got and are right.
fn right(store: &Store, numbers: std::ops::Range<u32>) -> usize {
    let right = |number: &u32| {
        let found = store.get(&key(*number));
        found.is_some_and(|it| *it.bytes() == number.to_le_bytes().repeat(500))
    };
    numbers.filter(right).count()
}

/// Has room for so many bytes, then writes the part that fits and fails, as a full disk does.
#[derive(Clone)]
struct Full(Arc<AtomicI64>);

impl Medium for Full {
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        let room = self
            .0
            .fetch_sub(bytes.len() as i64, Ordering::SeqCst)
            .max(0) as usize;
        super::medium::write_at(file, &bytes[..room.min(bytes.len())], offset)?;
        if room < bytes.len() {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }
}

/// Cannot make sure of anything from some moment on.
#[derive(Clone, Default)]
struct Unsure(Arc<AtomicBool>);

impl Medium for Unsure {
    fn sync(&self, file: &File) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) {
            Err(io::ErrorKind::Other.into())
        } else {
            file.sync_data()
        }
    }
}

/// Counts how often it was made sure of.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl Medium for Counting {
    fn sync(&self, file: &File) -> io::Result<()> {
        self.0.fetch_add(1, Ordering::SeqCst);
        file.sync_data()
    }
}

/// Lets nobody make a file.
struct Sealed;

impl Medium for Sealed {
    fn create(&self, _: &Path) -> io::Result<File> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
}

fn options(dir: &Path, memory_bytes: u64) -> Options {
    Options {
        memory_bytes,
        segment_bytes: Some(16 << 10),
        ..Options::in_dir(dir)
    }
}

#[test]
fn a_full_disk_costs_no_caller_and_no_flushed_value() {
    for room in (0..200_000).step_by(7_919) {
        let dir = tempfile::tempdir().unwrap();
        let full = Box::new(Full(Arc::new(AtomicI64::new(room))));
        let store = Store::open_on(options(dir.path(), 1 << 20), full);
        let mut flushed = 0;
        for number in 0..60 {
            put(&store, number);
            if number % 5 == 4 && store.flush().is_ok() {
                flushed = number + 1;
            }
        }
        assert_eq!(right(&store, 0..60), 60, "room {room}");
        if room < 60 * 2_000 {
            assert!(
                matches!(store.flush(), Err(Error::NoDisk(_))),
                "room {room}"
            );
            let state = store.stats().disk.state;
            assert!(
                matches!(state, DiskState::ReadOnly(_) | DiskState::Off(_)),
                "{state:?}"
            );
        }
        while !store.close() {}
        drop(store);
        let store = Store::open(options(dir.path(), 1));
        assert_eq!(store.stats().disk.state, DiskState::Writing, "room {room}");
        assert_eq!(right(&store, 0..flushed), flushed as usize, "room {room}");
        put(&store, 99);
        store.flush().unwrap();
        assert_eq!(right(&store, 99..100), 1);
    }
}

#[test]
fn a_flush_makes_sure_once() {
    let dir = tempfile::tempdir().unwrap();
    let counting = Counting::default();
    let store = Store::open_on(Options::in_dir(dir.path()), Box::new(counting.clone()));
    store.flush().unwrap();
    let before = counting.0.load(Ordering::SeqCst);
    for round in 0..50 {
        // More than a batch, so that the thread is at work when it is told to make sure.
        (0..200).for_each(|number| put(&store, round * 200 + number));
        store.flush().unwrap();
    }
    // 20 MB: a snapshot on the way and perhaps a segment, which make sure of a file and of the directory each.
    let after = counting.0.load(Ordering::SeqCst);
    assert!(after - before <= 55, "{}", after - before);
}

#[test]
fn what_is_on_a_disk_that_fails_can_still_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let unsure = Unsure::default();
    let store = Store::open_on(options(dir.path(), 1), Box::new(unsure.clone()));
    (0..10).for_each(|number| put(&store, number));
    store.flush().unwrap();
    unsure.0.store(true, Ordering::SeqCst);
    put(&store, 10);
    assert!(matches!(store.flush(), Err(Error::NoDisk(_))));
    assert!(matches!(store.stats().disk.state, DiskState::ReadOnly(_)));
    assert_eq!(right(&store, 0..10), 10);
    (20..30).for_each(|number| put(&store, number));
    // The one that could not be made sure of, and those after.
    assert_eq!(store.stats().disk.unwritten, 11);
}

#[test]
fn a_directory_without_leave_to_write_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(options(dir.path(), 1));
    (0..10).for_each(|number| put(&store, number));
    while !store.close() {}
    drop(store);
    std::fs::remove_file(dir.path().join("index.snap")).unwrap();
    let store = Store::open_on(options(dir.path(), 1 << 20), Box::new(Sealed));
    assert_eq!(right(&store, 0..10), 10);
    (10..40).for_each(|number| put(&store, number));
    assert!(matches!(store.flush(), Err(Error::NoDisk(_))));
    assert!(matches!(store.stats().disk.state, DiskState::ReadOnly(_)));
    assert_eq!(right(&store, 0..40), 40);
}
