//! Whether a graph is right, and what follows from its form: an order, the critical path, inherited priorities.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::Link;
use crate::plan::{Deadline, Out, Rank, Topology};
use crate::{Graph, GraphError, Node, NodeId, Plan};

impl<W> Graph<W> {
    /// Checks the graph and makes it ready to run, in time linear in its nodes and edges.
    ///
    /// # Errors
    /// The first thing that is wrong with it; a cycle with its path.
    pub fn validate(self) -> Result<Plan<W>, GraphError> {
        let n_nodes = self.nodes.len();
        let most = u32::MAX as usize;
        if n_nodes >= most || self.links.len() >= most {
            return Err(GraphError::TooLarge);
        }
        self.check_groups()?;
        let (out_start, out) = self.edges_by_source()?;
        find_duplicate(&out_start, &out, n_nodes)?;
        let order = self.topological_order(&out_start, &out)?;

        let mut n_sources = vec![0; n_nodes];
        let mut optional_sources = FxHashMap::<u32, Vec<u32>>::default();
        for (source, target, link) in &self.links {
            if *link == Link::Optional {
                optional_sources.entry(target.0).or_default().push(source.0);
            } else {
                n_sources[target.index()] += 1;
            }
        }
        let nanoseconds = |it: &Node<W>| u64::try_from(it.cost.as_nanos()).unwrap_or(u64::MAX);
        let mut topology = Topology {
            need: self.nodes.iter().map(|it| it.need).collect(),
            rank: vec![Rank::default(); n_nodes],
            cost: self.nodes.iter().map(nanoseconds).collect(),
            n_sources,
            out_start,
            out,
            order,
            optional_sources,
            groups: self.groups.iter().map(|(group, _)| group.0).collect(),
            deadlines: Vec::new(),
            revisions: self.nodes.iter().map(|it| it.revision).collect(),
            tokens: FxHashMap::default(),
        };
        rank(&mut topology, &self.nodes);
        for (index, node) in self.nodes.iter().enumerate() {
            if let Some(at) = node.deadline {
                let latest_start = at.checked_sub(node.cost).unwrap_or(at);
                topology.deadlines.push(Deadline {
                    node: index as u32,
                    at,
                    latest_start,
                });
            }
            if let Some(token) = node.token {
                topology.tokens.entry(token).or_default().push(index as u32);
            }
        }
        Ok(Plan {
            nodes: self.nodes,
            topology,
        })
    }

    fn check_groups(&self) -> Result<(), GraphError> {
        let mut seen = FxHashSet::default();
        for (group, alternatives) in &self.groups {
            if alternatives.is_empty() {
                return Err(GraphError::EmptyGroup(*group));
            }
            if let Some(again) = alternatives.iter().find(|it| !seen.insert(**it)) {
                return Err(GraphError::InTwoGroups(*again));
            }
        }
        if self.groups.is_empty() {
            return Ok(());
        }
        let groups: FxHashSet<_> = self.groups.iter().map(|(group, _)| *group).collect();
        let to_group = |(_, target, link): &&(NodeId, NodeId, Link)| {
            *link != Link::Try && groups.contains(target)
        };
        if let Some((source, group, _)) = self.links.iter().find(to_group) {
            return Err(GraphError::EdgeToGroup {
                source_node: *source,
                group: *group,
            });
        }
        Ok(())
    }

    /// Where the edges of each node start in the list of all, and that list.
    fn edges_by_source(&self) -> Result<(Vec<u32>, Vec<Out>), GraphError> {
        let n_nodes = self.nodes.len();
        let mut start = vec![0_u32; n_nodes + 1];
        for (source, target, _) in &self.links {
            for node in [source, target] {
                if node.index() >= n_nodes {
                    return Err(GraphError::UnknownNode(*node));
                }
            }
            start[source.index() + 1] += 1;
        }
        for index in 0..n_nodes {
            start[index + 1] += start[index];
        }
        let mut next = start.clone();
        let none = Out {
            target: 0,
            link: Link::Hard,
        };
        let mut out = vec![none; self.links.len()];
        for (source, target, link) in &self.links {
            let place = &mut next[source.index()];
            out[*place as usize] = Out {
                target: target.0,
                link: *link,
            };
            *place += 1;
        }
        Ok((start, out))
    }

