//! A language client for tests and chores: starts a server as a child process and speaks LSP with it.
//!
//! The end-to-end suite (`tests/tests`) and `cargo xtask try` are its two users. It knows the base
//! protocol and how to behave as an editor; it knows nothing of what the server can do.

mod binary;
mod client;
mod document;
mod framing;
mod inbox;
mod random;
mod reader;
mod uri;

pub use binary::{server_command, workspace_root};
pub use client::LspClient;
pub use document::{Document, Encoding, Position};
pub use framing::{frame, read_frame};
pub use inbox::{Inbox, Message, Reply, ResponseError};
pub use random::Random;
pub use uri::{file_path, file_uri};
