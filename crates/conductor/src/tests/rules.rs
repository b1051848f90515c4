//! The rules of a decision, and that the fallback keeps them.

use proptest::prelude::*;

use crate::*;

fn instrument(id: u8) -> impl Strategy<Value = Instrument> {
    let kind = prop_oneof![
        Just(Kind::Local),
        Just(Kind::Names),
        Just(Kind::Server),
        Just(Kind::Remote)
    ];
    let state = prop_oneof![
        Just(Availability::Cold),
        Just(Availability::Warm),
        Just(Availability::Failed)
    ];
    (kind, state, 0.0..3000.0, 0u64..2000, 0u32..100_000).prop_map(
        move |(kind, state, p50_ms, cost, context_tokens)| Instrument {
            id,
            kind,
            state,
            p50_ms,
            p95_ms: p50_ms * 2.0,
            cost,
            context_tokens,
            ..Instrument::default()
        },
    )
}

/// Views with distinct ids.
fn view() -> impl Strategy<Value = View> {
    let ids = proptest::sample::subsequence((0..64).collect::<Vec<u8>>(), 0..6);
    let instruments = ids.prop_flat_map(|it| it.into_iter().map(instrument).collect::<Vec<_>>());
    let deadline = prop_oneof![Just(0.0), 0.0..2.0, 0.0..20_000.0];
    (any::<bool>(), deadline, 0u64..4000, instruments).prop_map(
        |(is_invoked, deadline_ms, cost_left, instruments)| View {
            trigger: match is_invoked {
                true => Trigger::Invoked,
                false => Trigger::Automatic,
            },
            deadline_ms,
            cost_left,
            instruments,
            ..View::default()
        },
    )
}

/// Decisions of any sense: numbers near those that matter.
fn decision() -> impl Strategy<Value = Decision> {
    let reason = prop_oneof![
        3 => Just(Reason::WorthIt),
        1 => Just(Reason::AskedFor),
        1 => Just(Reason::NoTime)
    ];
    let ids = proptest::array::uniform3(proptest::option::of(0u8..64));
    let tau = prop_oneof![4 => 0.0..=1.0, 1 => -1.0..2.0, 1 => Just(f64::NAN)];
    let amounts = (0u32..1200, 0u32..20_000, 0u64..6000, 0u32..120_000);
    (
        any::<bool>(),
        reason,
        any::<bool>(),
        ids,
        0u8..10,
        tau,
        amounts,
    )
        .prop_map(
            |(trigger, reason, consensus, ids, candidates, tau, amounts)| Decision {
                trigger,
                reason,
                consensus,
                instrument: ids[0],
                fallback_0: ids[1],
                fallback_1: ids[2],
                context_tokens: amounts.3,
                candidates,
                tau,
                debounce_ms: amounts.0,
                deadline_ms: f64::from(amounts.1),
                cost_cap: amounts.2,
            },
        )
}

/// The rules once more, each as a sentence about the whole.
fn holds(decision: &Decision, view: &View) -> bool {
    let asked: Vec<u8> = decision.asked().collect();
    let found: Vec<_> = asked
        .iter()
        .filter_map(|id| view.instruments.iter().find(|it| it.id == *id))
        .collect();
    let speaks = matches!(decision.reason, Reason::WorthIt | Reason::AskedFor);
    let is_probability = decision.tau >= 0.0 && decision.tau <= 1.0;
    if !decision.trigger {
        return is_probability && !speaks && asked.is_empty() && !decision.consensus;
    }
    let mut distinct = asked.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let n_paid = if decision.consensus { found.len() } else { 1 };
    let costs: u64 = found.iter().take(n_paid).map(|it| it.cost).sum();
    is_probability
        && speaks
        && decision.instrument.is_some()
        && found.len() == asked.len()
        && found.iter().all(|it| it.state != Availability::Failed)
        && distinct.len() == asked.len()
        && (!decision.consensus || asked.len() > 1)
        && costs <= decision.cost_cap
        && decision.cost_cap <= view.cost_left
        && found
            .first()
            .is_some_and(|it| decision.context_tokens <= it.context_tokens)
        && decision.candidates >= 1
        && decision.candidates <= 8
        && decision.deadline_ms > 0.0
        && decision.deadline_ms <= view.deadline_ms
        && decision.debounce_ms <= 1000
        && f64::from(decision.debounce_ms) < decision.deadline_ms
}

