//! The main thread: takes events in order, applies edits, and only then starts reads.

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use futures::channel::mpsc::UnboundedSender;
use lsp_types::MessageType;
use serde_json::Value;
use symphony_pit::{Job, NoAnswer, Priority};
use symphony_vfs::FileId;
use tower_lsp::jsonrpc::{self, Error, ErrorCode, Response};

use crate::client::{Client, Question, folder_name};
use crate::dispatch;
use crate::event::Event;
use crate::global_state::{GlobalState, Lifecycle, Services, Warmth};
use crate::indexer::IndexEvent;
use crate::reply::Json;
use crate::requests::{Handler, Pending, respond};
use crate::task::{CancelToken, Lane, Outcome, run};

/// The model makes ready for documents up to this size: a larger one would keep it from questions about others.
const PREPARED_BYTES: usize = 1 << 20;
/// Features take less than a millisecond on documents up to this size.
const ANSWER_HERE_BYTES: usize = 32 << 10;
/// A name is found in half a millisecond among the declarations of so many files.
const ANSWER_HERE_FILES: usize = 1 << 10;

/// Serves events until the client says `exit` or is gone. Returns whether it had said `shutdown` before.
///
/// # Errors
///
/// When the system gives no threads.
pub(crate) fn main_loop(
    events: Receiver<Event>,
    sender: Sender<Event>,
    messages: UnboundedSender<jsonrpc::Request>,
    services: Services,
) -> anyhow::Result<bool> {
    let mut state = GlobalState::new(sender, Client::new(messages), services)?;
    while let Ok(event) = events.recv() {
        // The whole queue first: a run of edits costs one re-parse, and no read sees a text in between.
        let more = std::iter::once(event).chain(events.try_iter());
        for event in more {
            if state.handle(event).is_break() {
                return Ok(state.lifecycle == Lifecycle::ShutDown);
            }
        }
        state.flush();
        state.start_queued();
    }
    Ok(state.lifecycle == Lifecycle::ShutDown)
}

type Flow = std::ops::ControlFlow<()>;

impl GlobalState {
    /// Handles one event; breaks when the session is over.
    fn handle(&mut self, event: Event) -> Flow {
        match event {
            Event::Request {
                id,
                method,
                params,
                reply,
            } => {
                let refused = match self.lifecycle {
                    Lifecycle::Fresh if method != "initialize" => Some(not_initialized()),
                    Lifecycle::Running if method == "initialize" => Some(Error::invalid_request()),
                    Lifecycle::ShutDown => Some(Error::invalid_request()),
                    _ => None,
                };
                match refused {
                    // The transport may have ended.
                    Some(error) => respond(reply, Err(error)),
                    None => dispatch::request(self, id, method, params, reply),
                }
            }
            Event::Notification { method, .. } if method == "exit" => return Flow::Break(()),
            Event::Notification { method, params } => {
                if self.lifecycle == Lifecycle::Running {
                    dispatch::notification(self, &method, params);
                }
            }
            Event::Response(response) => self.answered(response),
            Event::Done {
                id,
                run,
                lane,
                outcome,
            } => {
                if let Some(lane) = lane {
                    self.pool.ended(lane);
                }
                self.done(id, run, outcome);
            }
            Event::Parsed { file, ticket, tree } => {
                if let Some(document) = self.documents.get_mut(&file) {
                    document.parsed(ticket, tree);
                    self.touch(file);
                }
            }
            Event::Errors {
                file,
                version,
                diagnostics,
            } => {
                if let Some(document) = self.documents.get(&file)
                    && document.version == version
                {
                    self.client
                        .publish(document.uri.clone(), Some(version), diagnostics);
                }
            }
            Event::Assigned {
                id,
                run,
                lane,
                ticket,
            } => {
                self.pool.ended(lane);
                if let Some(ticket) = ticket {
                    self.requests.assigned(&id, run, ticket);
                }
            }
            Event::Turn(turn) => self.turns.push(turn),
            Event::Prepared => self.preparing = false,
            Event::Warmed(done) => {
                self.pool.ended(Lane::Worker);
                self.warmth = if done { Warmth::Warm } else { Warmth::Wanted };
            }
            Event::Index(event) => self.index_news(event),
            Event::FilesChanged(paths) => self.refresh(paths),
            Event::SettingsChanged => self.reload_settings(),
            Event::EndOfInput => return Flow::Break(()),
        }
        Flow::Continue(())
    }

