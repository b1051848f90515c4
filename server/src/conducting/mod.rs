//! What is done about a question for ghost text: the Conductor decides; here is what it sees, and what became of what was
//! shown.

mod experience;
mod foresight;
mod ledger;
mod sight;
mod suggestion;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use symphony_conductor::{
    Availability, Conductor, Counts, Decision, Event, Health, Instrument, Journal, Kind, Options,
    State, View,
};
use symphony_instruments::{Ghost, Meter, Totals};
use symphony_pit::{Answered, Candidate, InstrumentId, Phase, Pit, Status};
use symphony_syntax::Language;
use time::OffsetDateTime;

use crate::instruments::Profile;
use experience::Experience;
pub(crate) use experience::Verdict;
use foresight::Foresight;
pub(crate) use ledger::Ledger;
use ledger::Left;
pub(crate) use sight::Sight;
pub(crate) use suggestion::{Origin, Suggested};

/// How many instruments have to say the same where they vote; `python-models/src/quest/session.py` has the same.
const LEAST_AGREEING: usize = 2;

/// The Conductor, and what is remembered for it.
pub(crate) struct Conducting {
    /// Started when it is first wanted or when the first index is there: a Python that starts beside the index takes a core
    /// from it for half a second.
    conductor: OnceLock<Conductor>,
    /// How it is started; none if Python is not wanted.
    python: Option<Options>,
    /// Of each instrument of the Pit, in its order.
    known: Vec<Known>,
    ledger: Ledger,
    /// What came of suggestions; none to keep nothing.
    journal: Option<Journal>,
    /// Whether the embedded model has learned the workspace.
    learned: AtomicBool,
    /// Held for a look-up.
    experience: Mutex<Experience>,
    /// Held for a look-up.
    foresight: Mutex<Foresight>,
}

/// What is known of an instrument.
struct Known {
    name: String,
    profile: Profile,
    meter: Option<Meter>,
    /// What of its cost is in the ledger.
    paid: AtomicU64,
}

impl fmt::Debug for Conducting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conducting")
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}

impl Conducting {
    /// Nothing is started yet. `known` is of the Pit's instruments, in its order.
    pub(crate) fn new(
        python: Option<Options>,
        known: Vec<(Profile, Option<Meter>)>,
        ledger: Ledger,
        journal: Option<Journal>,
        pit: &Pit,
    ) -> Self {
        let experience = Experience::new(known.len());
        let names: Vec<String> = pit.instruments().into_iter().map(|it| it.name).collect();
        let known = known
            .into_iter()
            .zip(&names)
            .map(|((profile, meter), name)| Known {
                name: name.clone(),
                profile,
                meter,
                paid: AtomicU64::new(0),
            });
        Self {
            foresight: Mutex::new(Foresight::new(pit, &names)),
            conductor: OnceLock::new(),
            python,
            known: known.collect(),
            ledger,
            journal,
            learned: AtomicBool::new(false),
            experience: Mutex::new(experience),
        }
    }

    /// The embedded model has learned the workspace.
    pub(crate) fn learned(&self) {
        self.learned.store(true, Ordering::Relaxed);
    }

    /// Looks for Python now rather than with the first question.
    pub(crate) fn begin(&self) {
        self.conductor();
    }

    fn conductor(&self) -> &Conductor {
        self.conductor.get_or_init(|| match &self.python {
            Some(options) => Conductor::start(options.clone()),
            None => Conductor::without_python("conductor.enabled is false"),
        })
    }

    /// How the Conductor is.
    pub(crate) fn health(&self) -> Health {
        let known = self.conductor.get().map(Conductor::health);
        known.unwrap_or(Health {
            state: State::Loading,
            python: None,
            reason: None,
            counts: Counts::default(),
        })
    }

    /// What is to be done about a question, and what was seen of it. Takes a millisecond at most.
    pub(crate) fn decide(&self, sight: &Sight<'_>, pool: &[Status]) -> (Decision, View) {
        let mut view = sight.view();
        let left = self.settle();
        (view.cost_left, view.cost_share, view.period_share) =
            (left.money, left.share, left.of_period);
        {
            let experience = self.experience();
            (view.accepted, view.rejected) = experience.lately();
            let known = self.known.iter().zip(pool).enumerate();
            let instruments = known.map(|(at, (known, status))| {
                let profile = &known.profile;
                let cost = profile.cost(view.document_chars);
                self.instrument(at as u8, profile, status.phase, cost, &experience)
            });
            view.instruments = instruments.collect();
        }
        let (decision, source) = self.conductor().decide(&view);
        tracing::debug!(?source, reason = ?decision.reason, instrument = decision.instrument, tau = decision.tau, "decided");
        (decision, view)
    }

