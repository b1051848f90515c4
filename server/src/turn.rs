//! Jobs of the Pit that look at the database. They wait in its queue with empty hands, since a write waits for every handle
//! of the database, and get one when it is their turn.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use crossbeam_channel::{Sender, bounded};
use symphony_db::RootDatabase;
use symphony_pit::{Cancel, Job, NoAnswer, Priority};
use symphony_vfs::FileId;
use tower_lsp::jsonrpc::{self, Error, ErrorCode};

use crate::event::Event;
use crate::global_state::GlobalState;
use crate::handlers::diagnostics;
use crate::reply::Json;
use crate::requests::OnDatabase;
use crate::snapshot::Snapshot;
use crate::task::{HandlerResult, Outcome, run};

/// A job has its turn and wants to see the state.
#[derive(Debug)]
pub(crate) struct Turn {
    /// What it is about.
    pub(crate) file: Option<FileId>,
    /// Where the state goes. Who waits there takes it up at once.
    pub(crate) state: Sender<(RootDatabase, Snapshot)>,
}

/// Runs `work` on the state as it is now; again, if a write overtakes it and the answer is still wanted.
///
/// # Errors
///
/// When the answer is no longer wanted, or the loop has ended.
pub(crate) fn on_database<T>(
    events: &Sender<Event>,
    file: Option<FileId>,
    cancel: &Cancel,
    work: impl Fn(RootDatabase, &Snapshot) -> HandlerResult<T>,
) -> Result<HandlerResult<T>, NoAnswer> {
    while !cancel.is_cancelled() {
        let (sender, state) = bounded(1);
        let turn = Turn {
            file,
            state: sender,
        };
        // Either fails when the loop has ended: what is left in its queue is dropped with it.
        events
            .send(Event::Turn(turn))
            .map_err(|_| NoAnswer::Closed)?;
        let (db, snapshot) = state.recv().map_err(|_| NoAnswer::Closed)?;
        match run(db, |db| work(db, &snapshot)) {
            Outcome::Answer(answer) => return Ok(Ok(answer)),
            Outcome::Error(error) => return Ok(Err(error)),
            Outcome::Overtaken => {}
        }
    }
    Err(NoAnswer::Nothing)
}

impl GlobalState {
    /// A job of the Pit about the diagnostics of a file.
    fn diagnostics_job(&self, file: Option<FileId>) -> Job {
        let job = Job::new("diagnostics", Priority::Diagnostics);
        match file.and_then(|file| Some((file, self.documents.get(&file)?))) {
            Some((file, document)) => job.about(file.0.into(), document.edit),
            None => job,
        }
    }

    /// Lets the Pit say when a request has its turn.
    pub(crate) fn in_turn(&mut self, id: jsonrpc::Id, handler: OnDatabase<Json>) {
        let Some(pending) = self.requests.get_mut(&id) else {
            return;
        };
        let (file, number) = (pending.file, pending.run);
        let job = self.diagnostics_job(file);
        // The Pit keeps answers, not errors.
        let reply = Arc::new(OnceLock::new());
        let (events, found) = (self.events.clone(), Arc::clone(&reply));
        let work = move |cancel: &Cancel| {
            let answered =
                on_database(&events, file, cancel, |db, snapshot| handler(db, snapshot))?;
            // Empty until here: a job runs once.
            let _ = found.set(answered);
            Ok(Bytes::new())
        };
        let (events, asked) = (self.events.clone(), id.clone());
        let ticket = self.pit.submit(job, work, move |answer| {
            let answered = answer.is_ok().then(|| reply.get().cloned()).flatten();
            let outcome = match answered.unwrap_or_else(|| Err(ask_again())) {
                Ok(json) => Outcome::Answer(json),
                Err(error) => Outcome::Error(error),
            };
            // The loop may have ended.
            let _ = events.send(Event::Done {
                id: asked,
                run: number,
                lane: None,
                outcome,
            });
        });
        if let Some(ticket) = ticket {
            self.requests.assigned(&id, number, ticket);
        }
    }

    pub(crate) fn push_diagnostics(&mut self, file: FileId) {
        let Some(document) = self.documents.get(&file) else {
            return;
        };
        let (uri, version) = (document.uri.clone(), document.version);
        let job = self.diagnostics_job(Some(file));
        let events = self.events.clone();
        let work = move |cancel: &Cancel| {
            let find = |db, snapshot: &Snapshot| diagnostics::all(&db, snapshot, &uri);
            if let Ok(diagnostics) = on_database(&events, Some(file), cancel, find)? {
                // The loop may have ended.
                let _ = events.send(Event::Errors {
                    file,
                    version,
                    diagnostics,
                });
            }
            Err(NoAnswer::Nothing)
        };
        // Without an answer there is a newer text, and a job about that.
        self.pit.submit(job, work, |_| {});
    }
}

/// The server was too busy, or the text has changed: the client asks again.
fn ask_again() -> Error {
    Error {
        code: ErrorCode::ServerError(-32802),
        message: "server cancelled".into(),
        data: Some(serde_json::json!({ "retriggerRequest": true })),
    }
}
