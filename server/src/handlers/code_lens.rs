//! `textDocument/codeLens` and `codeLens/resolve`: how often a declaration is referred to. Off unless asked for.

use lsp_types::{CodeLens, CodeLensParams, Command};
use serde_json::json;

use crate::source_view::SourceView;
use crate::task::HandlerResult;

pub(crate) fn handle(
    view: &SourceView<'_>,
    params: &CodeLensParams,
) -> HandlerResult<Option<Vec<CodeLens>>> {
    if !view.snapshot.config.code_lens.references {
        return Ok(None);
    }
    let uri = params.text_document.uri.as_str();
    let lenses = symphony_ide::code_lenses(view.db, view.source).into_iter();
    let to_proto = |lens: symphony_ide::CodeLens| CodeLens {
        range: view.range(lens.range),
        command: None,
        data: Some(json!({ "uri": uri })),
    };
    Ok(Some(lenses.map(to_proto).collect()))
}

pub(crate) fn resolve(view: &SourceView<'_>, params: &CodeLens) -> HandlerResult<CodeLens> {
    let offset = view.offset(params.range.start);
    let count = symphony_ide::references(view.db, view.source, offset, false).len();
    let title = match count {
        1 => "1 reference".to_owned(),
        _ => format!("{count} references"),
    };
    Ok(CodeLens {
        command: Some(Command {
            title,
            command: String::new(),
            arguments: None,
        }),
        ..params.clone()
    })
}
