//! Everything that can happen to the server, as one list.

use std::borrow::Cow;
use std::path::PathBuf;

use serde_json::Value;
use symphony_syntax::Tree;
use symphony_vfs::FileId;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Id, Response};

use crate::documents::Ticket;
use crate::indexer::IndexEvent;
use crate::reply::Reply;
use crate::task::{Lane, Outcome};
use crate::turn::Turn;

/// One thing that happened. Events are handled one by one, in order, on the main thread.
#[derive(Debug)]
pub(crate) enum Event {
    /// The client asks; `reply` takes the one answer.
    Request {
        /// The request's id.
        id: Id,
        /// The method.
        method: Cow<'static, str>,
        /// Its parameters, unchecked.
        params: Option<Value>,
        /// Where the answer goes.
        reply: oneshot::Sender<Reply>,
    },
    /// The client tells.
    Notification {
        /// The method.
        method: Cow<'static, str>,
        /// Its parameters, unchecked.
        params: Option<Value>,
    },
    /// The client answers what we asked.
    Response(Response),
    /// A worker has answered a request.
    Done {
        /// The request.
        id: Id,
        /// Which run of it: an overtaken run's answer is dropped.
        run: u32,
        /// The lane that is free again; none if the Pit has answered.
        lane: Option<Lane>,
        /// The answer.
        outcome: Outcome,
    },
    /// A worker has parsed a large document.
    Parsed {
        /// The document.
        file: FileId,
        /// Which text was parsed.
        ticket: Ticket,
        /// Its tree.
        tree: Tree,
    },
    /// A job of the Pit has its turn.
    Turn(Turn),
    /// A worker has read the names that every file sees, or an edit was faster.
    Warmed(bool),
    /// A worker has given a request to the Pit.
    Assigned {
        /// The request.
        id: Id,
        /// Which run of it.
        run: u32,
        /// The lane that is free again.
        lane: Lane,
        /// What it waits by; none if it was answered at once.
        ticket: Option<symphony_pit::Ticket>,
    },
    /// The model has made ready for questions about a document.
    Prepared,
    /// What is wrong with a document, for a client that wants it pushed.
    Errors {
        /// The document.
        file: FileId,
        /// Its version.
        version: i32,
        /// What was found, already in the client's terms.
        diagnostics: Vec<lsp_types::Diagnostic>,
    },
    /// The indexer has news.
    Index(IndexEvent),
    /// The file system has news.
    FilesChanged(Vec<PathBuf>),
    /// A file of settings may have changed.
    SettingsChanged,
    /// Standard input has ended.
    EndOfInput,
}
