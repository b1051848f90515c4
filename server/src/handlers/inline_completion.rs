//! `textDocument/inlineCompletion`: ghost text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use symphony_conductor::{Decision, Event, View};
use symphony_instruments::{Ghost, InlineQuestion};
use symphony_pit::store::{KeyBuilder, Kind, Outcome};
use symphony_pit::{Answered, Cancel, InstrumentId, Job, Manner, NoAnswer, Priority, Question};
use symphony_syntax::Language;
use symphony_text::{LineIndex, PositionEncoding, TextRange};

use crate::assignment::{Asked, Assignment};
use crate::conducting::{Origin, Roster, Sight, Suggested, Verdict};
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

/// In what form suggestions are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Grey text behind the cursor, which is taken or typed over: either says something of it.
    Ghost,
    /// An item among others. That it is not taken says nothing.
    Item,
}

/// What the Pit is to ask for a question. It has all that it needs, and no handle of the database.
pub(crate) fn assign(
    view: &SourceView<'_>,
    params: &InlineCompletionParams,
    form: Form,
) -> Assignment {
    let shared = &view.snapshot.shared;
    let settings = &view.snapshot.config.inline_completion;
    if !settings.enabled {
        return Assignment::nothing();
    }
    let (now, offset) = (Instant::now(), view.offset(params.at.position));
    let uri = params.at.text_document.uri.as_str();
    let roster = shared.conducting.roster();
    let verdict = roster.look(uri, &view.text, offset.into());
    verdict.into_iter().for_each(|it| learn(shared, it));
    let rest = roster.rest(uri, &view.text, offset.into());
    if let Some(rest) = rest.filter(|_| form == Form::Ghost) {
        return Assignment::Known(list(view.lines(), vec![rest]));
    }
    let sight = Sight {
        text: &view.text,
        language: view.source.language(view.db),
        offset,
        invoked: params.is_invoked(),
        rhythm: view.snapshot.rhythm,
        deadline: DEADLINE,
    };
    let (decision, seen) = shared.conducting.decide(&sight, &roster, &shared.pit);
    let tau = settings.tau.map_or(decision.tau, f64::from);
    let deadline = Duration::try_from_secs_f64(decision.deadline_ms / 1000.0).unwrap_or(DEADLINE);
    let bytes = question(view, params, &decision, tau);
    let showing = Showing {
        shared: Arc::clone(shared),
        form,
        uri: uri.to_owned(),
        text: Arc::clone(&view.text),
        language: sight.language,
        index: Arc::clone(&view.index),
        encoding: view.encoding,
        votes: decision.consensus,
        asked: decision.asked().map(InstrumentId).collect(),
        began: now,
        deadline,
        tau,
        seen,
        roster: Arc::clone(&roster),
    };
    Assignment::Ask(Box::new(Asked {
        job: job(view, &decision, roster.generation(), &bytes).until(now + deadline),
        question: Question {
            among: decision.asked().map(InstrumentId).collect(),
            generation: roster.generation(),
            manner: match decision.consensus {
                true => Manner::Together,
                false => Manner::InTurn,
            },
            wait: wait(&decision, settings.debounce, &roster),
            bytes,
        },
        show: Box::new(move |answers| showing.show(&answers)),
    }))
}

/// What instruments are asked.
fn question(
    view: &SourceView<'_>,
    params: &InlineCompletionParams,
    decision: &Decision,
    tau: f64,
) -> Bytes {
    let shared = &view.snapshot.shared;
    let asked = InlineQuestion {
        document: params.at.text_document.uri.as_str(),
        path: &shared.model_path(view.source.id(view.db)),
        text: &view.text,
        offset: view.offset(params.at.position).into(),
        tau,
        candidates: decision.candidates,
        context_tokens: decision.context_tokens,
    };
    asked.to_bytes()
}

