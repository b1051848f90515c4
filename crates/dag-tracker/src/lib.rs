//! The DAG Tracker runs graphs of jobs: edges, alternatives, priorities, deadlines, cancelling and checkpoints.
//!
//! - A [`Graph`] is written down node by node, and [`Graph::validate`]d: a cycle is told with its path.
//! - A [`Job`] is a node with work: [`Job::inline`] for microseconds, [`Job::blocking`] for what computes or waits for the
//!   disk, [`Job::task`] for what waits otherwise. Its answer is bytes, which its targets read.
//! - An [`Edge`] is hard, soft or optional; [`Graph::alternatives`] are tried in order until one succeeds.
//! - A [`Tracker`] runs any number of graphs on a bounded number of workers: the most urgent nodes first, and of these
//!   the ones with the longest way to go.
//! - Nodes with a [`JobKey`] have [`Checkpoints`]: a graph that is handed in again after a crash skips what was done.
//!
//! Inside, a pure state machine decides (`machine`), and one owner task carries out. All work is a child of the owner, and
//! the owner is a future that the caller spawns and joins: nothing is left behind.
//!
//! ```
//! use std::sync::Arc;
//! use symphony_dag_tracker::{Edge, Graph, Job, NoCheckpoints, Options, Outcome, Settings, Tracker};
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
//! # runtime.block_on(async {
//! let (tracker, owner) = Tracker::new(Settings::default(), Arc::new(NoCheckpoints));
//! let owner = tokio::spawn(owner);
//!
//! let mut graph = Graph::new();
//! let read = graph.add(Job::task("read", |_| async { Ok("let x = 1".into()) }));
//! let cloud = graph.add(Job::inline("model", |_| Err("no network".into())));
//! let local = graph.add(Job::blocking("model", move |context| {
//!     let text = context.outputs().of(read).ok_or("no text")?;
//!     Ok([text, &b";"[..]].concat().into())
//! }));
//! let model = graph.alternatives(Job::nothing("model"), vec![cloud, local]);
//! graph.edge(read, local, Edge::Hard);
//!
//! let run = tracker.submit(graph.validate()?, Options::default()).await?;
//! let report = run.done().await?;
//! assert_eq!(report.outcome, Outcome::Succeeded);
//! assert_eq!(report.outputs.of(model).map(|it| &it[..]), Some(&b"let x = 1;"[..]));
//!
//! tracker.shutdown().await;
//! owner.await?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoint;
mod error;
mod graph;
mod machine;
mod outcome;
mod owner;
mod plan;
mod running;
#[cfg(test)]
mod tests;
mod trace;
mod tracker;
mod validate;
mod work;
mod worker;

pub use checkpoint::{Checkpoints, NoCheckpoints};
pub use error::{GraphError, SubmitError};
pub use graph::{Edge, Graph, JobKey, Need, Node, NodeId, Priority, Token};
pub use outcome::{Ended, Outcome, Progress};
pub use plan::Plan;
pub use trace::{Span, Trace};
pub use tracker::{Options, Report, Run, Settings, Shutdown, Tracker};
pub use work::{Answer, Context, Failure, Job, Outputs, Work};
