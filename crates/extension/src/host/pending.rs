//! The requests that an extension has not answered.

use std::collections::HashMap;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::error::{CallError, Ended};
use super::extension::Health;
use crate::wire::{Code, RequestId, Value};

/// What comes of a request.
pub(super) type Answer = Result<Value, CallError>;

/// What a stream's reader gets.
pub(super) enum Part {
    Chunk(Value),
    Last(Answer),
}

/// Who waits for what.
pub(super) enum Waiter {
    One(oneshot::Sender<Answer>),
    Parts {
        /// Never longer than the credit that was given.
        parts: mpsc::UnboundedSender<Part>,
        credit: u32,
    },
    /// Nobody; the extension is still at it.
    Nobody,
}

pub(super) struct Request {
    pub(super) method: String,
    pub(super) waiter: Waiter,
    /// The extension's: free again only when it has answered.
    pub(super) slot: OwnedSemaphorePermit,
}

#[derive(Default)]
pub(super) struct Pending {
    requests: HashMap<RequestId, Request>,
    pings: HashMap<u64, oneshot::Sender<Health>>,
    ended: Option<Ended>,
}

impl Pending {
    /// # Errors
    /// If the extension has ended: nobody will answer.
    pub(super) fn insert(&mut self, id: RequestId, request: Request) -> Result<(), CallError> {
        match &self.ended {
            Some(ended) => Err(CallError::Ended(ended.clone())),
            None => {
                self.requests.insert(id, request);
                Ok(())
            }
        }
    }

    pub(super) fn insert_ping(&mut self, nonce: u64, waiter: oneshot::Sender<Health>) {
        self.pings.retain(|_, waiter| !waiter.is_closed());
        if self.ended.is_none() {
            self.pings.insert(nonce, waiter);
        }
    }

    pub(super) fn pong(&mut self, nonce: u64, health: Health) {
        if let Some(waiter) = self.pings.remove(&nonce) {
            // Who asked may not wait any more.
            let _ = waiter.send(health);
        }
    }

    /// Nobody waits for it any more; whether the extension still works at it.
    pub(super) fn abandon(&mut self, id: RequestId) -> bool {
        match self.requests.get_mut(&id) {
            Some(request) => {
                request.waiter = Waiter::Nobody;
                true
            }
            None => false,
        }
    }

    /// The last message about a request; its method where it was refused something.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn answer(
        &mut self,
        id: RequestId,
        answer: Answer,
    ) -> Result<Option<(String, String)>, String> {
        let request = self.requests.remove(&id);
        let request = request.ok_or_else(|| format!("answered request {id}, which is not open"))?;
        let denied = match &answer {
            Err(CallError::Refused {
                code: Code::Denied,
                message,
            }) => Some((request.method, message.clone())),
            _ => None,
        };
        drop(request.slot);
        // Whoever waited may not wait any more.
        match request.waiter {
            Waiter::One(waiter) => drop(waiter.send(answer)),
            Waiter::Parts { parts, .. } => drop(parts.send(Part::Last(answer))),
            Waiter::Nobody => {}
        }
        Ok(denied)
    }

    /// # Errors
    /// What is wrong with it.
    pub(super) fn chunk(&mut self, id: RequestId, value: Value) -> Result<(), String> {
        let request = self.requests.get_mut(&id);
        match request.map(|it| &mut it.waiter) {
            None => Err(format!("sent a chunk for request {id}, which is not open")),
            Some(Waiter::One(_)) => {
                Err(format!("sent a chunk for request {id}, which is no stream"))
            }
            Some(Waiter::Parts { credit: 0, .. }) => Err(format!(
                "sent more chunks for request {id} than it had credit"
            )),
            Some(Waiter::Parts { parts, credit }) => {
                *credit -= 1;
                let _ = parts.send(Part::Chunk(value));
                Ok(())
            }
            Some(Waiter::Nobody) => Ok(()),
        }
    }

    /// Gives a stream more credit; whether it is still open.
    pub(super) fn add_credit(&mut self, id: RequestId, chunks: u32) -> bool {
        let request = self.requests.get_mut(&id);
        match request.map(|it| &mut it.waiter) {
            Some(Waiter::Parts { credit, .. }) => {
                *credit += chunks;
                true
            }
            _ => false,
        }
    }

    pub(super) fn end(&mut self, ended: &Ended) {
        self.ended = Some(ended.clone());
        self.pings.clear();
        for (_, request) in self.requests.drain() {
            let answer = Err(CallError::Ended(ended.clone()));
            match request.waiter {
                Waiter::One(waiter) => drop(waiter.send(answer)),
                Waiter::Parts { parts, .. } => drop(parts.send(Part::Last(answer))),
                Waiter::Nobody => {}
            }
        }
    }
}
