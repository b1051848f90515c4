//! `textDocument/completion`: the ghost text as an ordinary item, for clients that have no ghost text.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionResponse,
    CompletionTextEdit, TextEdit,
};
use symphony_assist::inline::Suggestion;
use symphony_text::TextSize;

use crate::handlers::inline_completion::{range_of, suggestions};
use crate::snapshot::{DocumentView, Snapshot};
use crate::task::HandlerResult;

pub(crate) fn handle(
    snapshot: &Snapshot,
    view: &DocumentView,
    params: &CompletionParams,
) -> HandlerResult<Option<CompletionResponse>> {
    let at = params.text_document_position.position;
    let items = suggestions(snapshot, view, at)
        .into_iter()
        .map(|it| item(view, it))
        .collect();
    // Another key may bring another suggestion: what is listed is never all.
    Ok(Some(CompletionResponse::List(CompletionList {
        is_incomplete: true,
        items,
    })))
}

/// The suggestion with the word before the cursor, so that the client's filter keeps it.
fn item(view: &DocumentView, suggestion: Suggestion) -> CompletionItem {
    let range = range_of(&suggestion);
    let before = &view.parse.text()[..usize::from(range.start())];
    let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    let word = &before[before.trim_end_matches(in_word).len()..];
    let new_text = format!("{word}{}", suggestion.insert_text);
    let range = symphony_text::TextRange::new(range.start() - TextSize::of(word), range.end());
    CompletionItem {
        label: new_text.trim().to_owned(),
        kind: Some(CompletionItemKind::TEXT),
        detail: Some(format!("Symphony, {:.0} %", suggestion.probability * 100.0)),
        filter_text: Some(new_text.clone()),
        sort_text: Some("0".into()),
        preselect: Some(true),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: view.lines().range(range),
            new_text,
        })),
        ..CompletionItem::default()
    }
}
