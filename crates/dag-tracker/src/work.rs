//! What nodes do: closures and futures, and what they see of the graph around them.

use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::checkpoint::{self, Checkpoints};
use crate::{JobKey, Need, Node, NodeId};

/// Why a node failed, in words: a lowercase fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

impl Failure {
    /// A failure in these words.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl From<&str> for Failure {
    fn from(reason: &str) -> Self {
        Self::new(reason)
    }
}

/// What a node gives: its output, or why there is none.
pub type Answer = Result<Bytes, Failure>;

type Inline = Box<dyn FnOnce(&Outputs) -> Answer + Send>;
type Blocking = Box<dyn FnOnce(&Context) -> Answer + Send>;
type Task = Box<dyn FnOnce(Context) -> BoxFuture<'static, Answer> + Send>;

/// What a node does. Made by [`Job::nothing`], [`Job::inline`], [`Job::blocking`] and [`Job::task`].
pub struct Work(pub(crate) Kind);

pub(crate) enum Kind {
    Nothing,
    Inline(Inline),
    Blocking(Blocking),
    Task(Task),
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Nothing => "nothing",
            Kind::Inline(_) => "inline",
            Kind::Blocking(_) => "blocking",
            Kind::Task(_) => "task",
        })
    }
}

/// A node that the tracker can run.
pub type Job = Node<Work>;

impl Job {
    /// A place where edges meet.
    #[must_use]
    pub fn nothing(kind: &'static str) -> Self {
        Self::new(kind, Need::Nothing, Work(Kind::Nothing))
    }

    /// Work of microseconds: it runs on the owner of the tracker, which does nothing else meanwhile. It takes no worker,
    /// and its priority does not matter.
    pub fn inline(
        kind: &'static str,
        work: impl FnOnce(&Outputs) -> Answer + Send + 'static,
    ) -> Self {
        Self::new(kind, Need::Inline, Work(Kind::Inline(Box::new(work))))
    }

    /// Work that computes or waits for the disk, on a thread for such work. It should look at
    /// [`Context::is_cancelled`] now and then: nothing else can stop it.
    pub fn blocking(
        kind: &'static str,
        work: impl FnOnce(&Context) -> Answer + Send + 'static,
    ) -> Self {
        Self::new(kind, Need::Slot, Work(Kind::Blocking(Box::new(work))))
    }

    /// Work that waits. When it is stopped, its future is dropped where it waits.
    pub fn task<F>(kind: &'static str, work: impl FnOnce(Context) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let task = |context| -> BoxFuture<'static, Answer> { Box::pin(work(context)) };
        Self::new(kind, Need::Slot, Work(Kind::Task(Box::new(task))))
    }
}

/// The outputs of the nodes of one graph. All that is shared without a lock here: the owner sets each place once, before it
/// starts a node that may read it, so no reader depends on an order.
#[derive(Debug)]
pub struct Outputs(Vec<OnceLock<Bytes>>);

impl Outputs {
    pub(crate) fn new(nodes: usize) -> Self {
        Self((0..nodes).map(|_| OnceLock::new()).collect())
    }

    /// What a node gave; that of a group is that of its alternative that succeeded. `None` if it gave nothing (no bytes),
    /// did not succeed or has not ended. A hard source of the node that asks has ended.
    #[must_use]
    pub fn of(&self, node: NodeId) -> Option<&Bytes> {
        self.0.get(node.index())?.get()
    }

    pub(crate) fn set(&self, node: u32, output: Bytes) {
        if !output.is_empty()
            && let Some(place) = self.0.get(node as usize)
        {
            // Each node ends once; a second output could only be that of a node that was stopped.
            let _ = place.set(output);
        }
    }
}

/// What work that goes on beside sees.
#[derive(Clone)]
pub struct Context {
    pub(crate) outputs: Arc<Outputs>,
    pub(crate) cancel: CancellationToken,
    pub(crate) key: Option<JobKey>,
    pub(crate) saved: Option<Bytes>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

impl Context {
    /// What other nodes gave.
    #[must_use]
    pub fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    /// Whether the answer is no longer wanted: the node was cancelled, or its deadline is over.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Waits until the answer is no longer wanted.
    pub async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }

    /// What this job saved of its state before it was interrupted.
    #[must_use]
    pub fn saved(&self) -> Option<&Bytes> {
        self.saved.as_ref()
    }

    /// Keeps how far this job is, for its next start; nothing happens without a key.
    pub fn save(&self, state: &Bytes) {
        if let Some(key) = self.key {
            checkpoint::save_partial(&*self.checkpoints, key, state);
        }
    }
}
