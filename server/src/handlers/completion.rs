//! `textDocument/completion` and `completionItem/resolve`: names, and for clients without ghost text what the model
//! suggests, as an ordinary item.

use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList,
    CompletionParams, CompletionResponse, CompletionTextEdit, TextEdit,
};
use serde::{Deserialize, Serialize};
use symphony_ide::{CompletionKind, CompletionOptions, ImportItem};
use symphony_text::{TextRange, TextSize};

use crate::handlers::inline_completion;
use crate::lsp::ext::{InlineCompletionItem, InlineCompletionList, InlineCompletionParams};
use crate::reply::Json;
use crate::source_view::{SourceView, text_edit};
use crate::task::HandlerResult;

/// How long the names wait for what the model suggests, once they are known: less than anyone sees. It comes with the next
/// key else.
const GHOST_WAIT: Duration = Duration::from_millis(10);

pub(crate) fn handle(
    view: &SourceView<'_>,
    params: &CompletionParams,
) -> HandlerResult<Option<CompletionResponse>> {
    let at = params.text_document_position.position;
    let offset = view.offset(at);
    let ghosts = (!view.snapshot.abilities.inline_completion).then(|| Ghosts::ask(view, params));
    let uri = params.text_document_position.text_document.uri.as_str();
    let found =
        symphony_ide::completions(view.db, view.source, offset, CompletionOptions::default());
    let replace = view.range(found.replace);
    let is_word = is_word(&view.text, found.replace);
    let mut items: Vec<CompletionItem> = found
        .items
        .into_iter()
        .map(|it| {
            let mut item = name(it, uri);
            if !is_word {
                let new_text = item
                    .insert_text
                    .take()
                    .unwrap_or_else(|| item.label.clone());
                let edit = TextEdit {
                    range: replace,
                    new_text,
                };
                item.text_edit = Some(CompletionTextEdit::Edit(edit));
            }
            item
        })
        .collect();
    // Another key may bring another suggestion: what is listed is never all.
    let is_incomplete = found.is_incomplete || ghosts.is_some();
    let ghosts = ghosts.map(Ghosts::take).unwrap_or_default();
    items.extend(ghosts.into_iter().map(|it| ghost(view, it)));
    Ok(Some(CompletionResponse::List(CompletionList {
        is_incomplete,
        items,
    })))
}

/// What the model suggests, found out by the Pit while the names are.
struct Ghosts(Receiver<Json>);

impl Ghosts {
    fn ask(view: &SourceView<'_>, params: &CompletionParams) -> Self {
        let question = InlineCompletionParams {
            at: params.text_document_position.clone(),
            context: None,
        };
        let (sender, answer) = bounded(1);
        let shared = &view.snapshot.shared;
        let assignment = inline_completion::assign(view, &question, inline_completion::Form::Item);
        // The model goes on when the names are answered, for the next key; an edit ends it.
        assignment.submit(&shared.pit, move |json| {
            // Who asked waits for a moment only.
            let _ = sender.send(json);
        });
        Self(answer)
    }

    /// The suggestions, if they are there or soon will be: names are not kept waiting.
    fn take(self) -> Vec<InlineCompletionItem> {
        let answer = self.0.recv_timeout(GHOST_WAIT).ok();
        let list =
            answer.and_then(|it| serde_json::from_slice::<InlineCompletionList>(it.text()).ok());
        list.map(|list| list.items).unwrap_or_default()
    }
}

/// Whether a client replaces exactly this range of its own accord: a plain word.
fn is_word(text: &str, range: TextRange) -> bool {
    let word = &text[range];
    let before = text[..usize::from(range.start())].chars().next_back();
    let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    word.chars().all(in_word) && !before.is_some_and(|c| in_word(c) || c == '#')
}

/// What is needed to make an item's import when it is chosen.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemData {
    uri: String,
    source: String,
    name: String,
    type_only: bool,
}

fn name(item: symphony_ide::CompletionItem, uri: &str) -> CompletionItem {
    let import = item.import.as_ref();
    CompletionItem {
        kind: Some(kind(item.kind)),
        sort_text: Some(item.tier.sort_text().to_owned()),
        insert_text: item.insert.as_ref().map(ToString::to_string),
        label_details: import.map(|import| CompletionItemLabelDetails {
            detail: None,
            description: Some(import.specifier.to_string()),
        }),
        data: import.and_then(|import| {
            serde_json::to_value(ItemData {
                uri: uri.to_owned(),
                source: import.specifier.to_string(),
                name: import.name.to_string(),
                type_only: import.type_only,
            })
            .ok()
        }),
        label: item.label.to_string(),
        ..CompletionItem::default()
    }
}

/// An item was chosen: the import that it needs.
pub(crate) fn resolve(
    view: &SourceView<'_>,
    params: &CompletionItem,
) -> HandlerResult<CompletionItem> {
    let mut item = params.clone();
    let data = item
        .data
        .clone()
        .and_then(|data| serde_json::from_value::<ItemData>(data).ok());
    if let Some(data) = data {
        let import = ImportItem {
            specifier: data.source.as_str().into(),
            name: data.name.into(),
            type_only: data.type_only,
        };
        let edits = symphony_ide::resolve_completion(view.db, view.source, &item.label, &import);
        let lines = view.lines();
        item.detail = Some(format!("Add import from \"{}\"", data.source));
        item.additional_text_edits = Some(
            edits
                .into_iter()
                .map(|edit| text_edit(lines, edit))
                .collect(),
        );
    }
    Ok(item)
}

/// The suggestion with the word before the cursor, so that the client's filter keeps it.
fn ghost(view: &SourceView<'_>, suggestion: InlineCompletionItem) -> CompletionItem {
    let range = view.text_range(suggestion.range);
    let before = &view.text[..usize::from(range.start())];
    let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    let word = &before[before.trim_end_matches(in_word).len()..];
    let new_text = format!("{word}{}", suggestion.insert_text);
    let range = TextRange::new(range.start() - TextSize::of(word), range.end());
    let percent = suggestion.data.confidence * 100.0;
    CompletionItem {
        label: new_text.trim().to_owned(),
        label_details: Some(CompletionItemLabelDetails {
            detail: None,
            description: Some("Symphony".to_owned()),
        }),
        kind: Some(CompletionItemKind::TEXT),
        detail: Some(format!("Symphony, {percent:.0} %")),
        filter_text: Some(new_text.clone()),
        sort_text: Some("0".into()),
        preselect: Some(true),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: view.range(range),
            new_text,
        })),
        ..CompletionItem::default()
    }
}

fn kind(kind: CompletionKind) -> CompletionItemKind {
    use CompletionItemKind as C;
    match kind {
        CompletionKind::Variable | CompletionKind::Parameter | CompletionKind::Import => {
            C::VARIABLE
        }
        CompletionKind::Constant => C::CONSTANT,
        CompletionKind::Function => C::FUNCTION,
        CompletionKind::Class => C::CLASS,
        CompletionKind::Interface => C::INTERFACE,
        CompletionKind::TypeAlias => C::STRUCT,
        CompletionKind::TypeParameter => C::TYPE_PARAMETER,
        CompletionKind::Enum => C::ENUM,
        CompletionKind::EnumMember => C::ENUM_MEMBER,
        CompletionKind::Module | CompletionKind::Package => C::MODULE,
        CompletionKind::Method => C::METHOD,
        CompletionKind::Property => C::FIELD,
        CompletionKind::Keyword => C::KEYWORD,
        CompletionKind::Label => C::REFERENCE,
        CompletionKind::File => C::FILE,
        CompletionKind::Folder => C::FOLDER,
    }
}
