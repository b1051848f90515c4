//! What of a graph that runs the machine need not know: its work, outputs, failures and trace, and who waits for it.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{oneshot, watch};

use crate::trace::{Span, Trace};
use crate::tracker::Report;
use crate::work::{Failure, Job, Outputs};
use crate::worker::Done;
use crate::{Ended, NodeId, Outcome, Progress};

pub(crate) struct Graph {
    pub(crate) nodes: Vec<Job>,
    pub(crate) outputs: Arc<Outputs>,
    pub(crate) trace: Option<Trace>,
    pub(crate) progress: watch::Sender<Progress>,
    failures: Vec<(NodeId, Failure)>,
    report: oneshot::Sender<Report>,
}

impl Graph {
    /// With a trace if there is a time that it begins at.
    pub(crate) fn new(
        nodes: Vec<Job>,
        started: Option<Instant>,
        progress: watch::Sender<Progress>,
        report: oneshot::Sender<Report>,
    ) -> Self {
        Self {
            outputs: Arc::new(Outputs::new(nodes.len())),
            nodes,
            trace: started.map(|start| Trace {
                start,
                spans: Vec::new(),
            }),
            progress,
            failures: Vec::new(),
            report,
        }
    }

    /// The work of a node is over, on this worker since then. Its result counts if the node ended by it.
    pub(crate) fn record(
        &mut self,
        done: Done,
        ended: Ended,
        worker: Option<(u32, Instant)>,
        now: Instant,
    ) {
        let node = NodeId(done.node);
        if let Some(trace) = &mut self.trace
            && let Some((worker, start)) = worker
        {
            let job = &self.nodes[node.index()];
            trace.spans.push(Span {
                node,
                worker,
                start,
                took: now.saturating_duration_since(start),
                kind: job.kind,
                name: job.label().to_owned(),
                ended,
            });
        }
        match done.result {
            Ok((_, output)) if ended.is_success() => self.outputs.set(done.node, output),
            Err(failure) if ended == Ended::Failed => self.failures.push((node, failure)),
            _ => {}
        }
    }

    /// All is over.
    pub(crate) fn end(self, outcome: Outcome, nodes: Vec<Ended>) {
        self.progress.send_replace(Progress {
            nodes: nodes.len(),
            ended: nodes.len(),
            succeeded: nodes.iter().filter(|it| it.is_success()).count(),
            ..Progress::default()
        });
        let report = Report {
            outcome,
            nodes,
            failures: self.failures,
            outputs: self.outputs,
            trace: self.trace,
        };
        // A caller that dropped its run does not want to know.
        let _ = self.report.send(report);
    }
}
