//! The crate from outside: the wire, manifests, and extensions that really run.
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod calls;
mod ends;
mod fixture;
mod frames;
mod languages;
mod manifests;
mod sandbox;
mod supervised;
mod vectors;