    /// A worker has ended a run of a request.
    fn done(&mut self, id: jsonrpc::Id, run: u32, outcome: Outcome) {
        if !self.requests.is_current(&id, run) {
            return;
        }
        match outcome {
            Outcome::Answer(json) => self.requests.finish(id, Ok(json)),
            Outcome::Error(error) => self.requests.finish(id, Err(error)),
            Outcome::Overtaken => self.requests.again(id),
        }
    }

    /// Gives what waits to the workers that are idle, and the state to jobs of the Pit that have their turn.
    fn start_queued(&mut self) {
        for turn in std::mem::take(&mut self.turns) {
            let state = self.snapshot(turn.file, CancelToken::default());
            // Who waited may have ended.
            let _ = turn.state.send(state);
        }
        loop {
            let all_files_known = self.indexing.scans == 0;
            let can_start = |pending: &Pending| {
                let lane = pending.handler.lane();
                (all_files_known || !pending.needs_all_files)
                    && lane.is_none_or(|lane| self.pool.has_idle(lane))
            };
            let Some(id) = self.requests.next_queued(can_start) else {
                break;
            };
            self.start(id);
        }
        while let Some(file) = self.requests.next_push() {
            self.push_diagnostics(file);
        }
        self.prepare();
        self.warm();
    }

    /// Reads the names that every file sees before something waits for them.
    fn warm(&mut self) {
        if self.warmth != Warmth::Wanted || !self.pool.has_idle(Lane::Worker) {
            return;
        }
        self.warmth = Warmth::Warming;
        let (db, snapshot) = self.snapshot(self.opened_last, CancelToken::default());
        let events = self.events.clone();
        self.pool.start(Lane::Worker, move || {
            let outcome = run(db, |db| {
                let project = snapshot.document.and_then(|(file, _)| file.project(&db));
                symphony_semantic::globals(&db, project);
                Ok(Json::NULL)
            });
            // The loop may have ended.
            let _ = events.send(Event::Warmed(matches!(outcome, Outcome::Answer(_))));
        });
    }

    fn start(&mut self, id: jsonrpc::Id) {
        let Some(pending) = self.requests.get_mut(&id) else {
            return;
        };
        pending.run += 1;
        let (file, number) = (pending.file, pending.run);
        let (handler, cancel) = (pending.handler.clone(), pending.cancel.clone());
        let (lane, handler) = match handler {
            Handler::Answer(lane, handler) => (lane, handler),
            Handler::Assign(lane, assign) => return self.assign(id, lane, assign),
            Handler::InTurn(handler) => return self.in_turn(id, handler),
        };
        let (db, snapshot) = self.snapshot(file, cancel);
        if lane == Lane::Latency && self.warmth == Warmth::Warm && self.is_answered_here(file) {
            let outcome = run(db, |db| handler(db, &snapshot));
            return self.done(id, number, outcome);
        }
        let events = self.events.clone();
        self.pool.start(lane, move || {
            let outcome = run(db, |db| handler(db, &snapshot));
            // The loop may have ended.
            let _ = events.send(Event::Done {
                id,
                run: number,
                lane: Some(lane),
                outcome,
            });
        });
    }

    /// Whether a question is answered here and now: it is the only one, what it is about, a document or the whole workspace,
    /// is small, and nothing has come in meanwhile. A worker and back costs more than the answer (measured 2026-11: 0.1 ms).
    fn is_answered_here(&self, file: Option<FileId>) -> bool {
        let is_small = match file {
            Some(file) => {
                let document = self.documents.get(&file);
                document.is_some_and(|document| document.text.len_bytes() <= ANSWER_HERE_BYTES)
            }
            None => self.n_workspace_files() <= ANSWER_HERE_FILES,
        };
        is_small && self.events.is_empty() && !self.requests.has_queued()
    }

