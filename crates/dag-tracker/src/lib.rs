//! The DAG Tracker runs graphs of jobs: edges, alternatives, priorities, deadlines, cancelling and
//! checkpoints.
