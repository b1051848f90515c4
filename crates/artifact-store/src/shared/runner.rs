//! The thread that talks to the shared store: one tokio runtime of its own, so that the store works without one around it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use futures::{StreamExt as _, stream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::SharedError;
use super::tier::{Common, Reply, add};
use crate::memory::Held;
use crate::{Key, Lineage};

/// How long one question to the store goes on. Longer than callers wait: a connection that takes its time is there for
/// the next.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long one put goes on: nobody waits for it.
const PUT_PATIENCE: Duration = Duration::from_secs(10);
/// Questions of one get at once: S3 takes a connection for each.
const GETS: usize = 32;
/// Puts at once.
const PUTS: usize = 8;
/// Asked for to see whether the store answers; nothing is kept there.
const NOTHING: &str = "nothing";

/// One thing for the thread to do.
pub(super) enum Command {
    /// Answers each name, those that are looked at before `until`.
    Get {
        names: Vec<String>,
        until: Instant,
        reply: Sender<Reply>,
    },
    Put(Put),
    /// Find out whether the store is back.
    Probe,
    /// Put what waits, in this time, and end.
    Stop(Duration),
}

/// A value on its way to the store.
pub(super) struct Put {
    pub(super) key: Key,
    pub(super) held: Arc<Held>,
    pub(super) lineage: Arc<Lineage>,
}

/// Serves until it is told to stop, or its store is gone.
pub(super) fn run(common: &Arc<Common>, commands: UnboundedReceiver<Command>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            runtime.block_on(serve(common, commands));
            // Not dropped: that would wait for names being resolved.
            runtime.shutdown_background();
        }
        Err(error) => tracing::warn!(%error, "the shared store is not used"),
    }
}

async fn serve(common: &Arc<Common>, mut commands: UnboundedReceiver<Command>) {
    let mut gets = JoinSet::new();
    let mut puts = Puts {
        common: common.clone(),
        waiting: VecDeque::new(),
        running: JoinSet::new(),
    };
    let connecting = common.clone();
    gets.spawn(async move { connecting.options.backend.connect().await });
    let most = loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Get { names, until, reply }) => {
                    gets.spawn(get(common.clone(), names, until, reply));
                }
                Some(Command::Put(put)) => puts.waiting.push_back(put),
                Some(Command::Probe) => {
                    gets.spawn(probe(common.clone()));
                }
                Some(Command::Stop(most)) => break most,
                None => break Duration::ZERO,
            },
            Some(_) = gets.join_next() => {}
            Some(_) = puts.running.join_next() => {}
        }
        puts.start();
    };
    // Whoever still waits for a get has the deadline.
    let _ = timeout(most, puts.finish()).await;
    let left = puts.waiting.len() + puts.running.len();
    add(&common.counters.not_put, left as u64);
}

/// What is on its way to the store.
struct Puts {
    common: Arc<Common>,
    waiting: VecDeque<Put>,
    running: JoinSet<()>,
}

impl Puts {
    fn start(&mut self) {
        while self.running.len() < PUTS
            && let Some(next) = self.waiting.pop_front()
        {
            self.running.spawn(put(self.common.clone(), next));
        }
    }

    async fn finish(&mut self) {
        loop {
            self.start();
            if self.running.join_next().await.is_none() {
                return;
            }
        }
    }
}

async fn get(common: Arc<Common>, names: Vec<String>, until: Instant, reply: Sender<Reply>) {
    let one = |(at, name): (usize, String)| {
        let (backend, reply) = (&common.options.backend, &reply);
        async move {
            // Nobody waits any more.
            if Instant::now() > until {
                return;
            }
            let answer = timeout(PATIENCE, backend.get(&name)).await;
            // The caller may have gone meanwhile.
            let _ = reply.send((at, answer.unwrap_or(Err(SharedError::NoAnswer))));
        }
    };
    stream::iter(names.into_iter().enumerate())
        .for_each_concurrent(GETS, one)
        .await;
}

async fn put(common: Arc<Common>, put: Put) {
    let Put { key, held, lineage } = put;
    common
        .queued_bytes
        .fetch_sub(held.bytes.len(), Ordering::Relaxed);
    let counters = &common.counters;
    if !common.may_write() {
        return add(&counters.not_put, 1);
    }
    let secret = &common.options.secret;
    let entry = secret.seal(&key, &lineage, &held.bytes);
    let name = secret.name(&key);
    let answer = timeout(PUT_PATIENCE, common.options.backend.put(&name, entry)).await;
    let answer = answer.unwrap_or(Err(SharedError::NoAnswer));
    if let Err(error) = &answer {
        tracing::debug!(%error, "a value was not given to the shared store");
    }
    common.wrote(answer.is_ok());
    let counter = match answer {
        Ok(()) => &counters.put,
        Err(_) => &counters.not_put,
    };
    add(counter, 1);
}

/// Good is an answer within the deadline, the second time too: the first may have had to connect.
async fn probe(common: Arc<Common>) {
    let mut well = false;
    for _ in 0..2 {
        let started = Instant::now();
        let answer = timeout(PATIENCE, common.options.backend.get(NOTHING)).await;
        if !matches!(answer, Ok(Ok(_))) {
            well = false;
            break;
        }
        well = started.elapsed() <= common.options.deadline;
        if well {
            break;
        }
    }
    common.probed(well);
}
