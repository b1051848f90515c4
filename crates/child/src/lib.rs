//! Programs of others that run no longer than this process, however it ends: groups of processes, the launcher that
//! watches one, and a service that is started, read and stopped.
//!
//! It knows nothing of what they are for. Extensions and model servers are started by it.

mod group;
mod launch;
mod service;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use group::Group;
#[cfg(not(unix))]
pub use launch::not_here;
pub use launch::{Plan, launch};
#[cfg(unix)]
pub use launch::{become_program, stay_with, watch};
pub use service::{Service, ServiceOptions};

/// The command that becomes the launcher: [`launch`], with the last argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launcher {
    /// The binary; the server's own, where there is one.
    pub program: PathBuf,
    /// What goes before the plan.
    pub arguments: Vec<OsString>,
}

/// What a panic elsewhere has left is at worst incomplete.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
