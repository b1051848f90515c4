//! Random sequences of events: the engine and the reference agree on every answer, and nobody is lost.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use super::reference::{Reference, small};
use crate::*;

const KINDS: [&str; 3] = ["completion", "hover", "index"];

#[derive(Debug, Clone)]
enum Event {
    Submit {
        class: usize,
        flow: (u64, usize),
        cost: u32,
        key: Option<u64>,
        deadline: Option<u64>,
        revision: u64,
    },
    Next,
    /// Of the jobs that run, this one; at this cost.
    Finish(usize, Option<u32>),
    /// Of all tickets ever given out, this one from the end.
    Cancel(usize),
    CloseWindow(u64),
    Weigh((u64, usize), u32),
    /// Milliseconds go by.
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let flow = || (0..3_u64, 0..3_usize);
    let submit = (
        0..4_usize,
        flow(),
        1..40_u32,
        weighted(0.4, 0..6_u64),
        weighted(0.3, 0..30_u64),
        0..4_u64,
    );
    prop_oneof![
        8 => submit.prop_map(|(class, flow, cost, key, deadline, revision)| Event::Submit {
            class, flow, cost, key, deadline, revision
        }),
        6 => Just(Event::Next),
        4 => (0..8_usize, weighted(0.5, 1..90_u32)).prop_map(|(job, cost)| Event::Finish(job, cost)),
        2 => (0..20_usize).prop_map(Event::Cancel),
        1 => (0..3_u64).prop_map(Event::CloseWindow),
        1 => (flow(), 1..17_u32).prop_map(|(flow, weight)| Event::Weigh(flow, weight)),
        3 => (0..12_u64).prop_map(Event::Wait),
    ]
}

fn flow_of((window, kind): (u64, usize)) -> Flow {
    Flow::new(Window(window), KINDS[kind])
}

/// Both, side by side, and every ticket that neither answered nor dropped.
struct Both {
    engine: Engine<()>,
    reference: Reference,
    now: Instant,
    running: Vec<JobId>,
    tickets: Vec<Ticket>,
    open: BTreeSet<Ticket>,
}

impl Both {
    fn new() -> Self {
        Self {
            engine: Engine::new(small()),
            reference: Reference::new(small()),
            now: Instant::now(),
            running: Vec::new(),
            tickets: Vec::new(),
            open: BTreeSet::new(),
        }
    }

    fn apply(&mut self, event: &Event) {
        let now = self.now;
        match *event {
            Event::Submit {
                class,
                flow,
                cost,
                key,
                deadline,
                revision,
            } => {
                let request = Request {
                    priority: Priority::ALL[class],
                    flow: flow_of(flow),
                    cost,
                    merge: key.map(MergeKey::from),
                    deadline: deadline.map(|it| now + Duration::from_millis(it)),
                    revision,
                    payload: (),
                };
                let admission = self.engine.submit(request.clone(), now);
                assert_eq!(admission, self.reference.submit(&request, now));
                self.tickets.extend(admission.ticket());
                self.open.extend(admission.ticket());
            }
            Event::Next => {
                let dispatch = self.engine.next(now);
                assert_eq!(dispatch, self.reference.next(now));
                self.running.extend(dispatch.map(|it| it.job));
            }
            Event::Finish(index, cost) => {
                if index < self.running.len() {
                    self.finish(index, cost);
                }
            }
            Event::Cancel(back) => {
                let ticket = self.tickets.iter().rev().nth(back).copied();
                let ticket = ticket.unwrap_or(Ticket(0));
                let cancelled = self.engine.cancel(ticket, now);
                assert_eq!(cancelled, self.reference.cancel(ticket, now));
                let there = cancelled != Cancelled::Unknown;
                assert_eq!(self.open.remove(&ticket), there);
            }
            Event::CloseWindow(window) => {
                self.engine.close_window(Window(window), now);
                self.reference.close_window(Window(window), now);
            }
            Event::Weigh(flow, weight) => {
                self.engine.set_weight(flow_of(flow), weight);
                self.reference.set_weight(flow_of(flow), weight);
            }
            Event::Wait(milliseconds) => {
                self.now += Duration::from_millis(milliseconds);
            }
        }
        self.compare();
    }

