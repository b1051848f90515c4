//! `textDocument/linkedEditingRange`: the two names of a JSX element.

use lsp_types::{LinkedEditingRangeParams, LinkedEditingRanges};

use crate::snapshot::{DocumentView, Snapshot};
use crate::task::HandlerResult;

pub(crate) fn handle(
    _: &Snapshot,
    view: &DocumentView,
    params: &LinkedEditingRangeParams,
) -> HandlerResult<Option<LinkedEditingRanges>> {
    let lines = view.lines();
    let offset = view.offset(params.text_document_position_params.position);
    let ranges = symphony_ide::linked_editing(&view.parse, offset);
    Ok(ranges.map(|(open, close)| LinkedEditingRanges {
        ranges: vec![lines.range(open), lines.range(close)],
        // A tag name may have dots (`Menu.Item`) and dashes.
        word_pattern: Some(r"[\p{L}\p{N}_$][\p{L}\p{N}_$.:-]*".into()),
    }))
}