    /// Kahn's algorithm; what it leaves over is on a cycle or behind one.
    fn topological_order(&self, start: &[u32], out: &[Out]) -> Result<Vec<u32>, GraphError> {
        let n_nodes = self.nodes.len();
        let mut missing = vec![0_u32; n_nodes];
        for it in out {
            missing[it.target as usize] += 1;
        }
        let mut order = Vec::with_capacity(n_nodes);
        order.extend((0..n_nodes as u32).filter(|it| missing[*it as usize] == 0));
        let mut done = 0;
        while let Some(&node) = order.get(done) {
            done += 1;
            for it in &out[start[node as usize] as usize..start[node as usize + 1] as usize] {
                let missing = &mut missing[it.target as usize];
                *missing -= 1;
                if *missing == 0 {
                    order.push(it.target);
                }
            }
        }
        if order.len() == n_nodes {
            return Ok(order);
        }
        Err(self.cycle(&missing))
    }

    /// A cycle among the nodes that still miss a source. Each of them has such a source itself, so walking from source
    /// to source comes back to a node that was passed.
    fn cycle(&self, missing: &[u32]) -> GraphError {
        let mut source_of = FxHashMap::default();
        for (source, target, _) in &self.links {
            if missing[source.index()] > 0 && missing[target.index()] > 0 {
                source_of.entry(target.0).or_insert(source.0);
            }
        }
        let mut passed = FxHashMap::default();
        let mut walk = Vec::new();
        let mut at = source_of.keys().min().copied();
        while let Some(node) = at {
            if let Some(&first) = passed.get(&node) {
                walk.drain(..first);
                break;
            }
            passed.insert(node, walk.len());
            walk.push(node);
            at = source_of.get(&node).copied();
        }
        walk.reverse();
        // Begin where the graph was begun, so that the same cycle is always told the same.
        let first = (0..walk.len()).min_by_key(|it| walk[*it]).unwrap_or(0);
        walk.rotate_left(first);
        let name = |it: &u32| self.nodes[*it as usize].label().to_owned();
        let names = walk.iter().chain(walk.first()).map(name).collect();
        GraphError::Cycle {
            path: walk.into_iter().map(NodeId).collect(),
            names,
        }
    }
}

fn find_duplicate(start: &[u32], out: &[Out], n_nodes: usize) -> Result<(), GraphError> {
    let mut seen_from = vec![u32::MAX; n_nodes];
    for source in 0..n_nodes {
        for it in &out[start[source] as usize..start[source + 1] as usize] {
            let seen_from = &mut seen_from[it.target as usize];
            if *seen_from == source as u32 {
                return Err(GraphError::DuplicateEdge {
                    source_node: NodeId(source as u32),
                    target: NodeId(it.target),
                });
            }
            *seen_from = source as u32;
        }
    }
    Ok(())
}

/// From the end to the beginning: how long each node has to go, and who of its targets is most urgent.
fn rank<W>(topology: &mut Topology, nodes: &[Node<W>]) {
    for place in (0..topology.order.len()).rev() {
        let node = topology.order[place];
        let mut rank = Rank {
            priority: nodes[node as usize].priority,
            left: 0,
        };
        for it in topology.out_of(node) {
            let target = topology.rank[it.target as usize];
            rank.priority = rank.priority.min(target.priority);
            rank.left = rank.left.max(target.left);
        }
        rank.left = rank.left.saturating_add(topology.cost[node as usize]);
        topology.rank[node as usize] = rank;
    }
}
