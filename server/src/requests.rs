//! The reply gate: every request in flight, how it may end, and that it ends exactly once.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use symphony_db::RootDatabase;
use symphony_pit::{Pit, Ticket};
use symphony_vfs::FileId;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id};

use crate::assignment::Assignment;
use crate::reply::{Json, Reply};
use crate::snapshot::Snapshot;
use crate::task::{CancelToken, HandlerResult, Lane};

/// A part of a request's work that needs the database; it may run more than once.
pub(crate) type OnDatabase<T> =
    Arc<dyn Fn(RootDatabase, &Snapshot) -> HandlerResult<T> + Send + Sync>;

/// A request's work.
#[derive(Clone)]
pub(crate) enum Handler {
    /// Answers, on a worker.
    Answer(Lane, OnDatabase<Json>),
    /// Says, on a worker, what the Pit is to do, which answers.
    Assign(Lane, OnDatabase<Assignment>),
    /// Answers when it has its turn in the Pit: for what nobody waits for with the next key.
    InTurn(OnDatabase<Json>),
}

impl Handler {
    /// The lane whose worker it takes; none if the Pit has the threads.
    pub(crate) fn lane(&self) -> Option<Lane> {
        match self {
            Self::Answer(lane, _) | Self::Assign(lane, _) => Some(*lane),
            Self::InTurn(_) => None,
        }
    }
}

/// What happens to a request whose document is edited before it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// It is run on the new text: for questions about a whole document.
    Rerun,
    /// It is answered with `ContentModified`: for questions about a place, which may have moved.
    Modified,
    /// It is answered with an empty list, and so is an older one of its kind when a newer arrives: for ghost text,
    /// which is asked for again with each key.
    Empty,
}

/// A request in flight.
pub(crate) struct Pending {
    pub(crate) reply: oneshot::Sender<Reply>,
    pub(crate) method: Cow<'static, str>,
    pub(crate) file: Option<FileId>,
    pub(crate) stale: Stale,
    /// Whether it waits until all files of the workspace are known: what changes many files must not miss some.
    pub(crate) needs_all_files: bool,
    pub(crate) handler: Handler,
    pub(crate) cancel: CancelToken,
    /// Counts its runs: only the newest one's answer counts.
    pub(crate) run: u32,
    /// What it waits by in the Pit.
    pub(crate) ticket: Option<Ticket>,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending")
            .field("method", &self.method)
            .field("run", &self.run)
            .finish()
    }
}

/// All requests in flight, and what waits to be started.
#[derive(Debug)]
pub(crate) struct Requests {
    pit: Pit,
    pending: FxHashMap<Id, Pending>,
    /// Requests to be started, in order, each when its lane is free.
    queued: VecDeque<Id>,
    /// Requests about a document whose tree is still being made.
    parked: FxHashMap<FileId, Vec<Id>>,
    unready: Vec<FileId>,
    /// Documents whose errors are to be pushed.
    push: VecDeque<FileId>,
}

impl Requests {
    pub(crate) fn new(pit: Pit) -> Self {
        Self {
            pit,
            pending: FxHashMap::default(),
            queued: VecDeque::new(),
            parked: FxHashMap::default(),
            unready: Vec::new(),
            push: VecDeque::new(),
        }
    }

    /// The Pit has taken a run of a request. If nobody waits for that run any more, it is told.
    pub(crate) fn assigned(&mut self, id: &Id, run: u32, ticket: Ticket) {
        match self.pending.get_mut(id).filter(|it| it.run == run) {
            Some(pending) => pending.ticket = Some(ticket),
            None => self.pit.cancel(ticket),
        }
    }

    /// Takes in a request. One whose id is still in flight is refused: its reply could not be told from the other's.
    pub(crate) fn add(&mut self, id: Id, pending: Pending) {
        if self.pending.contains_key(&id) {
            let mut error = Error::invalid_request();
            error.message = "a request with this id is still in flight".into();
            respond(pending.reply, Err(error));
            return;
        }
        if pending.stale == Stale::Empty {
            self.supersede(&pending.method, pending.file);
        }
        let file = pending.file;
        self.pending.insert(id.clone(), pending);
        self.enqueue(id, file);
    }

    fn enqueue(&mut self, id: Id, file: Option<FileId>) {
        match file {
            Some(file) if self.unready.contains(&file) => {
                self.parked.entry(file).or_default().push(id);
            }
            _ => self.queued.push_back(id),
        }
    }

    /// Takes the first request that can be started.
    pub(crate) fn next_queued(&mut self, can_start: impl Fn(&Pending) -> bool) -> Option<Id> {
        loop {
            let startable = |id: &Id| self.pending.get(id).is_none_or(&can_start);
            let at = self.queued.iter().position(startable)?;
            let id = self.queued.remove(at)?;
            // The others have ended meanwhile: cancelled, or overtaken by an edit.
            if self.pending.contains_key(&id) {
                return Some(id);
            }
        }
    }

