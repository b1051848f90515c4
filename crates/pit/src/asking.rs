//! The side of the Pit that waits: one thread with a runtime, on which the DAG Tracker runs questions as graphs and the
//! Pool Manager lends the instruments that answer them.
//!
//! A question is a graph of alternatives: each instrument that may answer is one, tried when those before it have failed
//! or were not to be had.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant, SystemTime};
use std::{io, thread};

use bytes::Bytes;
use symphony_artifact_store::{Key, KeyBuilder, Kind, Lineage, Store};
use symphony_dag_tracker::{
    self as dag, Checkpoints, Failure, Graph, JobKey, NodeId, Options, Plan, Token, Tracker, Work,
};
use symphony_pool_manager::{InstrumentId, Limits, Pool, Request, Spec, Status, Times};
use symphony_stale_manager::CancelToken;
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;

use crate::instrument::{Instrument, Pooled};
use crate::{Answer, NoAnswer};

/// How long a question without a deadline waits for instruments.
const PATIENCE: Duration = Duration::from_secs(60);
/// Threads for instruments that compute in this process.
const COMPUTING_THREADS: usize = 4;

/// What instruments are asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Who may answer, the preferred one first.
    pub among: Vec<InstrumentId>,
    /// What is asked.
    pub bytes: Bytes,
}

/// The runtime's thread and what runs there.
pub(crate) struct Asking {
    runtime: Handle,
    tracker: Tracker,
    pool: Pool<Pooled>,
    /// How many questions were asked.
    asked: AtomicU64,
    end: Arc<Notify>,
}

impl Asking {
    /// Starts the thread, with instruments that are cold.
    pub(crate) fn start(
        store: &Store,
        instruments: Vec<(Spec, Arc<dyn Instrument>)>,
        limits: Limits,
        times: Times,
    ) -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(COMPUTING_THREADS)
            .thread_name("symphony-compute")
            .build()?;
        let handle = runtime.handle().clone();
        let _entered = handle.enter();
        let pooled = instruments.into_iter().map(|(spec, it)| (spec, Pooled(it)));
        let pool = Pool::new(pooled.collect(), limits, times);
        let checkpoints = Arc::new(Kept(store.clone()));
        let (tracker, owner) = Tracker::new(dag::Settings::default(), checkpoints);
        handle.spawn(owner);
        let end = Arc::new(Notify::new());
        let ended = Arc::clone(&end);
        thread::Builder::new()
            .name("symphony-asking".into())
            .spawn(move || {
                runtime.block_on(ended.notified());
                runtime.shutdown_background();
            })?;
        Ok(Self {
            runtime: handle.clone(),
            tracker,
            pool,
            asked: AtomicU64::new(0),
            end,
        })
    }

    /// Asks, and gives the answer to `done` on the runtime's thread.
    pub(crate) fn ask(
        &self,
        kind: &'static str,
        question: Question,
        deadline: Option<Instant>,
        token: CancelToken,
        done: impl FnOnce(Answer) + Send + 'static,
    ) {
        let deadline = deadline.unwrap_or_else(|| Instant::now() + PATIENCE);
        let name = Token(self.asked.fetch_add(1, Ordering::Relaxed));
        let plan = plan(kind, question, deadline, name, &self.pool);
        let tracker = self.tracker.clone();
        self.runtime.spawn(async move {
            let answer = match plan {
                Some((plan, group)) => run(&tracker, plan, group, name, &token).await,
                None => Err(NoAnswer::Nothing),
            };
            done(answer);
        });
    }

    /// Starts an instrument that will probably be wanted soon, if its memory is free.
    pub(crate) fn foresee(&self, instrument: InstrumentId) {
        self.pool.foresee(instrument);
    }

    pub(crate) fn status(&self) -> Vec<Status> {
        self.pool.status()
    }

    /// Stops every instrument. Whether nothing of them was left after `patience`.
    pub(crate) fn close(&self, patience: Duration) -> bool {
        let (sender, closed) = channel();
        let (tracker, pool) = (self.tracker.clone(), self.pool.clone());
        self.runtime.spawn(async move {
            tracker.shutdown().await;
            pool.close().await;
            // Nobody may wait any more.
            let _ = sender.send(());
        });
        let all = closed.recv_timeout(patience).is_ok();
        self.end.notify_one();
        all
    }
}

/// Each instrument as an alternative, and the group of them. Such a plan is sound.
fn plan(
    kind: &'static str,
    question: Question,
    deadline: Instant,
    name: Token,
    pool: &Pool<Pooled>,
) -> Option<(Plan<Work>, NodeId)> {
    let mut graph = Graph::new();
    let asked = question.among.iter().map(|&instrument| {
        let (pool, bytes) = (pool.clone(), question.bytes.clone());
        let ask = move |_| ask(pool, instrument, bytes, deadline);
        graph.add(dag::Job::task(kind, ask).until(deadline).token(name))
    });
    let asked = asked.collect();
    let group = graph.alternatives(dag::Job::nothing(kind), asked);
    Some((graph.validate().ok()?, group))
}

async fn ask(
    pool: Pool<Pooled>,
    instrument: InstrumentId,
    question: Bytes,
    deadline: Instant,
) -> dag::Answer {
    let lease = pool.lease(Request::one(instrument), deadline.into()).await;
    let mut lease = lease.map_err(Failure::new)?;
    let running = Arc::clone(&lease.0);
    let answer = tokio::select! {
        answer = running.ask(question) => answer,
        () = lease.lost() => Err("the instrument ended".to_owned()),
    };
    // Of what was cancelled before, somebody has to tell as well.
    lease.spent(running.take_cost());
    match answer {
        Ok(answer) => {
            lease.succeeded();
            Ok(answer)
        }
        Err(reason) => {
            tracing::debug!(
                instrument = instrument.0,
                reason,
                "an instrument has no answer"
            );
            lease.failed();
            Err(Failure(reason))
        }
    }
}

async fn run(
    tracker: &Tracker,
    plan: Plan<Work>,
    group: NodeId,
    name: Token,
    token: &CancelToken,
) -> Answer {
    let submitted = tracker.submit(plan, Options::default()).await;
    let run = submitted.map_err(|_| NoAnswer::Closed)?;
    let mut report = pin!(run.done());
    let report = tokio::select! {
        report = &mut report => report,
        () = token.cancelled() => {
            tracker.cancel(name).await;
            report.await
        }
    };
    if let Some(why) = token.why() {
        return Err(NoAnswer::Cancelled(why));
    }
    let report = report.map_err(|_| NoAnswer::Closed)?;
    report.outputs.of(group).cloned().ok_or(NoAnswer::Nothing)
}

/// Checkpoints in the Artifact Store.
struct Kept(Store);

const CHECKPOINT: Kind = Kind::new("checkpoint");

fn key_of(key: JobKey) -> Key {
    KeyBuilder::new(CHECKPOINT, 1).part("job", key.0).finish()
}

impl Checkpoints for Kept {
    fn load(&self, key: JobKey) -> Option<Bytes> {
        let artifact = self.0.get(&key_of(key))?;
        Some(artifact.bytes().clone())
    }

    fn save(&self, key: JobKey, record: Bytes) {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let created = since.map_or(0, |it| it.as_secs());
        let lineage = Lineage::new(
            CHECKPOINT,
            "dag-tracker",
            env!("CARGO_PKG_VERSION"),
            created,
        );
        if let Err(error) = self.0.put(key_of(key), record, lineage) {
            tracing::debug!(%error, "a checkpoint is not kept");
        }
    }
}
