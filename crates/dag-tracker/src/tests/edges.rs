//! What the kinds of edges, priorities and alternatives mean, one by one.

use std::time::{Duration, Instant};

use crate::machine::{Effect, Event, Machine, Report, RunId, Scope};
use crate::*;

/// A machine, a clock, and what was started and stopped so far.
struct Stage {
    machine: Machine,
    now: Instant,
    told: Vec<String>,
    runs: u64,
}

impl Stage {
    fn new(workers: u32) -> Self {
        Self {
            machine: Machine::new(workers),
            now: Instant::now(),
            told: Vec::new(),
            runs: 0,
        }
    }

    fn apply(&mut self, event: Event) {
        let mut effects = Vec::new();
        self.machine.apply(event, self.now, &mut effects);
        for effect in effects {
            self.told.push(match effect {
                Effect::Inline { run, node } => format!("inline {}.{node}", run.0),
                Effect::Start { run, node, .. } => format!("start {}.{node}", run.0),
                Effect::Stop { run, node } => format!("stop {}.{node}", run.0),
                Effect::Pass { from, group, .. } => format!("pass {from} to {group}"),
                Effect::Over { outcome, nodes, .. } => {
                    let names: Vec<_> = nodes.iter().map(|it| it.name()).collect();
                    format!("{outcome:?}: {}", names.join(", "))
                }
            });
        }
    }

    fn submit(&mut self, graph: Graph<()>) {
        self.runs += 1;
        let run = RunId(self.runs);
        let topology = Box::new(graph.validate().unwrap().split().1);
        self.apply(Event::Submit { run, topology });
    }

    fn report(&mut self, node: u32, report: Report) {
        let run = RunId(self.runs);
        self.apply(Event::Reported { run, node, report });
    }

    fn wait(&mut self, milliseconds: u64) {
        self.now += Duration::from_millis(milliseconds);
        self.apply(Event::Time);
    }

    /// What was told since the last look.
    #[track_caller]
    fn check(&mut self, expected: &[&str]) {
        assert_eq!(self.told, expected);
        self.told.clear();
    }
}

fn slot() -> Node<()> {
    Node::new("test", Need::Slot, ())
}

fn nothing() -> Node<()> {
    Node::new("test", Need::Nothing, ())
}

/// Two nodes and an edge between them.
fn pair(edge: Edge, target: Node<()>) -> Graph<()> {
    let mut graph = Graph::new();
    let source = graph.add(slot());
    let target = graph.add(target);
    graph.edge(source, target, edge);
    graph
}

#[test]
fn a_hard_source_that_fails_skips_its_targets() {
    let mut stage = Stage::new(2);
    stage.submit(pair(Edge::Hard, slot()));
    stage.check(&["start 1.0"]);
    stage.report(0, Report::Failed);
    stage.check(&["Failed: failed, skipped"]);
}

#[test]
fn a_soft_source_only_has_to_end() {
    let mut stage = Stage::new(2);
    stage.submit(pair(Edge::Soft, slot()));
    stage.check(&["start 1.0"]);
    stage.report(0, Report::Failed);
    stage.check(&["start 1.1"]);
    stage.report(1, Report::Succeeded);
    stage.check(&["Succeeded: failed, succeeded"]);
}

#[test]
fn an_optional_source_that_runs_is_waited_for() {
    let mut stage = Stage::new(2);
    stage.submit(pair(Edge::Optional, slot()));
    stage.check(&["start 1.0"]);
    stage.report(0, Report::Failed);
    stage.check(&["start 1.1"]);
}

#[test]
fn an_optional_source_that_was_not_started_is_not_waited_for() {
    let mut stage = Stage::new(2);
    let mut graph = Graph::new();
    let [gate, source, target] = [slot(), slot(), slot()].map(|it| graph.add(it));
    graph.edge(gate, source, Edge::Hard);
    graph.edge(source, target, Edge::Optional);
    stage.submit(graph);
    stage.check(&["start 1.0", "start 1.2"]);
}

#[test]
fn a_target_is_not_held_past_its_latest_start() {
    let mut stage = Stage::new(2);
    let deadline = stage.now + Duration::from_millis(100);
    let target = slot().until(deadline).cost(Duration::from_millis(30));
    stage.submit(pair(Edge::Optional, target));
    stage.check(&["start 1.0"]);
    assert_eq!(
        stage.machine.next_due(),
        Some(stage.now + Duration::from_millis(70))
    );
    stage.wait(69);
    stage.check(&[]);
    stage.wait(1);
    stage.check(&["start 1.1"]);
    // The source goes on, and the target has its own deadline.
    stage.wait(30);
    stage.check(&["stop 1.1"]);
    stage.report(0, Report::Succeeded);
    stage.report(1, Report::Failed);
    stage.check(&["Failed: succeeded, expired"]);
}

