//! Why a method has no answer.

use std::io;

use crate::wire::{Code, ValueError};

/// What a method says when it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// For the host.
    pub code: Code,
    /// For a person.
    pub message: String,
}

impl Failure {
    /// It failed, for a reason of its own.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            code: Code::Failed,
            message: message.into(),
        }
    }

    pub(super) fn cancelled() -> Self {
        Self {
            code: Code::Cancelled,
            message: String::new(),
        }
    }
}

impl From<ValueError> for Failure {
    fn from(error: ValueError) -> Self {
        Self {
            code: Code::BadParams,
            message: error.to_string(),
        }
    }
}

/// What the sandbox refuses is told as such, so that the host can log it.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let code = match error.kind() {
            io::ErrorKind::PermissionDenied => Code::Denied,
            _ => Code::Failed,
        };
        let message = error.to_string();
        Self { code, message }
    }
}
