//! Why a call had no answer. Nothing of what the other side wrote is in here but its own short code: it may repeat our text.

use std::time::Duration;

use thiserror::Error;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallError {
    /// There is no connection, or it broke before anything came.
    #[error("failed to reach it: {0}")]
    Unreachable(String),
    /// It said no.
    #[error("it answered {status}{}", code.as_ref().map(|it| format!(" ({it})")).unwrap_or_default())]
    Status {
        /// The status of HTTP.
        status: u16,
        /// Its own code, if that is a short word.
        code: Option<String>,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// It said nothing for too long.
    #[error("no {0} in time")]
    Late(&'static str),
    /// What it said is not in the form that was agreed on.
    #[error("its answer makes no sense: {0}")]
    Senseless(&'static str),
    /// It says that something went wrong, where text should come.
    #[error("it failed while it answered{}", .0.as_ref().map(|it| format!(" ({it})")).unwrap_or_default())]
    Upstream(Option<String>),
    /// It sends more than anybody can use.
    #[error("its answer is too large")]
    TooLarge,
    /// The answer broke off before a line was whole.
    #[error("its answer broke off")]
    BrokeOff,
}

impl CallError {
    /// Whether the same question may be put again: nothing has come yet, and it may be over soon.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Status { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Self::Late(_)
            | Self::Senseless(_)
            | Self::Upstream(_)
            | Self::TooLarge
            | Self::BrokeOff => false,
        }
    }

    /// How long it wants to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// The innermost reason of an error: the outer ones repeat the address.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
