//! Retention: S3-FIFO against a plain one, and what holds for any events.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::artifact;
use crate::{
    Artifact, ArtifactKind, Dependency, Effect, Event, Fingerprint, Gone, Origin, Selection,
    Settings, State, Stored, Tier,
};

fn state(budget: u64) -> State {
    State::new(&Settings {
        budget,
        ..Settings::default()
    })
}

fn store(state: &mut State, stored: Stored) -> Vec<Artifact> {
    let effects = state.apply(Event::Stored {
        stored,
        reads: Vec::new(),
        origin: Origin::Computed,
    });
    dropped(&effects, Gone::Evicted)
}

fn dropped(effects: &[Effect], why: Gone) -> Vec<Artifact> {
    let artifact = |it: &Effect| match it {
        Effect::Drop(artifact, gone) if *gone == why => *artifact,
        other => panic!("an unexpected effect: {other:?}"),
    };
    effects.iter().map(artifact).collect()
}

/// S3-FIFO over entries of one byte, with queues that are searched through.
#[derive(Debug, Default)]
struct Plain {
    small: VecDeque<(u64, u8)>,
    main: VecDeque<(u64, u8)>,
    ghosts: VecDeque<u64>,
}

impl Plain {
    fn access(&mut self, key: u64, budget: usize) -> Option<Vec<u64>> {
        let queues = self.small.iter_mut().chain(&mut self.main);
        if let Some(entry) = queues.into_iter().find(|it| it.0 == key) {
            entry.1 = (entry.1 + 1).min(3);
            return None;
        }
        let mut gone = Vec::new();
        while self.small.len() + self.main.len() >= budget {
            gone.extend(self.evict());
        }
        if let Some(ghost) = self.ghosts.iter().position(|it| *it == key) {
            // Its place stays taken, as a mention that counts for nothing.
            self.ghosts[ghost] = u64::MAX;
            self.main.push_back((key, 0));
        } else {
            self.small.push_back((key, 0));
        }
        Some(gone)
    }

    fn evict(&mut self) -> Option<u64> {
        if self.small.len() * 10 >= self.small.len() + self.main.len() || self.main.is_empty() {
            let (key, uses) = self.small.pop_front()?;
            if uses >= 2 {
                self.main.push_back((key, 0));
                return None;
            }
            self.ghosts.push_back(key);
            while self.ghosts.len() > self.main.len().max(64) {
                self.ghosts.pop_front();
            }
            return Some(key);
        }
        let (key, uses) = self.main.pop_front()?;
        if uses > 0 {
            self.main.push_back((key, uses - 1));
            return None;
        }
        Some(key)
    }
}

