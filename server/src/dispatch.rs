//! Which method is handled where, on which lane, and what an edit does to it. One row for each.

use std::borrow::Cow;
use std::sync::Arc;

use lsp_types::notification as n;
use lsp_types::notification::Notification;
use lsp_types::request as r;
use lsp_types::request::Request;
use serde_json::Value;
use symphony_db::RootDatabase;
use symphony_vfs::FileId;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Id};

use crate::assignment::Assignment;
use crate::global_state::GlobalState;
use crate::handlers as h;
use crate::lsp::ext;
use crate::reply::{Json, Reply};
use crate::requests::{Handler, OnDatabase, Pending, Stale, respond};
use crate::snapshot::{DocumentView, Snapshot};
use crate::source_view::SourceView;
use crate::task::{CancelToken, HandlerResult, Lane};

/// What waits until all files of the workspace are known, a second or two after the start on a million lines: half an
/// answer would be a wrong one.
const NEED_ALL_FILES: &[&str] = &[
    r::References::METHOD,
    r::Rename::METHOD,
    r::GotoImplementation::METHOD,
    r::CallHierarchyIncomingCalls::METHOD,
    r::TypeHierarchySubtypes::METHOD,
    r::WillRenameFiles::METHOD,
    r::CodeLensResolve::METHOD,
];

/// Starts a request, or answers it at once.
pub(crate) fn request(
    state: &mut GlobalState,
    id: Id,
    method: Cow<'static, str>,
    params: Option<Value>,
    reply: oneshot::Sender<Reply>,
) {
    use Lane::{Latency, Worker};
    use Stale::{Empty, Modified, Rerun};
    let call = Call {
        state,
        id,
        method: method.clone(),
        params: params.unwrap_or_default(),
        reply,
    };
    match &*method {
        r::Initialize::METHOD => call.now::<r::Initialize>(h::lifecycle::initialize),
        r::Shutdown::METHOD => call.now::<r::Shutdown>(h::lifecycle::shutdown),
        r::DocumentSymbolRequest::METHOD => {
            call.document::<r::DocumentSymbolRequest>(Latency, Rerun, h::document_symbol::handle);
        }
        r::FoldingRangeRequest::METHOD => {
            call.document::<r::FoldingRangeRequest>(Latency, Rerun, h::folding_range::handle);
        }
        r::SelectionRangeRequest::METHOD => {
            call.document::<r::SelectionRangeRequest>(
                Latency,
                Modified,
                h::selection_range::handle,
            );
        }
        r::SemanticTokensFullRequest::METHOD => {
            call.document::<r::SemanticTokensFullRequest>(Latency, Rerun, h::semantic_tokens::full);
        }
        r::SemanticTokensFullDeltaRequest::METHOD => call
            .document::<r::SemanticTokensFullDeltaRequest>(
                Latency,
                Rerun,
                h::semantic_tokens::delta,
            ),
        r::SemanticTokensRangeRequest::METHOD => call.document::<r::SemanticTokensRangeRequest>(
            Latency,
            Modified,
            h::semantic_tokens::range,
        ),
        r::DocumentHighlightRequest::METHOD => {
            call.source::<r::DocumentHighlightRequest>(
                Latency,
                Modified,
                h::document_highlight::handle,
            );
        }
        r::LinkedEditingRange::METHOD => {
            call.document::<r::LinkedEditingRange>(Latency, Modified, h::linked_editing::handle);
        }
        r::OnTypeFormatting::METHOD => {
            call.document::<r::OnTypeFormatting>(Latency, Modified, h::on_type::handle);
        }
        r::DocumentDiagnosticRequest::METHOD => {
            call.in_turn::<r::DocumentDiagnosticRequest>(h::diagnostics::pull);
        }
        ext::InlineCompletion::METHOD => {
            call.assign::<ext::InlineCompletion>(|view, params| {
                h::inline_completion::assign(view, params, h::inline_completion::Form::Ghost)
            });
        }
        r::Completion::METHOD => {
            // With ghost text of its own the client asks for names alone, which take no model.
            let lane = match call.state.abilities.inline_completion {
                true => Latency,
                false => Worker,
            };
            call.source::<r::Completion>(lane, Empty, h::completion::handle);
        }
        r::ResolveCompletionItem::METHOD => {
            call.source::<r::ResolveCompletionItem>(Latency, Modified, h::completion::resolve);
        }
        r::WorkspaceSymbolRequest::METHOD => {
            call.snapshot::<r::WorkspaceSymbolRequest>(Latency, Rerun, h::workspace_symbol::handle);
        }
        ext::DocumentText::METHOD => call.now::<ext::DocumentText>(h::debug::text),
        ext::Sleep::METHOD if h::debug::enabled() => {
            call.snapshot::<ext::Sleep>(Worker, Rerun, h::debug::sleep);
        }
        _ => about_names(call),
    }
}

