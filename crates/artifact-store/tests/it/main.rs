//! The store as its callers see it, on real directories.

mod basics;

use symphony_artifact_store::{Key, KeyBuilder, Kind, Lineage};

const KIND: Kind = Kind::new("test");

fn key(number: u64) -> Key {
    KeyBuilder::new(KIND, 1)
        .part("number", number.to_le_bytes())
        .finish()
}

fn lineage() -> Lineage {
    Lineage::new(KIND, "tests", "1", 1_000)
}
