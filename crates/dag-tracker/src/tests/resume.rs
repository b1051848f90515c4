//! A graph that is killed in the middle and handed in again: what was done is not done again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use proptest::prelude::*;
use tokio::sync::Notify;

use crate::*;

/// Checkpoints that outlive the tracker, as those on disk do.
#[derive(Default)]
struct Kept(Mutex<HashMap<JobKey, Bytes>>);

impl Checkpoints for Kept {
    fn load(&self, key: JobKey) -> Option<Bytes> {
        self.0.lock().unwrap().get(&key).cloned()
    }

    fn save(&self, key: JobKey, record: Bytes) {
        self.0.lock().unwrap().insert(key, record);
    }
}

fn key(number: u32) -> JobKey {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    JobKey(bytes)
}

const FILES: u32 = 400;

/// An index: each file is read, then all are put together. Says how often work was done.
struct Index {
    work: AtomicUsize,
    /// After so much work the process is killed.
    kill_after: usize,
    kill: Notify,
}

impl Index {
    fn step(&self) {
        if self.work.fetch_add(1, Ordering::SeqCst) + 1 == self.kill_after {
            self.kill.notify_one();
        }
    }

    fn graph(self: &Arc<Self>) -> (Graph<Work>, NodeId) {
        let mut graph = Graph::new();
        let files: Vec<_> = (0..FILES)
            .map(|file| {
                let index = self.clone();
                let read = move || {
                    index.step();
                    Ok(Bytes::copy_from_slice(&file.to_le_bytes()))
                };
                // All three kinds of work have checkpoints.
                let job = match file % 3 {
                    0 => Job::inline("read", move |_| read()),
                    1 => Job::blocking("read", move |_| read()),
                    _ => Job::task("read", |_| async move {
                        let answer = read();
                        tokio::task::yield_now().await;
                        answer
                    }),
                };
                graph.add(job.key(key(file)))
            })
            .collect();
        let sources = files.clone();
        let index = self.clone();
        let merge = Job::blocking("merge", move |context| {
            index.step();
            let outputs = sources.iter().map(|it| context.outputs().of(*it).unwrap());
            let numbers = outputs.map(|it| u32::from_le_bytes(it[..].try_into().unwrap()));
            Ok(Bytes::copy_from_slice(&numbers.sum::<u32>().to_le_bytes()))
        });
        let merge = graph.add(merge.key(key(FILES)));
        for file in files {
            graph.edge(file, merge, Edge::Hard);
        }
        (graph, merge)
    }
}

/// Runs the index until its end, or until it is killed; how much work was done, and the sum if it came to that.
fn start(kept: &Arc<Kept>, kill_after: usize) -> (usize, Option<Report>, NodeId) {
    let index = Arc::new(Index {
        work: AtomicUsize::new(0),
        kill_after,
        kill: Notify::new(),
    });
    let (graph, merge) = index.graph();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let report = runtime.block_on(async {
        let (tracker, owner) = Tracker::new(Settings::default(), kept.clone());
        let plan = graph.validate().unwrap();
        let done = async {
            let run = tracker.submit(plan, Options::default()).await.unwrap();
            run.done().await.unwrap()
        };
        // Nothing is told, cancelled or joined when the other branch is dropped: as near to a kill as a test comes.
        tokio::select! {
            biased;
            () = index.kill.notified() => None,
            report = async { tokio::join!(owner, async { let report = done.await; tracker.shutdown().await; report }).1 } => Some(report),
        }
    });
    drop(runtime);
    (index.work.load(Ordering::SeqCst), report, merge)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_killed_graph_repeats_at_most_what_was_under_way(kill_after in 1..FILES as usize) {
        let kept = Arc::new(Kept::default());
        let (before, report, _) = start(&kept, kill_after);
        prop_assert!(report.is_none());
        let (after, report, merge) = start(&kept, usize::MAX);
        let report = report.unwrap();
        prop_assert_eq!(report.outcome, Outcome::Succeeded);
        let sum = (0..FILES).sum::<u32>();
        prop_assert_eq!(&report.outputs.of(merge).unwrap()[..], &sum.to_le_bytes()[..]);
        let restored = report.nodes.iter().filter(|it| **it == Ended::Restored).count();
        let all = FILES as usize + 1;
        prop_assert_eq!(restored + after, all);
        // 5 %: what four workers had under way is 1 %.
        prop_assert!(before + after <= all + all / 20, "{before} and {after} of {all}");
    }
}

#[test]
fn a_long_job_goes_on_from_what_it_saved() {
    let kept = Arc::new(Kept::default());
    let mut counts = Vec::new();
    for _ in 0..3 {
        let mut graph = Graph::new();
        let job = Job::blocking("long", |context| {
            let done = context.saved().map_or(0, |it| it[0]);
            context.save(&Bytes::copy_from_slice(&[done + 1]));
            if done < 2 {
                return Err("killed".into());
            }
            Ok(Bytes::copy_from_slice(&[done]))
        });
        let long = graph.add(job.key(key(0)));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let report = runtime.block_on(async {
            let (tracker, owner) = Tracker::new(Settings::default(), kept.clone());
            let plan = graph.validate().unwrap();
            let run = async {
                let run = tracker.submit(plan, Options::default()).await.unwrap();
                let report = run.done().await.unwrap();
                tracker.shutdown().await;
                report
            };
            tokio::join!(owner, run).1
        });
        counts.push((report.nodes[0], report.outputs.of(long).cloned()));
    }
    let last = Some(Bytes::copy_from_slice(&[2]));
    assert_eq!(
        counts,
        [
            (Ended::Failed, None),
            (Ended::Failed, None),
            (Ended::Succeeded, last)
        ]
    );
}
