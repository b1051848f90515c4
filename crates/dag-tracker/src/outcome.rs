//! How nodes and graphs end.

use std::time::Duration;

use crate::NodeId;

/// How a node ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It ran and succeeded; a group: one of its alternatives did.
    Succeeded,
    /// It had succeeded before: its checkpoint said so, and it was not run.
    Restored,
    /// It ran and failed; a group: none of its alternatives succeeded.
    Failed,
    /// It was not run because this source of a hard edge did not succeed.
    Skipped(NodeId),
    /// It was not run because an earlier alternative succeeded.
    NotNeeded,
    /// It was cancelled before it ended.
    Cancelled,
    /// Its deadline came before it ended.
    Expired,
}

impl Ended {
    /// Whether its output is there.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Succeeded | Self::Restored)
    }

    /// A word for logs and traces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Restored => "restored",
            Self::Failed => "failed",
            Self::Skipped(_) => "skipped",
            Self::NotNeeded => "not needed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// How a graph ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Each of its last nodes (those that are nobody's source) succeeded or was not needed. Failures that soft and
    /// optional edges or alternatives made up for do not count.
    Succeeded,
    /// One of its last nodes failed, was skipped or came too late.
    Failed,
    /// One of its last nodes was cancelled.
    Cancelled,
}

/// How far a graph is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// All its nodes.
    pub nodes: usize,
    /// Those that ended, however.
    pub ended: usize,
    /// Of these, those that succeeded or were restored.
    pub succeeded: usize,
    /// Those that run beside: inline nodes are over before anybody could look.
    pub running: usize,
    /// The expected cost of those that have not ended.
    pub cost_left: Duration,
}

impl Progress {
    /// The share of the nodes that ended, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.nodes == 0 {
            return 1.0;
        }
        self.ended as f64 / self.nodes as f64
    }
}