    /// Whether requests wait to be started.
    pub(crate) fn has_queued(&self) -> bool {
        !self.queued.is_empty()
    }

    /// Takes the next document whose errors are to be pushed.
    pub(crate) fn next_push(&mut self) -> Option<FileId> {
        self.push.pop_front()
    }

    /// Notes that a document's errors are to be pushed.
    pub(crate) fn push_diagnostics(&mut self, file: FileId) {
        if !self.push.contains(&file) {
            self.push.push_back(file);
        }
    }

    /// The request, for starting it.
    pub(crate) fn get_mut(&mut self, id: &Id) -> Option<&mut Pending> {
        self.pending.get_mut(id)
    }

    /// Whether `run` is the newest run of a request still in flight.
    pub(crate) fn is_current(&self, id: &Id, run: u32) -> bool {
        self.pending
            .get(id)
            .is_some_and(|pending| pending.run == run)
    }

    /// Runs a request once more.
    pub(crate) fn again(&mut self, id: Id) {
        if let Some(pending) = self.pending.get(&id) {
            let file = pending.file;
            self.enqueue(id, file);
        }
    }

    /// Answers a request, if it is still in flight.
    pub(crate) fn finish(&mut self, id: Id, reply: Reply) {
        if let Some(pending) = self.pending.remove(&id) {
            pending.cancel.cancel();
            if let Some(ticket) = pending.ticket {
                // Without effect if it is the Pit that has answered.
                self.pit.cancel(ticket);
            }
            respond(pending.reply, reply);
        }
    }

    /// The client does not want an answer any more; it gets one saying so.
    pub(crate) fn cancel(&mut self, id: Id) {
        self.finish(id, Err(Error::request_cancelled()));
    }

    /// The text of a document has changed: ends or re-runs what was asked about the old one.
    pub(crate) fn document_changed(&mut self, file: FileId) {
        for (id, stale) in self.about(|pending| pending.file == Some(file)) {
            match stale {
                Stale::Modified => self.finish(id, Err(content_modified())),
                Stale::Empty => self.finish(id, Ok(Json::EMPTY_LIST)),
                Stale::Rerun => {
                    let waiting = self.queued.contains(&id)
                        || self.parked.values().any(|parked| parked.contains(&id));
                    if !waiting {
                        if let Some(pending) = self.pending.get_mut(&id) {
                            pending.run += 1;
                        }
                        self.enqueue(id, Some(file));
                    }
                }
            }
        }
    }

    /// A document was closed: what was asked about it ends.
    pub(crate) fn document_closed(&mut self, file: FileId) {
        for (id, stale) in self.about(|pending| pending.file == Some(file)) {
            let answer = match stale {
                Stale::Empty => Ok(Json::EMPTY_LIST),
                Stale::Modified | Stale::Rerun => Err(content_modified()),
            };
            self.finish(id, answer);
        }
    }

    /// A newer request of the same kind makes the older ones moot.
    fn supersede(&mut self, method: &str, file: Option<FileId>) {
        for (id, _) in self.about(|pending| pending.method == method && pending.file == file) {
            self.finish(id, Ok(Json::EMPTY_LIST));
        }
    }

    fn about(&self, which: impl Fn(&Pending) -> bool) -> Vec<(Id, Stale)> {
        let found = self.pending.iter().filter(|(_, pending)| which(pending));
        found
            .map(|(id, pending)| (id.clone(), pending.stale))
            .collect()
    }

    /// A document's tree is still being made: what is asked about it waits.
    pub(crate) fn document_unready(&mut self, file: FileId) {
        if !self.unready.contains(&file) {
            self.unready.push(file);
        }
        let of_file = |id: &Id| self.pending.get(id).is_some_and(|it| it.file == Some(file));
        let (parked, queued) = std::mem::take(&mut self.queued)
            .into_iter()
            .partition(of_file);
        self.queued = queued;
        let parked: VecDeque<Id> = parked;
        self.parked.entry(file).or_default().extend(parked);
    }

    /// A document's tree is there: what waited for it goes on.
    pub(crate) fn document_ready(&mut self, file: FileId) {
        self.unready.retain(|&unready| unready != file);
        self.queued
            .extend(self.parked.remove(&file).unwrap_or_default());
    }
}

/// Answers at once.
pub(crate) fn respond(to: oneshot::Sender<Reply>, reply: Reply) {
    // The transport may have ended.
    let _ = to.send(reply);
}

fn content_modified() -> Error {
    Error {
        code: ErrorCode::ContentModified,
        message: "content modified".into(),
        data: None,
    }
}
