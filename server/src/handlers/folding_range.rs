//! `textDocument/foldingRange`

use lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};
use symphony_ide::FoldingKind;

use crate::snapshot::{DocumentView, Snapshot};
use crate::task::HandlerResult;

pub(crate) fn handle(
    _: &Snapshot,
    view: &DocumentView,
    _: &FoldingRangeParams,
) -> HandlerResult<Option<Vec<FoldingRange>>> {
    let lines = view.lines();
    let ranges = symphony_ide::folding_ranges(&view.parse)
        .into_iter()
        .map(|folding| {
            let range = lines.range(folding.range);
            FoldingRange {
                start_line: range.start.line,
                start_character: Some(range.start.character),
                end_line: range.end.line,
                end_character: Some(range.end.character),
                kind: match folding.kind {
                    FoldingKind::Code => None,
                    FoldingKind::Comment => Some(FoldingRangeKind::Comment),
                    FoldingKind::Imports => Some(FoldingRangeKind::Imports),
                    FoldingKind::Region => Some(FoldingRangeKind::Region),
                },
                collapsed_text: None,
            }
        });
    Ok(Some(ranges.collect()))
}
