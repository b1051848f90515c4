//! The side of the Pit that waits: one thread with a runtime, on which the DAG Tracker runs questions as graphs and the
//! Pool Manager lends the instruments that answer them.
//!
//! A question is a graph, in which each instrument that may answer is a node: alternatives, of which each is tried when
//! those before it have failed or were not to be had; or all of them together.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use std::{io, thread};

use bytes::Bytes;
use symphony_artifact_store::{Key, KeyBuilder, Kind, Lineage, Store};
use symphony_dag_tracker::{
    self as dag, Checkpoints, Failure, Graph, JobKey, Options, Plan, Token, Tracker, Work,
};
use symphony_pool_manager::{InstrumentId, Limits, Pool, Request, Spec, Status, Times};
use symphony_stale_manager::CancelToken;
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;

use crate::answered::Answered;
use crate::instrument::{Instrument, Pooled};
use crate::pit::keep;
use crate::{Answer, NoAnswer};

/// How long a question without a deadline waits for instruments.
const PATIENCE: Duration = Duration::from_secs(60);
/// Threads for instruments that compute in this process.
const COMPUTING_THREADS: usize = 4;

/// What instruments are asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Who may answer, the preferred one first.
    pub among: Vec<InstrumentId>,
    /// Of which instruments these are numbers: how often they had been replaced. Those of before answer nothing.
    pub generation: u64,
    /// Whether one answer is enough.
    pub manner: Manner,
    /// How long to wait before anyone is asked: whoever asks may change his mind.
    pub wait: Duration,
    /// What is asked.
    pub bytes: Bytes,
}

/// How several instruments are asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Manner {
    /// One after the other, until one has an answer.
    #[default]
    InTurn,
    /// All at once, for all of their answers.
    Together,
}

/// Who can be asked, and what they have answered before.
#[derive(Clone)]
struct Among {
    generation: u64,
    pool: Pool<Pooled>,
    instruments: Arc<[Arc<dyn Instrument>]>,
    store: Store,
}

impl Among {
    /// Cold ones. Needs a runtime.
    fn new(
        generation: u64,
        instruments: Vec<(Spec, Arc<dyn Instrument>)>,
        (limits, times): &(Limits, Times),
        store: &Store,
    ) -> Self {
        let (specs, instruments): (Vec<_>, Vec<_>) = instruments.into_iter().unzip();
        let pooled = instruments.iter().cloned().map(Pooled);
        let pooled = specs.into_iter().zip(pooled);
        Self {
            generation,
            pool: Pool::new(pooled.collect(), limits.clone(), *times),
            instruments: instruments.into(),
            store: store.clone(),
        }
    }
}

