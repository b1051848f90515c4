//! Instruments against endpoints that do what a script says, on this machine.

mod cancelled;
mod extension;
mod fake;
mod hostile;
mod pit;
mod reading;
mod scripts;
mod server;
mod trust;
