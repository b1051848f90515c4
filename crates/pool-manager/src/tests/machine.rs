//! Random events; the world outside is played by a simple model that knows which processes there are.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::{
    BreakerSettings, Cost, CostLimit, Effect, Event, Generation, Grant, InstrumentId, Kind, Limits,
    Outcome, Phase, Request, Spec, State, Trouble, WaiterId,
};

const MEMORY: u64 = 10;
const TOKENS: u64 = 100;
const PERIOD: Duration = Duration::from_secs(60);
const N: u8 = 5;

#[derive(Debug, Clone)]
enum Step {
    WantKind(u16, u64),
    WantOne(u8, u64),
    GiveUp(usize),
    Return(usize, u8, u64),
    Foresee(u8),
    StartedOk(u8),
    Ends(u8),
    Stopped(u8),
    Healthy(u8),
    Unhealthy(u8),
    Pass(u64),
    Close,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let id = 0..N;
    let step = prop_oneof![
        10 => (0..3u16, 0..40u64).prop_map(|(kind, cost)| Step::WantKind(kind, cost)),
        4 => (0..N + 1, 0..40u64).prop_map(|(id, cost)| Step::WantOne(id, cost)),
        2 => (0..50usize).prop_map(Step::GiveUp),
        10 => (0..50usize, 0..4u8, 0..40u64).prop_map(|(at, how, cost)| Step::Return(at, how, cost)),
        2 => id.clone().prop_map(Step::Foresee),
        8 => id.clone().prop_map(Step::StartedOk),
        2 => id.clone().prop_map(Step::Ends),
        5 => id.clone().prop_map(Step::Stopped),
        1 => id.clone().prop_map(Step::Healthy),
        1 => id.prop_map(Step::Unhealthy),
        6 => (0..40_000u64).prop_map(Step::Pass),
    ];
    (vec(step, 1..250), any::<bool>()).prop_map(|(mut steps, close)| {
        if close {
            let middle = steps.len() / 2;
            steps.insert(middle, Step::Close);
        }
        steps
    })
}

