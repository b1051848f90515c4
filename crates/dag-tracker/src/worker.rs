//! The work of one node, from its checkpoint to its answer. A panic is a failure of the node.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::JobKey;
use crate::checkpoint::{self, Checkpoints, Saved};
use crate::machine::{Report, RunId};
use crate::work::{Answer, Context, Failure};

/// What a worker tells the owner.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) run: RunId,
    pub(crate) node: u32,
    pub(crate) result: Result<(Report, Bytes), Failure>,
}

type Result<T, E = Failure> = std::result::Result<T, E>;

/// Does work that does not wait.
pub(crate) fn compute(
    checkpoints: &dyn Checkpoints,
    key: Option<JobKey>,
    work: impl FnOnce(Option<Bytes>) -> Answer,
) -> Result<(Report, Bytes)> {
    let saved = match begin(checkpoints, key) {
        Begin::Done(output) => return Ok((Report::Restored, output)),
        Begin::From(saved) => saved,
    };
    let answer = catch_unwind(AssertUnwindSafe(|| work(saved)));
    end(checkpoints, key, answer)
}

/// Does work that waits; it is dropped when it is cancelled.
pub(crate) async fn wait(
    mut context: Context,
    work: Box<dyn FnOnce(Context) -> BoxFuture<'static, Answer> + Send>,
) -> Result<(Report, Bytes)> {
    let (checkpoints, key) = (context.checkpoints.clone(), context.key);
    match begin(&*checkpoints, key) {
        Begin::Done(output) => return Ok((Report::Restored, output)),
        Begin::From(saved) => context.saved = saved,
    }
    let cancel = context.cancel.clone();
    let future = match catch_unwind(AssertUnwindSafe(|| work(context))) {
        Ok(future) => future,
        Err(panic) => return end(&*checkpoints, key, Err(panic)),
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Failure::new("stopped")),
        answer = AssertUnwindSafe(future).catch_unwind() => end(&*checkpoints, key, answer),
    }
}

/// How a node starts.
enum Begin {
    /// Not at all: this is its output.
    Done(Bytes),
    /// From what it saved.
    From(Option<Bytes>),
}

fn begin(checkpoints: &dyn Checkpoints, key: Option<JobKey>) -> Begin {
    match key.map_or(Saved::Nothing, |key| checkpoint::load(checkpoints, key)) {
        Saved::Done(output) => Begin::Done(output),
        Saved::Partial(state) => Begin::From(Some(state)),
        Saved::Nothing => Begin::From(None),
    }
}

fn end(
    checkpoints: &dyn Checkpoints,
    key: Option<JobKey>,
    answer: Result<Answer, Box<dyn Any + Send>>,
) -> Result<(Report, Bytes)> {
    match answer {
        Ok(Ok(output)) => {
            if let Some(key) = key {
                checkpoint::save_done(checkpoints, key, &output);
            }
            Ok((Report::Succeeded, output))
        }
        Ok(Err(failure)) => Err(failure),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().copied();
            let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            Err(Failure(format!(
                "panicked: {}",
                text.unwrap_or("no message")
            )))
        }
    }
}
