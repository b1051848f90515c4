//! `textDocument/inlineCompletion`: ghost text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use symphony_instruments::{Ghost, InlineQuestion};
use symphony_pit::store::{KeyBuilder, Kind};
use symphony_pit::{Job, Priority, Question};
use symphony_text::TextRange;

use crate::assignment::Assignment;
use crate::instruments::LOCAL;
use crate::lsp::ext::{
    InlineCompletionItem, InlineCompletionList, InlineCompletionParams, SuggestionData,
};
use crate::lsp::to_proto::Lines;
use crate::reply::Json;
use crate::source_view::SourceView;

/// A model is asked at most this long after the key: what comes later nobody reads.
const DEADLINE: Duration = Duration::from_millis(1500);
const KIND: Kind = Kind::new("inline");

/// What the Pit is to ask for a question. It has all that it needs, and no handle of the database.
pub(crate) fn assign(view: &SourceView<'_>, params: &InlineCompletionParams) -> Assignment {
    let (offset, file) = (view.offset(params.at.position), view.source.id(view.db));
    let uri = params.at.text_document.uri.as_str().to_owned();
    let snapshot = view.snapshot;
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
    let path = snapshot.shared.model_path(file);
    let asked = InlineQuestion {
        document: &uri,
        path: &path,
        text: &view.text,
        offset: offset.into(),
        tau: snapshot.config.inline_completion.tau.into(),
    };
    let among = match snapshot.config.inline_completion.enabled {
        true => vec![LOCAL],
        false => Vec::new(),
    };
    let (index, encoding) = (Arc::clone(&view.index), view.encoding);
    Assignment {
        job,
        question: Question {
            among,
            bytes: asked.to_bytes(),
        },
        show: Box::new(move |answer| {
            let lines = Lines {
                index: &index,
                encoding,
            };
            let ghosts = Ghost::all_from(answer).into_iter();
            Json::of(InlineCompletionList {
                items: ghosts.map(|it| item(lines, it)).collect(),
            })
        }),
    }
}

fn item(lines: Lines<'_>, ghost: Ghost) -> InlineCompletionItem {
    let replaced = TextRange::new(ghost.start.into(), ghost.end.into());
    InlineCompletionItem {
        range: lines.range(replaced),
        insert_text: ghost.text,
        data: SuggestionData {
            confidence: ghost.probability,
        },
    }
}
