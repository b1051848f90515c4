//! Work off the main thread: lanes of workers, what a job sees, and how it ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::Context as _;
use crossbeam_channel::{Sender, unbounded};
use symphony_db::{Cancelled, RootDatabase};
use tower_lsp::jsonrpc;

use crate::reply::Json;

/// Which workers take a job. A lane that is full of slow jobs holds up no other lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Short work that an editor waits for with each key: outlines, highlights, tokens, syntax errors.
    Latency,
    /// Anything that may take longer than a frame.
    Worker,
}

type Job = Box<dyn FnOnce() + Send>;

/// The workers. They end when this is dropped.
///
/// A job that holds a handle of the database must never wait in a queue: a write waits for all handles, so it would
/// wait for whatever is before the job. So the main thread counts who is idle and starts such a job only when a
/// worker takes it up at once.
#[derive(Debug)]
pub(crate) struct Pool {
    latency: Workers,
    worker: Workers,
}

#[derive(Debug)]
struct Workers {
    jobs: Sender<Job>,
    idle: usize,
}

impl Pool {
    /// Starts the workers.
    ///
    /// # Errors
    ///
    /// When the system gives no more threads.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Ok(Self {
            latency: lane("symphony-latency", cores.clamp(2, 4))?,
            worker: lane("symphony-worker", cores.clamp(2, 8))?,
        })
    }

    /// Whether a worker of this lane is idle.
    pub(crate) fn has_idle(&self, lane: Lane) -> bool {
        self.lane(lane).idle > 0
    }

    /// Runs `job` on an idle worker. Whoever starts it calls [`Self::ended`] when the job's news comes in.
    pub(crate) fn start(&mut self, lane: Lane, job: impl FnOnce() + Send + 'static) {
        let workers = self.lane_mut(lane);
        debug_assert!(workers.idle > 0, "{lane:?}: no worker is idle");
        workers.idle = workers.idle.saturating_sub(1);
        // The receiving threads live as long as the sender.
        let _ = workers.jobs.send(Box::new(job));
    }

    /// Notes that a started job has ended.
    pub(crate) fn ended(&mut self, lane: Lane) {
        self.lane_mut(lane).idle += 1;
    }

    fn lane(&self, lane: Lane) -> &Workers {
        match lane {
            Lane::Latency => &self.latency,
            Lane::Worker => &self.worker,
        }
    }

    fn lane_mut(&mut self, lane: Lane) -> &mut Workers {
        match lane {
            Lane::Latency => &mut self.latency,
            Lane::Worker => &mut self.worker,
        }
    }
}

/// The queue holds no more jobs than there are workers.
fn lane(name: &str, threads: usize) -> anyhow::Result<Workers> {
    let (sender, jobs) = unbounded::<Job>();
    for _ in 0..threads {
        let jobs = jobs.clone();
        thread::Builder::new()
            .name(name.into())
            .stack_size(symphony_syntax::STACK_SIZE)
            .spawn(move || {
                for job in jobs {
                    job();
                }
            })
            .context("failed to start a worker")?;
    }
    Ok(Workers {
        jobs: sender,
        idle: threads,
    })
}

/// Tells a job that nobody waits for it any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a run of a request ended.
#[derive(Debug)]
pub(crate) enum Outcome<T = Json> {
    /// With an answer.
    Answer(T),
    /// With an error for the client.
    Error(jsonrpc::Error),
    /// A write overtook it: it is run again on what is there now.
    Overtaken,
}

/// What a handler may fail with: bad parameters and bugs. What is wrong with the user's code is an answer.
pub(crate) type HandlerResult<T> = Result<T, jsonrpc::Error>;

/// Runs a handler on a database handle and says how it ended.
pub(crate) fn run<T>(
    db: RootDatabase,
    handler: impl FnOnce(RootDatabase) -> HandlerResult<T>,
) -> Outcome<T> {
    let handled = catch_unwind(AssertUnwindSafe(|| {
        Cancelled::catch(AssertUnwindSafe(|| handler(db)))
    }));
    match handled {
        Ok(Ok(Ok(value))) => Outcome::Answer(value),
        Ok(Ok(Err(error))) => Outcome::Error(error),
        Ok(Err(_cancelled)) => Outcome::Overtaken,
        Err(_panic) => {
            tracing::error!("a handler panicked");
            Outcome::Error(jsonrpc::Error::internal_error())
        }
    }
}