    /// The answer to take of several instruments that were asked together; each has one. What two agree on is shown and
    /// nothing else: so the policy has learned it.
    pub(crate) fn vote(
        &self,
        pit: &Pit,
        answers: &[(&Answered, Vec<Ghost>)],
        deadline: Duration,
    ) -> Option<usize> {
        let experience = self.experience();
        let candidates = answers.iter().map(|(answered, ghosts)| {
            let instrument = answered.instrument.0;
            let first = ghosts.first();
            Candidate {
                text: first.map_or("", |it| &it.text),
                instrument,
                // What comes from elsewhere was parsed before it came here.
                parses: (!self.is_embedded(instrument)).then_some(true),
                resolves: None,
                probability: first.map(|it| it.probability.into()),
                quality: experience.quality(instrument),
                latency_ms: answered.took.as_secs_f64() * 1000.0,
            }
        });
        let candidates: Vec<_> = candidates.collect();
        let deadline_ms = deadline.as_secs_f64() * 1000.0;
        Some(pit.choose(&candidates, deadline_ms, LEAST_AGREEING)?.index)
    }

    /// An instrument has answered, for a file of this language.
    pub(crate) fn answered(&self, answered: &Answered, language: Language) {
        if !answered.was_kept {
            let mut experience = self.experience();
            experience.answered(answered.instrument, answered.took);
        }
        self.foresight().used(answered.instrument, language);
    }

    /// Of those who were asked, one after the other or together, none had an answer in this time. That counts as its time: those
    /// who are never in time would else look as if they always were.
    pub(crate) fn late(&self, asked: &[InstrumentId], after: Duration, together: bool) {
        tracing::debug!(?asked, ?after, "no answer in time");
        // Of several in turn it is the first who took the time.
        let n_late = if together { asked.len() } else { 1 };
        let mut experience = self.experience();
        for &instrument in asked.iter().take(n_late) {
            experience.answered(instrument, after);
        }
    }

    /// A file of this language was opened: what is likely to be asked is started, and so is what was never used, since the
    /// user has set it up for something.
    pub(crate) fn opened(&self, language: Language, pit: &Pit) {
        let mut foresight = self.foresight();
        let likely = foresight.likely(language);
        for instrument in (0..self.known.len()).map(|it| InstrumentId(it as u8)) {
            if likely.contains(&instrument) || !foresight.knows(instrument) {
                pit.foresee(instrument);
            }
        }
    }

    /// Keeps what was learned for the next start.
    pub(crate) fn close(&self) {
        self.settle();
        self.foresight().keep();
    }

    /// Whether an instrument is the embedded model, which never waits and costs nothing.
    pub(crate) fn is_embedded(&self, instrument: u8) -> bool {
        let known = self.known.get(usize::from(instrument));
        known.is_some_and(|it| it.profile.kind == Kind::Local)
    }

    /// What instruments elsewhere have done and cost, by name.
    pub(crate) fn totals(&self) -> Vec<(&str, Totals)> {
        let metered = self.known.iter().filter_map(|it| {
            let totals = it.meter.as_ref()?.totals();
            Some((it.name.as_str(), totals))
        });
        metered.collect()
    }

    /// Enters what was spent since the last time; what is left.
    fn settle(&self) -> Left {
        let now = OffsetDateTime::now_utc();
        for known in &self.known {
            if let Some(meter) = &known.meter {
                let all = meter.totals().money;
                let before = known.paid.swap(all, Ordering::Relaxed);
                self.ledger.spend(all.saturating_sub(before), now);
            }
        }
        self.ledger.left(now)
    }

    /// Something was shown, in place of what was shown before.
    pub(crate) fn shown(&self, suggested: Suggested) {
        self.experience().shown(suggested);
    }

    /// The text of a document is this now: what became of what was shown in it, if that can be told.
    pub(crate) fn look(&self, document: &str, text: &str, cursor: usize) -> Option<Verdict> {
        self.experience().look(document, text, cursor)
    }

    /// What is left of ghost text that the user types along: it stays, and nobody is asked.
    pub(crate) fn rest(&self, document: &str, text: &str, cursor: usize) -> Option<Ghost> {
        self.experience().rest(document, text, cursor)
    }

    /// Writes an event down: it waits for the disk.
    pub(crate) fn note(&self, event: &Event) {
        if let Some(journal) = &self.journal
            && let Err(error) = journal.append(event)
        {
            tracing::debug!(%error, "what came of a suggestion is not kept");
        }
    }

    fn instrument(
        &self,
        id: u8,
        profile: &Profile,
        phase: Phase,
        cost: u64,
        experience: &Experience,
    ) -> Instrument {
        let state = match (profile.kind, phase) {
            (_, Phase::Failed { .. }) => Availability::Failed,
            (Kind::Local, _) if self.learned.load(Ordering::Relaxed) => Availability::Warm,
            (Kind::Local, _) => Availability::Cold,
            (_, Phase::Cold | Phase::Loading | Phase::Cooldown) if profile.starts => {
                Availability::Cold
            }
            _ => Availability::Warm,
        };
        let [p50_ms, p95_ms] = experience.times(id, profile.expected_ms);
        Instrument {
            id,
            kind: profile.kind,
            state,
            p50_ms,
            p95_ms,
            cost,
            quality: experience.quality(id),
            quality_n: experience.judged(id).1,
            context_tokens: profile.context_tokens,
        }
    }

    fn foresight(&self) -> MutexGuard<'_, Foresight> {
        // What a panic leaves behind are counts.
        self.foresight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn experience(&self) -> MutexGuard<'_, Experience> {
        // Counts, each whole by itself.
        self.experience
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
