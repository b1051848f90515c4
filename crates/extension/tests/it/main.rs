//! The crate from outside: the wire, manifests, and extensions that really run.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod frames;
mod manifests;
mod vectors;
