//! What can be wrong with a graph, and with handing one in.

use crate::{NodeId, Plan};

/// What is wrong with a graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Nodes wait for each other in a circle.
    #[error("cycle: {}", .names.join(" -> "))]
    Cycle {
        /// Each is a source of the next, and the last of the first.
        path: Vec<NodeId>,
        /// Their names, the first once more at the end.
        names: Vec<String>,
    },
    /// An edge or a group names a node that is not there.
    #[error("unknown node {}", .0.0)]
    UnknownNode(NodeId),
    /// There are two edges between the same nodes, be they of the same kind or not.
    #[error("two edges from node {} to node {}", .source_node.0, .target.0)]
    DuplicateEdge {
        /// Where both begin.
        source_node: NodeId,
        /// Where both end.
        target: NodeId,
    },
    /// A group has no alternatives.
    #[error("group {} has no alternatives", .0.0)]
    EmptyGroup(NodeId),
    /// A node is in two groups.
    #[error("node {} is in two groups of alternatives", .0.0)]
    InTwoGroups(NodeId),
    /// An edge leads to a group, which waits for its alternatives only: it belongs to them.
    #[error("an edge leads from node {} to group {}", .source_node.0, .group.0)]
    EdgeToGroup {
        /// Where it begins.
        source_node: NodeId,
        /// The group.
        group: NodeId,
    },
    /// There are more nodes or edges than can be counted in 32 bits.
    #[error("too many nodes or edges")]
    TooLarge,
}

/// Why a graph was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError<W> {
    /// There are too many nodes in the graphs that run. Try again when some have ended.
    #[error("too many nodes are running")]
    Full(Box<Plan<W>>),
    /// The tracker was shut down.
    #[error("the tracker was shut down")]
    Closed,
}
