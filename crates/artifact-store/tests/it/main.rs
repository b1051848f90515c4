//! The store as its callers see it, on real directories.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod basics;
mod crash;
mod damage;
mod model;
#[path = "child/operation.rs"]
mod operation;
mod processes;

use operation::{key, lineage};

/// How often a slow test tries. `SYMPHONY_STORE_ROUNDS=1000` for a thorough run, of some minutes.
fn rounds(by_default: u64) -> u64 {
    let asked = std::env::var("SYMPHONY_STORE_ROUNDS");
    asked
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(by_default)
}
