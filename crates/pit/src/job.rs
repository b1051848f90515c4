//! What is submitted, and how it ends.

use std::time::Instant;

use bytes::Bytes;
use symphony_arbitration_engine::{DropReason, Priority, Refusal, Window};
use symphony_artifact_store::{Key, Lineage};
use symphony_stale_manager::{CancelToken, Why};

/// A document, and the version of it that a job is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentVersion {
    /// A number of the caller's choice.
    pub document: u64,
    /// Grows with each edit.
    pub version: u64,
}

/// A piece of work, as far as the Pit has to know it.
#[derive(Debug, Clone)]
pub struct Job {
    pub(crate) kind: &'static str,
    pub(crate) priority: Priority,
    pub(crate) window: Window,
    pub(crate) document: Option<DocumentVersion>,
    pub(crate) merge: Option<Key>,
    pub(crate) key: Option<(Key, Lineage)>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) cost: u32,
}

impl Job {
    /// A job of a kind: a short name that it shares with others like it.
    #[must_use]
    pub fn new(kind: &'static str, priority: Priority) -> Self {
        Self {
            kind,
            priority,
            window: Window(0),
            document: None,
            merge: None,
            key: None,
            deadline: None,
            cost: 1,
        }
    }

    /// For a window: within a priority the windows share fairly.
    #[must_use]
    pub fn of_window(self, window: Window) -> Self {
        Self { window, ..self }
    }

    /// About a version of a document: a newer version cancels it.
    #[must_use]
    pub fn about(self, document: u64, version: u64) -> Self {
        let document = Some(DocumentVersion { document, version });
        Self { document, ..self }
    }

    /// Its answer depends on nothing but what `key` names: it is kept, and identical jobs are done once.
    #[must_use]
    pub fn kept_as(self, key: Key, lineage: Lineage) -> Self {
        Self {
            merge: Some(key),
            key: Some((key, lineage)),
            ..self
        }
    }

    /// Identical jobs, by this key, are done once; the answer is not kept.
    #[must_use]
    pub fn merged_as(self, key: Key) -> Self {
        let merge = Some(key);
        Self { merge, ..self }
    }

    /// Nobody wants its answer after this.
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        let deadline = Some(deadline);
        Self { deadline, ..self }
    }

    /// What it is expected to cost, beside others: 1 if nothing is said.
    #[must_use]
    pub fn costing(self, cost: u32) -> Self {
        Self { cost, ..self }
    }
}

/// How work learns that nobody wants its answer any more. Asking costs one load.
#[derive(Debug, Clone)]
pub struct Cancel(pub(crate) CancelToken);

impl Cancel {
    /// Whether it may stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// The answer to a job, or why there is none.
pub type Answer = Result<Bytes, NoAnswer>;

/// Why a job has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// There was no room for it.
    #[error("run the job: {0}")]
    Refused(Refusal),
    /// It was given up while it waited.
    #[error("run the job: {0}")]
    Dropped(DropReason),
    /// Nobody wanted it any more.
    #[error("go on: {0:?}")]
    Cancelled(Why),
    /// The work has nothing to say: not kept, not told.
    #[error("find an answer")]
    Nothing,
    /// The work panicked. The log has the message.
    #[error("run the job: it panicked")]
    Panicked,
    /// The Pit is closed.
    #[error("run the job: the process is ending")]
    Closed,
}
