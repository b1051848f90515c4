//! `textDocument/inlineCompletion`: ghost text.

use std::time::{Duration, Instant};

use symphony_assist::inline::{Policy, Request, Suggestion};
use symphony_pit::store::{KeyBuilder, Kind};
use symphony_pit::{Job, Priority};
use symphony_text::TextRange;

use crate::assignment::Assignment;
use crate::dispatch::to_json;
use crate::lsp::ext::{
    InlineCompletionItem, InlineCompletionList, InlineCompletionParams, SuggestionData,
};
use crate::lsp::to_proto::Lines;
use crate::source_view::SourceView;

/// A model is asked at most this long after the key: what comes later nobody reads.
const DEADLINE: Duration = Duration::from_millis(1500);
const KIND: Kind = Kind::new("inline");

/// What the Pit is to do for a question. The work has all that it needs, and no handle of the database.
pub(crate) fn assign(view: &SourceView<'_>, params: &InlineCompletionParams) -> Assignment {
    let (offset, file) = (view.offset(params.at.position), view.source.id(view.db));
    let uri = params.at.text_document.uri.as_str().to_owned();
    let snapshot = view.snapshot.clone();
    // The same question about the same text is one call of the model.
    let question = KeyBuilder::new(KIND, 1)
        .part("document", uri.as_bytes())
        .part("edit", snapshot.edit.to_le_bytes())
        .part("offset", u32::from(offset).to_le_bytes())
        .part("tau", snapshot.config.inline_completion.tau.to_le_bytes())
        .finish();
    let job = Job::new(KIND.name(), Priority::Typing)
        .about(file.0.into(), snapshot.edit)
        .merged_as(question)
        .until(Instant::now() + DEADLINE);
    let (text, index, encoding) = (view.text.clone(), view.index.clone(), view.encoding);
    let work = move |given_up: &dyn Fn() -> bool| {
        let path = snapshot.shared.model_path(file);
        let request = Request {
            document: &uri,
            path: &path,
            text: &text,
            offset: offset.into(),
            policy: Policy::with_tau(snapshot.config.inline_completion.tau.into()),
        };
        let suggestions = match snapshot.config.inline_completion.enabled {
            true => snapshot.shared.completer.complete(&request, given_up),
            false => Vec::new(),
        };
        let lines = Lines {
            index: &index,
            encoding,
        };
        let to_proto = |suggestion: Suggestion| InlineCompletionItem {
            range: lines.range(range_of(&suggestion)),
            insert_text: suggestion.insert_text,
            data: SuggestionData {
                confidence: suggestion.probability,
            },
        };
        to_json(InlineCompletionList {
            items: suggestions.into_iter().map(to_proto).collect(),
        })
    };
    Assignment {
        job,
        work: Box::new(work),
    }
}

/// The range that a suggestion replaces.
fn range_of(suggestion: &Suggestion) -> TextRange {
    TextRange::new(
        (suggestion.range.start as u32).into(),
        (suggestion.range.end as u32).into(),
    )
}
