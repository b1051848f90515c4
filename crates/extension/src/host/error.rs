//! Why an extension did not start, did not answer, or ended.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::manifest::ManifestError;
use crate::wire::{Code, FrameError, ValueError};

/// How a process of an extension ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Whether nobody had asked it to.
    pub crashed: bool,
    /// How, for a person, with the last that it wrote to standard error.
    pub reason: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}

/// Why an extension could not be started.
#[derive(Debug, Error)]
pub enum StartError {
    /// Its manifest is wrong or not there.
    #[error("the manifest is wrong: {0}")]
    Manifest(#[from] ManifestError),
    /// Something that the manifest names is not there.
    #[error("{0}")]
    Missing(String),
    /// The system did not start it.
    #[error("failed to start a process: {0}")]
    Spawn(#[from] std::io::Error),
    /// It ended, or said something else than the protocol asks, before it was ready.
    #[error("it did not get ready: {0}")]
    Handshake(Ended),
    /// It said nothing in time.
    #[error("it did not get ready in {0:?}")]
    Late(Duration),
    /// It crashed too often; see [`crate::Quarantine`].
    #[error("in quarantine after {crashes} crashes, the last: {reason}")]
    Quarantined {
        /// How many.
        crashes: usize,
        /// What the last one was.
        reason: String,
    },
}

/// Why a request has no answer.
#[derive(Debug, Error)]
pub enum CallError {
    /// The extension said so.
    #[error("{code}: {message}")]
    Refused {
        /// What went wrong.
        code: Code,
        /// The same for a person.
        message: String,
    },
    /// It took longer than its limit.
    #[error("no answer in {0:?}")]
    Timeout(Duration),
    /// The process is gone.
    #[error("the extension ended: {0}")]
    Ended(Ended),
    /// What is asked, or the answer, is not of the right shape.
    #[error("{0}")]
    Value(#[from] ValueError),
    /// What is asked is too long for a frame.
    #[error("{0}")]
    Frame(#[from] FrameError),
}