    /// Lets the model make ready for the document that was opened last, and again once it has learned the workspace:
    /// what the first question would have to wait for. One document only, since each may take as much memory as the
    /// model itself.
    fn prepare(&mut self) {
        if !self.to_prepare || self.preparing {
            return;
        }
        self.to_prepare = false;
        let opened = self
            .opened_last
            .and_then(|file| Some((file, self.documents.get(&file)?)));
        if let Some((file, document)) = opened
            && document.text.len_bytes() <= PREPARED_BYTES
        {
            let (uri, text) = (document.uri.clone(), document.text.clone());
            let (shared, events) = (Arc::clone(&self.shared), self.events.clone());
            let job = Job::new("prepare", Priority::Diagnostics);
            let prepare = move |_: &symphony_pit::Cancel| {
                let path = shared.model_path(file);
                shared
                    .completer
                    .prepare(uri.as_str(), &path, &text.to_string());
                Err(NoAnswer::Nothing)
            };
            self.preparing = true;
            self.pit.submit(job, prepare, move |_| {
                // The loop may have ended.
                let _ = events.send(Event::Prepared);
            });
        }
    }

    /// The client has answered a request of ours.
    fn answered(&mut self, response: Response) {
        let question = self.client.answered(&response);
        match (question, response.into_parts().1) {
            (Some(Question::Configuration), Ok(Value::Array(sections))) => {
                if let Some(section) = sections.first() {
                    self.configure(section);
                }
            }
            (Some(question), Err(error)) => {
                tracing::warn!(?question, %error, "the client refused");
            }
            _ => {}
        }
    }

    fn index_news(&mut self, event: IndexEvent) {
        match event {
            IndexEvent::Begin(folders) => {
                let names: Vec<String> = folders.iter().map(|path| folder_name(path)).collect();
                let title = format!("Indexing {}", names.join(", "));
                self.indexing.token = self.client.begin_progress(&title);
            }
            IndexEvent::Progress {
                percentage,
                message,
            } => {
                if let Some(token) = &self.indexing.token {
                    self.client.report_progress(token, percentage, message);
                }
            }
            IndexEvent::Batch(batch) => self.indexed(batch),
            IndexEvent::Summarised => {
                self.indexing.scans = self.indexing.scans.saturating_sub(1);
                self.report_config_problems();
            }
            IndexEvent::ProjectsChanged(changed) => self.projects_changed(changed),
            IndexEvent::End(stats) => {
                self.to_prepare = true;
                self.shared.conducting.learned();
                if self.settings.inline_completion() {
                    self.shared.conducting.begin();
                }
                tracing::info!(took = ?stats.took, read = stats.read, lowered = stats.lowered, "indexed {stats}");
                let seconds = stats.took.as_secs_f32();
                self.client.log(
                    MessageType::INFO,
                    format!("Indexed {stats} in {seconds:.2} s"),
                );
                if let Some(token) = self.indexing.token.take() {
                    self.client.end_progress(&token, stats.to_string());
                }
            }
        }
    }

    /// Begins to watch and read folders.
    pub(crate) fn add_folders(&mut self, folders: Vec<PathBuf>) {
        let new: Vec<PathBuf> = folders
            .into_iter()
            .filter(|folder| !self.folders.contains(folder))
            .collect();
        if new.is_empty() {
            return;
        }
        for folder in &new {
            if let Some(watcher) = &mut self.watcher
                && let Err(error) = watcher.watch(folder)
            {
                let folder = folder.display();
                tracing::warn!(%error, %folder, "not watched");
                let message =
                    format!("Changes to {folder} from outside the editor go unseen: {error}");
                self.client.log(MessageType::WARNING, message);
            }
        }
        self.folders.extend(new.iter().cloned());
        self.set_settings_folders();
        self.set_world();
        self.scan(new);
    }

    /// Forgets folders.
    pub(crate) fn remove_folders(&mut self, folders: &[PathBuf]) {
        for folder in folders {
            self.folders.retain(|known| known != folder);
            if let Some(watcher) = &mut self.watcher {
                watcher.unwatch(folder);
            }
            self.forget(folder);
        }
        self.set_settings_folders();
    }
}

fn not_initialized() -> Error {
    Error {
        code: ErrorCode::ServerError(-32002),
        message: "the server is not initialized".into(),
        data: None,
    }
}
