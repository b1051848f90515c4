//! How extensions are started, whatever they are.

use std::path::PathBuf;
use std::time::Duration;

pub use symphony_child::Launcher;

use super::Notices;
use crate::wire::MAX_FRAME;

/// What all extensions of a host share.
#[derive(Debug, Clone)]
pub struct HostOptions {
    /// Who this is, as extensions are told.
    pub host: String,
    /// What fences them in.
    pub launcher: Launcher,
    /// The Python that runs those in Python; without it, `python3` of the search path.
    pub python: Option<PathBuf>,
    /// The Node that runs those in JavaScript; without it, `node` of the search path.
    pub node: Option<PathBuf>,
    /// How long one may take until it is ready.
    pub handshake: Duration,
    /// How long one may take to end when it is asked to.
    pub grace: Duration,
    /// The longest frame, in both directions.
    pub max_frame: usize,
    /// Where notices go.
    pub notices: Notices,
}

impl HostOptions {
    /// With the usual limits.
    #[must_use]
    pub fn new(launcher: Launcher, notices: Notices) -> Self {
        Self {
            host: concat!("symphony ", env!("CARGO_PKG_VERSION")).to_owned(),
            launcher,
            python: None,
            node: None,
            handshake: Duration::from_secs(10),
            grace: Duration::from_secs(1),
            max_frame: MAX_FRAME,
            notices,
        }
    }
}
