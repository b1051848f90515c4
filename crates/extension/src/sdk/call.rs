//! One request, as its method sees it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::failure::Failure;
use super::output::Output;
use crate::wire::{Code, Level, Message, RequestId, Value, ValueError};

/// A request: what is asked, and the way to answer it in parts.
pub struct Call {
    pub(super) id: RequestId,
    pub(super) params: Value,
    pub(super) timeout: Duration,
    pub(super) state: Arc<State>,
    pub(super) output: Arc<Output>,
}

/// What the host says about a request while it is answered.
pub(super) struct State {
    inner: Mutex<(u32, bool)>,
    changed: Condvar,
}

impl State {
    pub(super) fn new(credit: u32) -> Self {
        Self {
            inner: Mutex::new((credit, false)),
            changed: Condvar::new(),
        }
    }

    pub(super) fn add_credit(&self, chunks: u32) {
        let mut inner = self.lock();
        inner.0 = inner.0.saturating_add(chunks);
        self.changed.notify_all();
    }

    pub(super) fn cancel(&self) {
        self.lock().1 = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, (u32, bool)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// What the host gave.
    ///
    /// # Errors
    /// If it is of another shape.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        self.params.read()
    }

    /// How long the host waits; none if it does not say.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        (!self.timeout.is_zero()).then_some(self.timeout)
    }

    /// Whether the answer is not wanted any more. Long work asks now and then.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.state.lock().1
    }

    /// Waits until the answer is not wanted any more.
    pub fn wait_until_cancelled(&self) {
        let mut inner = self.state.lock();
        while !inner.1 {
            let changed = self.state.changed.wait(inner);
            inner = changed.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Sends a part of the answer, and waits before that until the host wants one.
    ///
    /// # Errors
    /// If the request is cancelled; the method should give that on.
    pub fn send(&self, part: &(impl Serialize + ?Sized)) -> Result<(), Failure> {
        self.send_later(part)?;
        Ok(self.output.flush()?)
    }

    /// Sends a part with the next one, or at the end, for parts that are made faster than anyone reads them.
    ///
    /// # Errors
    /// If the request is cancelled; the method should give that on.
    pub fn send_later(&self, part: &(impl Serialize + ?Sized)) -> Result<(), Failure> {
        let value = Value::of(part).map_err(|error| Failure::new(error.to_string()))?;
        let mut inner = self.state.lock();
        if inner.0 == 0 {
            drop(inner);
            // The host gives credit for what it has.
            self.output.flush()?;
            inner = self.state.lock();
        }
        while inner.0 == 0 && !inner.1 {
            let changed = self.state.changed.wait(inner);
            inner = changed.unwrap_or_else(PoisonError::into_inner);
        }
        if inner.1 {
            return Err(Failure::cancelled());
        }
        inner.0 -= 1;
        drop(inner);
        if self.output.add(&Message::Chunk { id: self.id, value })? {
            return Ok(());
        }
        Err(Failure::new("a part of the answer is too long for a frame"))
    }

    /// Writes a line to the host's log.
    pub fn log(&self, level: Level, message: impl Into<String>) {
        let message = message.into();
        // Without a host nobody reads logs.
        let _ = self.output.add(&Message::Log { level, message });
        let _ = self.output.flush();
    }

    pub(super) fn answer(&self, answer: Result<Value, Failure>) -> std::io::Result<()> {
        let id = self.id;
        let message = match answer {
            Ok(value) => Message::Response { id, value },
            Err(Failure { code, message }) => Message::Error { id, code, message },
        };
        if !self.output.add(&message)? {
            self.output.add(&Message::Error {
                id,
                code: Code::Failed,
                message: "the answer is too long for a frame".to_owned(),
            })?;
        }
        Ok(())
    }
}
