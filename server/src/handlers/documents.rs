//! Documents opened, edited and closed.

use std::time::Instant;

use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
};
use symphony_syntax::Language;
use symphony_vfs::VfsPath;

use crate::documents::Document;
use crate::global_state::GlobalState;
use crate::lsp::from_proto;

pub(crate) fn open(state: &mut GlobalState, params: DidOpenTextDocumentParams) {
    let item = params.text_document;
    // The file's name tells more than the editor's language: it knows declarations and module kinds.
    let by_name = match from_proto::path(&item.uri) {
        VfsPath::File(path) => Language::from_path(&path),
        VfsPath::Virtual(uri) => Language::from_path(uri.as_ref()),
    };
    let Some(language) = by_name.or_else(|| Language::from_id(&item.language_id)) else {
        tracing::debug!(
            uri = item.uri.as_str(),
            id = item.language_id,
            "not a language of ours"
        );
        return;
    };
    let file = state.file(&item.uri);
    state.requests.document_changed(file);
    state.open(Document::new(item.uri, item.version, language, &item.text));
}

pub(crate) fn change(state: &mut GlobalState, params: DidChangeTextDocumentParams) {
    let uri = &params.text_document.uri;
    let file = state.file(uri);
    let encoding = state.abilities.encoding;
    let Some(document) = state.documents.get_mut(&file) else {
        tracing::debug!(uri = uri.as_str(), "an edit of a document that is not open");
        return;
    };
    for change in &params.content_changes {
        document.change(change, encoding);
    }
    document.version = params.text_document.version;
    state.rhythm.key(Instant::now());
    state.touch(file);
    state.requests.document_changed(file);
}

pub(crate) fn close(state: &mut GlobalState, params: DidCloseTextDocumentParams) {
    let file = state.file(&params.text_document.uri);
    state.requests.document_closed(file);
    state.close(file);
}
