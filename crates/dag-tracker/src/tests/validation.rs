//! What is wrong with a graph, and what follows from its form.

use std::time::Duration;

use proptest::prelude::*;

use crate::*;

fn node(name: &'static str) -> Node<()> {
    Node::new("test", Need::Inline, ()).named(name)
}

/// A graph of these nodes and hard edges.
fn graph<const N: usize>(names: [&'static str; N], edges: &[(u32, u32)]) -> Graph<()> {
    let mut graph = Graph::new();
    for name in names {
        graph.add(node(name));
    }
    for (source, target) in edges {
        graph.edge(NodeId(*source), NodeId(*target), Edge::Hard);
    }
    graph
}

#[track_caller]
fn check_error(graph: Graph<()>, expected: &str) {
    let error = graph.validate().unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_cycle_is_told_with_its_path() {
    let edges = [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)];
    check_error(
        graph(["a", "b", "c", "d", "e"], &edges),
        "cycle: b -> c -> d -> b",
    );
    check_error(graph(["a"], &[(0, 0)]), "cycle: a -> a");
}

#[test]
fn every_kind_of_edge_counts_for_cycles() {
    for edge in [Edge::Soft, Edge::Optional] {
        let mut graph = graph(["a", "b"], &[(0, 1)]);
        graph.edge(NodeId(1), NodeId(0), edge);
        check_error(graph, "cycle: a -> b -> a");
    }
    let mut graph = graph(["a", "b"], &[(1, 0)]);
    graph.alternatives(node("group"), vec![NodeId(0), NodeId(1)]);
    check_error(graph, "cycle: a -> b -> a");
}

#[test]
fn an_edge_names_nodes_that_are_there_and_is_there_once() {
    check_error(graph(["a"], &[(0, 7)]), "unknown node 7");
    let mut twice = graph(["a", "b"], &[(0, 1)]);
    twice.edge(NodeId(0), NodeId(1), Edge::Soft);
    check_error(twice, "two edges from node 0 to node 1");
}

#[test]
fn groups_have_alternatives_of_their_own_and_no_other_sources() {
    let mut empty = graph(["a"], &[]);
    empty.alternatives(node("group"), vec![]);
    check_error(empty, "group 1 has no alternatives");
    let mut shared = graph(["a"], &[]);
    shared.alternatives(node("first"), vec![NodeId(0)]);
    shared.alternatives(node("second"), vec![NodeId(0)]);
    check_error(shared, "node 0 is in two groups of alternatives");
    let mut edge = graph(["a", "b"], &[]);
    let group = edge.alternatives(node("group"), vec![NodeId(0)]);
    edge.edge(NodeId(1), group, Edge::Soft);
    check_error(edge, "an edge leads from node 1 to group 2");
}

#[test]
fn the_critical_path_is_the_longest_by_cost() {
    let mut graph = Graph::new();
    let [a, b, c, d] =
        [1, 10, 2, 5].map(|cost| graph.add(node("n").cost(Duration::from_millis(cost))));
    for (source, target) in [(a, b), (a, c), (b, d), (c, d)] {
        graph.edge(source, target, Edge::Hard);
    }
    let plan = graph.validate().unwrap();
    assert_eq!(
        plan.critical_path(),
        (Duration::from_millis(16), vec![a, b, d])
    );
    let empty = Graph::<()>::new().validate().unwrap();
    assert_eq!(empty.critical_path(), (Duration::ZERO, vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any graph is either put in order, or a cycle of it is told that is there.
    #[test]
    fn a_cycle_that_is_told_is_there(
        edges in proptest::collection::btree_set((0..12_u32, 0..12_u32), 0..24),
    ) {
        let edges: Vec<_> = edges.into_iter().collect();
        let graph = graph(["n"; 12], &edges);
        match graph.validate() {
            Ok(plan) => {
                let order: Vec<_> = plan.order().map(|it| it.0).collect();
                let place = |node| order.iter().position(|it| *it == node);
                prop_assert!(edges.iter().all(|(a, b)| place(*a) < place(*b)));
            }
            Err(GraphError::Cycle { path, .. }) => {
                prop_assert!(!path.is_empty());
                for (place, node) in path.iter().enumerate() {
                    let next = path[(place + 1) % path.len()];
                    prop_assert!(edges.contains(&(node.0, next.0)));
                }
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
