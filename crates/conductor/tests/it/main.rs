//! The Conductor with real Pythons, and with what is none. Each test that opens a Python runs in a process of its own.
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod absent;
mod fixture;
mod found;
mod learning;
mod policies;
mod vectors;
