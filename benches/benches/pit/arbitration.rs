//! The Arbitration Engine's figures: what a decision costs, how fair it is, and what that is worth to who waits.
//!
//! Waits are simulated: 4 workers, and time that goes from event to event. Only decisions are timed for real.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hint::black_box;
use std::time::{Duration, Instant};

use symphony_arbitration_engine::{
    Engine, Flow, JobId, MergeKey, Priority, Request, Settings, Ticket, Window,
};
use symphony_benches::{Bound, Figure, Sample};

const FLOWS: u64 = 100;
const QUEUED: usize = 10_000;
const KINDS: [&str; 4] = ["completion", "hover", "diagnostics", "index"];

pub(crate) fn figures() -> Vec<Figure> {
    let mut figures = decisions();
    figures.push(shares());
    figures.push(waits("urgent p99 wait, flood of 5,000 jobs", &flood()));
    figures.push(waits("urgent p99 wait, 95 % load", &steady()));
    figures.push(merging());
    figures
}

/// Splitmix64: small, and the same sequence everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// The time until the next event of a Poisson process, in nanoseconds.
    fn pause(&mut self, mean: f64) -> u64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (-mean * (1.0 - unit).ln()) as u64
    }
}

fn roomy() -> Settings {
    Settings {
        capacity: [1 << 20; 4],
        ..Settings::default()
    }
}

/// A request of any of the flows, with everything that costs time: a key, a deadline, a revision.
fn any_request(random: &mut Random, number: u64, now: Instant) -> Request<u64> {
    let flow = random.below(FLOWS);
    let class = (flow % 4) as usize;
    let flow = Flow::new(Window(flow / 4), KINDS[class]);
    let key = MergeKey::from(number);
    Request::new(Priority::ALL[class], flow, number)
        .cost(1 + random.below(100) as u32)
        .merged_by(key)
        .until(now + Duration::from_secs(3600 + random.below(60)))
        .at_revision(number)
}

/// Each call timed by itself, with 10,000 queued over 100 flows in all classes.
fn decisions() -> Vec<Figure> {
    const ROUNDS: usize = 100_000;
    let mut random = Random(1);
    let mut engine = Engine::new(roomy());
    let mut fifo = VecDeque::new();
    let start = Instant::now();
    let mut tickets = VecDeque::new();
    let mut number = 0;
    for _ in 0..QUEUED {
        number += 1;
        let request = any_request(&mut random, number, start);
        fifo.push_back(request.clone());
        tickets.extend(engine.submit(request, start).ticket());
    }
    let [
        mut submit,
        mut next,
        mut finish,
        mut cancel,
        mut push,
        mut pop,
    ] = [(); 6].map(|()| Vec::with_capacity(ROUNDS));
    let timed = |times: &mut Vec<Duration>, operation: &mut dyn FnMut()| {
        let start = Instant::now();
        operation();
        times.push(start.elapsed());
    };
    for round in 0..ROUNDS {
        number += 1;
        let now = Instant::now();
        let request = any_request(&mut random, number, now);
        let mut copy = Some(request.clone());
        timed(&mut push, &mut || fifo.extend(copy.take()));
        timed(&mut pop, &mut || {
            black_box(fifo.pop_front());
        });
        let (mut request, mut admission) = (Some(request), None);
        timed(&mut submit, &mut || {
            admission = request.take().map(|it| engine.submit(it, now));
        });
        tickets.extend(admission.and_then(|it| it.ticket()));
        if round % 4 == 0 {
            // The oldest ticket may be over; then this is the cost of finding that out.
            let ticket = tickets.pop_front().unwrap_or(Ticket(0));
            timed(&mut cancel, &mut || {
                black_box(engine.cancel(ticket, now));
            });
            continue;
        }
        let mut dispatch = None;
        timed(&mut next, &mut || dispatch = engine.next(now));
        let job = dispatch.map_or(JobId(0), |it| it.job);
        timed(&mut finish, &mut || drop(engine.finish(job, now)));
    }
    let all: Vec<_> = [&submit, &next, &finish, &cancel]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    let all = Sample::of(&all);
    vec![
        Figure::times("arbitration", "submit, 10,000 queued", Sample::of(&submit))
            .beside("FIFO push", Sample::of(&push)),
        Figure::times("arbitration", "next, 10,000 queued", Sample::of(&next))
            .beside("FIFO pop", Sample::of(&pop)),
        Figure::times("arbitration", "finish", Sample::of(&finish)),
        Figure::times("arbitration", "cancel", Sample::of(&cancel)),
        Figure::value(
            "arbitration",
            "p99 of all decisions, 100 flows",
            "ns",
            all.p99,
        )
        .asked(Bound::AtMost(5000.0)),
    ]
}