    fn finish(&mut self, index: usize, cost: Option<u32>) {
        let job = self.running.remove(index);
        let waiters = match cost {
            Some(cost) => self.engine.finish_at_cost(job, cost, self.now),
            None => self.engine.finish(job, self.now),
        };
        assert_eq!(waiters, self.reference.finish(job, cost));
        for ticket in waiters {
            assert!(self.open.remove(&ticket), "{ticket:?} was answered twice");
        }
    }

    fn compare(&mut self) {
        let effects: Vec<_> = self.engine.drain_effects().collect();
        assert_eq!(effects, std::mem::take(&mut self.reference.effects));
        for effect in effects {
            if let Effect::Dropped { ticket, .. } = effect {
                assert!(self.open.remove(&ticket), "{ticket:?} was dropped twice");
            }
        }
        for class in Priority::ALL {
            assert_eq!(self.engine.queued(class), self.reference.queued(class));
        }
        assert_eq!(self.engine.running(), self.reference.running());
        assert_eq!(self.engine.next_deadline(), self.reference.next_deadline());
    }

    /// Lets everything run to its end: each ticket must have been answered or dropped, once.
    fn run_out(&mut self) {
        loop {
            self.apply(&Event::Next);
            if self.running.is_empty() {
                break;
            }
            self.apply(&Event::Finish(0, None));
        }
        assert!(self.open.is_empty(), "no answer for {:?}", self.open);
        let it = self.engine.counters();
        assert_eq!(it.queued + it.merged, self.tickets.len() as u64);
        let ended = it.answered + it.cancelled + it.expired + it.displaced + it.window_closed;
        assert_eq!(ended, self.tickets.len() as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_events_end_as_in_the_reference(events in vec(event(), 1..150)) {
        let mut both = Both::new();
        for event in &events {
            both.apply(event);
        }
        both.run_out();
    }

    /// While two flows have jobs, what they got for their weight differs by at most a job of each.
    #[test]
    fn shares_are_by_weight_at_every_moment(
        flows in vec((1..17_u32, vec(1..100_u32, 60)), 2..8),
    ) {
        let mut engine = Engine::new(Settings::default());
        let now = Instant::now();
        for (window, (weight, costs)) in flows.iter().enumerate() {
            let flow = Flow::new(Window(window as u64), "index");
            engine.set_weight(flow, *weight);
            for cost in costs {
                engine.submit(Request::new(Priority::Index, flow, window).cost(*cost), now);
            }
        }
        let most: Vec<_> = flows.iter().map(|(_, costs)| costs.iter().max().copied()).collect();
        let mut got = vec![0_u32; flows.len()];
        let mut left = vec![60; flows.len()];
        while let Some(dispatch) = engine.next(now) {
            got[dispatch.payload] += dispatch.cost;
            left[dispatch.payload] -= 1;
            if left.contains(&0) {
                break;
            }
            for a in 0..flows.len() {
                for b in 0..a {
                    let of = |it: usize| f64::from(got[it]) / f64::from(flows[it].0);
                    let job = |it: usize| f64::from(most[it].unwrap()) / f64::from(flows[it].0);
                    prop_assert!((of(a) - of(b)).abs() <= job(a) + job(b) + 1e-9);
                }
            }
        }
    }

    /// However much is asked of the more urgent classes, every class gets its turns.
    #[test]
    fn nothing_starves(costs in vec(1..50_u32, 4), passes in 0..10_u32) {
        let settings = Settings { passes, patience: [Duration::ZERO; 4], ..Settings::default() };
        let mut engine = Engine::new(settings);
        let mut now = Instant::now();
        let flow = Flow::new(Window(1), "job");
        let submit = |engine: &mut Engine<()>, class: Priority, now| {
            engine.submit(Request::new(class, flow, ()).cost(costs[class.index()]), now);
        };
        for class in Priority::ALL {
            submit(&mut engine, class, now);
        }
        let mut last = [0; 4];
        for turn in 1..400_u32 {
            now += Duration::from_millis(1);
            let dispatch = engine.next(now).unwrap();
            submit(&mut engine, dispatch.priority, now);
            last[dispatch.priority.index()] = turn;
            for class in Priority::ALL {
                // Once it is due it waits for turns of other due classes only. The most urgent class, if one job of it
                // is enough for a turn of each other, for one interactive job, two diagnostics and four of the index.
                prop_assert!(turn - last[class.index()] <= passes.max(1) + 8);
            }
        }
    }
}
