//! One request and its one answer.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::extension::Shared;
use super::pending::{Request, Waiter};
use super::{CallError, lock};
use crate::wire::{Message, RequestId, Value};

pub(super) async fn call(
    shared: &Arc<Shared>,
    method: &str,
    params: Value,
) -> Result<Value, CallError> {
    let answered = async {
        let (waiter, answer) = oneshot::channel();
        let mut open = open(shared, method, params, 0, Waiter::One(waiter)).await?;
        let answer = answer.await;
        open.is_over = true;
        answer.unwrap_or_else(|_| Err(CallError::Ended(shared.how_it_ended())))
    };
    let limit = shared.timeout;
    let answered = timeout(limit, answered).await;
    answered.unwrap_or(Err(CallError::Timeout(limit)))
}

/// Sends a request once the extension has a slot for it and reads what it is sent.
pub(super) async fn open(
    shared: &Arc<Shared>,
    method: &str,
    params: Value,
    credit: u32,
    waiter: Waiter,
) -> Result<Open, CallError> {
    let gone = || CallError::Ended(shared.how_it_ended());
    let slot = Arc::clone(&shared.slots).acquire_owned().await;
    let slot = slot.map_err(|_| gone())?;
    let id = shared.id();
    let request = Message::Request {
        id,
        method: method.to_owned(),
        credit,
        timeout_ms: u32::try_from(shared.timeout.as_millis()).unwrap_or(u32::MAX),
        params,
    };
    let frame = request.to_frame(shared.max_frame)?;
    let room = shared.outbox.room(frame.len()).await.ok_or_else(gone)?;
    let request = Request {
        method: method.to_owned(),
        waiter,
        slot,
    };
    lock(&shared.pending).insert(id, request)?;
    shared.outbox.send(&frame, Some(room));
    Ok(Open {
        shared: Arc::clone(shared),
        id,
        is_over: false,
    })
}

/// A request that was sent. Dropped before its answer was there, it is cancelled.
pub(super) struct Open {
    pub(super) shared: Arc<Shared>,
    pub(super) id: RequestId,
    /// The last message about it was received.
    pub(super) is_over: bool,
}

impl Drop for Open {
    fn drop(&mut self) {
        // One cancel a slot: there are few.
        if !self.is_over && lock(&self.shared.pending).abandon(self.id) {
            self.shared.send(&Message::Cancel { id: self.id });
        }
    }
}