/// The largest error of a flow's share of the work, of what its weight gives it, while all flows always have jobs.
fn shares() -> Figure {
    const DISPATCHES: usize = 1_000_000;
    let mut random = Random(2);
    let weights: Vec<_> = (0..FLOWS).map(|_| 1 + random.below(16)).collect();
    let flow = |it: usize| Flow::new(Window(it as u64), "index");
    let flows = 0..FLOWS as usize;
    let error = |work: &[u64]| {
        let (all, weight) = (work.iter().sum::<u64>(), weights.iter().sum::<u64>());
        let errors = flows.clone().map(|it| {
            let got = work[it] as f64 / all as f64;
            let due = weights[it] as f64 / weight as f64;
            100.0 * (got - due).abs() / due
        });
        errors.fold(0.0, f64::max)
    };

    let now = Instant::now();
    let mut engine = Engine::new(roomy());
    for it in flows.clone() {
        engine.set_weight(flow(it), weights[it] as u32);
    }
    let request = |it: usize, random: &mut Random| {
        Request::new(Priority::Index, flow(it), it).cost(1 + random.below(100) as u32)
    };
    for it in 0..QUEUED {
        engine.submit(request(it % flows.len(), &mut random), now);
    }
    let mut ours = vec![0; flows.len()];
    for _ in 0..DISPATCHES {
        let Some(dispatch) = engine.next(now) else {
            break;
        };
        ours[dispatch.payload] += u64::from(dispatch.cost);
        engine.finish(dispatch.job, now);
        engine.submit(request(dispatch.payload, &mut random), now);
    }

    // Each flow as many turns in a row as its weight says, whatever a job costs.
    let mut plain = vec![0; flows.len()];
    let mut turns = 0;
    while turns < DISPATCHES {
        for it in flows.clone() {
            for _ in 0..weights[it] {
                plain[it] += 1 + random.below(100);
                turns += 1;
            }
        }
    }
    Figure::value(
        "arbitration",
        "largest share error, 100 flows",
        "%",
        error(&ours),
    )
    .beside_value("weighted round robin", error(&plain))
    .asked(Bound::AtMost(1.0))
}

/// One job of a simulation.
#[derive(Clone, Copy)]
struct Arrival {
    at: u64,
    lasts: u64,
    class: Priority,
}

const MILLISECOND: f64 = 1e6;
const WORKERS: usize = 4;

/// 5,000 files to index at once, 10 ms each, and somebody who types while that goes on.
fn flood() -> Vec<Arrival> {
    let mut random = Random(3);
    let index = Arrival {
        at: 0,
        lasts: 10_000_000,
        class: Priority::Index,
    };
    let mut arrivals = vec![index; 5000];
    arrivals.extend(poisson(&mut random, Priority::Typing, 40.0, 5.0, 12_000.0));
    arrivals.sort_by_key(|it| it.at);
    arrivals
}

/// Two minutes of index and diagnostics that keep the workers busy 95 % of the time, typing with them.
fn steady() -> Vec<Arrival> {
    let mut random = Random(4);
    let mut arrivals = Vec::new();
    // 4 workers: 0.25 of one typing, 1.55 diagnostics, 2 index.
    for (class, pause, lasts) in [
        (Priority::Typing, 20.0, 5.0),
        (Priority::Diagnostics, 20.0, 31.0),
        (Priority::Index, 5.0, 10.0),
    ] {
        arrivals.extend(poisson(&mut random, class, pause, lasts, 120_000.0));
    }
    arrivals.sort_by_key(|it| it.at);
    arrivals
}

