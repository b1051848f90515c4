//! Folders added and removed, files changed on disk, settings changed.

use lsp_types::{
    DidChangeConfigurationParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    WorkDoneProgressCancelParams,
};
use symphony_vfs::VfsPath;

use crate::global_state::GlobalState;
use crate::handlers::lifecycle::folder_paths;
use crate::lsp::from_proto;
use crate::task::CancelToken;

pub(crate) fn folders(state: &mut GlobalState, params: DidChangeWorkspaceFoldersParams) {
    state.remove_folders(&folder_paths(&params.event.removed));
    state.add_folders(folder_paths(&params.event.added));
}

pub(crate) fn watched_files(state: &mut GlobalState, params: DidChangeWatchedFilesParams) {
    let paths = params
        .changes
        .iter()
        .filter_map(|change| match from_proto::path(&change.uri) {
            VfsPath::File(path) => Some(path),
            VfsPath::Virtual(_) => None,
        });
    let (settings, others): (Vec<_>, Vec<_>) =
        paths.partition(|path| GlobalState::is_settings_file(path));
    if !settings.is_empty() {
        state.reload_settings();
    }
    if !others.is_empty() {
        state.refresh(others);
    }
}

pub(crate) fn configuration(state: &mut GlobalState, params: DidChangeConfigurationParams) {
    if state.abilities.configuration {
        state.client.ask_configuration();
    } else {
        state.configure(&params.settings);
    }
}

/// The user has had enough of an index run: what was found so far stays.
pub(crate) fn cancel_progress(state: &mut GlobalState, params: WorkDoneProgressCancelParams) {
    if state.indexing.token.as_ref() == Some(&params.token) {
        state.indexing.cancel.cancel();
        state.indexing.cancel = CancelToken::default();
    }
}
