//! The last decisions, each with its reason. Bounded: the oldest goes first.

use std::collections::VecDeque;
use std::fmt;
use std::time::Instant;

use crate::choice::ChoiceReason;
use crate::{DropReason, Flow, JobId, Priority, Refusal, Ticket, Turn};

/// One decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// When.
    pub at: Instant,
    /// What, and why.
    pub verdict: Verdict,
}

/// What was decided, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// A request became a job.
    Queued {
        /// The request.
        ticket: Ticket,
        /// The job.
        job: JobId,
        /// The class.
        priority: Priority,
        /// The flow.
        flow: Flow,
    },
    /// A request joined a job.
    Merged {
        /// The request.
        ticket: Ticket,
        /// The job.
        job: JobId,
    },
    /// A request was refused.
    Refused {
        /// The class.
        priority: Priority,
        /// The flow.
        flow: Flow,
        /// Why.
        reason: Refusal,
    },
    /// A queued job changed its class with its waiters.
    Moved {
        /// The job.
        job: JobId,
        /// The class that it left.
        from: Priority,
        /// The class that it is in.
        to: Priority,
    },
    /// A job got its turn.
    Dispatched {
        /// The job.
        job: JobId,
        /// The class.
        priority: Priority,
        /// The flow.
        flow: Flow,
        /// Why.
        turn: Turn,
    },
    /// A waiter gave up.
    Cancelled {
        /// The waiter.
        ticket: Ticket,
    },
    /// A waiter was dropped.
    Dropped {
        /// The waiter.
        ticket: Ticket,
        /// Why.
        reason: DropReason,
    },
    /// A running job is stopped: nobody waits for it.
    Stopped {
        /// The job.
        job: JobId,
    },
    /// A job is over.
    Finished {
        /// The job.
        job: JobId,
        /// How many waited for it.
        waiters: usize,
    },
    /// One of several answers was taken.
    Chosen {
        /// Which, and out of how many.
        choice: Option<(usize, ChoiceReason)>,
        /// How many answers there were.
        of: usize,
    },
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Queued {
                ticket,
                job,
                priority,
                flow,
            } => write!(
                f,
                "request {} is job {} ({priority}, {flow})",
                ticket.0, job.0
            ),
            Self::Merged { ticket, job } => {
                write!(f, "request {} joins the equal job {}", ticket.0, job.0)
            }
            Self::Refused {
                priority,
                flow,
                reason,
            } => write!(f, "{priority} request ({flow}) refused: {reason}"),
            Self::Moved { job, from, to } => {
                write!(
                    f,
                    "job {} goes from {from} to {to}, with its waiters",
                    job.0
                )
            }
            Self::Dispatched {
                job,
                priority,
                flow,
                turn,
            } => match turn {
                Turn::Fair => write!(f, "job {} runs ({priority}, {flow}): its turn", job.0),
                Turn::Aged(waited) => write!(
                    f,
                    "job {} runs ({priority}, {flow}): its class was passed over for {waited:?}",
                    job.0
                ),
            },
            Self::Cancelled { ticket } => write!(f, "request {} cancelled", ticket.0),
            Self::Dropped { ticket, reason } => {
                write!(f, "request {} dropped: {reason}", ticket.0)
            }
            Self::Stopped { job } => write!(f, "job {} stopped: nobody waits for it", job.0),
            Self::Finished { job, waiters } => {
                write!(f, "job {} is over, {waiters} waited", job.0)
            }
            Self::Chosen { choice, of } => match choice {
                Some((index, reason)) => {
                    write!(f, "answer {} of {of} taken: {reason}", index + 1)
                }
                None => write!(f, "none of {of} answers is taken"),
            },
        }
    }
}

/// A ring of decisions.
#[derive(Debug)]
pub(crate) struct Log {
    decisions: VecDeque<Decision>,
    capacity: usize,
}

impl Log {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            decisions: VecDeque::with_capacity(capacity),
            capacity,
        }
    }

    pub(crate) fn note(&mut self, at: Instant, verdict: Verdict) {
        if self.capacity == 0 {
            return;
        }
        if self.decisions.len() == self.capacity {
            self.decisions.pop_front();
        }
        self.decisions.push_back(Decision { at, verdict });
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Decision> + ExactSizeIterator {
        self.decisions.iter()
    }
}
