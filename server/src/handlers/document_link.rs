//! `textDocument/documentLink`

use lsp_types::{DocumentLink, DocumentLinkParams};

use crate::source_view::SourceView;
use crate::task::HandlerResult;

pub(crate) fn handle(
    view: &SourceView<'_>,
    _: &DocumentLinkParams,
) -> HandlerResult<Option<Vec<DocumentLink>>> {
    let links = symphony_ide::document_links(view.db, view.source).into_iter();
    let to_proto = |link: symphony_ide::DocumentLink| DocumentLink {
        range: view.range(link.range),
        target: view.uri(link.target),
        tooltip: None,
        data: None,
    };
    Ok(Some(links.map(to_proto).collect()))
}
