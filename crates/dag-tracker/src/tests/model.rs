//! Random graphs and random events: the machine and the rules agree on where every node is.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;

use super::random_graph::{Shape, Step, build, steps};
use super::reference::Reference;
use crate::machine::{Effect, Event, Machine, Report, RunId, Scope};
use crate::*;

const RUN: RunId = RunId(1);

#[derive(Debug, Clone)]
enum Happening {
    /// Of the work that goes on, this ends.
    Report(usize, Report),
    CancelToken(u64),
    CancelOlderThan(u64),
    CancelAll,
    Wait(u64),
}

fn happening() -> impl Strategy<Value = Happening> {
    let report = prop_oneof![
        5 => Just(Report::Succeeded),
        2 => Just(Report::Failed),
        1 => Just(Report::Restored),
    ];
    prop_oneof![
        12 => (any::<usize>(), report).prop_map(|(which, report)| Happening::Report(which, report)),
        1 => (0..4_u64).prop_map(Happening::CancelToken),
        1 => (0..4_u64).prop_map(Happening::CancelOlderThan),
        1 => Just(Happening::CancelAll),
        3 => (1..20_u64).prop_map(Happening::Wait),
    ]
}

struct Both {
    machine: Machine,
    reference: Reference,
    now: Instant,
    /// What the effects so far said.
    running: BTreeSet<usize>,
    stopped: BTreeSet<usize>,
    workers: BTreeSet<u32>,
    over: Option<(Outcome, Vec<Ended>)>,
}

impl Both {
    fn new(steps: &[Step], workers: u32) -> Self {
        let now = Instant::now();
        let (graph, shape) = build(steps, now);
        let topology = Box::new(graph.validate().unwrap().split().1);
        let mut both = Self {
            machine: Machine::new(workers),
            reference: Reference::new(shape, workers as usize, now),
            now,
            running: BTreeSet::new(),
            stopped: BTreeSet::new(),
            workers: (0..workers).collect(),
            over: None,
        };
        both.apply(Event::Submit { run: RUN, topology });
        both.compare();
        both
    }

    fn apply(&mut self, event: Event) {
        let mut effects = Vec::new();
        self.machine.apply(event, self.now, &mut effects);
        for effect in effects {
            match effect {
                Effect::Inline { node, .. } => {
                    assert!(self.running.insert(node as usize));
                }
                Effect::Start { node, slot, .. } => {
                    assert!(self.running.insert(node as usize));
                    assert!(self.workers.contains(&slot));
                }
                Effect::Stop { node, .. } => {
                    assert!(self.stopped.insert(node as usize));
                }
                Effect::Pass { from, group, .. } => {
                    let alternatives = self.reference.shape.group[group as usize].as_ref();
                    assert!(alternatives.unwrap().contains(&(from as usize)));
                }
                Effect::Over { outcome, nodes, .. } => {
                    assert!(self.over.replace((outcome, nodes)).is_none());
                }
            }
        }
    }

    fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Report(which, report) => {
                let going_on: Vec<_> = self.work().into_iter().collect();
                if going_on.is_empty() {
                    return;
                }
                let node = going_on[which % going_on.len()];
                self.report(node, *report);
            }
            Happening::CancelToken(token) => self.cancel(Scope::Token(Token(*token))),
            Happening::CancelOlderThan(revision) => self.cancel(Scope::OlderThan(*revision)),
            Happening::CancelAll => self.cancel(Scope::All),
            Happening::Wait(milliseconds) => {
                self.now += Duration::from_millis(*milliseconds);
                self.apply(Event::Time);
                self.reference.pass_time(self.now);
            }
        }
        self.compare();
    }

    /// Nodes whose work goes on: what runs, and what was stopped.
    fn work(&self) -> BTreeSet<usize> {
        let reference = &self.reference;
        reference.running.union(&reference.busy).copied().collect()
    }

    fn report(&mut self, node: usize, report: Report) {
        self.apply(Event::Reported {
            run: RUN,
            node: node as u32,
            report,
        });
        self.reference.report(node, report);
    }

    fn cancel(&mut self, scope: Scope) {
        self.apply(Event::Cancel(scope));
        self.reference.cancel(scope);
    }

    fn compare(&self) {
        let reference = &self.reference;
        let is_over = reference.ended.iter().all(Option::is_some) && reference.busy.is_empty();
        assert_eq!(self.over.is_some(), is_over);
        assert_eq!(self.stopped, reference.stopped);
        if let Some((outcome, nodes)) = &self.over {
            assert_eq!(*outcome, expected_outcome(&reference.shape, nodes));
            for (node, ended) in nodes.iter().enumerate() {
                assert!(alike(Some(*ended), reference.ended[node]), "node {node}");
            }
            return;
        }
        for node in 0..reference.shape.len() {
            let running = reference.running.contains(&node);
            assert_eq!(
                self.machine.is_running(RUN, node as u32),
                running,
                "node {node}"
            );
            let ended = self.machine.ended(RUN, node as u32);
            assert!(
                alike(ended, reference.ended[node]),
                "node {node}: {ended:?}"
            );
        }
        let progress = self.machine.progress(RUN).unwrap();
        assert_eq!(progress.running, reference.busy.len());
        let ended = reference.ended.iter().flatten();
        assert_eq!(progress.ended, ended.clone().count());
        assert_eq!(
            progress.succeeded,
            ended.filter(|it| it.is_success()).count()
        );
        let due = reference.next_due().map(|it| it.0);
        assert_eq!(self.machine.next_due(), due);
    }

    /// Lets everything end well.
    fn run_out(&mut self) {
        while let Some(node) = self.work().first().copied() {
            self.report(node, Report::Succeeded);
            self.compare();
        }
        assert!(self.over.is_some(), "something waits for ever");
    }
}