/// A decision about `view` that is often right: what the fallback says, with some of another one's fields.
fn mixed(base: Decision, other: Decision, mask: u16, view: &View) -> Decision {
    let ids: Vec<u8> = view.instruments.iter().map(|it| it.id).collect();
    let near =
        |id: Option<u8>| id.and_then(|it| ids.get(usize::from(it) % (ids.len() + 1)).copied());
    let mut mixed = base.numbers();
    let mut other = other;
    other.instrument = near(other.instrument);
    other.fallback_0 = near(other.fallback_0);
    other.fallback_1 = near(other.fallback_1);
    let other = [f64::from(LAYOUT)].into_iter().chain(numbers_of(&other));
    for (index, number) in other.enumerate().skip(1) {
        if mask >> index & 1 == 1 {
            mixed[index] = number;
        }
    }
    Decision::from_numbers(&mixed).unwrap_or(base)
}

fn numbers_of(decision: &Decision) -> Vec<f64> {
    decision.numbers().split_off(1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_fallback_decides_what_can_be_carried_out(view in view(), tau in any::<f64>()) {
        let decision = Fallback::new(tau).decide(&view);
        prop_assert_eq!(validate(&decision, &view), Ok(()));
        let numbers = decision.numbers();
        prop_assert_eq!(Decision::from_numbers(&numbers), Some(decision));
    }

    #[test]
    fn what_passes_keeps_every_rule(
        view in view(),
        other in decision(),
        mask in any::<u16>(),
        sparse in any::<u16>(),
    ) {
        let base = Fallback::default().decide(&view);
        for decision in [other, mixed(base, other, mask & sparse, &view), base] {
            let passes = validate(&decision, &view).is_ok();
            prop_assert_eq!(passes, holds(&decision, &view), "{:?}", decision);
        }
    }
}

#[test]
fn each_rule_has_its_own_words() {
    let instruments = [1, 2].map(|id| Instrument {
        id,
        cost: 10,
        context_tokens: 100,
        ..Instrument::default()
    });
    let view = View {
        deadline_ms: 100.0,
        cost_left: 15,
        instruments: instruments.to_vec(),
        ..View::default()
    };
    let fine = Fallback::default().decide(&view);
    assert_eq!(validate(&fine, &view), Ok(()));
    let wrong = |change: &dyn Fn(&mut Decision)| {
        let mut decision = fine;
        change(&mut decision);
        validate(&decision, &view).unwrap_err()
    };
    assert_eq!(wrong(&|it| it.tau = 1.5), Nonsense::Tau(1.5));
    assert_eq!(wrong(&|it| it.trigger = false), Nonsense::Reason);
    assert_eq!(wrong(&|it| it.instrument = None), Nonsense::Nobody(None));
    assert_eq!(
        wrong(&|it| it.fallback_0 = Some(3)),
        Nonsense::Nobody(Some(3))
    );
    assert_eq!(wrong(&|it| it.fallback_1 = Some(1)), Nonsense::Twice(1));
    assert_eq!(wrong(&|it| it.consensus = true), Nonsense::Alone);
    let together = |it: &mut Decision| (it.consensus, it.fallback_0) = (true, Some(2));
    assert_eq!(wrong(&together), Nonsense::Cost(10, 20, 15));
    assert_eq!(wrong(&|it| it.cost_cap = 16), Nonsense::Cost(16, 10, 15));
    assert_eq!(
        wrong(&|it| it.context_tokens = 101),
        Nonsense::Context(101, 100)
    );
    assert_eq!(wrong(&|it| it.candidates = 9), Nonsense::Candidates(9));
    assert_eq!(wrong(&|it| it.debounce_ms = 100), Nonsense::Debounce(100));
    assert_eq!(
        wrong(&|it| it.deadline_ms = 101.0),
        Nonsense::Deadline(101.0, 100.0)
    );
}

#[test]
fn the_fallback_asks_the_embedded_model_as_the_server_does() {
    let view = View {
        deadline_ms: 150.0,
        cost_left: 100,
        instruments: vec![
            Instrument {
                id: 7,
                kind: Kind::Server,
                state: Availability::Warm,
                context_tokens: 2048,
                ..Instrument::default()
            },
            Instrument {
                id: 3,
                kind: Kind::Local,
                context_tokens: 4096,
                ..Instrument::default()
            },
        ],
        ..View::default()
    };
    let decision = Fallback::default().decide(&view);
    assert_eq!(decision.asked().collect::<Vec<_>>(), [3]);
    assert_eq!((decision.tau, decision.debounce_ms), (0.5, 0));
    assert_eq!((decision.deadline_ms, decision.cost_cap), (150.0, 0));
    let reason = |view: &View| Fallback::default().decide(view).reason;
    let mut other = view.clone();
    other.instruments.clear();
    assert_eq!(reason(&other), Reason::NoInstrument);
    other = view.clone();
    other.deadline_ms = f64::NAN;
    assert_eq!(reason(&other), Reason::NoTime);
    other = view;
    other.instruments.iter_mut().for_each(|it| it.cost = 101);
    assert_eq!(reason(&other), Reason::NoBudget);
}
