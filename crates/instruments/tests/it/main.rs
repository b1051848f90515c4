//! Instruments against endpoints that do what a script says, on this machine.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so where it stands"
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
