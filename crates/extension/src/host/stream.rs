//! A request that is answered in parts.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::call::{self, Open};
use super::extension::Shared;
use super::pending::{Part, Waiter};
use super::{CallError, lock};
use crate::wire::{Message, Value};

/// The parts of an answer, as they come. Dropped before the end, the request is cancelled.
pub struct Stream {
    open: Open,
    parts: mpsc::UnboundedReceiver<Part>,
    window: u32,
    /// Taken since credit was last given.
    taken: u32,
    last: Option<Value>,
}

impl Stream {
    pub(super) async fn open(
        shared: &Arc<Shared>,
        method: &str,
        params: Value,
        window: u32,
    ) -> Result<Self, CallError> {
        let window = window.max(1);
        let (sender, parts) = mpsc::unbounded_channel();
        let waiter = Waiter::Parts {
            parts: sender,
            credit: window,
        };
        let limit = shared.timeout;
        let open = timeout(limit, call::open(shared, method, params, window, waiter)).await;
        Ok(Self {
            open: open.map_err(|_| CallError::Timeout(limit))??,
            parts,
            window,
            taken: 0,
            last: None,
        })
    }

    /// The next part; none after the last. Waits at most as long as the manifest's `timeout_ms` for each.
    ///
    /// # Errors
    /// See [`CallError`]; nothing comes after one.
    pub async fn next(&mut self) -> Result<Option<Value>, CallError> {
        if self.open.is_over {
            return Ok(None);
        }
        let limit = self.open.shared.timeout;
        let part = timeout(limit, self.parts.recv()).await;
        match part.map_err(|_| CallError::Timeout(limit))? {
            Some(Part::Chunk(value)) => {
                self.give_credit();
                Ok(Some(value))
            }
            Some(Part::Last(answer)) => {
                self.open.is_over = true;
                self.last = Some(answer?);
                Ok(None)
            }
            None => {
                self.open.is_over = true;
                Err(CallError::Ended(self.open.shared.how_it_ended()))
            }
        }
    }

    /// What the method gave at the end, if that has come.
    #[must_use]
    pub fn last(&self) -> Option<&Value> {
        self.last.as_ref()
    }

    /// How many parts are here and not taken.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.parts.len()
    }

    /// In halves of the window: a message for each part would double the traffic.
    fn give_credit(&mut self) {
        self.taken += 1;
        if self.taken < self.window.div_ceil(2) {
            return;
        }
        let (id, chunks) = (self.open.id, std::mem::take(&mut self.taken));
        let shared = &self.open.shared;
        if lock(&shared.pending).add_credit(id, chunks) {
            shared.send(&Message::Credit { id, chunks });
        }
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Stream")
            .field("id", &self.open.id)
            .finish_non_exhaustive()
    }
}
