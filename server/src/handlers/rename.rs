//! `textDocument/rename` and `textDocument/prepareRename`

use lsp_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, WorkspaceEdit};
use symphony_ide::{RenameConflict, RenameRefusal};
use tower_lsp::jsonrpc::{Error, ErrorCode};

use crate::source_view::SourceView;
use crate::task::HandlerResult;

pub(crate) fn prepare(
    view: &SourceView<'_>,
    params: &TextDocumentPositionParams,
) -> HandlerResult<Option<PrepareRenameResponse>> {
    let offset = view.offset(params.position);
    let (range, placeholder) = symphony_ide::prepare_rename(view.db, view.source, offset)
        .map_err(|refusal| refused(refusal.message().to_owned()))?;
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder {
        range: view.range(range),
        placeholder,
    }))
}

pub(crate) fn rename(
    view: &SourceView<'_>,
    params: &RenameParams,
) -> HandlerResult<Option<WorkspaceEdit>> {
    let offset = view.offset(params.text_document_position.position);
    let (db, source, new_name) = (view.db, view.source, &params.new_name);
    let refuse = |refusal: RenameRefusal| refused(refusal.message().to_owned());
    let edits = symphony_ide::rename(db, source, offset, new_name).map_err(refuse)?;
    let conflicts = symphony_ide::rename_conflicts(db, source, offset, new_name);
    if let Some(first) = conflicts.first() {
        return Err(refused(conflict(view, first, new_name)));
    }
    Ok(Some(view.workspace_edit(edits)))
}

/// What the new name would collide with, and where.
fn conflict(view: &SourceView<'_>, conflict: &RenameConflict, new_name: &str) -> String {
    let line = view.range_in(conflict.file, conflict.range).start.line + 1;
    let path = view.path(conflict.file);
    let name = path
        .as_deref()
        .and_then(|path| path.file_name()?.to_str().map(str::to_owned));
    let name = name.unwrap_or_default();
    format!("'{new_name}' already means something else at {name}, line {line}.")
}

/// What the user reads is the reason, not that the server has failed.
fn refused(message: String) -> Error {
    Error {
        code: ErrorCode::ServerError(-32803),
        message: message.into(),
        data: None,
    }
}
