//! The owner task: the only one that touches the state. It takes commands and what workers report, lets the machine
//! decide, and carries out what it says: inline nodes itself, in batches; others as tasks that it joins.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use rustc_hash::FxHashMap;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::checkpoint::Checkpoints;
use crate::machine::{Effect, Event, Machine, Report as Told, RunId, Scope};
use crate::running::Graph;
use crate::tracker::{Command, Run, Settings, Shutdown, Submission};
use crate::work::{Context, Kind, Work};
use crate::worker::{self, Done};
use crate::{Ended, NodeId, Outcome, Progress, SubmitError};

/// How many inline nodes run between two looks at the queue: a fraction of a millisecond if each takes a microsecond.
const BATCH: usize = 256;

/// Work that goes on beside.
struct Beside {
    cancel: CancellationToken,
    slot: u32,
    start: Instant,
}

pub(crate) struct Owner {
    settings: Settings,
    checkpoints: Arc<dyn Checkpoints>,
    commands: mpsc::Receiver<Command>,
    machine: Machine,
    effects: Vec<Effect>,
    /// Inline nodes whose turn has not come. Not bounded by itself: no more than there are nodes in the machine.
    inline: VecDeque<(RunId, u32)>,
    graphs: FxHashMap<RunId, Graph>,
    /// Graphs whose progress was not told yet.
    moved: Vec<RunId>,
    beside: FxHashMap<(RunId, u32), Beside>,
    /// Its tasks are aborted when the owner is dropped, before anything that they use.
    tasks: JoinSet<Done>,
    last_run: u64,
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Tasks are aborted with the set; blocking work only stops if it is told to.
        for beside in self.beside.values() {
            beside.cancel.cancel();
        }
    }
}

impl Owner {
    pub(crate) fn new(
        settings: Settings,
        checkpoints: Arc<dyn Checkpoints>,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        Self {
            machine: Machine::new(settings.workers),
            settings,
            checkpoints,
            commands,
            effects: Vec::new(),
            inline: VecDeque::new(),
            graphs: FxHashMap::default(),
            moved: Vec::new(),
            beside: FxHashMap::default(),
            tasks: JoinSet::new(),
            last_run: 0,
        }
    }

    pub(crate) async fn run(mut self) {
        loop {
            self.run_inline();
            while let Some(done) = self.tasks.try_join_next() {
                self.done(done);
            }
            self.tell_progress();
            let command = if self.inline.is_empty() {
                if self.commands.is_closed() && self.commands.is_empty() && self.graphs.is_empty() {
                    return;
                }
                self.wait().await
            } else {
                // There is more to do: only a look at the queue, and a chance for other tasks.
                tokio::task::yield_now().await;
                self.commands.try_recv().ok()
            };
            match command {
                Some(Command::Submit(submission)) => self.submit(*submission),
                Some(Command::Cancel(scope)) => {
                    self.apply(Event::Cancel(scope), Instant::now());
                }
                Some(Command::Shutdown(done)) => {
                    let left_running = self.shut_down().await;
                    // Whoever asked may be gone; that changes nothing.
                    let _ = done.send(Shutdown { left_running });
                    return;
                }
                None => {}
            }
        }
    }

