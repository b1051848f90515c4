//! The machine said again as rules: after each event every node is looked at again and again until no rule says anything
//! new. Slow, and without any of the machine's counters, queues and lists.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::random_graph::Shape;
use crate::machine::{Report, Scope};
use crate::{Ended, Need, NodeId, Token};

pub(super) struct Reference {
    pub(super) shape: Shape,
    workers: usize,
    pub(super) ended: Vec<Option<Ended>>,
    pub(super) running: BTreeSet<usize>,
    /// Nodes whose work holds a worker, stopped ones too.
    pub(super) busy: BTreeSet<usize>,
    pub(super) stopped: BTreeSet<usize>,
    /// What a node is held back for.
    held: BTreeMap<usize, BTreeSet<usize>>,
    gated: BTreeSet<usize>,
    /// Latest starts that were seen to pass.
    passed: BTreeSet<usize>,
    now: Instant,
}

impl Reference {
    pub(super) fn new(shape: Shape, workers: usize, now: Instant) -> Self {
        let mut reference = Self {
            ended: vec![None; shape.len()],
            shape,
            workers,
            running: BTreeSet::new(),
            busy: BTreeSet::new(),
            stopped: BTreeSet::new(),
            held: BTreeMap::new(),
            gated: BTreeSet::new(),
            passed: BTreeSet::new(),
            now,
        };
        reference.settle();
        reference.pass_time(now);
        reference
    }

    pub(super) fn report(&mut self, node: usize, report: Report) {
        self.busy.remove(&node);
        if self.running.contains(&node) {
            let ended = match report {
                Report::Succeeded => Ended::Succeeded,
                Report::Restored => Ended::Restored,
                Report::Failed => Ended::Failed,
            };
            self.end(node, ended);
        }
        self.settle();
        self.pass_time(self.now);
    }

    pub(super) fn cancel(&mut self, scope: Scope) {
        for node in 0..self.shape.len() {
            let meant = match scope {
                Scope::Token(Token(token)) => self.shape.token[node] == Some(token),
                Scope::OlderThan(revision) => self.shape.revision[node] < revision,
                Scope::Run(_) | Scope::All => true,
            };
            if meant {
                self.end(node, Ended::Cancelled);
            }
        }
        self.settle();
        self.pass_time(self.now);
    }

    pub(super) fn pass_time(&mut self, now: Instant) {
        self.now = now;
        while let Some((_, node, is_deadline)) = self.next_due().filter(|it| it.0 <= now) {
            if is_deadline {
                self.end(node, Ended::Expired);
            } else {
                self.passed.insert(node);
                self.held.remove(&node);
            }
            self.settle();
        }
        self.dispatch();
    }

    pub(super) fn next_due(&self) -> Option<(Instant, usize, bool)> {
        let open = (0..self.shape.len()).filter(|it| self.ended[*it].is_none());
        let with_deadline = open.filter_map(|it| Some((self.shape.deadline[it]?, it)));
        let dues = with_deadline.flat_map(|(at, node)| {
            let may_be_held = !self.shape.optional[node].is_empty();
            let start = (may_be_held && !self.passed.contains(&node))
                .then(|| (at - Shape::cost(node), node, false));
            [Some((at, node, true)), start]
        });
        dues.flatten().min()
    }

    fn end(&mut self, node: usize, ended: Ended) {
        if self.ended[node].is_none() {
            self.ended[node] = Some(ended);
            self.running.remove(&node);
            self.held.remove(&node);
            if self.busy.contains(&node) {
                self.stopped.insert(node);
            }
        }
    }

    fn succeeded(&self, node: usize) -> bool {
        self.ended[node].is_some_and(Ended::is_success)
    }

    fn failed(&self, node: usize) -> bool {
        self.ended[node].is_some_and(|it| !it.is_success())
    }

