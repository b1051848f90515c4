//! How a Conductor is started. Whoever fills this in takes paths from the user's own settings only: each of them names code
//! that will run, so none may come from a workspace.

use std::path::PathBuf;
use std::time::Duration;

/// How a Conductor is started.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The Python to look for: a name, or an absolute path. Without one: beside the binary, else `python3` (on Windows `python`).
    pub python: Option<PathBuf>,
    /// The folder that holds the package `conductor`. Without one: beside the binary, else where Python itself finds it.
    pub package: Option<PathBuf>,
    /// The library that holds Python. Without one: beside the binary, else in the package.
    pub library: Option<PathBuf>,
    /// A file of weights. Without one: those of the package.
    pub weights: Option<PathBuf>,
    /// Where weights that were learned on from the user's own choices may be ([`crate::Journal::weights`]); only without
    /// `weights`. If they are not there, are broken or grew from those of another package, the package's are taken, and
    /// [`crate::Health::reason`] tells why.
    pub refined: Option<PathBuf>,
    /// A Python file with a function `decide`. Without one: the package's policy.
    pub policy: Option<PathBuf>,
    /// What the fallback shows at least.
    pub tau: f64,
    /// How long whoever asks waits for Python.
    pub deadline: Duration,
    /// A decision that takes so long is taken for one that never ends.
    pub stuck_after: Duration,
    /// How long a Python may take to say what it is.
    pub probe_limit: Duration,
    /// After so many failures in a row the policy is left alone for a while.
    pub failures_in_a_row: u32,
    /// For how long at first; each time twice as long, up to sixty times.
    pub back_off: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            python: None,
            package: None,
            library: None,
            weights: None,
            refined: None,
            policy: None,
            tau: 0.5,
            deadline: Duration::from_millis(1),
            stuck_after: Duration::from_secs(1),
            probe_limit: Duration::from_secs(10),
            failures_in_a_row: 8,
            back_off: Duration::from_secs(1),
        }
    }
}