/// Two reasons why a node was not run may come true at once; either may be told.
fn alike(ours: Option<Ended>, theirs: Option<Ended>) -> bool {
    let not_run = |it: Option<Ended>| matches!(it, Some(Ended::Skipped(_) | Ended::NotNeeded));
    ours == theirs || (not_run(ours) && not_run(theirs))
}

fn expected_outcome(shape: &Shape, nodes: &[Ended]) -> Outcome {
    let is_source = |node: &usize| (0..shape.len()).any(|it| shape.sources(it).contains(node));
    let last = (0..shape.len()).filter(|it| !is_source(it));
    let causes = last.map(|mut node| {
        while let Ended::Skipped(source) = nodes[node] {
            node = source.0 as usize;
        }
        nodes[node]
    });
    let causes: Vec<_> = causes.collect();
    if causes
        .iter()
        .any(|it| matches!(it, Ended::Failed | Ended::Expired))
    {
        Outcome::Failed
    } else if causes.contains(&Ended::Cancelled) {
        Outcome::Cancelled
    } else {
        Outcome::Succeeded
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_graphs_and_events_end_as_the_rules_say(
        steps in steps(),
        workers in 1..4_u32,
        happenings in vec(happening(), 0..40),
    ) {
        let mut both = Both::new(&steps, workers);
        for happening in &happenings {
            if both.over.is_some() {
                break;
            }
            both.happen(happening);
        }
        both.run_out();
    }

    /// Without failures every node runs once, after all its sources but optional ones.
    #[test]
    fn what_succeeds_runs_in_kahns_order(steps in steps(), workers in 1..4_u32) {
        let now = Instant::now();
        let far = now.checked_sub(Duration::from_secs(3600)).unwrap_or(now);
        let (graph, shape) = build(&steps, now);
        let plan = graph.validate().unwrap();
        let order: Vec<_> = plan.order().map(|it| it.0 as usize).collect();
        let place = |node: usize| order.iter().position(|it| *it == node);
        for node in 0..shape.len() {
            prop_assert!(place(node).is_some());
            prop_assert!(shape.sources(node).iter().all(|it| place(*it) < place(node)));
        }
        let (mut machine, mut effects) = (Machine::new(workers), Vec::new());
        let topology = Box::new(plan.split().1);
        // Long before all deadlines.
        machine.apply(Event::Submit { run: RUN, topology }, far, &mut effects);
        let mut done = BTreeSet::new();
        while !effects.is_empty() {
            match effects.remove(0) {
                Effect::Inline { node, .. } | Effect::Start { node, .. } => {
                    let index = node as usize;
                    let sources = shape.hard[index].union(&shape.soft[index]);
                    let mut waits_for = sources.filter(|it| machine.ended(RUN, **it as u32).is_none());
                    prop_assert_eq!(waits_for.next(), None);
                    prop_assert!(done.insert(index), "node {node} ran twice");
                    let report = Report::Succeeded;
                    machine.apply(Event::Reported { run: RUN, node, report }, far, &mut effects);
                }
                Effect::Over { nodes, .. } => {
                    let run = |it: &usize| shape.needs[*it] != Need::Nothing;
                    let succeeded = (0..nodes.len()).filter(|it| nodes[*it] == Ended::Succeeded);
                    prop_assert_eq!(&succeeded.filter(run).collect::<BTreeSet<_>>(), &done);
                    // A group fails if its alternatives need alternatives of others that were not needed.
                    let fails = |it: &usize| matches!(
                        nodes[*it],
                        Ended::Failed | Ended::Cancelled | Ended::Expired
                    );
                    let mut failed = (0..nodes.len()).filter(fails);
                    prop_assert!(failed.all(|it| shape.group[it].is_some()));
                }
                Effect::Pass { .. } => {}
                Effect::Stop { .. } => prop_assert!(false, "nothing is to be stopped"),
            }
        }
        prop_assert_eq!(machine.nodes(), 0);
    }
}
