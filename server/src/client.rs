//! What the server sends of its own accord: notifications, requests, progress, log messages.

use std::path::Path;

use futures::channel::mpsc::UnboundedSender;
use lsp_types::notification::{
    LogMessage, Notification, Progress, PublishDiagnostics, ShowMessage,
};
use lsp_types::request::{
    CodeLensRefresh, RegisterCapability, Request, UnregisterCapability, WorkDoneProgressCreate,
    WorkspaceConfiguration,
};
use lsp_types::{
    ConfigurationItem, ConfigurationParams, Diagnostic, DidChangeWatchedFilesRegistrationOptions,
    FileSystemWatcher, GlobPattern, LogMessageParams, MessageType, NumberOrString, ProgressParams,
    ProgressParamsValue, PublishDiagnosticsParams, Registration, RegistrationParams,
    ShowMessageParams, Unregistration, UnregistrationParams, Uri, WorkDoneProgress,
    WorkDoneProgressBegin, WorkDoneProgressCreateParams, WorkDoneProgressEnd,
    WorkDoneProgressReport,
};
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::json;
use tower_lsp::jsonrpc::{self, Id, Response};

use crate::lsp::ext;

const WATCHED: [&str; 4] = [
    "**/.symphony.toml",
    "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
    "**/{tsconfig,jsconfig}*.json",
    "**/{package.json,package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,pnpm-workspace.yaml,bun.lock}",
];

/// The client's end.
#[derive(Debug)]
pub(crate) struct Client {
    messages: UnboundedSender<jsonrpc::Request>,
    next_id: i64,
    asked: FxHashMap<Id, Question>,
    progress: bool,
    next_token: i32,
}

/// What a request of ours was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// The settings.
    Configuration,
    /// Anything whose answer is only looked at for errors.
    Formality(&'static str),
}

impl Client {
    pub(crate) fn new(messages: UnboundedSender<jsonrpc::Request>) -> Self {
        Self {
            messages,
            next_id: 0,
            asked: FxHashMap::default(),
            progress: false,
            next_token: 0,
        }
    }

    /// Says whether the client shows progress.
    pub(crate) fn set_progress(&mut self, shown: bool) {
        self.progress = shown;
    }

    /// What the request was about that `response` answers.
    pub(crate) fn answered(&mut self, response: &Response) -> Option<Question> {
        self.asked.remove(response.id())
    }

    fn notify<N: Notification>(&self, params: N::Params)
    where
        N::Params: Serialize,
    {
        let request = jsonrpc::Request::build(N::METHOD)
            .params(json!(params))
            .finish();
        // A transport that has ended needs no more messages.
        let _ = self.messages.unbounded_send(request);
    }

    fn request<R: Request>(&mut self, params: R::Params, question: Question)
    where
        R::Params: Serialize,
    {
        self.next_id += 1;
        let id = Id::Number(self.next_id);
        self.asked.insert(id.clone(), question);
        let request = jsonrpc::Request::build(R::METHOD)
            .params(json!(params))
            .id(id)
            .finish();
        // A transport that has ended needs no more messages.
        let _ = self.messages.unbounded_send(request);
    }

    /// A line in the client's log.
    pub(crate) fn log(&self, kind: MessageType, message: String) {
        self.notify::<LogMessage>(LogMessageParams { typ: kind, message });
    }

    /// A message that the user sees.
    pub(crate) fn show(&self, kind: MessageType, message: String) {
        self.notify::<ShowMessage>(ShowMessageParams { typ: kind, message });
    }

