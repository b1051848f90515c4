//! What failed verification.

use std::time::Duration;

use super::artifact;
use crate::{Effect, Event, Freshness, Gone, Origin, Quarantined, Settings, State, Stored, Tier};

fn failed(number: u64) -> Quarantined {
    Quarantined {
        artifact: artifact(number),
        reason: format!("failure {number}"),
        at: Duration::from_secs(number),
    }
}

fn stored(number: u64) -> Event {
    Event::Stored {
        stored: Stored::new(artifact(number), 10, Tier::Pinned),
        reads: Vec::new(),
        origin: Origin::Computed,
    }
}

#[test]
fn what_failed_goes_and_is_not_served_again() {
    let mut state = State::new(&Settings::default());
    assert_eq!(state.apply(stored(1)), []);
    let dropped = Effect::Drop(artifact(1), Gone::Quarantined);
    assert_eq!(state.apply(Event::Failed(failed(1))), [dropped]);
    assert_eq!(state.apply(stored(1)), [dropped]);
    assert_eq!(state.freshness(&artifact(1)), Freshness::Quarantined);
    assert_eq!(state.counts().bytes, 0);
    assert_eq!(state.quarantined().collect::<Vec<_>>(), [&failed(1)]);
}

#[test]
fn the_list_is_bounded_and_the_keys_last_longer() {
    let mut state = State::new(&Settings {
        quarantined: 2,
        ..Settings::default()
    });
    for number in 0..200 {
        let _ = state.apply(Event::Failed(failed(number)));
    }
    let listed: Vec<_> = state.quarantined().map(|it| it.artifact).collect();
    assert_eq!(listed, [artifact(198), artifact(199)]);
    assert_eq!(state.counts().quarantined, 128);
    assert_eq!(state.freshness(&artifact(72)), Freshness::Quarantined);
    assert_eq!(state.freshness(&artifact(71)), Freshness::Unknown);
}