fn specs() -> Vec<Spec> {
    let spec = |name: &str, kind, memory, leases| Spec {
        memory,
        leases,
        idle: Some(Duration::from_secs(30)),
        breaker: BreakerSettings {
            failures: 2,
            ..BreakerSettings::default()
        },
        ..Spec::new(name, Kind(kind))
    };
    vec![
        spec("large", 0, 8, 2),
        spec("small", 0, 2, 1),
        Spec {
            priced: true,
            ..spec("priced", 0, 0, 3)
        },
        spec("other", 1, 5, 1),
        // Fits nowhere.
        spec("too large", 1, 11, 1),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Process {
    Starting,
    Ready,
    Stopping,
}

/// The world outside, and what was told to it.
#[derive(Debug, Default)]
struct World {
    processes: BTreeMap<u8, (Generation, Process)>,
    starts: BTreeSet<(u8, u32)>,
    waiting: BTreeMap<WaiterId, Request>,
    leases: Vec<(Grant, u64)>,
    spent: u64,
    now: Duration,
    next_waiter: u64,
    random: u64,
    is_closed: bool,
}

impl World {
    fn trouble(&mut self) -> Trouble {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        Trouble {
            now: self.now,
            random: self.random,
        }
    }

    /// The event of a step, if it can happen in this world.
    fn event(&mut self, step: &Step) -> Option<Event> {
        let process = |id: &u8| self.processes.get(id).copied();
        Some(match *step {
            Step::WantKind(kind, tokens) => self.want(Request::kind(Kind(kind)), tokens),
            Step::WantOne(id, tokens) => self.want(Request::one(InstrumentId(id)), tokens),
            Step::GiveUp(at) => {
                let waiter = *self.waiting.keys().nth(at % self.waiting.len().max(1))?;
                self.waiting.remove(&waiter);
                Event::GaveUp(waiter)
            }
            Step::Return(at, how, tokens) => {
                let n_leases = self.leases.len();
                if n_leases == 0 {
                    return None;
                }
                let (grant, reserved) = self.leases.swap_remove(at % n_leases);
                let is_priced = specs()[usize::from(grant.instrument.0)].priced;
                let tokens = tokens.min(reserved);
                let spent = (how != 3).then_some(Cost { tokens, money: 0 });
                if is_priced {
                    self.spent += spent.map_or(reserved, |it| it.tokens);
                }
                Event::Returned {
                    grant,
                    outcome: match how {
                        0 => Outcome::Bad { now: self.now },
                        1 => Outcome::Unknown,
                        _ => Outcome::Good,
                    },
                    spent,
                }
            }
            Step::Foresee(id) => Event::Foreseen(InstrumentId(id)),
            Step::StartedOk(id) => {
                let (generation, _) = process(&id).filter(|it| it.1 == Process::Starting)?;
                self.processes.insert(id, (generation, Process::Ready));
                Event::Started(InstrumentId(id), generation)
            }
            Step::Ends(id) => {
                let (generation, _) = self.processes.remove(&id)?;
                Event::Ended(InstrumentId(id), generation, self.trouble())
            }
            Step::Stopped(id) => {
                let (generation, _) = process(&id).filter(|it| it.1 == Process::Stopping)?;
                self.processes.remove(&id);
                Event::Stopped(InstrumentId(id), generation)
            }
            Step::Healthy(id) => Event::Healthy(InstrumentId(id), process(&id)?.0),
            Step::Unhealthy(id) => {
                Event::Unhealthy(InstrumentId(id), process(&id)?.0, self.trouble())
            }
            Step::Pass(milliseconds) => {
                let before = self.now.as_secs() / PERIOD.as_secs();
                self.now += Duration::from_millis(milliseconds);
                if self.now.as_secs() / PERIOD.as_secs() != before {
                    self.spent = 0;
                }
                Event::Tick(self.now)
            }
            Step::Close => {
                self.is_closed = true;
                Event::Close
            }
        })
    }

    fn want(&mut self, request: Request, tokens: u64) -> Event {
        self.next_waiter += 1;
        let waiter = WaiterId(self.next_waiter);
        let request = request.at_cost(Cost { tokens, money: 0 });
        self.waiting.insert(waiter, request);
        Event::Wanted { waiter, request }
    }

    fn carry_out(&mut self, effect: Effect) -> Result<(), TestCaseError> {
        match effect {
            Effect::Start(InstrumentId(id), generation) => {
                prop_assert!(!self.is_closed);
                prop_assert!(
                    self.starts.insert((id, generation.0)),
                    "the same start twice"
                );
                let other = self.processes.insert(id, (generation, Process::Starting));
                prop_assert_eq!(other, None, "two processes of one instrument");
            }
            Effect::Stop(InstrumentId(id), generation) => {
                let process = self.processes.get_mut(&id);
                let Some(process) = process.filter(|it| it.0 == generation) else {
                    return Err(TestCaseError::fail("a stop of what does not run"));
                };
                prop_assert_ne!(process.1, Process::Stopping, "stopped twice");
                process.1 = Process::Stopping;
            }
            Effect::Grant(waiter, grant) => {
                let Some(request) = self.waiting.remove(&waiter) else {
                    return Err(TestCaseError::fail("a lease for nobody"));
                };
                self.grant(grant, &request)?;
            }
            Effect::Refuse(waiter, _) => {
                prop_assert!(self.waiting.remove(&waiter).is_some(), "nobody is refused");
            }
            // The holders give them back later.
            Effect::Lost(..) => {}
        }
        Ok(())
    }

    fn grant(&mut self, grant: Grant, request: &Request) -> Result<(), TestCaseError> {
        let id = grant.instrument.0;
        let process = self.processes.get(&id);
        prop_assert_eq!(process, Some(&(grant.generation, Process::Ready)), "leased");
        let spec = &specs()[usize::from(id)];
        let reserved = if spec.priced { request.cost.tokens } else { 0 };
        self.leases.push((grant, reserved));
        let of_this_start =
            |it: &&(Grant, u64)| it.0.instrument.0 == id && it.0.generation == grant.generation;
        let out = self.leases.iter().filter(of_this_start).count();
        prop_assert!(out <= spec.leases as usize, "more leases than there are");
        let reserved: u64 = self.leases.iter().map(|it| it.1).sum();
        prop_assert!(self.spent + reserved <= TOKENS, "over the budget");
        Ok(())
    }
}

fn check(state: &State, world: &World) -> Result<(), TestCaseError> {
    let specs = specs();
    let memory: u64 = world
        .processes
        .keys()
        .map(|it| specs[usize::from(*it)].memory)
        .sum();
    prop_assert_eq!(state.memory(), memory);
    prop_assert!(memory <= MEMORY);
    prop_assert_eq!(state.spent().tokens, world.spent);
    let waiting: usize = (0..N).map(|it| state.n_waiting(InstrumentId(it))).sum();
    prop_assert_eq!(waiting, world.waiting.len());
    for id in 0..N {
        let phase = state.phase(InstrumentId(id)).unwrap();
        let process = world.processes.get(&id).map(|it| it.1);
        let expected = match phase {
            Phase::Cold | Phase::Failed { ending: false, .. } => None,
            Phase::Loading => Some(Process::Starting),
            Phase::Warm | Phase::Active => Some(Process::Ready),
            Phase::Cooldown | Phase::Failed { ending: true, .. } => Some(Process::Stopping),
        };
        prop_assert_eq!(process, expected, "{} is {:?}", id, phase);
        if state.n_waiting(InstrumentId(id)) == 0 {
            continue;
        }
        // Nobody waits for what will not come.
        match phase {
            Phase::Loading | Phase::Active | Phase::Cooldown => {}
            Phase::Cold => {
                let fits = memory + specs[usize::from(id)].memory <= MEMORY;
                let another_waits = (0..id).any(|it| state.n_waiting(InstrumentId(it)) > 0);
                prop_assert!(
                    !fits || another_waits,
                    "{} waits for memory that is free",
                    id
                );
            }
            Phase::Warm | Phase::Failed { .. } => {
                prop_assert!(false, "somebody waits for {} that is {:?}", id, phase);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn budgets_hold_nobody_is_forgotten_and_every_start_has_one_end(steps in steps()) {
        let limits = Limits {
            memory: MEMORY,
            waiters: 4,
            cost: CostLimit {
                most: Cost { tokens: TOKENS, money: 0 },
                period: PERIOD,
            },
        };
        let mut state = State::new(specs(), limits);
        let mut world = World::default();
        for step in &steps {
            // What is free at once goes the short way every other time.
            if let Step::WantKind(kind, tokens) = step && tokens % 2 == 0 {
                let request = Request::kind(Kind(*kind)).at_cost(Cost { tokens: *tokens, money: 0 });
                if let Some(grant) = state.try_lease(&request) {
                    world.grant(grant, &request)?;
                    check(&state, &world)?;
                    continue;
                }
            }
            let Some(event) = world.event(step) else { continue };
            for effect in state.apply(event) {
                world.carry_out(effect)?;
            }
            check(&state, &world)?;
        }
        // Everything ends.
        for effect in state.apply(Event::Close) {
            world.carry_out(effect)?;
        }
        prop_assert!(world.waiting.is_empty());
        for (id, (generation, process)) in std::mem::take(&mut world.processes) {
            prop_assert_eq!(process, Process::Stopping);
            prop_assert_eq!(state.apply(Event::Stopped(InstrumentId(id), generation)), []);
        }
        prop_assert_eq!(state.memory(), 0);
    }
}

#[test]
fn one_trial_at_a_time_is_sent_to_what_failed() {
    let mut state = State::new([specs().remove(0)], Limits::default());
    let request = Request::kind(Kind(0));
    let wanted = |waiter| Event::Wanted {
        waiter: WaiterId(waiter),
        request,
    };
    assert_eq!(
        state.apply(wanted(1)),
        [Effect::Start(InstrumentId(0), Generation(1))]
    );
    let effects = state.apply(Event::Started(InstrumentId(0), Generation(1)));
    let [Effect::Grant(_, grant)] = effects[..] else {
        panic!("{effects:?}")
    };
    let bad = |grant| Event::Returned {
        grant,
        outcome: Outcome::Bad {
            now: Duration::ZERO,
        },
        spent: None,
    };
    assert_eq!(state.apply(bad(grant)), []);
    let grant = state.try_lease(&request).unwrap();
    assert_eq!(state.apply(bad(grant)), []);
    assert_eq!(state.try_lease(&request), None);
    let due = state.due().unwrap();
    let _ = state.apply(Event::Tick(due));
    assert!(state.try_lease(&request).is_some());
    assert_eq!(state.try_lease(&request), None);
}
