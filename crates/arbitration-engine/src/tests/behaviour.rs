//! One promise, one test.

use std::time::{Duration, Instant};

use super::reference::small;
use crate::*;

const TYPING: Flow = Flow::new(Window(1), "completion");
const INDEX: Flow = Flow::new(Window(1), "index");
const OTHER: Flow = Flow::new(Window(2), "index");

fn engine() -> (Engine<&'static str>, Instant) {
    (Engine::new(Settings::default()), Instant::now())
}

fn milliseconds(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Dispatches and finishes everything, in order.
fn order(engine: &mut Engine<&'static str>, now: Instant) -> Vec<&'static str> {
    let mut order = Vec::new();
    while let Some(dispatch) = engine.next(now) {
        order.push(dispatch.payload);
        engine.finish(dispatch.job, now);
    }
    order
}

#[test]
fn the_more_urgent_class_goes_first() {
    let (mut engine, now) = engine();
    for class in Priority::ALL.into_iter().rev() {
        engine.submit(Request::new(class, TYPING, class.name()), now);
    }
    let expected = ["typing", "interactive", "diagnostics", "index"];
    assert_eq!(order(&mut engine, now), expected);
}

#[test]
fn windows_take_turns_by_weight() {
    let (mut engine, now) = engine();
    engine.set_weight(OTHER, 2);
    for _ in 0..3 {
        engine.submit(Request::new(Priority::Index, INDEX, "a"), now);
    }
    for _ in 0..6 {
        engine.submit(Request::new(Priority::Index, OTHER, "b"), now);
    }
    let expected = ["a", "b", "b", "a", "b", "b", "a", "b", "b"];
    assert_eq!(order(&mut engine, now), expected);
}

#[test]
fn an_idle_window_saves_no_turns_up() {
    let (mut engine, now) = engine();
    for _ in 0..10 {
        engine.submit(Request::new(Priority::Index, INDEX, "a"), now);
    }
    for _ in 0..6 {
        engine.next(now);
    }
    for _ in 0..4 {
        engine.submit(Request::new(Priority::Index, OTHER, "b"), now);
    }
    let order = order(&mut engine, now);
    let first = order[..4].iter().filter(|it| **it == "b").count();
    assert_eq!(first, 2, "{order:?}");
}

#[test]
fn a_job_that_cost_more_than_expected_is_charged_for_it() {
    let (mut engine, now) = engine();
    for _ in 0..4 {
        engine.submit(Request::new(Priority::Index, INDEX, "a"), now);
        engine.submit(Request::new(Priority::Index, OTHER, "b"), now);
    }
    let first = engine.next(now).unwrap();
    assert_eq!(first.payload, "a");
    engine.finish_at_cost(first.job, 4, now);
    let expected = ["b", "b", "b", "b", "a", "a", "a"];
    assert_eq!(order(&mut engine, now), expected);
}

#[test]
fn a_class_that_was_passed_over_for_long_gets_one_turn() {
    let mut engine = Engine::new(small());
    let mut now = Instant::now();
    engine.submit(Request::new(Priority::Index, INDEX, "index"), now);
    let mut told = Vec::new();
    for _ in 0..25 {
        engine.submit(Request::new(Priority::Typing, TYPING, "typing"), now);
        let dispatch = engine.next(now).unwrap();
        if let Turn::Aged(passed_over) = dispatch.turn {
            told.push((dispatch.payload, passed_over));
            break;
        }
        engine.finish(dispatch.job, now);
        now += milliseconds(1);
    }
    assert_eq!(told, [("index", milliseconds(20))]);
}

#[test]
fn nobody_is_passed_over_while_nothing_runs_at_all() {
    let mut engine = Engine::new(small());
    let now = Instant::now();
    engine.submit(Request::new(Priority::Index, INDEX, "index"), now);
    let later = now + milliseconds(10_000);
    engine.submit(Request::new(Priority::Typing, TYPING, "typing"), later);
    assert_eq!(order(&mut engine, later), ["typing", "index"]);
}

#[test]
fn equal_requests_are_one_job() {
    let (mut engine, now) = engine();
    let request = || Request::new(Priority::Typing, TYPING, "x").merged_by(MergeKey([7; 32]));
    let first = engine.submit(request(), now);
    let second = engine.submit(request(), now);
    let dispatch = engine.next(now).unwrap();
    let third = engine.submit(request(), now);
    assert!(matches!(second, Admission::Merged { running: false, .. }));
    assert!(matches!(third, Admission::Merged { running: true, .. }));
    assert!(engine.next(now).is_none());
    let tickets: Vec<_> = [first, second, third]
        .iter()
        .filter_map(|it| it.ticket())
        .collect();
    assert_eq!(engine.finish(dispatch.job, now), tickets);
    // What is over is no longer joined.
    assert!(matches!(
        engine.submit(request(), now),
        Admission::Queued { .. }
    ));
}

#[test]
fn a_merged_job_is_as_urgent_as_its_most_urgent_waiter() {
    let (mut engine, now) = engine();
    let key = MergeKey::from(1);
    engine.submit(Request::new(Priority::Index, OTHER, "before"), now);
    engine.submit(
        Request::new(Priority::Index, INDEX, "shared").merged_by(key),
        now,
    );
    let urgent = engine.submit(
        Request::new(Priority::Typing, TYPING, "shared").merged_by(key),
        now,
    );
    assert_eq!(engine.queued(Priority::Typing), 1);
    engine.cancel(urgent.ticket().unwrap(), now);
    assert_eq!(engine.queued(Priority::Typing), 0);
    engine.submit(
        Request::new(Priority::Typing, TYPING, "shared").merged_by(key),
        now,
    );
    assert_eq!(order(&mut engine, now), ["shared", "before"]);
}

#[test]
fn a_job_is_cancelled_when_all_its_waiters_are() {
    let (mut engine, now) = engine();
    let request = || Request::new(Priority::Typing, TYPING, "x").merged_by(MergeKey::from(1));
    let [first, second] = [(); 2].map(|()| engine.submit(request(), now).ticket().unwrap());
    let dispatch = engine.next(now).unwrap();
    assert_eq!(engine.cancel(first, now), Cancelled::Left(dispatch.job));
    assert_eq!(engine.cancel(second, now), Cancelled::Stop(dispatch.job));
    assert_eq!(engine.cancel(second, now), Cancelled::Unknown);
    // A job that is being stopped has no answer for those who come now.
    let admission = engine.submit(request(), now);
    assert!(matches!(admission, Admission::Queued { .. }));
    assert_eq!(engine.finish(dispatch.job, now), []);
    let (ticket, job) = (admission.ticket().unwrap(), admission.job().unwrap());
    assert_eq!(engine.cancel(ticket, now), Cancelled::Removed(job));
    assert!(engine.next(now).is_none());
}

#[test]
fn what_is_too_late_is_dropped_and_never_dispatched() {
    let (mut engine, now) = engine();
    let request = || Request::new(Priority::Typing, TYPING, "x").until(now + milliseconds(5));
    let queued = engine.submit(request(), now).ticket().unwrap();
    assert_eq!(engine.next_deadline(), Some(now + milliseconds(5)));
    let late = now + milliseconds(5);
    assert!(engine.next(late).is_none());
    let effects: Vec<_> = engine.drain_effects().collect();
    let reason = DropReason::Expired;
    let ticket = queued;
    assert_eq!(effects, [Effect::Dropped { ticket, reason }]);
    let refused = engine.submit(request(), late);
    assert_eq!(refused, Admission::Refused(Refusal::Expired));
}

#[test]
fn a_running_job_is_stopped_when_its_last_waiter_gives_up() {
    let (mut engine, now) = engine();
    let request = Request::new(Priority::Typing, TYPING, "x").until(now + milliseconds(5));
    engine.submit(request, now);
    let dispatch = engine.next(now).unwrap();
    assert_eq!(dispatch.deadline, Some(now + milliseconds(5)));
    engine.expire(now + milliseconds(6));
    let stops = engine
        .drain_effects()
        .any(|it| it == Effect::Stop(dispatch.job));
    assert!(stops);
    assert_eq!(engine.running(), 1);
    assert_eq!(engine.finish(dispatch.job, now + milliseconds(7)), []);
    assert_eq!(engine.running(), 0);
}

#[test]
fn a_full_class_refuses_or_drops_what_is_outdated_in_the_same_flow() {
    let mut engine = Engine::new(small());
    let now = Instant::now();
    let request = |flow, revision| Request::new(Priority::Typing, flow, "x").at_revision(revision);
    let first = engine.submit(request(TYPING, 1), now).ticket().unwrap();
    engine.submit(request(OTHER, 1), now);
    let refused = Admission::Refused(Refusal::Full);
    assert_eq!(engine.submit(request(TYPING, 1), now), refused);
    assert_eq!(engine.submit(request(INDEX, 9), now), refused);
    let newer = engine.submit(request(TYPING, 2), now);
    assert!(matches!(newer, Admission::Queued { .. }));
    let effects: Vec<_> = engine.drain_effects().collect();
    let (ticket, reason) = (first, DropReason::Displaced);
    assert_eq!(effects, [Effect::Dropped { ticket, reason }]);
    assert_eq!(engine.queued(Priority::Typing), 2);
}

#[test]
fn a_closed_window_leaves_nothing_behind() {
    let (mut engine, now) = engine();
    engine.submit(Request::new(Priority::Index, INDEX, "a"), now);
    let running = engine.next(now).unwrap();
    engine.submit(Request::new(Priority::Typing, TYPING, "b"), now);
    engine.submit(Request::new(Priority::Index, OTHER, "other's"), now);
    engine.close_window(Window(1), now);
    let effects: Vec<_> = engine.drain_effects().collect();
    assert_eq!(effects.len(), 3);
    assert!(effects.contains(&Effect::Stop(running.job)));
    assert_eq!(order(&mut engine, now), ["other's"]);
}

#[test]
fn every_decision_is_told_with_its_reason_and_the_oldest_are_forgotten() {
    let mut engine = Engine::new(small());
    let now = Instant::now();
    let key = MergeKey::from(1);
    let request = |class| Request::new(class, INDEX, "x").merged_by(key);
    engine.submit(request(Priority::Index), now);
    engine.submit(request(Priority::Diagnostics), now);
    engine.submit(request(Priority::Index).until(now), now);
    let dispatch = engine.next(now).unwrap();
    engine.choose(&[], 100.0, 1, now);
    engine.finish(dispatch.job, now);
    let told: Vec<_> = engine
        .decisions()
        .map(|it| it.verdict.to_string())
        .collect();
    assert_eq!(
        told,
        [
            "request 2 is job 1 (index, index of window 1)",
            "request 3 joins the equal job 1",
            "job 1 goes from index to diagnostics, with its waiters",
            "index request (index of window 1) refused: its deadline was over",
            "job 1 runs (diagnostics, index of window 1): its turn",
            "none of 0 answers is taken",
            "job 1 is over, 2 waited",
        ]
    );
    for _ in 0..100 {
        engine.cancel(Ticket(0), now);
        engine.submit(request(Priority::Index).until(now), now);
    }
    assert_eq!(engine.decisions().len(), 16);
}

#[test]
fn a_place_that_takes_only_some_classes_leaves_the_others() {
    let (mut engine, now) = engine();
    engine.submit(Request::new(Priority::Typing, TYPING, "typing"), now);
    engine.submit(Request::new(Priority::Index, INDEX, "index"), now);
    let background = engine.next_of(&[Priority::Index], now);
    assert_eq!(background.map(|it| it.payload), Some("index"));
    assert!(engine.next_of(&[Priority::Index], now).is_none());
    assert_eq!(engine.next(now).map(|it| it.payload), Some("typing"));
}
