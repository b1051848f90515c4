//! What is asked of the engine: a request and the names in it.

use std::fmt;
use std::time::Instant;

/// How urgent a request is; the first is the most urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Somebody types and waits for the next characters.
    Typing,
    /// Somebody asked for something and looks at the place where the answer will be.
    Interactive,
    /// Findings that appear by themselves.
    Diagnostics,
    /// Work ahead that nobody waits for.
    Index,
}

impl Priority {
    /// All classes, the most urgent first.
    pub const ALL: [Self; 4] = [
        Self::Typing,
        Self::Interactive,
        Self::Diagnostics,
        Self::Index,
    ];

    /// The place of the class in [`Priority::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// A word for logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Typing => "typing",
            Self::Interactive => "interactive",
            Self::Diagnostics => "diagnostics",
            Self::Index => "index",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A window of an editor, or another party that deserves a share of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window(pub u64);

/// What shares are divided between: the jobs of one kind for one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flow {
    /// Who asks.
    pub window: Window,
    /// The kind of job: `completion`, `hover`, `index`.
    pub kind: &'static str,
}

impl Flow {
    /// The jobs of `kind` for `window`.
    #[must_use]
    pub const fn new(window: Window, kind: &'static str) -> Self {
        Self { window, kind }
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of window {}", self.kind, self.window.0)
    }
}

/// A hash of everything that the answer depends on. Requests with equal keys get one answer, so the key must be wide
/// enough that no two different requests share it by accident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MergeKey(pub [u8; 32]);

impl From<[u8; 32]> for MergeKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// For keys that are small numbers already.
impl From<u64> for MergeKey {
    fn from(number: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        Self(bytes)
    }
}

/// One admitted request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// One job: a request, or several equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// A request for a job.
///
/// The payload is what the job needs. What is each waiter's own (the channel for its answer) stays with the owner of
/// the engine, by [`Ticket`]: of merged requests only the first one's payload is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<T> {
    /// The class that it is queued in.
    pub priority: Priority,
    /// Whose share it counts against.
    pub flow: Flow,
    /// What it is expected to cost, at least 1, in a unit that is the same for all requests of a class.
    pub cost: u32,
    /// Requests with the same key are one job.
    pub merge: Option<MergeKey>,
    /// It is dropped if it is not answered by then.
    pub deadline: Option<Instant>,
    /// The revision of the texts that it is about; it never falls within a flow.
    pub revision: u64,
    /// What to do.
    pub payload: T,
}

impl<T> Request<T> {
    /// A request of cost 1 that is merged with nothing, waits for ever and is about revision 0.
    pub fn new(priority: Priority, flow: Flow, payload: T) -> Self {
        Self {
            priority,
            flow,
            cost: 1,
            merge: None,
            deadline: None,
            revision: 0,
            payload,
        }
    }

    /// With an expected cost.
    #[must_use]
    pub fn cost(self, cost: u32) -> Self {
        Self { cost, ..self }
    }

    /// One job with all requests of the same key.
    #[must_use]
    pub fn merged_by(self, key: MergeKey) -> Self {
        Self {
            merge: Some(key),
            ..self
        }
    }

    /// Dropped if it is not answered by then.
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// About this revision of the texts.
    #[must_use]
    pub fn at_revision(self, revision: u64) -> Self {
        Self { revision, ..self }
    }
}
