//! `textDocument/onTypeFormatting`: a JSX tag that was just opened is closed.

use lsp_types::{DocumentOnTypeFormattingParams, TextEdit};

use crate::snapshot::{DocumentView, Snapshot};
use crate::task::HandlerResult;

pub(crate) fn handle(
    _: &Snapshot,
    view: &DocumentView,
    params: &DocumentOnTypeFormattingParams,
) -> HandlerResult<Option<Vec<TextEdit>>> {
    let at = params.text_document_position.position;
    let tag = symphony_ide::closing_tag(&view.parse, view.offset(at));
    let insert = |new_text| {
        vec![TextEdit {
            range: lsp_types::Range::new(at, at),
            new_text,
        }]
    };
    Ok(tag.map(insert))
}
