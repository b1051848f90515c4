//! `textDocument/inlineCompletion`: ghost text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use symphony_conductor::{Decision, Event, View};
use symphony_instruments::{Ghost, InlineQuestion};
use symphony_pit::store::{KeyBuilder, Kind};
use symphony_pit::{Answered, Cancel, InstrumentId, Job, Manner, NoAnswer, Priority, Question};
use symphony_syntax::Language;
use symphony_text::{LineIndex, PositionEncoding, TextRange};

use crate::assignment::Assignment;
use crate::conducting::{Conducting, Sight, Suggested};
use crate::lsp::ext::{
    InlineCompletionItem, InlineCompletionList, InlineCompletionParams, SuggestionData,
};
use crate::lsp::to_proto::Lines;
use crate::reply::{Json, Reply};
use crate::snapshot::Shared;
use crate::source_view::SourceView;

/// A model is asked at most this long after the key: what comes later nobody reads.
const DEADLINE: Duration = Duration::from_millis(1500);
const KIND: Kind = Kind::new("inline");

/// What the Pit is to ask for a question. It has all that it needs, and no handle of the database.
pub(crate) fn assign(view: &SourceView<'_>, params: &InlineCompletionParams) -> Assignment {
    let (offset, file) = (view.offset(params.at.position), view.source.id(view.db));
    let uri = params.at.text_document.uri.as_str();
    let (snapshot, shared) = (view.snapshot, &view.snapshot.shared);
    let now = Instant::now();
    if let Some(event) = shared.conducting.look(uri, &view.text, offset.into()) {
        note(shared, event);
    }
    let sight = Sight {
        text: &view.text,
        language: view.source.language(view.db),
        offset,
        invoked: params.is_invoked(),
        rhythm: snapshot.rhythm,
        deadline: DEADLINE,
    };
    let (decision, seen) = shared.conducting.decide(&sight, &shared.pit.instruments());
    let settings = &snapshot.config.inline_completion;
    let asks = settings.enabled && decision.trigger;
    let tau = settings.tau.map_or(decision.tau, f64::from);
    let path = shared.model_path(file);
    let asked = InlineQuestion {
        document: uri,
        path: &path,
        text: &view.text,
        offset: offset.into(),
        tau,
        candidates: decision.candidates,
        context_tokens: decision.context_tokens,
    };
    let deadline = Duration::from_millis(decision.deadline_ms.into());
    let shown = Showing {
        votes: decision.consensus,
        deadline,
        tau,
        seen,
        conducting: Arc::clone(&shared.conducting),
        uri: uri.to_owned(),
        text: Arc::clone(&view.text),
        language: sight.language,
        index: Arc::clone(&view.index),
        encoding: view.encoding,
    };
    let bytes = asked.to_bytes();
    // The same question about the same text is one call of the model.
    let question = KeyBuilder::new(KIND, 2)
        .part("edit", snapshot.edit.to_le_bytes())
        .part("question", &bytes)
        .part("decision", decision.asked().collect::<Vec<u8>>())
        .finish();
    Assignment {
        job: Job::new(KIND.name(), Priority::Typing)
            .about(file.0.into(), snapshot.edit)
            .merged_as(question)
            .until(now + deadline),
        question: Question {
            among: whom(&decision, asks),
            manner: match decision.consensus {
                true => Manner::Together,
                false => Manner::InTurn,
            },
            wait: wait(&decision, settings.debounce, &shared.conducting),
            bytes,
        },
        show: Box::new(move |answers| shown.show(&answers)),
    }
}

/// Writes down what came of a suggestion, some time.
fn note(shared: &Shared, event: Event) {
    let conducting = Arc::clone(&shared.conducting);
    let job = Job::new("journal", Priority::Index);
    let write = move |_: &Cancel| {
        conducting.note(&event);
        Err(NoAnswer::Nothing)
    };
    shared.pit.submit(job, write, |_| {});
}

/// How long to wait for another key: as the user says of models elsewhere, else as was decided.
fn wait(decision: &Decision, said: Option<Duration>, conducting: &Conducting) -> Duration {
    let is_elsewhere = decision.asked().any(|it| !conducting.is_embedded(it));
    let decided = Duration::from_millis(decision.debounce_ms.into());
    said.filter(|_| is_elsewhere).unwrap_or(decided)
}

/// Who is asked, if anyone is.
fn whom(decision: &Decision, asks: bool) -> Vec<InstrumentId> {
    match asks {
        true => decision.asked().map(InstrumentId).collect(),
        false => Vec::new(),
    }
}

/// What it takes to show an answer.
struct Showing {
    conducting: Arc<Conducting>,
    uri: String,
    text: Arc<str>,
    language: Language,
    index: Arc<LineIndex>,
    encoding: PositionEncoding,
    /// Whether the answers vote.
    votes: bool,
    deadline: Duration,
    tau: f64,
    /// What the Conductor saw.
    seen: View,
}

impl Showing {
    fn show(self, answers: &[Answered]) -> Reply {
        for answered in answers {
            self.conducting.answered(answered, self.language);
        }
        let found = answers.iter().map(|it| (it, Ghost::all_from(&it.answer)));
        let mut found: Vec<_> = found.filter(|(_, ghosts)| !ghosts.is_empty()).collect();
        let chosen = match self.votes {
            true => self.conducting.vote(&found, self.deadline),
            // One was asked after the other, until one had an answer.
            false => (!found.is_empty()).then_some(0),
        };
        let Some((answered, ghosts)) = chosen.map(|it| found.swap_remove(it)) else {
            return Ok(Json::EMPTY_LIST);
        };
        if let Some(first) = ghosts.first() {
            let at = first.start as usize;
            let suggested =
                Suggested::new(&self.uri, &self.text, at, &first.text, answered.instrument);
            if let Some(suggested) = suggested {
                let told = self.told(answered.instrument);
                let suggested = told.into_iter().fold(suggested, Suggested::told_as);
                self.conducting.shown(suggested);
            }
        }
        let lines = Lines {
            index: &self.index,
            encoding: self.encoding,
        };
        Json::of(InlineCompletionList {
            items: ghosts.into_iter().map(|it| item(lines, it)).collect(),
        })
    }
}

impl Showing {
    /// What the journal has of this question.
    fn told(&self, instrument: InstrumentId) -> Option<Event> {
        let mut instruments = self.seen.instruments.iter();
        let asked = instruments.find(|it| it.id == instrument.0)?;
        Some(Event {
            surroundings: self.seen.surroundings,
            prefix: self.seen.prefix,
            suffix_chars: self.seen.suffix_chars,
            kind: asked.kind,
            state: asked.state,
            tau: self.tau,
            shown_chars: 0,
            kept_chars: 0,
        })
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
