//! The task that starts, watches and stops instruments, one task each, and looks at the clock.

use std::pin::pin;
use std::sync::{Arc, Weak};

use rustc_hash::FxHashMap;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{self, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use crate::lease::Live;
use crate::pool::Shared;
use crate::{Event, Generation, Instrument, InstrumentId, Running};

/// What the driver is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Start(InstrumentId, Generation),
    Stop(InstrumentId, Generation),
    /// Something may be due earlier than it was.
    Look,
    /// End once every instrument has.
    Close,
}

/// One start of one instrument.
type Key = (InstrumentId, Generation);

pub(crate) async fn run<I: Instrument>(
    shared: Weak<Shared<I>>,
    mut commands: mpsc::UnboundedReceiver<Command>,
) {
    let mut tasks = JoinSet::new();
    let mut keys: FxHashMap<task::Id, Key> = FxHashMap::default();
    let mut stops: FxHashMap<Key, oneshot::Sender<()>> = FxHashMap::default();
    let mut is_closing = false;
    let mut due = None;
    while !(is_closing && tasks.is_empty()) {
        tokio::select! {
            biased;
            command = commands.recv() => match command {
                Some(Command::Start(id, generation)) => {
                    let (stop, stopped) = oneshot::channel();
                    stops.insert((id, generation), stop);
                    let task = attend(Weak::clone(&shared), (id, generation), stopped);
                    keys.insert(tasks.spawn(task).id(), (id, generation));
                }
                // Dropping the sender says it.
                Some(Command::Stop(id, generation)) => drop(stops.remove(&(id, generation))),
                Some(Command::Look) => due = shared.upgrade().and_then(|it| it.due()),
                Some(Command::Close) => is_closing = true,
                // The last handle of the pool is gone: what runs is dropped with the tasks.
                None => return,
            },
            Some(ended) = tasks.join_next_with_id() => {
                let (task, panicked) = match ended {
                    Ok((task, ())) => (task, false),
                    Err(error) => (error.id(), true),
                };
                let Some(key) = keys.remove(&task) else { continue };
                stops.remove(&key);
                if let (true, Some(pool)) = (panicked, shared.upgrade()) {
                    let event = Event::Ended(key.0, key.1, pool.trouble());
                    pool.failed(key.0, "it panicked".to_owned(), event);
                }
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                let Some(pool) = shared.upgrade() else { return };
                pool.apply(Event::Tick(pool.now()));
                due = pool.due();
            }
        }
    }
}

/// One start of one instrument, from its beginning to its end. It never keeps the pool alive over a wait.
async fn attend<I: Instrument>(
    shared: Weak<Shared<I>>,
    (id, generation): Key,
    mut stop: oneshot::Receiver<()>,
) {
    let Some(pool) = shared.upgrade() else { return };
    let (times, instrument) = (pool.times, Arc::clone(&pool.instruments[usize::from(id.0)]));
    drop(pool);
    let started = tokio::select! {
        started = timeout(times.start, instrument.start()) => Some(started),
        _ = &mut stop => None,
    };
    let Some(pool) = shared.upgrade() else { return };
    let running = match started {
        Some(Ok(Ok(running))) => running,
        Some(failed) => {
            let failure = match failed {
                Ok(Err(error)) => error.to_string(),
                _ => format!("not ready within {:?}", times.start),
            };
            let event = Event::Ended(id, generation, pool.trouble());
            return pool.failed(id, failure, event);
        }
        None => return pool.stopped(id, generation),
    };
    let live = Arc::new(Live::new(running));
    pool.started(id, generation, Arc::clone(&live));
    drop(pool);
    let failure = watch(&shared, (id, generation), &live, stop).await;
    let Some(pool) = shared.upgrade() else { return };
    match failure {
        Some(failure) => {
            let event = Event::Ended(id, generation, pool.trouble());
            pool.failed(id, failure, event);
        }
        None => pool.stopped(id, generation),
    }
}

/// Until the instrument ends; says why, if it was not told to.
async fn watch<I: Instrument>(
    shared: &Weak<Shared<I>>,
    (id, generation): Key,
    live: &Live<I::Running>,
    mut stop: oneshot::Receiver<()>,
) -> Option<String> {
    let times = shared.upgrade()?.times;
    let mut ended = pin!(live.running.ended());
    let mut probes = interval_at(Instant::now() + times.probe_every, times.probe_every);
    probes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failed = 0;
    loop {
        let healthy = tokio::select! {
            biased;
            failure = &mut ended => return Some(failure),
            _ = &mut stop => break,
            healthy = async {
                probes.tick().await;
                timeout(times.probe, live.running.probe()).await == Ok(true)
            } => healthy,
        };
        failed = if healthy { 0 } else { failed + 1 };
        let pool = shared.upgrade()?;
        if healthy {
            pool.apply(Event::Healthy(id, generation));
        } else if failed == times.probes {
            // The pool answers with a stop.
            let event = Event::Unhealthy(id, generation, pool.trouble());
            pool.failed(id, "it does not say that it is well".to_owned(), event);
        }
    }
    // Whoever does not stop in time is dropped.
    let _ = timeout(times.stop, live.running.stop()).await;
    None
}