/// The runtime's thread and what runs there.
pub(crate) struct Asking {
    runtime: Handle,
    tracker: Tracker,
    rules: (Limits, Times),
    /// Held for a look or an exchange.
    among: Mutex<Among>,
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
        let rules = (limits, times);
        let among = Among::new(0, instruments, &rules, store);
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
            rules,
            among: Mutex::new(among),
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
        let (tracker, among) = (self.tracker.clone(), self.among());
        if among.generation != question.generation {
            return done(Err(NoAnswer::Nothing));
        }
        self.runtime.spawn(async move {
            if let Err(why) = debounced(question.wait, &token).await {
                return done(Err(why));
            }
            let answers = Answers::default();
            let answer = match plan(kind, question, deadline, name, &among, &answers) {
                Some(plan) => run(&tracker, plan, name, &token, &answers).await,
                None => Err(NoAnswer::Nothing),
            };
            done(answer);
        });
    }

    /// Starts an instrument that will probably be wanted soon, if its memory is free.
    pub(crate) fn foresee(&self, instrument: InstrumentId) {
        self.among().pool.foresee(instrument);
    }

    pub(crate) fn status(&self) -> Vec<Status> {
        self.among().pool.status()
    }

    /// Puts others in their place, cold; their generation. Those of before are stopped, whatever they were asked.
    pub(crate) fn replace(&self, instruments: Vec<(Spec, Arc<dyn Instrument>)>) -> u64 {
        let _entered = self.runtime.enter();
        let before = {
            let mut among = self.among.lock().unwrap_or_else(PoisonError::into_inner);
            let (generation, store) = (among.generation + 1, among.store.clone());
            let others = Among::new(generation, instruments, &self.rules, &store);
            std::mem::replace(&mut *among, others)
        };
        let generation = before.generation + 1;
        self.runtime.spawn(async move { before.pool.close().await });
        generation
    }

    fn among(&self) -> Among {
        // Exchanged as a whole.
        let among = self.among.lock();
        among.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stops every instrument. Whether nothing of them was left after `patience`.
    pub(crate) fn close(&self, patience: Duration) -> bool {
        let (sender, closed) = channel();
        let (tracker, pool) = (self.tracker.clone(), self.among().pool);
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

/// Waits before anyone is asked.
async fn debounced(wait: Duration, token: &CancelToken) -> Result<(), NoAnswer> {
    if !wait.is_zero() {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = token.cancelled() => {}
        }
    }
    token
        .why()
        .map_or(Ok(()), |why| Err(NoAnswer::Cancelled(why)))
}

/// The answers to one question so far.
#[derive(Debug, Clone, Default)]
struct Answers(Arc<Mutex<Vec<Answered>>>);

impl Answers {
    fn add(&self, answered: Answered) {
        // A list of answers is whole after each of them.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(answered);
    }

    fn take(&self) -> Vec<Answered> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Each instrument as a node. Such a plan is sound.
fn plan(
    kind: &'static str,
    question: Question,
    deadline: Instant,
    name: Token,
    among: &Among,
    answers: &Answers,
) -> Option<Plan<Work>> {
    let mut graph = Graph::new();
    let asked = question.among.iter().map(|&instrument| {
        let (among, bytes) = (among.clone(), question.bytes.clone());
        let answers = answers.clone();
        let ask = move |_| ask(among, instrument, bytes, deadline, answers);
        graph.add(dag::Job::task(kind, ask).until(deadline).token(name))
    });
    let asked = asked.collect();
    if question.manner == Manner::InTurn {
        graph.alternatives(dag::Job::nothing(kind), asked);
    }
    graph.validate().ok()
}

/// One of them: what it has answered before, else what it says now.
async fn ask(
    among: Among,
    instrument: InstrumentId,
    question: Bytes,
    deadline: Instant,
    answers: Answers,
) -> dag::Answer {
    let began = Instant::now();
    let asked = among.instruments.get(usize::from(instrument.0));
    let kept_as = asked.and_then(|it| it.kept_as(&question));
    let key = kept_as.as_ref().map(|it| it.0);
    let kept = key.and_then(|key| among.store.get(&key));
    let was_kept = kept.is_some();
    let answer = match kept {
        Some(artifact) => artifact.bytes().clone(),
        None => {
            let answer = said(&among.pool, instrument, question, deadline).await?;
            if let Some((key, lineage)) = kept_as {
                keep(&among.store, key, answer.clone(), lineage);
            }
            answer
        }
    };
    answers.add(Answered {
        instrument,
        took: began.elapsed(),
        answer: answer.clone(),
        key,
        was_kept,
    });
    match answer.is_empty() {
        true => Err(Failure("it has nothing to say".to_owned())),
        false => Ok(answer),
    }
}

/// What an instrument says, which is lent for that.
async fn said(
    pool: &Pool<Pooled>,
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
    name: Token,
    token: &CancelToken,
    answers: &Answers,
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
    report.map_err(|_| NoAnswer::Closed)?;
    match answers.take() {
        none if none.is_empty() => Err(NoAnswer::Nothing),
        answers => Ok(Answered::to_bytes(&answers)),
    }
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
        keep(&self.0, key_of(key), record, lineage);
    }
}