    /// The diagnostics of a document.
    pub(crate) fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        self.notify::<PublishDiagnostics>(PublishDiagnosticsParams {
            uri,
            diagnostics,
            version,
        });
    }

    /// Asks for the settings.
    pub(crate) fn ask_configuration(&mut self) {
        let item = ConfigurationItem {
            scope_uri: None,
            section: Some("symphony".into()),
        };
        let params = ConfigurationParams { items: vec![item] };
        self.request::<WorkspaceConfiguration>(params, Question::Configuration);
    }

    /// Asks to be told of changes to source files.
    pub(crate) fn watch_files(&mut self) {
        let watchers = WATCHED.map(|pattern| FileSystemWatcher {
            glob_pattern: GlobPattern::String(pattern.into()),
            kind: None,
        });
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: watchers.into(),
        };
        self.register(
            "watched-files",
            "workspace/didChangeWatchedFiles",
            json!(options),
        );
    }

    /// Offers inline completion to a client that was told at first that there is none.
    pub(crate) fn register_inline_completion(&mut self) {
        let method = <ext::InlineCompletion as Request>::METHOD;
        self.register("inline-completion", method, for_our_languages());
    }

    /// Offers type hierarchies.
    pub(crate) fn register_type_hierarchy(&mut self) {
        let method = "textDocument/prepareTypeHierarchy";
        self.register("type-hierarchy", method, for_our_languages());
    }

    /// Says that code lenses are to be asked for again.
    pub(crate) fn refresh_code_lenses(&mut self) {
        self.request::<CodeLensRefresh>((), Question::Formality("code lens refresh"));
    }

    /// Takes that offer back.
    pub(crate) fn unregister_inline_completion(&mut self) {
        let registration = Unregistration {
            id: "inline-completion".into(),
            method: <ext::InlineCompletion as Request>::METHOD.into(),
        };
        let params = UnregistrationParams {
            unregisterations: vec![registration],
        };
        self.request::<UnregisterCapability>(params, Question::Formality("unregistration"));
    }

    fn register(&mut self, id: &str, method: &str, options: serde_json::Value) {
        let registration = Registration {
            id: id.into(),
            method: method.into(),
            register_options: Some(options),
        };
        let params = RegistrationParams {
            registrations: vec![registration],
        };
        self.request::<RegisterCapability>(params, Question::Formality("registration"));
    }

    /// Begins to show progress; the token is for what follows. None if the client shows none.
    pub(crate) fn begin_progress(&mut self, title: &str) -> Option<NumberOrString> {
        if !self.progress {
            return None;
        }
        self.next_token += 1;
        let token = NumberOrString::String(format!("symphony/{}", self.next_token));
        let params = WorkDoneProgressCreateParams {
            token: token.clone(),
        };
        self.request::<WorkDoneProgressCreate>(params, Question::Formality("progress"));
        self.progress(
            &token,
            WorkDoneProgress::Begin(WorkDoneProgressBegin {
                title: title.into(),
                cancellable: Some(true),
                message: None,
                percentage: Some(0),
            }),
        );
        Some(token)
    }

    /// Shows how far the work is.
    pub(crate) fn report_progress(&self, token: &NumberOrString, percentage: u32, message: String) {
        self.progress(
            token,
            WorkDoneProgress::Report(WorkDoneProgressReport {
                cancellable: Some(true),
                message: Some(message),
                percentage: Some(percentage),
            }),
        );
    }

    /// Shows that the work is done.
    pub(crate) fn end_progress(&self, token: &NumberOrString, message: String) {
        self.progress(
            token,
            WorkDoneProgress::End(WorkDoneProgressEnd {
                message: Some(message),
            }),
        );
    }

    fn progress(&self, token: &NumberOrString, value: WorkDoneProgress) {
        let value = ProgressParamsValue::WorkDone(value);
        self.notify::<Progress>(ProgressParams {
            token: token.clone(),
            value,
        });
    }
}

/// A folder's name for messages.
pub(crate) fn folder_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// What says that a registration is about documents in our languages.
fn for_our_languages() -> serde_json::Value {
    let languages = [
        "typescript",
        "typescriptreact",
        "javascript",
        "javascriptreact",
    ];
    let selector: Vec<_> = languages
        .iter()
        .map(|language| json!({ "language": language }))
        .collect();
    json!({ "documentSelector": selector })
}
