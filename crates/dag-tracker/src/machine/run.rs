//! One graph that runs: where each of its nodes is, and what follows when one of them ends.

use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use super::shared::{Due, Shared};
use super::{Effect, Report, RunId, Scope};
use crate::graph::Link;
use crate::plan::{Deadline, Topology};
use crate::{Ended, Need, NodeId, Outcome, Progress};

/// Where a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// For its sources.
    Waiting,
    /// For a worker.
    Ready,
    /// For optional sources that run.
    Held,
    Running,
    Ended(Ended),
}

#[derive(Debug)]
pub(super) struct Run {
    id: RunId,
    topology: Box<Topology>,
    status: Vec<Status>,
    /// How many sources each node still waits for, optional ones aside.
    missing: Vec<u32>,
    /// The workers that nodes of this graph hold, those that are being stopped among them.
    slots: FxHashMap<u32, u32>,
    /// The optional sources that a held node waits for.
    held: FxHashMap<u32, Vec<u32>>,
    /// Nodes that have been held or were let through: none is held twice.
    gated: FxHashSet<u32>,
    deadlines: FxHashMap<u32, Deadline>,
    ended: usize,
    succeeded: usize,
    cost_left: u64,
    /// Nodes that ended and whose targets do not know yet.
    news: Vec<(u32, Ended)>,
}

/// What a transition may touch beside the graph itself.
struct Around<'a> {
    shared: &'a mut Shared,
    now: Instant,
    effects: &'a mut Vec<Effect>,
}

impl Run {
    pub(super) fn start(
        id: RunId,
        mut topology: Box<Topology>,
        shared: &mut Shared,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) -> Self {
        let deadlines = std::mem::take(&mut topology.deadlines);
        let mut run = Self {
            id,
            status: vec![Status::Waiting; topology.len()],
            missing: std::mem::take(&mut topology.n_sources),
            slots: FxHashMap::default(),
            held: FxHashMap::default(),
            gated: FxHashSet::default(),
            deadlines: deadlines.into_iter().map(|it| (it.node, it)).collect(),
            ended: 0,
            succeeded: 0,
            cost_left: topology.cost.iter().copied().fold(0, u64::saturating_add),
            news: Vec::new(),
            topology,
        };
        for deadline in run.deadlines.values() {
            run.dues(deadline).for_each(|it| shared.add_due(it));
        }
        let mut around = Around {
            shared,
            now,
            effects,
        };
        for place in 0..run.topology.order.len() {
            let node = run.topology.order[place];
            // The end of a node without work may have ended others already.
            if run.missing[node as usize] == 0 && run.status[node as usize] == Status::Waiting {
                run.release(node, &mut around);
                run.spread(&mut around);
            }
        }
        run
    }

    pub(super) fn len(&self) -> usize {
        self.status.len()
    }

    pub(super) fn is_running(&self, node: u32) -> bool {
        self.status[node as usize] == Status::Running
    }

    pub(super) fn is_ready(&self, node: u32) -> bool {
        self.status[node as usize] == Status::Ready
    }

