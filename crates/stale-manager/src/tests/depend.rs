//! Dependency invalidation against a table that is searched through.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::artifact;
use crate::{
    Dependency, Effect, Event, Fingerprint, Freshness, Origin, Read, Settings, State, Stored, Tier,
};

#[derive(Debug, Clone)]
enum Step {
    Record(u64, Vec<(u64, u8)>, Origin),
    Changed(u64, Option<u8>),
    Forget(u64),
    Lost(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let origin = prop_oneof![Just(Origin::Computed), Just(Origin::Restored)];
    let step = prop_oneof![
        4 => (0..12u64, vec((0..6u64, 0..3u8), 0..4), origin)
            .prop_map(|(artifact, reads, origin)| Step::Record(artifact, reads, origin)),
        6 => (0..6u64, prop::option::weighted(0.9, 0..3u8)).prop_map(|(id, to)| Step::Changed(id, to)),
        1 => (0..6u64).prop_map(Step::Forget),
        1 => (0..12u64).prop_map(Step::Lost),
    ];
    vec(step, 1..120)
}

/// The same, with no index: every artifact is looked at after every step.
#[derive(Debug, Default)]
struct Reference {
    reads: BTreeMap<u64, Vec<(u64, u8)>>,
    current: BTreeMap<u64, Option<u8>>,
    told: BTreeSet<u64>,
}

impl Reference {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Record(artifact, reads, origin) => {
                self.reads.remove(artifact);
                self.drop_unread();
                for (dependency, fingerprint) in sorted(reads) {
                    let current = self.current.entry(dependency).or_insert(None);
                    let nobody_knows = current.is_none() && !self.told.contains(&dependency);
                    if nobody_knows && *origin == Origin::Computed {
                        *current = Some(fingerprint);
                    }
                }
                self.reads.insert(*artifact, reads.clone());
            }
            Step::Changed(dependency, to) => {
                self.told.insert(*dependency);
                self.current.insert(*dependency, *to);
            }
            Step::Forget(dependency) => {
                self.told.remove(dependency);
            }
            Step::Lost(artifact) => {
                self.reads.remove(artifact);
            }
        }
        self.drop_unread();
    }

    /// What nobody tells of and nobody reads is not known.
    fn drop_unread(&mut self) {
        let read: BTreeSet<_> = self.reads.values().flatten().map(|it| it.0).collect();
        self.current
            .retain(|it, _| read.contains(it) || self.told.contains(it));
    }

    fn is_fresh(&self, artifact: u64) -> Option<bool> {
        let current = |it: &u64| self.current.get(it).copied().flatten();
        let reads = self.reads.get(&artifact)?;
        Some(reads.iter().all(|(it, seen)| current(it) == Some(*seen)))
    }
}

fn sorted(reads: &[(u64, u8)]) -> BTreeSet<(u64, u8)> {
    reads.iter().copied().collect()
}

fn dependency(id: u64) -> Dependency {
    Dependency { domain: 1, id }
}

fn reads(of: &[(u64, u8)]) -> Vec<Read> {
    let read = |&(id, seen): &(u64, u8)| (dependency(id), Fingerprint([seen; 16]));
    of.iter().map(read).collect()
}

fn event(step: &Step) -> Event {
    match step {
        Step::Record(number, of, origin) => Event::Stored {
            stored: Stored::new(artifact(*number), 1, Tier::Workspace),
            reads: reads(of),
            origin: *origin,
        },
        Step::Changed(id, to) => {
            Event::Changed(dependency(*id), to.map(|it| Fingerprint([it; 16])))
        }
        Step::Forget(id) => Event::Forgotten(dependency(*id)),
        Step::Lost(number) => Event::Lost(artifact(*number)),
    }
}

proptest! {
    #[test]
    fn an_artifact_is_fresh_exactly_while_what_it_read_is_as_it_was(steps in steps()) {
        let mut state = State::new(&Settings::default());
        let mut reference = Reference::default();
        for step in &steps {
            let before: Vec<_> = (0..12).map(|it| reference.is_fresh(it)).collect();
            let effects: BTreeSet<_> = state.apply(event(step)).into_iter().map(told).collect();
            reference.step(step);
            let mut expected = BTreeSet::new();
            for number in 0..12 {
                let (was, is) = (before[number as usize], reference.is_fresh(number));
                let told = match is {
                    Some(true) => Freshness::Fresh,
                    Some(false) => Freshness::Stale,
                    None => Freshness::Unknown,
                };
                prop_assert_eq!(state.freshness(&artifact(number)), told, "{} after {:?}", number, step);
                let recorded = matches!(step, Step::Record(it, ..) if *it == number);
                if !recorded && was.is_some() && is.is_some() && was != is {
                    expected.insert((artifact(number).0, is == Some(true)));
                }
            }
            prop_assert_eq!(effects, expected, "effects of {:?}", step);
            prop_assert_eq!(state.counts().dependencies, reference.current.len());
        }
    }
}

fn told(effect: Effect) -> ([u8; 32], bool) {
    match effect {
        Effect::Stale(artifact) => (artifact.0, false),
        Effect::Fresh(artifact) => (artifact.0, true),
        other => panic!("an unexpected effect: {other:?}"),
    }
}

#[test]
fn an_edit_that_changes_nothing_has_no_effects() {
    let mut state = State::new(&Settings::default());
    let _ = state.apply(event(&Step::Record(1, vec![(1, 1)], Origin::Computed)));
    assert_eq!(state.apply(event(&Step::Changed(1, Some(1)))), []);
}

#[test]
fn a_stale_artifact_that_was_evicted_does_not_come_back() {
    let mut state = State::new(&Settings::default());
    let _ = state.apply(event(&Step::Record(1, vec![(1, 1)], Origin::Computed)));
    let _ = state.apply(event(&Step::Changed(1, Some(2))));
    let _ = state.apply(Event::Budget(0));
    assert_eq!(state.apply(event(&Step::Changed(1, Some(1)))), []);
    assert_eq!(state.freshness(&artifact(1)), Freshness::Unknown);
}
