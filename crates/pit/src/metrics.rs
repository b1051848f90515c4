//! The Pit in numbers.

use std::time::Duration;

use symphony_arbitration_engine::{Counters, Priority};
use symphony_pool_manager::Status;
use symphony_stale_manager::Counts;

use crate::{Answer, NoAnswer, store};

/// How things stand. Plain numbers: how they are shown is somebody else's business.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Jobs that wait, by priority.
    pub queued: [(Priority, usize); 4],
    /// Jobs that run.
    pub running: usize,
    /// What was decided since the start.
    pub arbitration: Counters,
    /// What became of the jobs of each kind, in the order of their names.
    pub kinds: Vec<Latency>,
    /// The Artifact Store.
    pub store: store::Stats,
    /// The Stale Manager.
    pub stale: Counts,
    /// The instruments, in the order in which they were given.
    pub instruments: Vec<Status>,
}

/// What became of the jobs of one kind since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Latency {
    /// The kind.
    pub kind: &'static str,
    /// Answered from the store.
    pub hits: u64,
    /// Ran, and had an answer.
    pub answered: u64,
    /// Nobody wanted it any more.
    pub cancelled: u64,
    /// Ran, and had none.
    pub empty: u64,
    /// How long those that ran had waited, together.
    pub waited: Duration,
    /// How long they ran, together.
    pub ran: Duration,
    /// The longest run.
    pub longest: Duration,
}

/// Counts while the Pit runs. Few kinds: a list is searched faster than a map.
#[derive(Debug, Default)]
pub(crate) struct Measured(Vec<Latency>);

impl Measured {
    fn of(&mut self, kind: &'static str) -> &mut Latency {
        let at = match self.0.binary_search_by(|it| it.kind.cmp(kind)) {
            Ok(at) => at,
            Err(at) => {
                let new = Latency {
                    kind,
                    ..Latency::default()
                };
                self.0.insert(at, new);
                at
            }
        };
        &mut self.0[at]
    }

    pub(crate) fn hit(&mut self, kind: &'static str) {
        self.of(kind).hits += 1;
    }

    pub(crate) fn ran(
        &mut self,
        kind: &'static str,
        waited: Duration,
        ran: Duration,
        answer: &Answer,
    ) {
        let of = self.of(kind);
        match answer {
            Ok(_) => of.answered += 1,
            Err(NoAnswer::Cancelled(_)) => of.cancelled += 1,
            Err(_) => of.empty += 1,
        }
        of.waited += waited;
        of.ran += ran;
        of.longest = of.longest.max(ran);
    }

    pub(crate) fn kinds(&self) -> Vec<Latency> {
        self.0.clone()
    }
}