/// Arrivals of one class for some milliseconds, at a mean distance, each of a mean length.
fn poisson(
    random: &mut Random,
    class: Priority,
    pause: f64,
    lasts: f64,
    until: f64,
) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    let mut at = random.pause(pause * MILLISECOND);
    while (at as f64) < until * MILLISECOND {
        let lasts = random.pause(lasts * MILLISECOND).max(1);
        arrivals.push(Arrival { at, lasts, class });
        at += random.pause(pause * MILLISECOND);
    }
    arrivals
}

/// Runs the arrivals through a queue; the waits of those who type.
fn simulate(
    arrivals: &[Arrival],
    mut arrive: impl FnMut(usize, u64),
    mut next: impl FnMut(u64) -> Option<usize>,
) -> Sample {
    let mut waits = Vec::new();
    let mut ends = BinaryHeap::new();
    let (mut arrived, mut now) = (0, 0);
    loop {
        while arrived < arrivals.len() && arrivals[arrived].at <= now {
            arrive(arrived, now);
            arrived += 1;
        }
        while let Some(Reverse(end)) = ends.peek()
            && *end <= now
        {
            ends.pop();
        }
        while ends.len() < WORKERS
            && let Some(index) = next(now)
        {
            let job = arrivals[index];
            ends.push(Reverse(now + job.lasts));
            if job.class == Priority::Typing {
                waits.push(Duration::from_nanos(now - job.at));
            }
        }
        let arrival = arrivals.get(arrived).map(|it| it.at);
        let end = ends.peek().map(|it| it.0);
        match arrival.into_iter().chain(end).min() {
            Some(time) => now = time,
            None => return Sample::of(&waits),
        }
    }
}

fn waits(name: &'static str, arrivals: &[Arrival]) -> Figure {
    let start = Instant::now();
    let at = |time| start + Duration::from_nanos(time);
    let engine = std::cell::RefCell::new(Engine::new(roomy()));
    let ours = simulate(
        arrivals,
        |index, now| {
            let class = arrivals[index].class;
            let flow = Flow::new(Window(1), class.name());
            let request = Request::new(class, flow, index);
            engine.borrow_mut().submit(request, at(now));
        },
        |now| {
            let mut engine = engine.borrow_mut();
            let dispatch = engine.next(at(now))?;
            engine.finish(dispatch.job, at(now));
            Some(dispatch.payload)
        },
    );
    let queue = std::cell::RefCell::new(VecDeque::new());
    let fifo = simulate(
        arrivals,
        |index, _| queue.borrow_mut().push_back(index),
        |_| queue.borrow_mut().pop_front(),
    );
    Figure::value("arbitration", name, "ms", ours.p99 / MILLISECOND)
        .beside_value("FIFO", fifo.p99 / MILLISECOND)
        .asked(Bound::BetterBy(10.0))
}

/// How often a model is asked for 1,000 requests of which each is made ten times.
fn merging() -> Figure {
    let now = Instant::now();
    let mut engine = Engine::new(roomy());
    let flow = Flow::new(Window(1), "completion");
    for number in 0..1000_u64 {
        let key = MergeKey::from(number % 100);
        engine.submit(
            Request::new(Priority::Typing, flow, number).merged_by(key),
            now,
        );
    }
    let (mut jobs, mut answers) = (0_usize, 0);
    while let Some(dispatch) = engine.next(now) {
        jobs += 1;
        answers += engine.finish(dispatch.job, now).len();
    }
    let unanswered = 1000 - answers;
    // An answer that is missing counts as a job.
    let value = (jobs + unanswered) as f64;
    Figure::value(
        "arbitration",
        "jobs for 1,000 requests, 100 keys",
        "",
        value,
    )
    .beside_value("FIFO", 1000.0)
    .asked(Bound::AtMost(100.0))
}
