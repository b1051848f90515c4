//! The real binary over stdio: protocol, order, cancellation, recovery. What an answer says about a
//! program is tested next to the feature that gives it, not here.
//!
//! Time decides nothing but generous deadlines, and nothing sleeps: tests wait for events.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so where it stands"
)]

mod diagnostics;
mod encodings;
mod extensions;
mod frames;
mod ghost_text;
mod lifecycle;
mod names;
mod order;
mod quest;
mod random_session;
mod shared_store;
mod sockets;
mod support;
mod tokens;
mod traffic;
mod warm_start;
mod workspace;