    /// Whether a node has all that it waits for, and has not been started.
    fn is_ready(&self, node: usize) -> bool {
        let shape = &self.shape;
        self.ended[node].is_none()
            && !self.running.contains(&node)
            && shape.group[node].is_none()
            && shape.hard[node].iter().all(|it| self.succeeded(*it))
            && shape.soft[node].iter().all(|it| self.ended[*it].is_some())
            && shape.earlier_alternatives[node]
                .iter()
                .all(|it| self.failed(*it))
    }

    /// Applies the rules until nothing changes.
    fn settle(&mut self) {
        loop {
            let before = (self.ended.clone(), self.running.clone(), self.held.clone());
            for node in 0..self.shape.len() {
                if let Some(ended) = self.rule(node) {
                    self.end(node, ended);
                }
            }
            let ended = self.ended.clone();
            self.held.retain(|_, sources| {
                sources.retain(|it| ended[*it].is_none());
                !sources.is_empty()
            });
            for node in 0..self.shape.len() {
                let need = self.shape.needs[node];
                if need == Need::Slot || !self.is_ready(node) || self.is_held(node) {
                    continue;
                }
                if need == Need::Inline {
                    self.running.insert(node);
                } else {
                    self.end(node, Ended::Succeeded);
                }
            }
            if before == (self.ended.clone(), self.running.clone(), self.held.clone()) {
                return;
            }
        }
    }

    /// What follows for a node from how its sources ended.
    fn rule(&self, node: usize) -> Option<Ended> {
        let shape = &self.shape;
        if self.ended[node].is_some() {
            return None;
        }
        if let Some(source) = shape.hard[node].iter().find(|it| self.failed(**it)) {
            return Some(Ended::Skipped(NodeId(*source as u32)));
        }
        if shape.earlier_alternatives[node]
            .iter()
            .any(|it| self.succeeded(*it))
        {
            return Some(Ended::NotNeeded);
        }
        let alternatives = shape.group[node].as_ref()?;
        if alternatives.iter().any(|it| self.succeeded(*it)) {
            return Some(Ended::Succeeded);
        }
        let all_failed = alternatives.iter().all(|it| self.failed(*it));
        all_failed.then_some(Ended::Failed)
    }

    /// It is this node's turn: whether it is held back, from now on too.
    fn is_held(&mut self, node: usize) -> bool {
        if self.held.contains_key(&node) {
            return true;
        }
        if self.shape.optional[node].is_empty() || !self.gated.insert(node) {
            return false;
        }
        let running = &self.running;
        let sources: BTreeSet<_> = self.shape.optional[node]
            .intersection(running)
            .copied()
            .collect();
        let latest_start = self.shape.deadline[node].map(|it| it - Shape::cost(node));
        if sources.is_empty() || latest_start.is_some_and(|it| it <= self.now) {
            return false;
        }
        self.held.insert(node, sources);
        true
    }

    /// Free workers take what is most urgent, and of that what has the longest way to go.
    fn dispatch(&mut self) {
        while self.busy.len() < self.workers {
            let ready = (0..self.shape.len()).filter(|it| {
                self.shape.needs[*it] == Need::Slot
                    && self.is_ready(*it)
                    && !self.held.contains_key(it)
            });
            let first = ready.min_by_key(|it| {
                let (priority, left) = self.rank(*it);
                (priority, std::cmp::Reverse(left))
            });
            let Some(node) = first else {
                return;
            };
            if !self.is_held(node) {
                self.running.insert(node);
                self.busy.insert(node);
            }
        }
    }

    /// Its priority or that of its most urgent target, and the longest way to the end.
    fn rank(&self, node: usize) -> (u8, u128) {
        let targets = (0..self.shape.len()).filter(|it| self.shape.sources(*it).contains(&node));
        let of_targets: Vec<_> = targets.map(|it| self.rank(it)).collect();
        let priority = of_targets.iter().map(|it| it.0).min().unwrap_or(u8::MAX);
        let left = of_targets.iter().map(|it| it.1).max().unwrap_or(0);
        let own = self.shape.priority[node];
        (priority.min(own), left + Shape::cost(node).as_nanos())
    }
}
