//! A directory or a shared store that cannot be used is told of once, whatever is asked of the store. In a process of its
//! own: who listens to events does so for all threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::{BoxFuture, ready};
use symphony_artifact_store::{
    Backend, Key, KeyBuilder, Kind, Lineage, Options, Secret, SharedError, SharedOptions, Store,
};
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

/// Is there for nobody.
struct Gone;

impl Gone {
    fn answer<T: Send + 'static>() -> BoxFuture<'static, Result<T, SharedError>> {
        ready(Err(SharedError::Failed("it is gone".to_owned()))).boxed()
    }
}

impl Backend for Gone {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, SharedError>> {
        Self::answer()
    }

    fn put<'a>(&'a self, _: &'a str, _: Bytes) -> BoxFuture<'a, Result<(), SharedError>> {
        Self::answer()
    }
}

const KIND: Kind = Kind::new("test");

fn key(number: u8) -> Key {
    KeyBuilder::new(KIND, 1).part("number", [number]).finish()
}

fn lineage() -> Lineage {
    Lineage::new(KIND, "tests", "1", 1)
}

// One test: the warnings of two would be counted together.
#[test]
fn what_cannot_be_used_is_told_of_once() {
    tracing::subscriber::set_global_default(Count).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"in the way").unwrap();
    let store = Store::open(Options::in_dir(file.join("store")));
    for number in 0..100 {
        store.put(key(number), vec![number], lineage()).unwrap();
        assert!(store.get(&key(number)).is_some());
        assert!(store.flush().is_err());
    }
    store.refresh();
    while !store.close() {}
    assert_eq!(WARNINGS.load(Ordering::SeqCst), 1);

    let secret = Secret::new("a secret that nobody needs").unwrap();
    // It is looked for again all the time.
    let shared = SharedOptions {
        pauses: Duration::ZERO..=Duration::ZERO,
        ..SharedOptions::new(Arc::new(Gone), secret)
    };
    let store = Store::open(Options {
        shared: Some(shared),
        ..Options::in_memory(1 << 20)
    });
    for number in 0..100 {
        let found = store.get_shared(&[key(100 + number)], Duration::ZERO);
        assert!(found[0].is_none());
        store
            .put_shared(key(number), vec![number], lineage())
            .unwrap();
    }
    while !store.close() {}
    assert_eq!(WARNINGS.load(Ordering::SeqCst), 2);
}
