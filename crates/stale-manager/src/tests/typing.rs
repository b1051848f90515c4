//! Two hundred keys at twenty a second, each with a model call of 300 ms that needs 10 ms to notice that it is cancelled.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::{DocumentId, Effect, Event, JobId, JobKind, Settings, State};

const KEYS: u64 = 200;
const KEY_EVERY: u64 = 50;
const CALL: u64 = 300;
const CANCEL: u64 = 10;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    Ends(u64),
    Key(u64),
}

#[test]
fn at_most_two_model_calls_are_alive_and_the_last_one_finishes() {
    let mut state = State::new(&Settings::default());
    let document = DocumentId(1);
    let keys = (1..=KEYS).map(|key| Reverse((key * KEY_EVERY, Happens::Key(key))));
    let mut queue: BinaryHeap<_> = keys.collect();
    let mut ends_at = BTreeMap::new();
    let mut finished = Vec::new();
    let (mut calls, mut most_alive) = (0, 0);
    while let Some(Reverse((now, happens))) = queue.pop() {
        let events = match happens {
            Happens::Key(key) => vec![
                Event::Edited {
                    document,
                    version: key,
                },
                Event::JobStarted {
                    job: JobId(key),
                    document,
                    version: key,
                    kind: JobKind(0),
                },
            ],
            // A cancelled call ends earlier than it would have: its first end is gone.
            Happens::Ends(key) if ends_at.get(&key) != Some(&now) => continue,
            Happens::Ends(key) => {
                finished.push((key, now));
                let job = JobId(key);
                vec![Event::JobEnded { job, document }]
            }
        };
        for effect in events.into_iter().flat_map(|it| state.apply(it)) {
            let (key, end) = match effect {
                Effect::Run(JobId(key)) => {
                    calls += 1;
                    (key, now + CALL)
                }
                Effect::Cancel(JobId(key), _) if ends_at.contains_key(&key) => (key, now + CANCEL),
                _ => continue,
            };
            ends_at.insert(key, end);
            queue.push(Reverse((end, Happens::Ends(key))));
        }
        most_alive = most_alive.max(state.counts().jobs_alive);
    }
    assert_eq!(most_alive, 2);
    assert_eq!(
        finished.last(),
        Some(&(KEYS, KEYS * KEY_EVERY + CANCEL + CALL))
    );
    assert_eq!(finished.len(), calls);
    assert_eq!(state.counts().jobs_alive, 0);
}
