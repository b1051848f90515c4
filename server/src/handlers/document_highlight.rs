//! `textDocument/documentHighlight`

use lsp_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};
use symphony_ide::HighlightKind;

use crate::source_view::SourceView;
use crate::task::HandlerResult;

pub(crate) fn handle(
    view: &SourceView<'_>,
    params: &DocumentHighlightParams,
) -> HandlerResult<Option<Vec<DocumentHighlight>>> {
    let offset = view.offset(params.text_document_position_params.position);
    let highlights = symphony_ide::document_highlights(view.db, view.source, offset).into_iter();
    let to_proto = |highlight: symphony_ide::DocumentHighlight| DocumentHighlight {
        range: view.range(highlight.range),
        kind: Some(match highlight.kind {
            HighlightKind::Text => DocumentHighlightKind::TEXT,
            HighlightKind::Read => DocumentHighlightKind::READ,
            HighlightKind::Write => DocumentHighlightKind::WRITE,
        }),
    };
    Ok(Some(highlights.map(to_proto).collect()))
}
