//! `textDocument/inlineCompletion`: ghost text.

use std::time::{Duration, Instant};

use symphony_assist::inline::{Policy, Request, Suggestion};
use symphony_pit::store::{KeyBuilder, Kind};
use symphony_pit::{Job, Priority};
use symphony_text::{TextRange, TextSize};
use symphony_vfs::FileId;

use crate::assignment::Assignment;
use crate::dispatch::to_json;
use crate::lsp::ext::{
    InlineCompletionItem, InlineCompletionList, InlineCompletionParams, SuggestionData,
};
use crate::snapshot::{DocumentView, Snapshot};

/// A model is asked at most this long after the key: what comes later nobody reads.
const DEADLINE: Duration = Duration::from_millis(1500);
const KIND: Kind = Kind::new("inline");

/// What the Pit is to do for a question.
pub(crate) fn assign(
    snapshot: &Snapshot,
    view: DocumentView,
    params: &InlineCompletionParams,
) -> Assignment {
    let offset = view.offset(params.at.position);
    // The same question about the same text is one call of the model.
    let question = KeyBuilder::new(KIND, 1)
        .part("document", view.uri.as_str().as_bytes())
        .part("edit", snapshot.edit.to_le_bytes())
        .part("offset", u32::from(offset).to_le_bytes())
        .part("tau", snapshot.config.inline_completion.tau.to_le_bytes())
        .finish();
    let job = Job::new(KIND.name(), Priority::Typing)
        .about(view.file.0.into(), snapshot.edit)
        .merged_as(question)
        .until(Instant::now() + DEADLINE);
    let snapshot = snapshot.clone();
    let work = move |given_up: &dyn Fn() -> bool| {
        let asked = Asked {
            uri: view.uri.as_str(),
            file: view.file,
            text: view.parse.text(),
            offset,
            given_up,
        };
        let lines = view.lines();
        let to_proto = |suggestion: Suggestion| InlineCompletionItem {
            range: lines.range(range_of(&suggestion)),
            insert_text: suggestion.insert_text,
            data: SuggestionData {
                confidence: suggestion.probability,
            },
        };
        let suggestions = suggestions(&snapshot, &asked).into_iter();
        to_json(InlineCompletionList {
            items: suggestions.map(to_proto).collect(),
        })
    };
    Assignment {
        job,
        work: Box::new(work),
    }
}

/// Where suggestions are asked for.
pub(super) struct Asked<'a> {
    pub(super) uri: &'a str,
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) offset: TextSize,
    /// Whether nobody waits any more.
    pub(super) given_up: &'a dyn Fn() -> bool,
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
    snapshot.shared.completer.complete(&request, asked.given_up)
}

/// The range that a suggestion replaces.
pub(super) fn range_of(suggestion: &Suggestion) -> TextRange {
    TextRange::new(
        (suggestion.range.start as u32).into(),
        (suggestion.range.end as u32).into(),
    )
}