/// The same question about the same text is one call of the model.
fn job(view: &SourceView<'_>, decision: &Decision, generation: u64, question: &Bytes) -> Job {
    let edit = view.snapshot.edit;
    let key = KeyBuilder::new(KIND, 2)
        .part("edit", edit.to_le_bytes())
        .part("question", question)
        .part("generation", generation.to_le_bytes())
        .part("asked", decision.asked().collect::<Vec<u8>>());
    Job::new(KIND.name(), Priority::Typing)
        .about(view.source.id(view.db).0.into(), edit)
        .merged_as(key.finish())
}

/// What became of ghost text says how good the answer was, where that is kept, and goes to the journal.
fn learn(shared: &Shared, verdict: Verdict) {
    if let Some(key) = verdict.key {
        let outcome = match verdict.accepted {
            true => Outcome::Accepted,
            false => Outcome::Rejected,
        };
        shared.pit.store().score(&key, outcome);
    }
    verdict.event.into_iter().for_each(|it| note(shared, it));
}

/// Writes down what came of a question, some time.
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
fn wait(decision: &Decision, said: Option<Duration>, roster: &Roster) -> Duration {
    let is_elsewhere = decision.asked().any(|it| !roster.is_embedded(it));
    let decided = Duration::from_millis(decision.debounce_ms.into());
    said.filter(|_| is_elsewhere).unwrap_or(decided)
}

/// What it takes to show answers, and to remember what came of them.
struct Showing {
    shared: Arc<Shared>,
    form: Form,
    uri: String,
    text: Arc<str>,
    language: Language,
    index: Arc<LineIndex>,
    encoding: PositionEncoding,
    /// Whether the answers vote.
    votes: bool,
    asked: Vec<InstrumentId>,
    began: Instant,
    deadline: Duration,
    tau: f64,
    /// What the Conductor saw.
    seen: View,
    /// Whose numbers the answers have.
    roster: Arc<Roster>,
}

impl Showing {
    fn show(self, answers: &[Answered]) -> Reply {
        let roster = &self.roster;
        if answers.is_empty() && self.began.elapsed() >= self.deadline {
            roster.late(&self.asked, self.deadline, self.votes);
        }
        let mut found = Vec::new();
        for answered in answers {
            roster.answered(answered, self.language);
            let ghosts = Ghost::all_from(&answered.answer);
            if ghosts.is_empty() {
                self.silent(answered);
                continue;
            }
            // What is no sound text in this place does not get here.
            if let Some(key) = answered.key.filter(|_| !answered.was_kept) {
                self.shared.pit.store().score(&key, Outcome::Valid);
            }
            found.push((answered, ghosts));
        }
        let chosen = match self.votes {
            true => roster.vote(&self.shared.pit, &found, self.deadline),
            // One was asked after the other, until one had an answer.
            false => (!found.is_empty()).then_some(0),
        };
        let Some((answered, ghosts)) = chosen.map(|it| found.swap_remove(it)) else {
            return Ok(Json::EMPTY_LIST);
        };
        self.remember(answered, &ghosts);
        let lines = Lines {
            index: &self.index,
            encoding: self.encoding,
        };
        list(lines, ghosts)
    }

    /// Grey text is shown: the text will tell what becomes of it.
    fn remember(&self, answered: &Answered, ghosts: &[Ghost]) {
        let (Form::Ghost, Some(first)) = (self.form, ghosts.first()) else {
            return;
        };
        let from = Origin {
            instrument: answered.instrument,
            key: answered.key,
            event: self.event(answered.instrument),
        };
        let suggested = Suggested::new(&self.uri, &self.text, first.clone(), from);
        suggested.into_iter().for_each(|it| self.roster.shown(it));
    }

    /// An instrument had nothing to say, which is worth as much to know.
    fn silent(&self, answered: &Answered) {
        let event = self.event(answered.instrument);
        let event = event.filter(|_| self.form == Form::Ghost);
        event.into_iter().for_each(|it| note(&self.shared, it));
    }

    /// What the journal is told of this question if nothing is shown; none if the instrument is unknown.
    fn event(&self, instrument: InstrumentId) -> Option<Event> {
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

fn list(lines: Lines<'_>, ghosts: Vec<Ghost>) -> Reply {
    Json::of(InlineCompletionList {
        items: ghosts.into_iter().map(|it| item(lines, it)).collect(),
    })
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
