//! The handle: graphs in, reports out. Cheap to clone; the owner task does the rest.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use crate::checkpoint::Checkpoints;
use crate::machine::{RunId, Scope};
use crate::owner::Owner;
use crate::trace::Trace;
use crate::work::{Failure, Outputs, Work};
use crate::{Ended, NodeId, Outcome, Plan, Progress, SubmitError, Token};

/// The tracker's limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many nodes run beside at a time, over all graphs.
    pub workers: u32,
    /// How many nodes the graphs that run may have together. A graph beyond that is refused, unless it is alone.
    pub nodes: usize,
    /// How many commands may wait for the owner. A caller waits while there are as many.
    pub commands: usize,
    /// How long stopped work is waited for on shutdown.
    pub grace: Duration,
}

impl Default for Settings {
    /// Wild guesses but for `grace`: shutting down is to take half a second at most.
    fn default() -> Self {
        Self {
            workers: 4,
            nodes: 1 << 20,
            commands: 64,
            grace: Duration::from_millis(400),
        }
    }
}

/// How one graph is run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether the report has a [`Trace`]. It costs two looks at the clock for each node.
    pub traced: bool,
}

/// What became of a graph.
#[derive(Debug)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// How each node ended, by its id.
    pub nodes: Vec<Ended>,
    /// Why nodes failed, in the order they did.
    pub failures: Vec<(NodeId, Failure)>,
    /// What the nodes gave.
    pub outputs: Arc<Outputs>,
    /// What ran when, if that was asked for.
    pub trace: Option<Trace>,
}

impl Report {
    /// How a node ended; `None` if it is not a node of the graph.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Option<Ended> {
        self.nodes.get(node.index()).copied()
    }
}

/// What the owner is told.
#[derive(Debug)]
pub(crate) enum Command {
    Submit(Box<Submission>),
    Cancel(Scope),
    Shutdown(oneshot::Sender<Shutdown>),
}

#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) plan: Plan<Work>,
    pub(crate) options: Options,
    pub(crate) taken: oneshot::Sender<Result<Run, SubmitError<Work>>>,
}

/// How the tracker went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shutdown {
    /// How many jobs did not stop within the grace. Only blocking work that does not look whether it was cancelled is
    /// ever among them.
    pub left_running: usize,
}

/// Runs graphs. The owner task ends when all handles are gone and all graphs are over, or on [`Tracker::shutdown`].
#[derive(Debug, Clone)]
pub struct Tracker {
    commands: mpsc::Sender<Command>,
}

impl Tracker {
    /// A tracker and its owner, a future that the caller spawns and joins: all work is a child of it, and dropping it
    /// stops all work at its next await.
    pub fn new(
        settings: Settings,
        checkpoints: Arc<dyn Checkpoints>,
    ) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (commands, receiver) = mpsc::channel(settings.commands.max(1));
        let owner = Owner::new(settings, checkpoints, receiver);
        (Self { commands }, owner.run())
    }

    /// Hands a graph in. It runs to its end even if the [`Run`] is dropped.
    ///
    /// # Errors
    /// The plan comes back if too many nodes run already.
    pub async fn submit(
        &self,
        plan: Plan<Work>,
        options: Options,
    ) -> Result<Run, SubmitError<Work>> {
        let (taken, answer) = oneshot::channel();
        let submission = Submission {
            plan,
            options,
            taken,
        };
        let command = Command::Submit(Box::new(submission));
        if self.commands.send(command).await.is_err() {
            return Err(SubmitError::Closed);
        }
        match answer.await {
            Ok(Ok(run)) => Ok(Run {
                commands: Some(self.commands.clone()),
                ..run
            }),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(SubmitError::Closed),
        }
    }

    /// Cancels all nodes with this token, in all graphs. Nodes that need them are skipped.
    pub async fn cancel(&self, token: Token) {
        // Without an owner there is nothing left to cancel.
        let _ = self
            .commands
            .send(Command::Cancel(Scope::Token(token)))
            .await;
    }

    /// Cancels all nodes of a revision older than this, in all graphs.
    pub async fn cancel_older_than(&self, revision: u64) {
        let scope = Scope::OlderThan(revision);
        let _ = self.commands.send(Command::Cancel(scope)).await;
    }

    /// Stops everything: graphs that run end as cancelled, and work gets [`Settings::grace`] to stop.
    pub async fn shutdown(&self) -> Shutdown {
        let (done, answer) = oneshot::channel();
        let _ = self.commands.send(Command::Shutdown(done)).await;
        answer.await.unwrap_or(Shutdown { left_running: 0 })
    }
}

/// A graph that runs.
#[derive(Debug)]
pub struct Run {
    pub(crate) id: RunId,
    pub(crate) progress: watch::Receiver<Progress>,
    pub(crate) report: oneshot::Receiver<Report>,
    /// Present in what callers get; the owner must not hold its own queue open.
    pub(crate) commands: Option<mpsc::Sender<Command>>,
}

impl Run {
    /// How far it is, to be looked at or waited for.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.clone()
    }

    /// Cancels what of it has not ended.
    pub async fn cancel(&self) {
        if let Some(commands) = &self.commands {
            let _ = commands.send(Command::Cancel(Scope::Run(self.id))).await;
        }
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// [`SubmitError::Closed`] if the owner was dropped before that.
    pub async fn done(self) -> Result<Report, SubmitError<Work>> {
        // The handle must not keep the tracker alive while it waits for it.
        drop(self.commands);
        self.report.await.map_err(|_| SubmitError::Closed)
    }
}
