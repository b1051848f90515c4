//! Instruments against endpoints that do what a script says, on this machine.

#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod cancelled;
mod extension;
mod fake;
mod hostile;
mod pit;
mod reading;
mod scripts;
mod server;
mod trust;
