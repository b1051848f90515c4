//! What the pool asks of an instrument.

use std::future::Future;

use thiserror::Error;

/// Why an instrument could not be started, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl From<std::io::Error> for StartError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Something that can be started: a process, a connection, a model in memory.
pub trait Instrument: Send + Sync + 'static {
    /// What it is while it runs; leases lead to it.
    type Running: Running;

    /// Starts it, until it is ready. If the future is dropped, nothing of it may be left.
    fn start(&self) -> impl Future<Output = Result<Self::Running, StartError>> + Send;
}

/// An instrument that runs. If it is dropped, nothing of it may be left.
pub trait Running: Send + Sync + 'static {
    /// Asks whether it is well. No answer in time counts as no.
    fn probe(&self) -> impl Future<Output = bool> + Send {
        std::future::ready(true)
    }

    /// Waits until it ends by itself, and says why for a person.
    fn ended(&self) -> impl Future<Output = String> + Send {
        std::future::pending()
    }

    /// Stops it and waits until nothing of it is left.
    fn stop(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}
