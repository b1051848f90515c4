//! The handle: tokens, admission, guards.

use std::time::Duration;

use super::artifact;
use crate::{
    CancelToken, DocumentId, Effect, Event, Freshness, Gone, JobKind, Origin, Settings,
    StaleManager, Stored, Tier, Why,
};

const DOCUMENT: DocumentId = DocumentId(1);
const KIND: JobKind = JobKind(0);

#[tokio::test]
async fn a_job_waits_for_room_and_runs_when_a_cancelled_one_has_ended() {
    let stale = StaleManager::new(Settings::default());
    let [first, second, third] = [1, 2, 3].map(|version| stale.job(DOCUMENT, version, KIND));
    assert_eq!(first.token().why(), Some(Why::Superseded));
    assert!(second.is_admitted() && !third.is_admitted());
    let waiting = tokio::spawn(async move {
        let admitted = third.admitted().await;
        (third, admitted)
    });
    tokio::task::yield_now().await;
    drop(first);
    let (third, admitted) = waiting.await.unwrap();
    assert_eq!(admitted, Ok(()));
    third.cancel();
    assert_eq!(third.admitted().await, Err(Why::Asked));
    assert_eq!(stale.counts().jobs_alive, 2);
    drop((second, third));
    assert_eq!(stale.counts().jobs_alive, 0);
}

#[tokio::test]
async fn whoever_waits_for_the_token_hears_of_the_close() {
    let stale = StaleManager::new(Settings::default());
    let job = stale.job(DOCUMENT, 1, KIND);
    let token = job.token().clone();
    let waiting = tokio::spawn(async move { token.cancelled().await });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    stale.closed(DOCUMENT);
    waiting.await.unwrap();
    assert_eq!(job.token().why(), Some(Why::Closed));
}

#[test]
fn the_first_reason_stays() {
    let token = CancelToken::new();
    token.cancel(Why::Asked);
    token.cancel(Why::Closed);
    assert_eq!(token.why(), Some(Why::Asked));
}

#[test]
fn what_a_pin_held_back_goes_with_the_next_effects() {
    let stale = StaleManager::new(Settings::default());
    let stored = Stored::new(artifact(1), 10, Tier::Cache);
    assert_eq!(stale.stored(&stored, &[], Origin::Computed), []);
    let pin = stale.pin(&artifact(1));
    assert!(pin.is_some() && stale.pin(&artifact(2)).is_none());
    assert_eq!(stale.apply(Event::Budget(5)), []);
    assert_eq!(stale.fetch(&artifact(1), Duration::ZERO), Freshness::Fresh);
    drop(pin);
    assert_eq!(
        stale.fetch(&artifact(1), Duration::ZERO),
        Freshness::Unknown
    );
    let dropped = Effect::Drop(artifact(1), Gone::Evicted);
    assert_eq!(stale.apply(Event::Budget(5)), [dropped]);
}