/// The rows of what names stand for.
fn about_names(call: Call<'_>) {
    use Lane::{Latency, Worker};
    use Stale::{Modified, Rerun};
    match &*call.method.clone() {
        r::GotoDefinition::METHOD => {
            call.source::<r::GotoDefinition>(Latency, Modified, h::definition::definition);
        }
        r::GotoDeclaration::METHOD => {
            call.source::<r::GotoDeclaration>(Latency, Modified, h::definition::declaration);
        }
        r::GotoTypeDefinition::METHOD => {
            call.source::<r::GotoTypeDefinition>(Latency, Modified, h::definition::type_definition);
        }
        r::GotoImplementation::METHOD => {
            call.source::<r::GotoImplementation>(Worker, Modified, h::definition::implementation);
        }
        r::References::METHOD => {
            call.source::<r::References>(Worker, Modified, h::references::handle);
        }
        r::PrepareRenameRequest::METHOD => {
            call.source::<r::PrepareRenameRequest>(Latency, Modified, h::rename::prepare);
        }
        r::Rename::METHOD => call.source::<r::Rename>(Worker, Modified, h::rename::rename),
        r::WillRenameFiles::METHOD => {
            call.snapshot::<r::WillRenameFiles>(Worker, Rerun, h::file_operations::will_rename);
        }
        r::DocumentLinkRequest::METHOD => {
            call.source::<r::DocumentLinkRequest>(Worker, Rerun, h::document_link::handle);
        }
        r::CodeLensRequest::METHOD => {
            call.source::<r::CodeLensRequest>(Worker, Rerun, h::code_lens::handle);
        }
        r::CodeLensResolve::METHOD => {
            call.source::<r::CodeLensResolve>(Worker, Modified, h::code_lens::resolve);
        }
        r::CallHierarchyPrepare::METHOD => {
            call.source::<r::CallHierarchyPrepare>(Latency, Modified, h::call_hierarchy::prepare);
        }
        r::CallHierarchyIncomingCalls::METHOD => {
            call.source::<r::CallHierarchyIncomingCalls>(
                Worker,
                Modified,
                h::call_hierarchy::incoming,
            );
        }
        r::CallHierarchyOutgoingCalls::METHOD => {
            call.source::<r::CallHierarchyOutgoingCalls>(
                Worker,
                Modified,
                h::call_hierarchy::outgoing,
            );
        }
        r::CodeActionRequest::METHOD => {
            call.source::<r::CodeActionRequest>(Worker, Modified, h::code_action::handle);
        }
        r::TypeHierarchyPrepare::METHOD => {
            call.source::<r::TypeHierarchyPrepare>(Latency, Modified, h::type_hierarchy::prepare);
        }
        r::TypeHierarchySupertypes::METHOD => {
            call.source::<r::TypeHierarchySupertypes>(
                Worker,
                Modified,
                h::type_hierarchy::supertypes,
            );
        }
        r::TypeHierarchySubtypes::METHOD => {
            call.source::<r::TypeHierarchySubtypes>(Worker, Modified, h::type_hierarchy::subtypes);
        }
        _ => call.unknown(),
    }
}

