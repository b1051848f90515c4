//! What an extension may not do, and how much of that the system at hand can enforce.
//!
//! On Linux: Landlock for files, ports and signals, seccomp for sockets, processes and what only administration needs, and
//! resource limits. It is put on by the launcher (`launch.rs`), on itself, just before it becomes the extension. Elsewhere
//! there is nothing of the kind without an installer, and [`support`] says so.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod syscalls;

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
pub(crate) use linux::restrict;

/// The fence around one extension. What is not named is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fence {
    /// Files and folders that may be read.
    pub(crate) read: Vec<PathBuf>,
    /// Files and folders that may be changed, too.
    pub(crate) write: Vec<PathBuf>,
    /// Programs that may be started: its own, and what it declares.
    pub(crate) execute: Vec<PathBuf>,
    /// Whether it may have processes of its own.
    pub(crate) processes: bool,
    /// TCP ports that it may connect to; without any, no socket at all.
    pub(crate) ports: Vec<u16>,
    /// Its own memory, in bytes.
    pub(crate) memory: u64,
    /// Processor time, in seconds.
    pub(crate) cpu_seconds: Option<u64>,
    /// Open files and connections.
    pub(crate) open_files: u64,
}

/// How much of a fence the system enforces; `symphony doctor` and `symphony ext list` show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// All of it.
    Full,
    /// Not all: what is missing.
    Partial(String),
    /// Nothing: why.
    None(String),
}

impl fmt::Display for Support {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => formatter.write_str("sandboxed: Landlock, seccomp and resource limits"),
            Self::Partial(missing) => write!(formatter, "sandboxed in part: {missing}"),
            Self::None(why) => write!(formatter, "not sandboxed here: {why}"),
        }
    }
}

/// What this system can enforce.
#[must_use]
pub fn support() -> Support {
    #[cfg(target_os = "linux")]
    return linux::support();
    #[cfg(not(target_os = "linux"))]
    Support::None(format!(
        "{} has no sandbox that a program can put on others; extensions may do what you may",
        std::env::consts::OS
    ))
}
