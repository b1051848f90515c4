//! What ran when on which worker, in the form that `chrome://tracing` and Perfetto read.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Ended, NodeId};

/// One node's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The node.
    pub node: NodeId,
    /// 0 for the owner of the tracker, and the number of the worker otherwise.
    pub worker: u32,
    /// When its work began.
    pub start: Instant,
    /// How long it took.
    pub took: Duration,
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// How the node ended.
    pub ended: Ended,
}

/// What a graph's nodes did, in the order they ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// When the graph was taken on; times in the export count from here.
    pub start: Instant,
    /// The work of each node that ran.
    pub spans: Vec<Span>,
}

impl Trace {
    /// The trace as JSON in Chrome's trace event format.
    #[must_use]
    pub fn to_chrome(&self) -> String {
        let microseconds = |it: Duration| it.as_nanos() as f64 / 1000.0;
        let event = |span: &Span| {
            json!({
                "name": span.name,
                "cat": span.kind,
                "ph": "X",
                "pid": 1,
                "tid": span.worker,
                "ts": microseconds(span.start.saturating_duration_since(self.start)),
                "dur": microseconds(span.took),
                "args": { "node": span.node.0, "ended": span.ended.name() },
            })
        };
        let mut workers: Vec<_> = self.spans.iter().map(|it| it.worker).collect();
        workers.sort_unstable();
        workers.dedup();
        let names = workers.into_iter().map(|worker| {
            let name = match worker {
                0 => "inline".to_owned(),
                _ => format!("worker {worker}"),
            };
            let args = json!({ "name": name });
            json!({ "name": "thread_name", "ph": "M", "pid": 1, "tid": worker, "args": args })
        });
        let events: Vec<Value> = names.chain(self.spans.iter().map(event)).collect();
        json!({ "traceEvents": events, "displayTimeUnit": "ms" }).to_string()
    }
}
