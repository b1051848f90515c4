//! The tracker with its owner task: what callers see.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::*;

/// Runs a test on a tracker, and then shuts that down.
fn with_tracker<F: Future<Output = ()>>(settings: Settings, test: impl FnOnce(Tracker) -> F) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().unwrap().block_on(async {
        let (tracker, owner) = Tracker::new(settings, Arc::new(NoCheckpoints));
        let owner = tokio::spawn(owner);
        test(tracker.clone()).await;
        assert_eq!(tracker.shutdown().await.left_running, 0);
        owner.await.unwrap();
    });
}

async fn run(tracker: &Tracker, graph: Graph<Work>) -> Report {
    let plan = graph.validate().unwrap();
    let run = tracker.submit(plan, Options::default()).await.unwrap();
    run.done().await.unwrap()
}

fn nothing() -> Answer {
    Ok(Bytes::new())
}

/// Work that never ends by itself, and says when it has begun.
fn endless() -> (Job, oneshot::Receiver<()>) {
    let (begun, receiver) = oneshot::channel();
    let job = Job::task("endless", |_| async {
        begun.send(()).unwrap();
        std::future::pending().await
    });
    (job, receiver)
}

#[test]
fn outputs_go_along_the_edges() {
    with_tracker(Settings::default(), |tracker| async move {
        let mut graph = Graph::new();
        let a = graph.add(Job::inline("a", |_| Ok("a".into())));
        let b = graph.add(Job::blocking("b", move |context| {
            Ok([context.outputs().of(a).unwrap(), &b"b"[..]]
                .concat()
                .into())
        }));
        let c = graph.add(Job::task("c", move |context| async move {
            let text = context.outputs().of(b).unwrap();
            Ok([text, &b"c"[..]].concat().into())
        }));
        graph.edge(a, b, Edge::Hard);
        graph.edge(b, c, Edge::Hard);
        let report = run(&tracker, graph).await;
        assert_eq!(report.outcome, Outcome::Succeeded);
        assert_eq!(report.outputs.of(c).unwrap(), "abc");
    });
}

#[test]
fn a_panic_is_a_failure_of_its_node() {
    with_tracker(Settings::default(), |tracker| async move {
        let mut graph = Graph::new();
        let jobs = [
            Job::inline("inline", |_| panic!("one")),
            Job::blocking("blocking", |_| panic!("{}", "two")),
            Job::task("task", |_| async { panic!("three") }),
        ];
        let ids = jobs.map(|it| graph.add(it));
        let group = graph.alternatives(Job::nothing("group"), ids.to_vec());
        let report = run(&tracker, graph).await;
        assert_eq!(report.node(group), Some(Ended::Failed));
        let told: Vec<_> = report.failures.iter().map(|it| it.1.to_string()).collect();
        assert_eq!(told, ["panicked: one", "panicked: two", "panicked: three"]);
    });
}