    pub(super) fn ended(&self, node: u32) -> Option<Ended> {
        match self.status[node as usize] {
            Status::Ended(ended) => Some(ended),
            _ => None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.ended == self.len() && self.slots.is_empty()
    }

    pub(super) fn progress(&self) -> Progress {
        Progress {
            nodes: self.len(),
            ended: self.ended,
            succeeded: self.succeeded,
            running: self.slots.len(),
            cost_left: Duration::from_nanos(self.cost_left),
        }
    }

    /// How the graph ended, and each node. All have.
    pub(super) fn end(self) -> (Outcome, Vec<Ended>) {
        let ended = self.status.iter().map(|it| match it {
            Status::Ended(ended) => *ended,
            _ => Ended::Cancelled,
        });
        let nodes: Vec<_> = ended.collect();
        (self.topology.outcome(&nodes), nodes)
    }

    pub(super) fn report(
        &mut self,
        node: u32,
        report: Report,
        shared: &mut Shared,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(slot) = self.slots.remove(&node) {
            shared.free_slot(slot);
        }
        // A node that was stopped has ended already; this was only its work.
        if !self.is_running(node) {
            return;
        }
        let ended = match report {
            Report::Succeeded => Ended::Succeeded,
            Report::Restored => Ended::Restored,
            Report::Failed => Ended::Failed,
        };
        let mut around = Around {
            shared,
            now,
            effects,
        };
        self.mark(node, ended, &mut around);
        self.spread(&mut around);
    }

    pub(super) fn cancel(
        &mut self,
        scope: Scope,
        shared: &mut Shared,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let nodes: Vec<u32> = match scope {
            Scope::Run(_) | Scope::All => (0..self.len() as u32).collect(),
            Scope::Token(token) => self
                .topology
                .tokens
                .get(&token)
                .cloned()
                .unwrap_or_default(),
            Scope::OlderThan(revision) => {
                let revisions = self.topology.revisions.iter().enumerate();
                let older = revisions.filter(|(_, it)| **it < revision);
                older.map(|(node, _)| node as u32).collect()
            }
        };
        let mut around = Around {
            shared,
            now,
            effects,
        };
        // All of them first, so that none is told to have been skipped because of another.
        for node in nodes {
            self.mark(node, Ended::Cancelled, &mut around);
        }
        self.spread(&mut around);
    }

    /// The deadline of a node is over.
    pub(super) fn expire(
        &mut self,
        node: u32,
        shared: &mut Shared,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let mut around = Around {
            shared,
            now,
            effects,
        };
        self.mark(node, Ended::Expired, &mut around);
        self.spread(&mut around);
    }

    /// A held node has to start now to be in time.
    pub(super) fn let_go(
        &mut self,
        node: u32,
        shared: &mut Shared,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if self.held.remove(&node).is_some() {
            let mut around = Around {
                shared,
                now,
                effects,
            };
            self.release(node, &mut around);
            self.spread(&mut around);
        }
    }

    /// It is the turn of a node that was in the queue, and a worker is free.
    pub(super) fn dispatch(
        &mut self,
        node: u32,
        shared: &mut Shared,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if self.status[node as usize] != Status::Ready {
            shared.take_stale();
            return;
        }
        if self.hold(node, now) {
            return;
        }
        if let Some(slot) = shared.take_slot() {
            self.status[node as usize] = Status::Running;
            self.slots.insert(node, slot);
            let run = self.id;
            effects.push(Effect::Start { run, node, slot });
        }
    }

    /// What a node with a deadline is in the timetable for.
    fn dues(&self, deadline: &Deadline) -> impl Iterator<Item = Due> + use<> {
        let (run, node) = (self.id, deadline.node);
        let end = Due {
            at: deadline.at,
            run,
            node,
            is_deadline: true,
        };
        let may_be_held = self.topology.optional_sources.contains_key(&node);
        let start = may_be_held.then_some(Due {
            at: deadline.latest_start,
            is_deadline: false,
            ..end
        });
        std::iter::once(end).chain(start)
    }

    /// A node has all that it waited for.
    fn release(&mut self, node: u32, around: &mut Around<'_>) {
        let need = self.topology.need[node as usize];
        match need {
            Need::Slot => {
                self.status[node as usize] = Status::Ready;
                let rank = self.topology.rank[node as usize];
                around.shared.push_ready(self.id, node, rank);
            }
            _ if self.hold(node, around.now) => {}
            Need::Inline => {
                self.status[node as usize] = Status::Running;
                let run = self.id;
                around.effects.push(Effect::Inline { run, node });
            }
            // A group that comes to this has no alternative left: the first that succeeds ends it at once.
            Need::Nothing if self.topology.groups.contains(&node) => {
                self.mark(node, Ended::Failed, around);
            }
            Need::Nothing => self.mark(node, Ended::Succeeded, around),
        }
    }

    /// Whether a node is held back for optional sources that run, and that this is so from now on.
    fn hold(&mut self, node: u32, now: Instant) -> bool {
        if self.topology.optional_sources.is_empty() {
            return false;
        }
        let Some(sources) = self.topology.optional_sources.get(&node) else {
            return false;
        };
        if !self.gated.insert(node) {
            return false;
        }
        let late = self
            .deadlines
            .get(&node)
            .is_some_and(|it| it.latest_start <= now);
        let running = sources.iter().copied().filter(|it| self.is_running(*it));
        let running: Vec<_> = running.collect();
        if late || running.is_empty() {
            return false;
        }
        self.status[node as usize] = Status::Held;
        self.held.insert(node, running);
        true
    }

    /// A node ended, if it had not already; its targets are told by [`Run::spread`].
    fn mark(&mut self, node: u32, ended: Ended, around: &mut Around<'_>) {
        match self.status[node as usize] {
            Status::Ended(_) => return,
            Status::Ready => around.shared.leave_stale(),
            Status::Held => {
                self.held.remove(&node);
            }
            Status::Running if self.slots.contains_key(&node) => {
                let run = self.id;
                around.effects.push(Effect::Stop { run, node });
            }
            Status::Running | Status::Waiting => {}
        }
        if !self.deadlines.is_empty()
            && let Some(deadline) = self.deadlines.remove(&node)
        {
            let dues = self.dues(&deadline);
            dues.for_each(|it| around.shared.remove_due(&it));
        }
        self.status[node as usize] = Status::Ended(ended);
        self.ended += 1;
        self.succeeded += usize::from(ended.is_success());
        self.cost_left = self
            .cost_left
            .saturating_sub(self.topology.cost[node as usize]);
        self.news.push((node, ended));
    }

    /// Tells the targets of all nodes that ended, and theirs.
    fn spread(&mut self, around: &mut Around<'_>) {
        while let Some((node, ended)) = self.news.pop() {
            let start = self.topology.out_start[node as usize] as usize;
            let end = self.topology.out_start[node as usize + 1] as usize;
            for place in start..end {
                let out = self.topology.out[place];
                let target = out.target;
                let success = ended.is_success();
                match out.link {
                    Link::Hard if success => self.arrive(target, around),
                    Link::Hard => self.mark(target, Ended::Skipped(NodeId(node)), around),
                    Link::Soft => self.arrive(target, around),
                    Link::Optional => self.optional_ended(target, node, around),
                    Link::Else if success => self.mark(target, Ended::NotNeeded, around),
                    Link::Else => self.arrive(target, around),
                    Link::Try if success => self.choose(node, target, around),
                    Link::Try => self.arrive(target, around),
                }
            }
        }
    }

    /// A target has one source less to wait for.
    fn arrive(&mut self, target: u32, around: &mut Around<'_>) {
        let missing = &mut self.missing[target as usize];
        *missing -= 1;
        if *missing == 0 && self.status[target as usize] == Status::Waiting {
            self.release(target, around);
        }
    }

    fn optional_ended(&mut self, target: u32, source: u32, around: &mut Around<'_>) {
        let Some(sources) = self.held.get_mut(&target) else {
            return;
        };
        sources.retain(|it| *it != source);
        if sources.is_empty() {
            self.held.remove(&target);
            self.release(target, around);
        }
    }

    /// An alternative succeeded, and so does its group unless it had ended.
    fn choose(&mut self, from: u32, group: u32, around: &mut Around<'_>) {
        if self.status[group as usize] == Status::Waiting {
            let run = self.id;
            around.effects.push(Effect::Pass { run, from, group });
            self.mark(group, Ended::Succeeded, around);
        }
    }
}
