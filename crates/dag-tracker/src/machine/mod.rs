//! The state of all graphs that run, as a pure transition function: [`Machine::apply`] takes an event and the time, and
//! tells what is to be done. It has no clock, runs nothing and knows no runtime; the owner task calls it.

mod run;
mod shared;

use std::time::Instant;

use rustc_hash::FxHashMap;

use crate::plan::Topology;
use crate::{Ended, Outcome, Progress, Token};
use run::Run;
use shared::{Due, Shared};

/// A graph that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RunId(pub(crate) u64);

/// What is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Run(RunId),
    Token(Token),
    /// All nodes of an older revision.
    OlderThan(u64),
    All,
}

/// How the work of a node ended, as its worker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Report {
    Succeeded,
    Restored,
    Failed,
}

/// Everything that can happen.
#[derive(Debug)]
pub(crate) enum Event {
    Submit {
        run: RunId,
        topology: Box<Topology>,
    },
    /// The work of a node is over; also of one that was stopped.
    Reported {
        run: RunId,
        node: u32,
        report: Report,
    },
    Cancel(Scope),
    /// Time went by: something may be due.
    Time,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Run this node yourself, if [`Machine::is_running`] still says so when its turn comes.
    Inline { run: RunId, node: u32 },
    /// Run this node beside, on this worker.
    Start { run: RunId, node: u32, slot: u32 },
    /// Stop the work of this node, and report when it is over.
    Stop { run: RunId, node: u32 },
    /// The output of this alternative is that of its group.
    Pass { run: RunId, from: u32, group: u32 },
    /// All nodes ended, and no work of theirs goes on.
    Over {
        run: RunId,
        outcome: Outcome,
        nodes: Vec<Ended>,
    },
}

/// All graphs that run.
#[derive(Debug)]
pub(crate) struct Machine {
    runs: FxHashMap<RunId, Run>,
    shared: Shared,
}

impl Machine {
    /// With this many workers beside, at least one.
    pub(crate) fn new(workers: u32) -> Self {
        Self {
            runs: FxHashMap::default(),
            shared: Shared::new(workers.max(1)),
        }
    }

    /// One thing happened. What is to be done is added to `effects`.
    ///
    /// A report comes before the clock: what ended at its deadline has ended in time.
    pub(crate) fn apply(&mut self, event: Event, now: Instant, effects: &mut Vec<Effect>) {
        match event {
            Event::Submit { run, topology } => {
                let state = Run::start(run, topology, &mut self.shared, now, effects);
                self.runs.insert(run, state);
                self.retire(run, effects);
            }
            Event::Reported { run, node, report } => {
                if let Some(state) = self.runs.get_mut(&run) {
                    state.report(node, report, &mut self.shared, now, effects);
                }
                self.retire(run, effects);
            }
            Event::Cancel(scope) => self.cancel(scope, now, effects),
            Event::Time => {}
        }
        while let Some(due) = self.shared.pop_due(now) {
            self.due(due, now, effects);
        }
        self.dispatch(now, effects);
    }

    /// Whether a node that was to be run is still wanted.
    pub(crate) fn is_running(&self, run: RunId, node: u32) -> bool {
        self.runs.get(&run).is_some_and(|it| it.is_running(node))
    }

    /// How a node ended, if it has and its graph has not.
    pub(crate) fn ended(&self, run: RunId, node: u32) -> Option<Ended> {
        self.runs.get(&run)?.ended(node)
    }

    /// When something is due next, if nothing else happens.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.shared.next_due()
    }

    pub(crate) fn progress(&self, run: RunId) -> Option<Progress> {
        Some(self.runs.get(&run)?.progress())
    }

    /// How many nodes there are in all graphs that run.
    pub(crate) fn nodes(&self) -> usize {
        self.runs.values().map(Run::len).sum()
    }

    #[cfg(test)]
    pub(crate) fn queue_len(&self) -> usize {
        self.shared.queue_len()
    }

    fn cancel(&mut self, scope: Scope, now: Instant, effects: &mut Vec<Effect>) {
        let mut runs: Vec<_> = match scope {
            Scope::Run(run) => vec![run],
            _ => self.runs.keys().copied().collect(),
        };
        runs.sort_unstable();
        for id in runs {
            if let Some(run) = self.runs.get_mut(&id) {
                run.cancel(scope, &mut self.shared, now, effects);
            }
            self.retire(id, effects);
        }
        let runs = &self.runs;
        self.shared
            .sweep(|run, node| runs.get(&run).is_some_and(|it| it.is_ready(node)));
    }

    fn due(&mut self, due: Due, now: Instant, effects: &mut Vec<Effect>) {
        if let Some(run) = self.runs.get_mut(&due.run) {
            if due.is_deadline {
                run.expire(due.node, &mut self.shared, now, effects);
            } else {
                run.let_go(due.node, &mut self.shared, now, effects);
            }
        }
        self.retire(due.run, effects);
    }

    /// Gives free workers to what is most urgent.
    fn dispatch(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        while let Some(ready) = self.shared.pop_ready() {
            let Some(run) = self.runs.get_mut(&ready.run) else {
                self.shared.take_stale();
                continue;
            };
            run.dispatch(ready.node, &mut self.shared, now, effects);
        }
    }

    fn retire(&mut self, id: RunId, effects: &mut Vec<Effect>) {
        if self.runs.get(&id).is_some_and(Run::is_over)
            && let Some(run) = self.runs.remove(&id)
        {
            let (outcome, nodes) = run.end();
            effects.push(Effect::Over {
                run: id,
                outcome,
                nodes,
            });
        }
    }
}
