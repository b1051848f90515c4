//! The session's beginning and end, and the cancelling of requests.

use std::path::PathBuf;

use lsp_types::{
    CancelParams, InitializeParams, InitializeResult, InitializedParams, MessageType,
    NumberOrString, ServerInfo, WorkspaceFolder,
};
use symphony_vfs::{VfsPath, Watcher};
use tower_lsp::jsonrpc::Id;

use crate::event::Event;
use crate::global_state::{GlobalState, Lifecycle, Offer};
use crate::lsp::{capabilities, from_proto};
use crate::task::HandlerResult;

pub(crate) fn initialize(
    state: &mut GlobalState,
    params: InitializeParams,
) -> HandlerResult<InitializeResult> {
    state.abilities = capabilities::Client::new(&params);
    state.client.set_progress(state.abilities.progress);
    if let Some(options) = &params.initialization_options {
        state.configure(options);
    }
    state.folders = workspace_folders(&params);
    state.set_settings_folders();
    let inline_completion = state.settings.inline_completion();
    if inline_completion {
        state.inline_offer = Offer::Announced;
    }
    state.lifecycle = Lifecycle::Running;
    let client = params
        .client_info
        .map(|info| format!("{} {:?}", info.name, info.version));
    tracing::info!(client, folders = ?state.folders, encoding = ?state.abilities.encoding, "session");
    Ok(InitializeResult {
        capabilities: capabilities::server(&state.abilities, inline_completion),
        server_info: Some(ServerInfo {
            name: "symphony".into(),
            version: Some(env!("CARGO_PKG_VERSION").into()),
        }),
        offset_encoding: None,
    })
}

/// The folders of the workspace; the root of an older client; none for a single file.
fn workspace_folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.as_deref().unwrap_or_default();
    #[expect(deprecated, reason = "older clients send only this")]
    let root = params.root_uri.iter().filter(|_| folders.is_empty());
    folders
        .iter()
        .map(|folder| &folder.uri)
        .chain(root)
        .filter_map(folder_path)
        .collect()
}

fn folder_path(uri: &lsp_types::Uri) -> Option<PathBuf> {
    match from_proto::path(uri) {
        VfsPath::File(path) => Some(path),
        VfsPath::Virtual(_) => None,
    }
}

/// The paths of workspace folders.
pub(super) fn folder_paths(folders: &[WorkspaceFolder]) -> Vec<PathBuf> {
    folders
        .iter()
        .filter_map(|folder| folder_path(&folder.uri))
        .collect()
}

pub(crate) fn initialized(state: &mut GlobalState, _: InitializedParams) {
    if state.abilities.watches_files {
        state.client.watch_files();
    } else {
        state.watcher = watcher(state);
    }
    if state.abilities.registers_type_hierarchy {
        state.client.register_type_hierarchy();
    }
    if state.abilities.configuration {
        state.client.ask_configuration();
    }
    state.start_watching_settings();
    let folders = std::mem::take(&mut state.folders);
    state.add_folders(folders);
}

/// Our own watcher, for a client that has none.
fn watcher(state: &GlobalState) -> Option<Watcher> {
    let events = state.events.clone();
    let changed = move |paths| {
        // The loop may have ended.
        let _ = events.send(Event::FilesChanged(paths));
    };
    match Watcher::new(changed) {
        Ok(watcher) => Some(watcher),
        Err(error) => {
            let message = format!("Changes from outside the editor go unseen: {error}");
            tracing::warn!("{message}");
            state.client.log(MessageType::WARNING, message);
            None
        }
    }
}

pub(crate) fn shutdown(state: &mut GlobalState, (): ()) -> HandlerResult<()> {
    state.lifecycle = Lifecycle::ShutDown;
    state.indexing.cancel.cancel();
    Ok(())
}

pub(crate) fn cancel(state: &mut GlobalState, params: CancelParams) {
    let id = match params.id {
        NumberOrString::Number(number) => Id::Number(number.into()),
        NumberOrString::String(text) => Id::String(text),
    };
    state.requests.cancel(id);
}
