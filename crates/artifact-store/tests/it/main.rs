//! The store as its callers see it, on real directories.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod basics;
mod damage;
mod model;
#[path = "../common/child/operation.rs"]
mod operation;
#[path = "../common/rounds.rs"]
mod rounds;

use operation::{key, lineage};
use rounds::rounds;
