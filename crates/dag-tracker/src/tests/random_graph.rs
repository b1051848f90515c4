//! Random graphs without cycles: every edge leads from an earlier node to a later one.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use crate::*;

/// One more node, or one more group of earlier nodes; `usize`s are taken modulo what is there.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Node {
        need: Need,
        sources: Vec<(usize, Edge)>,
        priority: u8,
        deadline: Option<u64>,
        token: u64,
        revision: u64,
    },
    Group(Vec<usize>),
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let need = prop_oneof![
        3 => Just(Need::Slot),
        1 => Just(Need::Inline),
        1 => Just(Need::Nothing),
    ];
    let edge = prop_oneof![
        3 => Just(Edge::Hard),
        1 => Just(Edge::Soft),
        2 => Just(Edge::Optional),
    ];
    let sources = vec((any::<usize>(), edge), 0..4);
    let rest = (0..3_u8, weighted(0.3, 1..60_u64), 0..4_u64, 0..4_u64);
    let node =
        (need, sources, rest).prop_map(|(need, sources, (priority, deadline, token, revision))| {
            Step::Node {
                need,
                sources,
                priority,
                deadline,
                token,
                revision,
            }
        });
    let group = vec(any::<usize>(), 1..4).prop_map(Step::Group);
    vec(prop_oneof![5 => node, 1 => group], 1..16)
}

/// The graph, with everything that the reference needs to know of it.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) needs: Vec<Need>,
    pub(super) hard: Vec<BTreeSet<usize>>,
    pub(super) soft: Vec<BTreeSet<usize>>,
    pub(super) optional: Vec<BTreeSet<usize>>,
    pub(super) earlier_alternatives: Vec<BTreeSet<usize>>,
    /// The alternatives of a group.
    pub(super) group: Vec<Option<BTreeSet<usize>>>,
    pub(super) priority: Vec<u8>,
    pub(super) deadline: Vec<Option<Instant>>,
    pub(super) token: Vec<Option<u64>>,
    pub(super) revision: Vec<u64>,
}

impl Shape {
    pub(super) fn len(&self) -> usize {
        self.needs.len()
    }

    /// Costs are powers of two: no two nodes have equally long ways to go, so there are no ties.
    pub(super) fn cost(node: usize) -> Duration {
        Duration::from_nanos(1 << node)
    }

    pub(super) fn sources(&self, node: usize) -> BTreeSet<usize> {
        let mut sources = BTreeSet::new();
        for of in [
            &self.hard,
            &self.soft,
            &self.optional,
            &self.earlier_alternatives,
        ] {
            sources.extend(&of[node]);
        }
        sources.extend(self.group[node].iter().flatten());
        sources
    }

    fn push(&mut self, need: Need) -> usize {
        self.needs.push(need);
        for of in [
            &mut self.hard,
            &mut self.soft,
            &mut self.optional,
            &mut self.earlier_alternatives,
        ] {
            of.push(BTreeSet::new());
        }
        self.group.push(None);
        self.priority.push(0);
        self.deadline.push(None);
        self.token.push(None);
        self.revision.push(0);
        self.len() - 1
    }
}

pub(super) fn build(steps: &[Step], start: Instant) -> (Graph<()>, Shape) {
    let (mut graph, mut shape) = (Graph::new(), Shape::default());
    let mut grouped = BTreeSet::<usize>::new();
    for step in steps {
        match step {
            Step::Node {
                need,
                sources,
                priority,
                deadline,
                token,
                revision,
            } => {
                let node = shape.push(*need);
                let mut description = Node::new("node", *need, ())
                    .cost(Shape::cost(node))
                    .priority(Priority(*priority))
                    .token(Token(*token))
                    .revision(*revision);
                description.deadline = deadline.map(|it| start + Duration::from_millis(it));
                shape.priority[node] = *priority;
                shape.deadline[node] = description.deadline;
                shape.token[node] = Some(*token);
                shape.revision[node] = *revision;
                let id = graph.add(description);
                for (source, edge) in sources.iter().filter(|_| node > 0) {
                    let source = source % node;
                    if shape.sources(node).contains(&source) {
                        continue;
                    }
                    // Whether an inline node is seen to run by another that comes up at the same moment depends on
                    // which is looked at first: not promised, so not tested.
                    let inline = shape.needs[source] != Need::Slot && *need != Need::Slot;
                    let edge = if inline && *edge == Edge::Optional {
                        Edge::Soft
                    } else {
                        *edge
                    };
                    let of = match edge {
                        Edge::Hard => &mut shape.hard,
                        Edge::Soft => &mut shape.soft,
                        Edge::Optional => &mut shape.optional,
                    };
                    of[node].insert(source);
                    graph.edge(NodeId(source as u32), id, edge);
                }
            }
            Step::Group(members) => {
                let n_nodes = shape.len();
                if n_nodes == 0 {
                    continue;
                }
                let members: BTreeSet<_> = members.iter().map(|it| it % n_nodes).collect();
                let linked = |it: &usize| !shape.sources(*it).is_disjoint(&members);
                let is_group = |it: &usize| shape.group[*it].is_some();
                if members
                    .iter()
                    .any(|it| linked(it) || is_group(it) || grouped.contains(it))
                {
                    continue;
                }
                grouped.extend(&members);
                for later in &members {
                    let earlier = members.iter().filter(|it| *it < later);
                    shape.earlier_alternatives[*later] = earlier.copied().collect();
                }
                let ids = members.iter().map(|it| NodeId(*it as u32)).collect();
                let group = shape.push(Need::Nothing);
                let description = Node::new("group", Need::Nothing, ());
                graph.alternatives(description.cost(Shape::cost(group)), ids);
                shape.group[group] = Some(members);
            }
        }
    }
    (graph, shape)
}
