//! The DAG Tracker's figures: what a node costs, from the graph being written down to the report.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use petgraph::graph::DiGraph;
use symphony_benches::{Bound, Figure, Sample, each};
use symphony_dag_tracker::{
    Answer, Checkpoints, Edge, Graph, Job, JobKey, NoCheckpoints, NodeId, Options, Outcome, Plan,
    Settings, Tracker, Work,
};
use tokio::runtime::Runtime;
use tokio::sync::Notify;

const NODES: u32 = 10_000;
const ROUNDS: usize = 60;

pub(crate) fn figures() -> Vec<Figure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let Ok(runtime) = runtime else {
        return Vec::new();
    };
    let mut figures = no_ops(&runtime);
    figures.extend(validation());
    figures.push(resume());
    figures.push(shutdown(&runtime));
    figures
}

fn nothing() -> Answer {
    Ok(Bytes::new())
}

/// What the no-ops add their numbers to. A closure that holds nothing would need no memory, as no real work does.
static DONE: AtomicUsize = AtomicUsize::new(0);

fn inline(number: u32) -> Job {
    Job::inline("no-op", move |_| {
        DONE.fetch_add(number as usize, Ordering::Relaxed);
        nothing()
    })
}

fn task(number: u32) -> Job {
    Job::task("no-op", move |_| async move {
        DONE.fetch_add(number as usize, Ordering::Relaxed);
        nothing()
    })
}

/// Each node after the one before.
fn chain(job: fn(u32) -> Job) -> Graph<Work> {
    let mut graph = Graph::with_capacity(NODES as usize, NODES as usize);
    let mut before = None;
    for number in 0..NODES {
        let node = graph.add(job(number));
        if let Some(before) = before.replace(node) {
            graph.edge(before, node, Edge::Hard);
        }
    }
    graph
}

/// The edges of 100 layers of 100 nodes, each after three of the layer before.
fn layer_edges() -> Vec<(u32, u32)> {
    let width = 100;
    let sources = |node: u32| {
        let layer = node / width;
        (0..3).map(move |it| (layer - 1) * width + (node * 7 + it * 31) % width)
    };
    let targets = width..NODES;
    targets
        .flat_map(|node| sources(node).map(move |source| (source, node)))
        .collect()
}

fn layers(job: fn(u32) -> Job, edges: &[(u32, u32)]) -> Graph<Work> {
    let mut graph = Graph::with_capacity(NODES as usize, edges.len());
    for number in 0..NODES {
        graph.add(job(number));
    }
    for (source, target) in edges {
        graph.edge(NodeId(*source), NodeId(*target), Edge::Hard);
    }
    graph
}

/// Hands a graph in and waits for its report; whether it succeeded.
async fn run(tracker: &Tracker, plan: Plan<Work>) -> bool {
    let Ok(run) = tracker.submit(plan, Options::default()).await else {
        return false;
    };
    let report = run.done().await;
    report.is_ok_and(|it| it.outcome == Outcome::Succeeded)
}

/// Graphs of no-ops, beside tasks that wait for each other, on the same runtime.
fn no_ops(runtime: &Runtime) -> Vec<Figure> {
    let (tracker, owner) = Tracker::new(Settings::default(), Arc::new(NoCheckpoints));
    let owner = runtime.spawn(owner);
    let whole = |graph: &dyn Fn() -> Graph<Work>| {
        each(ROUNDS, |_| {
            runtime.block_on(async {
                match graph().validate() {
                    Ok(plan) => assert!(run(&tracker, plan).await, "a no-op failed"),
                    Err(error) => unreachable!("{error}"),
                }
            });
        })
    };
    let edges = layer_edges();
    let raw = each(ROUNDS, |_| {
        runtime.block_on(async {
            let mut last = tokio::spawn(async {});
            for _ in 1..NODES {
                let before = last;
                last = tokio::spawn(async {
                    let _ = before.await;
                });
            }
            let _ = last.await;
        });
    });
    let chained = whole(&|| chain(inline));
    let layered = whole(&|| layers(inline, &edges));
    let tasks = whole(&|| chain(task));
    // Without writing the graph down and checking it.
    let mut plans: Vec<_> = (0..ROUNDS + ROUNDS / 10)
        .filter_map(|_| chain(inline).validate().ok())
        .collect();
    let only_run = each(ROUNDS, |_| {
        let plan = plans.pop();
        runtime.block_on(async {
            if let Some(plan) = plan {
                assert!(run(&tracker, plan).await, "a no-op failed");
            }
        });
    });
    runtime.block_on(async {
        tracker.shutdown().await;
        let _ = owner.await;
    });
    let peer = "tokio chain";
    vec![
        Figure::times("dag", "10,000 no-ops in a chain, all told", chained)
            .beside(peer, raw)
            .asked(Bound::RatioAtMost(3.0)),
        Figure::times("dag", "10,000 no-ops in a chain, run", only_run)
            .beside(peer, raw)
            .asked(Bound::RatioAtMost(3.0)),
        Figure::times("dag", "10,000 no-ops, 29,700 edges, all told", layered)
            .beside(peer, raw)
            .asked(Bound::AtMost(3e6)),
        Figure::value(
            "dag",
            "a no-op node of the chain, run",
            "ns",
            only_run.p50 / f64::from(NODES),
        )
        .asked(Bound::AtMost(300.0)),
        Figure::times("dag", "10,000 task no-ops in a chain, all told", tasks).beside(peer, raw),
    ]
}

