//! A directory that cannot be used is told of once, whatever is asked of the store. In a process of its own: who
//! listens to events does so for all threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use symphony_artifact_store::{KeyBuilder, Kind, Lineage, Options, Store};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

static WARNINGS: AtomicUsize = AtomicUsize::new(0);

struct Count;

impl Subscriber for Count {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn event(&self, _: &Event<'_>) {
        WARNINGS.fetch_add(1, Ordering::SeqCst);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn an_unusable_directory_is_told_of_once() {
    tracing::subscriber::set_global_default(Count).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"in the way").unwrap();
    let store = Store::open(Options::in_dir(file.join("store")));
    let kind = Kind::new("test");
    for number in 0..100_u8 {
        let key = KeyBuilder::new(kind, 1).part("number", [number]).finish();
        store
            .put(key, vec![number], Lineage::new(kind, "tests", "1", 1))
            .unwrap();
        assert!(store.get(&key).is_some());
        assert!(store.flush().is_err());
    }
    store.refresh();
    assert!(store.close());
    assert_eq!(WARNINGS.load(Ordering::SeqCst), 1);
}
