//! The rows of the transition table that random events reach seldom: order, failover, room.

use std::time::Duration;

use crate::{
    Cost, CostLimit, Effect, Event, Generation, InstrumentId, Kind, Limits, Phase, Refusal,
    Request, Spec, State, Trouble, WaiterId,
};

const KIND: Kind = Kind(0);
const FIRST: InstrumentId = InstrumentId(0);
const SECOND: InstrumentId = InstrumentId(1);
const ONCE: Generation = Generation(1);
const TROUBLE: Trouble = Trouble {
    now: Duration::from_secs(1),
    random: u64::MAX,
};

fn wanted(waiter: u64) -> Event {
    Event::Wanted {
        waiter: WaiterId(waiter),
        request: Request::kind(KIND),
    }
}

fn two(limits: Limits) -> State {
    let spec = |name| Spec {
        memory: 6,
        ..Spec::new(name, KIND)
    };
    State::new([spec("first"), spec("second")], limits)
}

#[test]
fn who_waits_is_sent_to_the_next_when_the_first_fails() {
    let mut state = two(Limits::default());
    assert_eq!(state.apply(wanted(1)), [Effect::Start(FIRST, ONCE)]);
    let effects = state.apply(Event::Ended(FIRST, ONCE, TROUBLE));
    assert_eq!(
        effects,
        [Effect::Lost(FIRST, ONCE), Effect::Start(SECOND, ONCE)]
    );
    // Both failed: there is nothing to wait for.
    let effects = state.apply(Event::Ended(SECOND, ONCE, TROUBLE));
    let refused = Effect::Refuse(WaiterId(1), Refusal::Unavailable);
    assert_eq!(effects, [Effect::Lost(SECOND, ONCE), refused]);
    // Until the time is over.
    let due = state.due().unwrap();
    assert_eq!(due, Duration::from_millis(1500));
    let _ = state.apply(Event::Tick(due));
    assert_eq!(state.phase(FIRST), Some(Phase::Cold));
}

#[test]
fn one_that_is_ready_serves_while_the_better_one_is_started() {
    let mut state = two(Limits::default());
    let _ = state.apply(Event::Foreseen(SECOND));
    let _ = state.apply(Event::Started(SECOND, ONCE));
    assert_eq!(state.try_lease(&Request::kind(KIND)), None);
    let effects = state.apply(wanted(1));
    assert!(matches!(effects[0], Effect::Grant(_, grant) if grant.instrument == SECOND));
    assert_eq!(effects[1..], [Effect::Start(FIRST, ONCE)]);
}

#[test]
fn an_idle_one_makes_room_and_a_busy_one_does_not() {
    let limits = Limits {
        memory: 10,
        ..Limits::default()
    };
    let mut state = two(limits);
    let only = |waiter, id| Event::Wanted {
        waiter: WaiterId(waiter),
        request: Request::one(id),
    };
    let _ = state.apply(only(1, FIRST));
    let effects = state.apply(Event::Started(FIRST, ONCE));
    let [Effect::Grant(_, grant)] = effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(state.apply(only(2, SECOND)), []);
    let returned = Event::Returned {
        grant,
        outcome: crate::Outcome::Good,
        spent: None,
    };
    assert_eq!(state.apply(returned), [Effect::Stop(FIRST, ONCE)]);
    let started = state.apply(Event::Stopped(FIRST, ONCE));
    assert_eq!(started, [Effect::Start(SECOND, ONCE)]);
    assert_eq!(state.account(FIRST).unwrap().displaced, 1);
}

#[test]
fn a_spent_budget_leaves_what_is_free() {
    let priced = Spec {
        priced: true,
        ..Spec::new("priced", KIND)
    };
    let limits = Limits {
        cost: CostLimit {
            most: Cost {
                tokens: 10,
                money: 0,
            },
            period: Duration::from_secs(60),
        },
        ..Limits::default()
    };
    let cost = Cost {
        tokens: 11,
        money: 0,
    };
    let wanted = Event::Wanted {
        waiter: WaiterId(1),
        request: Request::kind(KIND).at_cost(cost),
    };
    let mut state = State::new([priced.clone(), Spec::new("free", KIND)], limits.clone());
    assert_eq!(state.apply(wanted), [Effect::Start(SECOND, ONCE)]);
    let mut state = State::new([priced], limits);
    let refused = Effect::Refuse(WaiterId(1), Refusal::Budget);
    assert_eq!(state.apply(wanted), [refused]);
}

#[test]
fn an_unused_one_is_stopped_after_its_time() {
    let mut state = two(Limits::default());
    let _ = state.apply(Event::Foreseen(FIRST));
    let _ = state.apply(Event::Started(FIRST, ONCE));
    let mut stopped = None;
    while stopped.is_none() {
        let due = state.due().unwrap();
        let effects = state.apply(Event::Tick(due));
        stopped = (!effects.is_empty()).then_some((due, effects));
    }
    let idle = Duration::from_secs(5 * 60);
    assert_eq!(stopped, Some((idle, vec![Effect::Stop(FIRST, ONCE)])));
}
