//! `textDocument/inlineCompletion`: ghost text.

use symphony_assist::inline::{Policy, Request, Suggestion};
use symphony_text::{TextRange, TextSize};
use symphony_vfs::FileId;

use crate::lsp::ext::{
    InlineCompletionItem, InlineCompletionList, InlineCompletionParams, SuggestionData,
};
use crate::snapshot::{DocumentView, Snapshot};
use crate::task::HandlerResult;

pub(crate) fn handle(
    snapshot: &Snapshot,
    view: &DocumentView,
    params: &InlineCompletionParams,
) -> HandlerResult<InlineCompletionList> {
    let lines = view.lines();
    let to_proto = |suggestion: Suggestion| InlineCompletionItem {
        range: lines.range(range_of(&suggestion)),
        insert_text: suggestion.insert_text,
        data: SuggestionData {
            confidence: suggestion.probability,
        },
    };
    let asked = Asked {
        uri: view.uri.as_str(),
        file: view.file,
        text: view.parse.text(),
        offset: view.offset(params.at.position),
    };
    let suggestions = suggestions(snapshot, &asked);
    Ok(InlineCompletionList {
        items: suggestions.into_iter().map(to_proto).collect(),
    })
}

/// Where suggestions are asked for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) uri: &'a str,
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) offset: TextSize,
}

/// What the model suggests at a place; nothing where it is turned off or not sure enough.
pub(super) fn suggestions(snapshot: &Snapshot, asked: &Asked<'_>) -> Vec<Suggestion> {
    if !snapshot.config.inline_completion.enabled {
        return Vec::new();
    }
    let path = snapshot.shared.model_path(asked.file);
    let request = Request {
        document: asked.uri,
        path: &path,
        text: asked.text,
        offset: asked.offset.into(),
        policy: Policy::with_tau(snapshot.config.inline_completion.tau.into()),
    };
    snapshot
        .shared
        .completer
        .complete(&request, &|| snapshot.cancel.is_cancelled())
}

/// The range that a suggestion replaces.
pub(super) fn range_of(suggestion: &Suggestion) -> TextRange {
    TextRange::new(
        (suggestion.range.start as u32).into(),
        (suggestion.range.end as u32).into(),
    )
}
