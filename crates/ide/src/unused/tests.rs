//! What is unused.
