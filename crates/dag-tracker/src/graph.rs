//! A graph as it is written down: nodes, edges and groups of alternatives. Nothing runs here.

use std::borrow::Cow;
use std::time::{Duration, Instant};

/// A node of a graph, by the order in which nodes were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// How urgent a node is: 0 goes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(pub u8);

/// What nodes are cancelled by, in any number of graphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// A hash of everything that a node's output depends on: what its checkpoint is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobKey(pub [u8; 32]);

/// What a node needs to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing is done: a place where edges meet.
    Nothing,
    /// Work of microseconds, done by the owner of the tracker itself, between two looks at its queue.
    Inline,
    /// One of the bounded number of places for work that goes on beside.
    Slot,
}

/// What the end of a source means to the target of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The target needs the source: it runs after it succeeded, and is skipped if it did not.
    Hard,
    /// Order only: the target runs after the source ended, however that was.
    Soft,
    /// The target takes what it can get. When its hard and soft sources have ended and it would be its turn to run, it
    /// is held back for those optional sources that are *running at that moment*, until they have ended or until its
    /// latest start (its deadline less its expected cost), whichever comes first. It is held once: a source that has
    /// not started by then is not waited for, and neither is one that starts later. It runs however the source ends.
    /// A target without a deadline is held until the source ends.
    Optional,
}

/// A node: what is to be done, and how urgently.
#[derive(Debug)]
pub struct Node<W> {
    /// The kind of job: `parse`, `context`, `completion`.
    pub kind: &'static str,
    /// What it is about, for traces and errors; its kind if empty.
    pub name: Cow<'static, str>,
    /// Its priority, or that of its most urgent target if that is more urgent.
    pub priority: Priority,
    /// It is not started after this, and stopped if it still runs.
    pub deadline: Option<Instant>,
    /// How long it is expected to take: for the critical path and for what is started first.
    pub cost: Duration,
    /// What it is cancelled by.
    pub token: Option<Token>,
    /// The revision of the texts that it is about.
    pub revision: u64,
    /// With a key, the node is not run again once it has succeeded, even in another process.
    pub key: Option<JobKey>,
    /// What it needs to run.
    pub need: Need,
    /// What to do.
    pub work: W,
}

impl<W> Node<W> {
    /// A node with the highest priority, of no expected cost.
    pub fn new(kind: &'static str, need: Need, work: W) -> Self {
        Self {
            kind,
            name: Cow::Borrowed(""),
            priority: Priority::default(),
            deadline: None,
            cost: Duration::ZERO,
            token: None,
            revision: 0,
            key: None,
            need,
            work,
        }
    }

    /// With a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// With a priority.
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Not started after this, and stopped if it still runs.
    #[must_use]
    pub fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// With an expected time.
    #[must_use]
    pub fn cost(mut self, cost: Duration) -> Self {
        self.cost = cost;
        self
    }

    /// Cancelled by this token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// About this revision.
    #[must_use]
    pub fn revision(mut self, revision: u64) -> Self {
        self.revision = revision;
        self
    }

    /// Not run again once it has succeeded.
    #[must_use]
    pub fn key(mut self, key: JobKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Its name, or its kind if it has none.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.name.is_empty() {
            self.kind
        } else {
            &self.name
        }
    }
}

/// What an edge is inside: the edges that were asked for, and those that groups are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Hard,
    Soft,
    Optional,
    /// From each earlier alternative to each later one: if the source succeeds, the target is not needed.
    Else,
    /// From each alternative to its group: the group succeeds if one of them does.
    Try,
}

/// A graph that is being written down.
#[derive(Debug)]
pub struct Graph<W> {
    pub(crate) nodes: Vec<Node<W>>,
    pub(crate) links: Vec<(NodeId, NodeId, Link)>,
    pub(crate) groups: Vec<(NodeId, Vec<NodeId>)>,
}

impl<W> Default for Graph<W> {
    fn default() -> Self {
        Self::with_capacity(0, 0)
    }
}

impl<W> Graph<W> {
    /// An empty graph.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty graph with room.
    #[must_use]
    pub fn with_capacity(nodes: usize, edges: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(nodes),
            links: Vec::with_capacity(edges),
            groups: Vec::new(),
        }
    }

    /// One more node.
    pub fn add(&mut self, node: Node<W>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    /// One more edge.
    pub fn edge(&mut self, source: NodeId, target: NodeId, edge: Edge) {
        let link = match edge {
            Edge::Hard => Link::Hard,
            Edge::Soft => Link::Soft,
            Edge::Optional => Link::Optional,
        };
        self.links.push((source, target, link));
    }

    /// A group of alternatives, the preferred one first: each is tried when those before it have failed or could not
    /// run. The group itself is a node. It succeeds, with the same output, as soon as one of them does, and fails when
    /// none is left. A node can be in one group only; edges to and from alternatives are as those of other nodes.
    pub fn alternatives(&mut self, group: Node<W>, alternatives: Vec<NodeId>) -> NodeId {
        let id = self.add(Node {
            need: Need::Nothing,
            ..group
        });
        for (place, later) in alternatives.iter().enumerate() {
            for earlier in &alternatives[..place] {
                self.links.push((*earlier, *later, Link::Else));
            }
            self.links.push((*later, id, Link::Try));
        }
        self.groups.push((id, alternatives));
        id
    }

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
}