/// Handles a notification. One that is unknown, or whose parameters are not what they should be, is logged and dropped.
pub(crate) fn notification(state: &mut GlobalState, method: &str, params: Option<Value>) {
    let note = Note {
        state,
        method,
        params: params.unwrap_or_default(),
    };
    match method {
        n::Initialized::METHOD => note.now::<n::Initialized>(h::lifecycle::initialized),
        n::DidOpenTextDocument::METHOD => note.now::<n::DidOpenTextDocument>(h::documents::open),
        n::DidChangeTextDocument::METHOD => {
            note.now::<n::DidChangeTextDocument>(h::documents::change);
        }
        n::DidCloseTextDocument::METHOD => note.now::<n::DidCloseTextDocument>(h::documents::close),
        n::DidSaveTextDocument::METHOD => {}
        n::Cancel::METHOD => note.now::<n::Cancel>(h::lifecycle::cancel),
        n::WorkDoneProgressCancel::METHOD => {
            note.now::<n::WorkDoneProgressCancel>(h::workspace::cancel_progress);
        }
        n::DidChangeWorkspaceFolders::METHOD => {
            note.now::<n::DidChangeWorkspaceFolders>(h::workspace::folders);
        }
        n::DidChangeWatchedFiles::METHOD => {
            note.now::<n::DidChangeWatchedFiles>(h::workspace::watched_files);
        }
        n::DidChangeConfiguration::METHOD => {
            note.now::<n::DidChangeConfiguration>(h::workspace::configuration);
        }
        n::SetTrace::METHOD => {}
        _ if method.starts_with("$/") => {}
        _ => tracing::debug!(method, "unknown notification"),
    }
}

/// A handler that needs the database and nothing else.
type Plain<R> =
    fn(RootDatabase, &Snapshot, &<R as Request>::Params) -> HandlerResult<<R as Request>::Result>;

/// A request on its way to its handler.
struct Call<'a> {
    state: &'a mut GlobalState,
    id: Id,
    method: Cow<'static, str>,
    params: Value,
    reply: oneshot::Sender<Reply>,
}