/// A group of two, each of which takes a worker, and a node that needs the group.
fn group() -> Graph<()> {
    let mut graph = Graph::new();
    let alternatives = vec![graph.add(slot()), graph.add(slot())];
    let group = graph.alternatives(nothing(), alternatives);
    let target = graph.add(slot());
    graph.edge(group, target, Edge::Hard);
    graph
}

#[test]
fn the_next_alternative_is_tried_when_one_fails() {
    let mut stage = Stage::new(2);
    stage.submit(group());
    stage.check(&["start 1.0"]);
    stage.report(0, Report::Failed);
    stage.check(&["start 1.1"]);
    stage.report(1, Report::Succeeded);
    stage.check(&["pass 1 to 2", "start 1.3"]);
    stage.report(3, Report::Succeeded);
    stage.check(&["Succeeded: failed, succeeded, succeeded, succeeded"]);
}

#[test]
fn later_alternatives_are_not_needed_when_one_succeeds() {
    let mut stage = Stage::new(2);
    stage.submit(group());
    stage.report(0, Report::Succeeded);
    stage.report(3, Report::Succeeded);
    stage.check(&[
        "start 1.0",
        "pass 0 to 2",
        "start 1.3",
        "Succeeded: succeeded, not needed, succeeded, succeeded",
    ]);
}

#[test]
fn a_group_fails_when_no_alternative_is_left() {
    let mut stage = Stage::new(2);
    stage.submit(group());
    stage.report(0, Report::Failed);
    stage.report(1, Report::Failed);
    stage.check(&[
        "start 1.0",
        "start 1.1",
        "Failed: failed, failed, failed, skipped",
    ]);
}

#[test]
fn the_most_urgent_goes_first_and_what_it_needs_before() {
    let mut stage = Stage::new(1);
    let mut graph = Graph::new();
    let cost = Duration::from_millis;
    graph.add(slot().priority(Priority(5)).cost(cost(9)));
    let source = graph.add(slot().priority(Priority(5)).cost(cost(1)));
    let urgent = graph.add(slot().priority(Priority(0)));
    graph.edge(source, urgent, Edge::Hard);
    stage.submit(graph);
    stage.check(&["start 1.1"]);
    let mut other = Graph::new();
    other.add(slot().priority(Priority(3)));
    stage.submit(other);
    stage.runs = 1;
    stage.report(1, Report::Succeeded);
    stage.report(2, Report::Succeeded);
    stage.check(&["start 1.2", "start 2.0"]);
}

#[test]
fn of_equally_urgent_nodes_the_longest_way_goes_first() {
    let mut stage = Stage::new(1);
    let mut graph = Graph::new();
    let cost = Duration::from_millis;
    graph.add(slot().cost(cost(4)));
    let first = graph.add(slot().cost(cost(1)));
    let second = graph.add(slot().cost(cost(5)));
    graph.edge(first, second, Edge::Hard);
    stage.submit(graph);
    stage.check(&["start 1.1"]);
}

#[test]
fn what_is_stopped_holds_its_worker_until_it_is_over() {
    let mut stage = Stage::new(1);
    let mut graph = Graph::new();
    graph.add(slot().revision(1));
    graph.add(slot().revision(2));
    stage.submit(graph);
    stage.check(&["start 1.0"]);
    stage.apply(Event::Cancel(Scope::OlderThan(2)));
    stage.check(&["stop 1.0"]);
    stage.report(0, Report::Succeeded);
    stage.check(&["start 1.1"]);
    stage.report(1, Report::Succeeded);
    stage.check(&["Cancelled: cancelled, succeeded"]);
}

#[test]
fn a_graph_without_nodes_is_over_at_once() {
    let mut stage = Stage::new(1);
    stage.submit(Graph::new());
    stage.check(&["Succeeded: "]);
}

/// Thousands of cancelled graphs leave nothing in the queue for workers.
#[test]
fn cancelled_nodes_do_not_pile_up() {
    let mut stage = Stage::new(1);
    let mut busy = Graph::new();
    busy.add(slot());
    stage.submit(busy);
    for _ in 0..1000 {
        let mut graph = Graph::new();
        graph.add(slot());
        stage.submit(graph);
        stage.apply(Event::Cancel(Scope::Run(RunId(stage.runs))));
    }
    assert!(stage.machine.queue_len() < 200);
    assert_eq!(stage.machine.nodes(), 1);
}