proptest! {
    #[test]
    fn the_order_is_that_of_s3_fifo(keys in vec(0..60u64, 1..600), budget in 5..40u64) {
        let mut state = state(budget);
        let mut plain = Plain::default();
        for key in keys {
            let expected = plain.access(key, budget as usize);
            let found = state.holds(&artifact(key));
            prop_assert_eq!(found, expected.is_none());
            if found {
                prop_assert_eq!(state.apply(Event::Used(artifact(key), Duration::ZERO)), []);
            } else {
                let gone = store(&mut state, Stored::new(artifact(key), 1, Tier::Cache));
                let expected: Vec<_> = expected.unwrap_or_default().into_iter().map(artifact).collect();
                prop_assert_eq!(gone, expected);
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Store(u64, u64, Tier, u8),
    Use(u64),
    Pin(u64),
    Unpin(u64),
    Changed(u64, u8),
    Purge(Selection),
    Budget(u64),
    Score(u64, u8),
}

fn tier() -> impl Strategy<Value = Tier> {
    prop_oneof![
        Just(Tier::Cache),
        Just(Tier::Workspace),
        Just(Tier::Session),
        Just(Tier::Pinned)
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let selection = prop_oneof![
        Just(Selection::All),
        (0..3u16).prop_map(|it| Selection::Kind(ArtifactKind(it))),
        (0..2u64).prop_map(Selection::Workspace),
        tier().prop_map(Selection::Tier),
        (0..100u64).prop_map(|it| Selection::UnusedSince(Duration::from_secs(it))),
    ];
    let store = (0..20u64, 0..40u64, tier(), 0..5u8)
        .prop_map(|(key, bytes, tier, quality)| Step::Store(key, bytes, tier, quality));
    let step = prop_oneof![
        10 => store,
        6 => (0..20u64).prop_map(Step::Use),
        2 => (0..20u64).prop_map(Step::Pin),
        2 => (0..20u64).prop_map(Step::Unpin),
        3 => (0..3u64, 0..2u8).prop_map(|(id, to)| Step::Changed(id, to)),
        1 => selection.prop_map(Step::Purge),
        1 => (0..200u64).prop_map(Step::Budget),
        1 => (0..20u64, 0..5u8).prop_map(|(key, quality)| Step::Score(key, quality)),
    ];
    vec(step, 1..200)
}

/// What is kept, told from the effects alone.
#[derive(Debug, Default)]
struct Kept {
    stored: BTreeMap<u64, Stored>,
    pins: BTreeMap<u64, u32>,
    /// The fingerprint that an artifact saw of its dependency, the last digit of its key.
    saw: BTreeMap<u64, u8>,
    current: BTreeMap<u64, u8>,
}

impl Kept {
    fn bytes(&self) -> u64 {
        self.stored.values().map(|it| it.bytes).sum()
    }

    fn is_held(&self, key: u64) -> bool {
        self.stored[&key].tier == Tier::Pinned || self.pins.get(&key).is_some_and(|it| *it > 0)
    }

    fn is_stale(&self, key: u64) -> bool {
        self.current.get(&(key % 3)) != self.saw.get(&key)
    }
}

fn dependency(key: u64) -> Dependency {
    Dependency {
        domain: 0,
        id: key % 3,
    }
}

/// The step's event, entered into what is kept.
fn enter(step: &Step, now: u64, kept: &mut Kept) -> Event {
    match *step {
        Step::Store(key, bytes, tier, quality) => {
            let stored = Stored {
                kind: ArtifactKind((key % 3) as u16),
                workspace: key % 2,
                quality,
                used: Duration::from_secs(now),
                ..Stored::new(artifact(key), bytes, tier)
            };
            kept.stored.insert(key, stored);
            let saw = *kept.current.entry(key % 3).or_default();
            kept.saw.insert(key, saw);
            Event::Stored {
                stored,
                reads: vec![(dependency(key), Fingerprint([saw; 16]))],
                origin: Origin::Computed,
            }
        }
        Step::Use(key) => {
            if let Some(stored) = kept.stored.get_mut(&key) {
                stored.used = Duration::from_secs(now);
            }
            Event::Used(artifact(key), Duration::from_secs(now))
        }
        Step::Pin(key) => {
            *kept.pins.entry(key).or_default() += 1;
            Event::Pinned(artifact(key))
        }
        Step::Unpin(key) => {
            let pins = kept.pins.entry(key).or_default();
            *pins = pins.saturating_sub(1);
            Event::Unpinned(artifact(key))
        }
        Step::Changed(id, to) => {
            kept.current.insert(id, to);
            Event::Changed(dependency(id), Some(Fingerprint([to; 16])))
        }
        Step::Purge(selection) => Event::Purge(selection),
        Step::Budget(budget) => Event::Budget(budget),
        Step::Score(key, quality) => Event::Scored(artifact(key), quality),
    }
}

proptest! {
    #[test]
    fn what_is_kept_fits_and_the_right_ones_go(steps in steps()) {
        let mut budget = 100;
        let mut state = state(budget);
        let mut kept = Kept::default();
        for id in 0..3 {
            kept.current.insert(id, 0);
            let _ = state.apply(Event::Changed(dependency(id), Some(Fingerprint([0; 16]))));
        }
        for (now, step) in steps.iter().enumerate() {
            let event = enter(step, now as u64, &mut kept);
            if let Step::Budget(to) = step {
                budget = *to;
            }
            for effect in state.apply(event) {
                let Effect::Drop(gone, why) = effect else { continue };
                let key = (0..20).find(|it| artifact(*it) == gone).unwrap();
                prop_assert!(kept.stored.contains_key(&key), "{} goes twice", key);
                if why == Gone::Evicted {
                    prop_assert!(!kept.is_held(key), "{} is pinned and evicted", key);
                    prop_assert!(kept.bytes() > budget, "{} goes though all fits", key);
                    // Nothing lower is left; but what is too large for any room goes by itself.
                    let stored = kept.stored.remove(&key).unwrap();
                    let left = kept.stored.iter().filter(|it| !kept.is_held(*it.0));
                    let mut lower = left.filter(|it| {
                        kept.is_stale(*it.0) || it.1.tier < stored.tier
                    });
                    let excused = kept.is_stale(key) || stored.bytes > budget;
                    prop_assert!(excused || lower.next().is_none(), "{} goes before a lower one", key);
                } else {
                    let Step::Purge(_) = step else { panic!("{why:?} of {step:?}") };
                    kept.stored.remove(&key);
                }
            }
            check_purged(step, &kept)?;
            prop_assert_eq!(state.counts().bytes, kept.bytes());
            prop_assert_eq!(state.counts().artifacts, kept.stored.len());
            prop_assert_eq!(state.counts().tracked, kept.stored.len());
            let held: u64 = kept.stored.iter().filter(|it| kept.is_held(*it.0)).map(|it| it.1.bytes).sum();
            prop_assert!(kept.bytes() <= budget.max(held), "{} of {}", kept.bytes(), budget);
        }
    }
}

/// Nothing of what was purged is left.
fn check_purged(step: &Step, kept: &Kept) -> Result<(), TestCaseError> {
    let Step::Purge(selection) = step else {
        return Ok(());
    };
    for stored in kept.stored.values() {
        let selected = match selection {
            Selection::All => true,
            Selection::Kind(kind) => stored.kind == *kind,
            Selection::Workspace(workspace) => stored.workspace == *workspace,
            Selection::Tier(tier) => stored.tier == *tier,
            Selection::UnusedSince(then) => stored.used < *then,
        };
        prop_assert!(!selected, "{:?} is left", stored);
    }
    Ok(())
}

#[test]
fn of_equally_unused_ones_the_lowest_quality_goes() {
    let mut state = state(3);
    for (key, quality) in [(1, 200), (2, 10), (3, 200)] {
        let stored = Stored {
            quality,
            ..Stored::new(artifact(key), 1, Tier::Cache)
        };
        assert_eq!(store(&mut state, stored), []);
    }
    let _ = state.apply(Event::Scored(artifact(3), 5));
    let newcomer = |key| Stored::new(artifact(key), 1, Tier::Cache);
    assert_eq!(store(&mut state, newcomer(4)), [artifact(3)]);
    assert_eq!(store(&mut state, newcomer(5)), [artifact(2)]);
}

#[test]
fn a_purge_of_all_leaves_no_byte() {
    let mut state = state(1000);
    for (key, tier) in [(1, Tier::Cache), (2, Tier::Session), (3, Tier::Pinned)] {
        store(&mut state, Stored::new(artifact(key), 10, tier));
    }
    let _ = state.apply(Event::Pinned(artifact(1)));
    let gone = dropped(&state.apply(Event::Purge(Selection::All)), Gone::Purged);
    assert_eq!(gone.len(), 3);
    assert_eq!(state.counts(), crate::Counts::default());
}
