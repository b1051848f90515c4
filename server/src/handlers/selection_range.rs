//! `textDocument/selectionRange`

use lsp_types::{SelectionRange, SelectionRangeParams};

use crate::snapshot::{DocumentView, Snapshot};
use crate::task::HandlerResult;

pub(crate) fn handle(
    _: &Snapshot,
    view: &DocumentView,
    params: &SelectionRangeParams,
) -> HandlerResult<Option<Vec<SelectionRange>>> {
    let lines = view.lines();
    let at = |&position| {
        let offset = view.offset(position);
        let chain = symphony_ide::selection_ranges(&view.parse, offset);
        let outermost_first = chain.into_iter().rev();
        let selection = outermost_first.fold(None, |parent, range| {
            Some(SelectionRange {
                range: lines.range(range),
                parent: parent.map(Box::new),
            })
        });
        selection.unwrap_or_else(|| SelectionRange {
            range: lines.range(symphony_text::TextRange::empty(offset)),
            parent: None,
        })
    };
    Ok(Some(params.positions.iter().map(at).collect()))
}
