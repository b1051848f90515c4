//! `textDocument/references`

use lsp_types::{Location, ReferenceParams};

use crate::source_view::SourceView;
use crate::task::HandlerResult;

pub(crate) fn handle(
    view: &SourceView<'_>,
    params: &ReferenceParams,
) -> HandlerResult<Option<Vec<Location>>> {
    let offset = view.offset(params.text_document_position.position);
    let declarations = params.context.include_declaration;
    let found = symphony_ide::references(view.db, view.source, offset, declarations);
    Ok(Some(
        view.locations(found.iter().map(|it| (it.file, it.range))),
    ))
}