impl Call<'_> {
    /// Handles it on the main thread.
    fn now<R: Request>(self, handler: fn(&mut GlobalState, R::Params) -> HandlerResult<R::Result>) {
        let result = parse::<R::Params>(self.params)
            .and_then(|params| handler(self.state, params))
            .and_then(Json::of);
        respond(self.reply, result);
    }

    /// Handles it on a worker, on the database.
    fn snapshot<R>(self, lane: Lane, stale: Stale, handler: Plain<R>)
    where
        R: Request,
        R::Params: Send + Sync + 'static,
    {
        self.on_database::<R>(stale, handler, |handler| Handler::Answer(lane, handler));
    }

    /// Handles it on the database when it has its turn in the Pit: what is asked about a whole document after each edit.
    fn in_turn<R>(self, handler: Plain<R>)
    where
        R: Request,
        R::Params: Send + Sync + 'static,
    {
        self.on_database::<R>(Stale::Rerun, handler, Handler::InTurn);
    }

    fn on_database<R>(
        mut self,
        stale: Stale,
        handler: Plain<R>,
        run: impl FnOnce(OnDatabase<Json>) -> Handler,
    ) where
        R: Request,
        R::Params: Send + Sync + 'static,
    {
        let uri = document_of(&self.params);
        let file = uri.map(|uri| self.state.file(&uri));
        match parse::<R::Params>(std::mem::take(&mut self.params)) {
            Err(error) => respond(self.reply, Err(error)),
            Ok(params) => {
                let answer = run(Arc::new(move |db, snapshot| {
                    Json::of(handler(db, snapshot, &params)?)
                }));
                self.pend(file, stale, answer);
            }
        }
    }

    /// Handles it on a worker, on the database and the file it is about.
    fn source<R>(
        self,
        lane: Lane,
        stale: Stale,
        handler: fn(&SourceView<'_>, &R::Params) -> HandlerResult<R::Result>,
    ) where
        R: Request,
        R::Params: Send + Sync + 'static,
    {
        self.about_document(stale, move |uri, params: R::Params| {
            Handler::Answer(
                lane,
                Arc::new(move |db, snapshot| {
                    let view = SourceView::new(&db, snapshot, &uri)?;
                    Json::of(handler(&view, &params)?)
                }),
            )
        });
    }

    /// Handles it on a worker, on the document it is about and nothing else.
    fn document<R>(
        self,
        lane: Lane,
        stale: Stale,
        handler: fn(&Snapshot, &DocumentView, &R::Params) -> HandlerResult<R::Result>,
    ) where
        R: Request,
        R::Params: Send + Sync + 'static,
    {
        self.about_document(stale, move |uri, params: R::Params| {
            Handler::Answer(
                lane,
                Arc::new(move |db, snapshot| {
                    let view = snapshot.view(&db, &uri)?;
                    // From here on the text is fixed: no write has to wait for this handler.
                    drop(db);
                    Json::of(handler(snapshot, &view, &params)?)
                }),
            )
        });
    }

    /// Lets the Pit answer it: ghost text, of which only the newest counts.
    fn assign<R>(self, handler: fn(&SourceView<'_>, &R::Params) -> Assignment)
    where
        R: Request,
        R::Params: Send + Sync + 'static,
    {
        self.about_document(Stale::Empty, move |uri, params: R::Params| {
            Handler::Assign(
                Lane::Latency,
                Arc::new(move |db, snapshot| {
                    let view = SourceView::new(&db, snapshot, &uri)?;
                    Ok(handler(&view, &params))
                }),
            )
        });
    }

    fn about_document<P: serde::de::DeserializeOwned>(
        mut self,
        stale: Stale,
        handler: impl FnOnce(lsp_types::Uri, P) -> Handler,
    ) {
        let uri = document_of(&self.params);
        let file = uri.as_ref().map(|uri| self.state.file(uri));
        match (uri, parse::<P>(std::mem::take(&mut self.params))) {
            (_, Err(error)) => respond(self.reply, Err(error)),
            (None, Ok(_)) => {
                let error = Error::invalid_params("no document");
                respond(self.reply, Err(error));
            }
            (Some(uri), Ok(params)) => self.pend(file, stale, handler(uri, params)),
        }
    }

    fn pend(self, file: Option<FileId>, stale: Stale, handler: Handler) {
        let needs_all_files = NEED_ALL_FILES.contains(&&*self.method);
        let pending = Pending {
            reply: self.reply,
            method: self.method,
            file,
            stale,
            needs_all_files,
            handler,
            cancel: CancelToken::default(),
            run: 0,
            ticket: None,
        };
        self.state.requests.add(self.id, pending);
    }

    fn unknown(self) {
        let mut error = Error::method_not_found();
        error.data = Some(self.method.into());
        respond(self.reply, Err(error));
    }
}

/// A notification on its way to its handler.
struct Note<'a> {
    state: &'a mut GlobalState,
    method: &'a str,
    params: Value,
}

impl Note<'_> {
    fn now<N: Notification>(self, handler: fn(&mut GlobalState, N::Params)) {
        match parse::<N::Params>(self.params) {
            Ok(params) => handler(self.state, params),
            Err(error) => {
                tracing::warn!(method = self.method, error = %error.message, "dropped");
            }
        }
    }
}

/// The parameters as their type. Missing ones are null, as some clients write it.
fn parse<P: serde::de::DeserializeOwned>(params: Value) -> Result<P, Error> {
    serde_json::from_value(params).map_err(|error| Error::invalid_params(error.to_string()))
}

/// The document that parameters name, if they do: that of a hierarchy's request is in its item, that of an item to be
/// resolved in its data.
fn document_of(params: &Value) -> Option<lsp_types::Uri> {
    params
        .get("textDocument")
        .or_else(|| params.get("item"))
        .or_else(|| params.get("data"))?
        .get("uri")?
        .as_str()?
        .parse()
        .ok()
}