#[test]
fn no_more_work_goes_on_beside_than_there_are_workers() {
    let settings = Settings {
        workers: 3,
        ..Settings::default()
    };
    with_tracker(settings, |tracker| async move {
        let (going_on, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut graph = Graph::new();
        for _ in 0..20 {
            let (going_on, most) = (going_on.clone(), most.clone());
            graph.add(Job::task("task", |_| async move {
                let now = going_on.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                for _ in 0..10 {
                    tokio::task::yield_now().await;
                }
                going_on.fetch_sub(1, Ordering::SeqCst);
                nothing()
            }));
        }
        assert_eq!(run(&tracker, graph).await.outcome, Outcome::Succeeded);
        assert_eq!(most.load(Ordering::SeqCst), 3);
    });
}

#[test]
fn a_cancelled_graph_drops_its_futures() {
    with_tracker(Settings::default(), |tracker| async move {
        let mut graph = Graph::new();
        let (job, begun) = endless();
        graph.add(job);
        let plan = graph.validate().unwrap();
        let run = tracker.submit(plan, Options::default()).await.unwrap();
        begun.await.unwrap();
        assert_eq!(run.progress().borrow().nodes, 1);
        run.cancel().await;
        let report = run.done().await.unwrap();
        assert_eq!(report.outcome, Outcome::Cancelled);
        assert_eq!(report.nodes, [Ended::Cancelled]);
        assert_eq!(report.failures, []);
    });
}

#[test]
fn nodes_are_cancelled_by_token_and_by_revision_in_all_graphs() {
    with_tracker(Settings::default(), |tracker| async move {
        let mut runs = Vec::new();
        for (token, revision) in [(1, 5), (2, 3)] {
            let mut graph = Graph::new();
            let (job, begun) = endless();
            graph.add(job.token(Token(token)).revision(revision));
            let plan = graph.validate().unwrap();
            runs.push(tracker.submit(plan, Options::default()).await.unwrap());
            begun.await.unwrap();
        }
        tracker.cancel_older_than(4).await;
        let older = runs.pop().unwrap().done().await.unwrap();
        assert_eq!(older.outcome, Outcome::Cancelled);
        assert_eq!(runs[0].progress().borrow().ended, 0);
        tracker.cancel(Token(1)).await;
        let other = runs.pop().unwrap().done().await.unwrap();
        assert_eq!(other.outcome, Outcome::Cancelled);
    });
}

#[test]
fn work_is_stopped_at_its_deadline() {
    with_tracker(Settings::default(), |tracker| async move {
        let mut graph = Graph::new();
        let deadline = Instant::now() + Duration::from_millis(5);
        graph.add(Job::task("task", |_| std::future::pending()).until(deadline));
        // Blocking work is told, and ends by itself.
        let blocking = Job::blocking("blocking", |context| {
            Handle::current().block_on(context.cancelled());
            nothing()
        });
        graph.add(blocking.until(deadline));
        let report = run(&tracker, graph).await;
        assert_eq!(report.nodes, [Ended::Expired; 2]);
        assert_eq!(report.outcome, Outcome::Failed);
    });
}

#[test]
fn a_graph_beyond_the_limit_comes_back() {
    let settings = Settings {
        nodes: 2,
        ..Settings::default()
    };
    with_tracker(settings, |tracker| async move {
        let (job, begun) = endless();
        let mut first = Graph::new();
        first.add(job);
        let first = first.validate().unwrap();
        let first = tracker.submit(first, Options::default()).await.unwrap();
        begun.await.unwrap();
        let mut second = Graph::new();
        for _ in 0..2 {
            second.add(Job::inline("inline", |_| nothing()));
        }
        let plan = second.validate().unwrap();
        let refused = tracker.submit(plan, Options::default()).await;
        let Err(SubmitError::Full(plan)) = refused else {
            panic!("{refused:?}");
        };
        first.cancel().await;
        first.done().await.unwrap();
        let taken = tracker.submit(*plan, Options::default()).await.unwrap();
        assert_eq!(taken.done().await.unwrap().outcome, Outcome::Succeeded);
    });
}

#[test]
fn shutting_down_cancels_what_runs_and_takes_nothing_more() {
    with_tracker(Settings::default(), |tracker| async move {
        let mut graph = Graph::new();
        let (job, begun) = endless();
        graph.add(job);
        let (sender, receiver) = oneshot::channel();
        graph.add(Job::blocking("blocking", |context| {
            sender.send(()).unwrap();
            Handle::current().block_on(context.cancelled());
            nothing()
        }));
        let plan = graph.validate().unwrap();
        let run = tracker.submit(plan, Options::default()).await.unwrap();
        begun.await.unwrap();
        receiver.await.unwrap();
        assert_eq!(tracker.shutdown().await.left_running, 0);
        assert_eq!(run.done().await.unwrap().outcome, Outcome::Cancelled);
        let plan = Graph::new().validate().unwrap();
        let refused = tracker.submit(plan, Options::default()).await;
        assert!(matches!(refused, Err(SubmitError::Closed)));
    });
}

#[test]
fn blocking_work_that_does_not_stop_is_told_and_not_waited_for() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let (release, released) = std::sync::mpsc::channel::<()>();
    runtime.block_on(async {
        let settings = Settings {
            grace: Duration::from_millis(1),
            ..Settings::default()
        };
        let (tracker, owner) = Tracker::new(settings, Arc::new(NoCheckpoints));
        let owner = tokio::spawn(owner);
        let mut graph = Graph::new();
        let (sender, receiver) = oneshot::channel();
        graph.add(Job::blocking("deaf", move |_| {
            sender.send(()).unwrap();
            released.recv().ok();
            nothing()
        }));
        let plan = graph.validate().unwrap();
        tracker.submit(plan, Options::default()).await.unwrap();
        receiver.await.unwrap();
        assert_eq!(tracker.shutdown().await.left_running, 1);
        owner.await.unwrap();
    });
    drop(release);
}

#[test]
fn the_owner_ends_when_nobody_can_ask_for_anything_more() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (tracker, owner) = Tracker::new(Settings::default(), Arc::new(NoCheckpoints));
        let owner = tokio::spawn(owner);
        let mut graph = Graph::new();
        graph.add(Job::task("task", |_| async {
            tokio::task::yield_now().await;
            nothing()
        }));
        let plan = graph.validate().unwrap();
        let run = tracker.submit(plan, Options::default()).await.unwrap();
        drop(tracker);
        assert_eq!(run.done().await.unwrap().outcome, Outcome::Succeeded);
        owner.await.unwrap();
    });
}

#[test]
fn a_trace_says_what_ran_where() {
    with_tracker(Settings::default(), |tracker| async move {
        let mut graph = Graph::new();
        let a = graph.add(Job::inline("kind-a", |_| nothing()).named("a"));
        let b = graph.add(Job::task("kind-b", |_| async { Err("no".into()) }));
        graph.edge(a, b, Edge::Hard);
        let plan = graph.validate().unwrap();
        let run = tracker
            .submit(plan, Options { traced: true })
            .await
            .unwrap();
        let trace = run.done().await.unwrap().trace.unwrap();
        let chrome: serde_json::Value = serde_json::from_str(&trace.to_chrome()).unwrap();
        let events = chrome["traceEvents"].as_array().unwrap();
        let work = events.iter().filter(|it| it["ph"] == "X");
        let told: Vec<_> = work
            .map(|it| {
                let ended = it["args"]["ended"].as_str().unwrap();
                format!("{} {} on {}: {ended}", it["cat"], it["name"], it["tid"])
            })
            .collect();
        assert_eq!(
            told,
            [
                "\"kind-a\" \"a\" on 0: succeeded",
                "\"kind-b\" \"kind-b\" on 1: failed"
            ]
        );
        let names = events.iter().filter(|it| it["ph"] == "M");
        assert_eq!(names.count(), 2);
    });
}
