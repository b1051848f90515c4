//! Requests of our own, beside the protocol's.

use lsp_types::request::Request;
use lsp_types::{TextDocumentIdentifier, TextDocumentPositionParams};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `textDocument/inlineCompletion` (LSP 3.18), with a confidence beside each item.
#[derive(Debug)]
pub(crate) enum InlineCompletion {}

impl Request for InlineCompletion {
    type Params = InlineCompletionParams;
    type Result = InlineCompletionList;
    const METHOD: &'static str = "textDocument/inlineCompletion";
}

/// Where inline completion is asked for, and why.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct InlineCompletionParams {
    /// The place.
    #[serde(flatten)]
    pub(crate) at: TextDocumentPositionParams,
    /// Why. Older clients do not say.
    #[serde(default)]
    pub(crate) context: Option<InlineCompletionContext>,
}

/// Why inline completion is asked for.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InlineCompletionContext {
    /// 1: the user asked for it; 2: the user typed.
    pub(crate) trigger_kind: u8,
}

impl InlineCompletionParams {
    /// Whether the user asked for it in so many words.
    pub(crate) fn is_invoked(&self) -> bool {
        self.context.is_some_and(|it| it.trigger_kind == 1)
    }
}

/// The suggestions, best first. Never null: some clients keep old ghost text on null.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct InlineCompletionList {
    /// The suggestions.
    pub(crate) items: Vec<InlineCompletionItem>,
}

/// One suggestion.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InlineCompletionItem {
    /// The text that takes the range's place.
    pub(crate) insert_text: String,
    /// What it takes the place of.
    pub(crate) range: lsp_types::Range,
    /// What is known of it.
    pub(crate) data: SuggestionData,
}

/// What is known of a suggestion.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct SuggestionData {
    /// The calibrated probability that all of it is what would be typed, 0 to 1.
    pub(crate) confidence: f32,
}

/// `symphony/text`: the server's idea of a document, for tests and bug reports.
#[derive(Debug)]
pub(crate) enum DocumentText {}

impl Request for DocumentText {
    type Params = DocumentTextParams;
    type Result = Value;
    const METHOD: &'static str = "symphony/text";
}

/// Which document.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentTextParams {
    /// The document.
    pub(crate) text_document: TextDocumentIdentifier,
}

/// `symphony/sleep`: a slow request, for tests of what others do meanwhile. Only when `SYMPHONY_TEST=1`.
#[derive(Debug)]
pub(crate) enum Sleep {}

impl Request for Sleep {
    type Params = SleepParams;
    type Result = ();
    const METHOD: &'static str = "symphony/sleep";
}

/// How long.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct SleepParams {
    /// In milliseconds.
    pub(crate) ms: u64,
}
