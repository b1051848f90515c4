//! Requests that the Pit answers: what is to be done, on data of its own, and how the answer comes back.

use serde_json::Value;
use symphony_pit::{Answer, Job, NoAnswer, Pit};

use crate::requests::empty_list;
use crate::task::{CancelToken, HandlerResult};

/// What answers, given a way to learn that nobody waits any more.
type Work = Box<dyn FnOnce(&dyn Fn() -> bool) -> HandlerResult<Value> + Send>;

/// A request's work for the Pit. It holds no handle of the database: it may wait in a queue.
pub(crate) struct Assignment {
    pub(crate) job: Job,
    pub(crate) work: Work,
}

impl Assignment {
    /// Gives the work to the Pit, and its answer to `reply`. The work learns of `cancel`.
    pub(crate) fn submit(
        self,
        pit: &Pit,
        cancel: &CancelToken,
        reply: impl FnOnce(Value) + Send + 'static,
    ) {
        let Self { job, work } = self;
        let cancel = cancel.clone();
        let work = move |given_up: &symphony_pit::Cancel| {
            let given_up = || given_up.is_cancelled() || cancel.is_cancelled();
            match work(&given_up) {
                Ok(value) => Ok(value.to_string().into()),
                Err(error) => {
                    tracing::warn!(%error, "a job failed");
                    Err(NoAnswer::Nothing)
                }
            }
        };
        pit.submit(job, work, move |answer| reply(value_of(&answer)));
    }
}

/// What the client is told: without an answer there is nothing to show.
fn value_of(answer: &Answer) -> Value {
    let value = answer.as_ref().map(|bytes| serde_json::from_slice(bytes));
    match value {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => {
            tracing::error!(%error, "an answer that is no JSON");
            empty_list()
        }
        Err(reason) => {
            tracing::debug!(%reason, "no answer");
            empty_list()
        }
    }
}
