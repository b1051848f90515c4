//! A graph that was found to be right, ready to run.

use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::Link;
use crate::{Ended, Need, Node, NodeId, Outcome, Priority, Token};

/// A validated graph: made by [`crate::Graph::validate`] only.
#[derive(Debug)]
pub struct Plan<W> {
    pub(crate) nodes: Vec<Node<W>>,
    pub(crate) topology: Topology,
}

impl<W> Plan<W> {
    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// An order in which every source is before its targets.
    pub fn order(&self) -> impl ExactSizeIterator<Item = NodeId> + '_ {
        self.topology.order.iter().map(|it| NodeId(*it))
    }

    /// The chain of nodes that takes longest by expected cost, and how long: with any number of workers the graph takes
    /// at least that long.
    #[must_use]
    pub fn critical_path(&self) -> (Duration, Vec<NodeId>) {
        let topology = &self.topology;
        let longest = |it: &u32| topology.rank[*it as usize].left;
        // The first of equals, in topological order: `max_by_key` would take the last.
        let mut path = Vec::new();
        let mut next = topology.order.iter().copied().rev().max_by_key(longest);
        let length = next.map_or(0, |it| longest(&it));
        while let Some(node) = next {
            path.push(NodeId(node));
            let targets = topology.out_of(node).iter().map(|it| it.target);
            let rest = longest(&node).saturating_sub(topology.cost_of(node));
            next = targets.filter(|it| longest(it) == rest).min();
        }
        (Duration::from_nanos(length), path)
    }

    pub(crate) fn split(self) -> (Vec<Node<W>>, Topology) {
        (self.nodes, self.topology)
    }
}

/// The end of an edge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    pub(crate) target: u32,
    pub(crate) link: Link,
}

/// What is started first: the most urgent, then what has the longest way to go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rank {
    /// The priority of the node or of its most urgent target.
    pub(crate) priority: Priority,
    /// The expected time from its start to the end of the graph, in nanoseconds.
    pub(crate) left: u64,
}

/// When a node has to have started and ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    pub(crate) node: u32,
    pub(crate) at: Instant,
    /// The deadline less the expected cost.
    pub(crate) latest_start: Instant,
}

/// What the state machine needs to know of a graph; edges by source, all in one list.
#[derive(Debug)]
pub(crate) struct Topology {
    pub(crate) need: Vec<Need>,
    pub(crate) rank: Vec<Rank>,
    pub(crate) cost: Vec<u64>,
    /// Edges that hold a node back: all but optional ones.
    pub(crate) n_sources: Vec<u32>,
    pub(crate) out_start: Vec<u32>,
    pub(crate) out: Vec<Out>,
    pub(crate) order: Vec<u32>,
    pub(crate) optional_sources: FxHashMap<u32, Vec<u32>>,
    pub(crate) groups: FxHashSet<u32>,
    pub(crate) deadlines: Vec<Deadline>,
    pub(crate) revisions: Vec<u64>,
    pub(crate) tokens: FxHashMap<Token, Vec<u32>>,
}

impl Topology {
    pub(crate) fn len(&self) -> usize {
        self.need.len()
    }

    pub(crate) fn out_of(&self, node: u32) -> &[Out] {
        let start = self.out_start[node as usize] as usize;
        let end = self.out_start[node as usize + 1] as usize;
        &self.out[start..end]
    }

    /// How the graph ended, from how its nodes did. The reason why a last node was skipped is looked for at its sources.
    pub(crate) fn outcome(&self, nodes: &[Ended]) -> Outcome {
        let mut outcome = Outcome::Succeeded;
        for node in 0..nodes.len() as u32 {
            if !self.out_of(node).is_empty() {
                continue;
            }
            let mut cause = nodes[node as usize];
            while let Ended::Skipped(source) = cause {
                cause = nodes[source.index()];
            }
            match cause {
                Ended::Succeeded | Ended::Restored | Ended::NotNeeded => {}
                Ended::Cancelled => outcome = Outcome::Cancelled,
                Ended::Failed | Ended::Expired | Ended::Skipped(_) => return Outcome::Failed,
            }
        }
        outcome
    }

    fn cost_of(&self, node: u32) -> u64 {
        self.cost[node as usize]
    }
}