    /// Waits until something happens; a command is for the caller.
    async fn wait(&mut self) -> Option<Command> {
        let due = self.machine.next_due();
        let open = !self.commands.is_closed() || !self.commands.is_empty();
        let time = async {
            match due {
                Some(due) => tokio::time::sleep_until(due.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            command = self.commands.recv(), if open => return command,
            Some(done) = self.tasks.join_next() => self.done(done),
            () = time => self.apply(Event::Time, Instant::now()),
        }
        None
    }

    fn submit(&mut self, submission: Submission) {
        let Submission {
            plan,
            options,
            taken,
        } = submission;
        let running = self.machine.nodes();
        if running > 0 && running + plan.len() > self.settings.nodes {
            // A caller that is gone needs no plan back.
            let _ = taken.send(Err(SubmitError::Full(Box::new(plan))));
            return;
        }
        let now = Instant::now();
        self.last_run += 1;
        let id = RunId(self.last_run);
        let first = Progress {
            nodes: plan.len(),
            ..Progress::default()
        };
        let (progress, progress_receiver) = watch::channel(first);
        let (report, report_receiver) = oneshot::channel();
        let run = Run {
            id,
            progress: progress_receiver,
            report: report_receiver,
            commands: None,
        };
        if taken.send(Ok(run)).is_err() {
            // The caller gave up before its graph was taken.
            return;
        }
        let (nodes, topology) = plan.split();
        let started = options.traced.then_some(now);
        let graph = Graph::new(nodes, started, progress, report);
        self.graphs.insert(id, graph);
        let topology = Box::new(topology);
        self.apply(Event::Submit { run: id, topology }, now);
        self.note_moved(id);
    }

    /// One transition, and what it asks for.
    fn apply(&mut self, event: Event, now: Instant) {
        let mut effects = std::mem::take(&mut self.effects);
        self.machine.apply(event, now, &mut effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::Inline { run, node } => self.inline.push_back((run, node)),
                Effect::Start { run, node, slot } => self.start(run, node, slot, now),
                Effect::Stop { run, node } => {
                    if let Some(beside) = self.beside.get(&(run, node)) {
                        beside.cancel.cancel();
                    }
                }
                Effect::Pass { run, from, group } => {
                    if let Some(graph) = self.graphs.get(&run)
                        && let Some(output) = graph.outputs.of(NodeId(from))
                    {
                        graph.outputs.set(group, output.clone());
                    }
                }
                Effect::Over {
                    run,
                    outcome,
                    nodes,
                } => self.over(run, outcome, nodes),
            }
        }
        self.effects = effects;
    }

    /// Runs a batch of inline nodes. The clock is looked at once, or for each node of a traced graph.
    fn run_inline(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        let mut now = Instant::now();
        for _ in 0..BATCH {
            let Some((run, node)) = self.inline.pop_front() else {
                return;
            };
            if !self.machine.is_running(run, node) {
                continue;
            }
            let Some(graph) = self.graphs.get_mut(&run) else {
                continue;
            };
            let traced = graph.trace.is_some();
            if traced {
                now = Instant::now();
            }
            let start = now;
            let job = &mut graph.nodes[node as usize];
            let work = std::mem::replace(&mut job.work, Work(Kind::Nothing));
            let outputs = &*graph.outputs;
            let result = match work.0 {
                Kind::Inline(work) => {
                    worker::compute(&*self.checkpoints, job.key, |_| work(outputs))
                }
                _ => Ok((Told::Succeeded, Bytes::new())),
            };
            if traced {
                now = Instant::now();
            }
            self.report(Done { run, node, result }, Some((0, start)), now);
        }
    }

    /// Starts work beside.
    fn start(&mut self, run: RunId, node: u32, slot: u32, now: Instant) {
        let Some(graph) = self.graphs.get_mut(&run) else {
            return;
        };
        let job = &mut graph.nodes[node as usize];
        let work = std::mem::replace(&mut job.work, Work(Kind::Nothing));
        let cancel = CancellationToken::new();
        let mut context = Context {
            outputs: graph.outputs.clone(),
            cancel: cancel.clone(),
            key: job.key,
            saved: None,
            checkpoints: self.checkpoints.clone(),
        };
        let start = now;
        self.beside.insert(
            (run, node),
            Beside {
                cancel,
                slot,
                start,
            },
        );
        match work.0 {
            Kind::Task(work) => self.tasks.spawn(async move {
                let result = worker::wait(context, work).await;
                Done { run, node, result }
            }),
            work => self.tasks.spawn_blocking(move || {
                let (checkpoints, key) = (context.checkpoints.clone(), context.key);
                let result = worker::compute(&*checkpoints, key, |saved| {
                    context.saved = saved;
                    match work {
                        Kind::Blocking(work) => work(&context),
                        _ => Ok(Bytes::new()),
                    }
                });
                Done { run, node, result }
            }),
        };
    }

    /// A task is over.
    fn done(&mut self, done: Result<Done, JoinError>) {
        // Panics are caught in the task, and tasks are aborted only when nobody joins them any more.
        let Ok(done) = done else {
            return;
        };
        let now = Instant::now();
        let beside = self.beside.remove(&(done.run, done.node));
        // Worker 0 is the owner itself.
        let worker = beside.map(|it| (it.slot + 1, it.start));
        self.report(done, worker, now);
    }

    /// The work of a node is over.
    fn report(&mut self, done: Done, worker: Option<(u32, Instant)>, now: Instant) {
        let (run, node) = (done.run, done.node);
        let report = match &done.result {
            Ok((report, _)) => *report,
            Err(_) => Told::Failed,
        };
        // What a node says that was stopped meanwhile is no longer wanted.
        let ended = match report {
            _ if !self.machine.is_running(run, node) => {
                self.machine.ended(run, node).unwrap_or(Ended::Cancelled)
            }
            Told::Succeeded => Ended::Succeeded,
            Told::Restored => Ended::Restored,
            Told::Failed => Ended::Failed,
        };
        if let Some(graph) = self.graphs.get_mut(&run) {
            graph.record(done, ended, worker, now);
        }
        self.apply(Event::Reported { run, node, report }, now);
        self.note_moved(run);
    }

    fn over(&mut self, run: RunId, outcome: Outcome, nodes: Vec<Ended>) {
        if let Some(graph) = self.graphs.remove(&run) {
            graph.end(outcome, nodes);
        }
    }

    fn note_moved(&mut self, run: RunId) {
        if self.moved.last() != Some(&run) {
            self.moved.push(run);
        }
    }

    fn tell_progress(&mut self) {
        for run in self.moved.drain(..) {
            if let Some(progress) = self.machine.progress(run)
                && let Some(graph) = self.graphs.get(&run)
            {
                graph.progress.send_replace(progress);
            }
        }
    }

    /// Stops everything; how many jobs did not stop within the grace.
    async fn shut_down(&mut self) -> usize {
        self.commands.close();
        self.apply(Event::Cancel(Scope::All), Instant::now());
        let grace = tokio::time::sleep(self.settings.grace);
        tokio::pin!(grace);
        loop {
            tokio::select! {
                biased;
                done = self.tasks.join_next() => match done {
                    Some(done) => self.done(done),
                    None => return 0,
                },
                () = &mut grace => return self.tasks.len(),
            }
        }
    }
}
