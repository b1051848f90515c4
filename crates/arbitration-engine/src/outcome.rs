//! What the engine answers.

use std::fmt;
use std::time::{Duration, Instant};

use crate::{Flow, JobId, Priority, Ticket};

/// What became of a new request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// A job of its own waits in the queue.
    Queued {
        /// The request.
        ticket: Ticket,
        /// Its job.
        job: JobId,
    },
    /// It waits for a job that was there.
    Merged {
        /// The request.
        ticket: Ticket,
        /// The job.
        job: JobId,
        /// Whether the job runs already.
        running: bool,
    },
    /// Nothing will be done.
    Refused(Refusal),
}

impl Admission {
    /// The ticket, unless refused.
    #[must_use]
    pub const fn ticket(self) -> Option<Ticket> {
        match self {
            Self::Queued { ticket, .. } | Self::Merged { ticket, .. } => Some(ticket),
            Self::Refused(_) => None,
        }
    }

    /// The job, unless refused.
    #[must_use]
    pub const fn job(self) -> Option<JobId> {
        match self {
            Self::Queued { job, .. } | Self::Merged { job, .. } => Some(job),
            Self::Refused(_) => None,
        }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The class is full, and nothing in it may make room.
    Full,
    /// As many wait for the same job as may.
    TooManyWaiters,
    /// Its deadline was over before it came.
    Expired,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the queue is full",
            Self::TooManyWaiters => "too many wait for the same job",
            Self::Expired => "its deadline was over",
        })
    }
}

/// Why it is this job's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Its class is the most urgent one with jobs, and its flow has had the least for its weight.
    Fair,
    /// Its class was passed over for this long.
    Aged(Duration),
}

/// A job to be run.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispatch<T> {
    /// To be given to [`crate::Engine::finish`] when it is over, however it ends.
    pub job: JobId,
    /// What to do.
    pub payload: T,
    /// The class that it was queued in.
    pub priority: Priority,
    /// Whose share it counts against.
    pub flow: Flow,
    /// What it is expected to cost.
    pub cost: u32,
    /// When the last of its waiters gives up; `None` if one of them never does.
    pub deadline: Option<Instant>,
    /// How long it was queued.
    pub waited: Duration,
    /// Why it is its turn.
    pub turn: Turn,
}

/// What cancelling a request did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// Others wait for its job, which goes on.
    Left(JobId),
    /// Its job was queued and is gone.
    Removed(JobId),
    /// Its job runs and nobody waits for it any more: it is to be stopped, and finished when it is.
    Stop(JobId),
    /// There is no such request: it was answered, dropped or never there.
    Unknown,
}

/// Why an admitted request will get no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// Its deadline is over.
    Expired,
    /// A newer request of its flow took its place in a full queue.
    Displaced,
    /// Its window was closed.
    WindowClosed,
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "its deadline is over",
            Self::Displaced => "a newer request took its place",
            Self::WindowClosed => "its window was closed",
        })
    }
}

/// What the owner has to do because of a decision that it did not ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Tell this waiter that there will be no answer.
    Dropped {
        /// The waiter.
        ticket: Ticket,
        /// Why.
        reason: DropReason,
    },
    /// Stop this running job, for which nobody waits any more; finish it when it is over.
    Stop(JobId),
}