fn validation() -> Vec<Figure> {
    let edges = layer_edges();
    let mut graphs: Vec<_> = (0..ROUNDS + ROUNDS / 10)
        .map(|_| layers(inline, &edges))
        .collect();
    let mut plans = Vec::new();
    let ours = each(ROUNDS, |_| plans.extend(graphs.pop().map(Graph::validate)));
    assert!(plans.iter().all(Result::is_ok), "the graph has no cycle");
    let graph = DiGraph::<(), ()>::from_edges(edges.iter().copied());
    let theirs = each(ROUNDS, |_| petgraph::algo::toposort(&graph, None).is_ok());
    vec![
        Figure::times("dag", "validation, 10,000 nodes, 29,700 edges", ours)
            .beside("petgraph toposort alone", theirs)
            .asked(Bound::AtMost(2e6)),
    ]
}

#[derive(Default)]
struct Kept(Mutex<HashMap<JobKey, Bytes>>);

impl Checkpoints for Kept {
    fn load(&self, key: JobKey) -> Option<Bytes> {
        self.0.lock().ok()?.get(&key).cloned()
    }

    fn save(&self, key: JobKey, record: Bytes) {
        if let Ok(mut kept) = self.0.lock() {
            kept.insert(key, record);
        }
    }
}

/// How much of 10,000 nodes is done twice when the runtime is dropped in the middle, in percent.
fn resume() -> Figure {
    let kept = Arc::new(Kept::default());
    let done = Arc::new(AtomicUsize::new(0));
    let attempt = |kill_after: usize| {
        let (done, killed) = (done.clone(), Arc::new(Notify::new()));
        let mut graph = Graph::new();
        for number in 0..NODES {
            let (done, killed) = (done.clone(), killed.clone());
            let mut key = [0; 32];
            key[..4].copy_from_slice(&number.to_le_bytes());
            let job = Job::task("read", move |_| async move {
                // The work is done, and lost if the process dies before it can be saved.
                if done.fetch_add(1, Ordering::SeqCst) + 1 == kill_after {
                    killed.notify_one();
                }
                tokio::task::yield_now().await;
                nothing()
            });
            graph.add(job.key(JobKey(key)));
        }
        let mut workers = tokio::runtime::Builder::new_multi_thread();
        let Ok(runtime) = workers.worker_threads(4).enable_time().build() else {
            return;
        };
        let (tracker, owner) = Tracker::new(Settings::default(), kept.clone());
        runtime.spawn(owner);
        runtime.block_on(async {
            let finished = async {
                match graph.validate() {
                    Ok(plan) => run(&tracker, plan).await,
                    Err(_) => false,
                }
            };
            tokio::select! {
                () = killed.notified() => {}
                finished = finished => {
                    black_box(finished);
                }
            }
        });
        runtime.shutdown_background();
    };
    attempt(NODES as usize / 2);
    attempt(usize::MAX);
    let extra = done.load(Ordering::SeqCst) as f64 - f64::from(NODES);
    Figure::value(
        "dag",
        "repeated after a kill in the middle",
        "%",
        100.0 * extra / f64::from(NODES),
    )
    .beside_value("without checkpoints", 50.0)
    .asked(Bound::AtMost(5.0))
}

/// From the call to the end of the owner, with 1,000 tasks running and 9,000 waiting.
fn shutdown(runtime: &Runtime) -> Figure {
    let settings = Settings {
        workers: 1000,
        ..Settings::default()
    };
    let times: Vec<_> = (0..20)
        .map(|_| {
            let settings = settings.clone();
            runtime.block_on(async {
                let (tracker, owner) = Tracker::new(settings, Arc::new(NoCheckpoints));
                let owner = tokio::spawn(owner);
                let mut graph = Graph::new();
                for _ in 0..NODES {
                    graph.add(Job::task("endless", |_| std::future::pending()));
                }
                if let Ok(plan) = graph.validate() {
                    let _ = tracker.submit(plan, Options::default()).await;
                }
                // The tasks start.
                tokio::task::yield_now().await;
                let start = Instant::now();
                let left = tracker.shutdown().await.left_running;
                assert_eq!(left, 0, "tasks stop at their next await");
                let _ = owner.await;
                start.elapsed()
            })
        })
        .collect();
    Figure::times("dag", "shutdown, 1,000 tasks running", Sample::of(&times))
        .asked(Bound::AtMost(5e8))
}
