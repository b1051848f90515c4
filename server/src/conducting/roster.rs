//! The instruments that can be asked, and what is remembered of each.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use symphony_conductor::{Availability, Instrument, Kind, View};
use symphony_config::Instrument as Settings;
use symphony_instruments::{Ghost, Meter, Totals};
use symphony_pit::{Answered, Candidate, InstrumentId, Phase, Pit};
use symphony_syntax::Language;
use time::OffsetDateTime;

use super::experience::{Experience, Verdict};
use super::foresight::Foresight;
use super::ledger::Ledger;
use super::suggestion::Suggested;
use crate::instruments::{Offered, Profile};

/// How many instruments have to say the same where they vote; `python-models/src/quest/session.py` has the same.
const LEAST_AGREEING: usize = 2;

/// Instruments, in the order of the Pit. Others take the place of all of them when the user's settings change.
pub(crate) struct Roster {
    /// How often that had happened in the Pit.
    generation: u64,
    members: Vec<Member>,
    /// Held for a look-up.
    experience: Mutex<Experience>,
    /// Held for a look-up.
    foresight: Mutex<Foresight>,
}

/// What is known of an instrument.
pub(crate) struct Member {
    name: String,
    /// What the user has set; none for the embedded model.
    settings: Option<Settings>,
    profile: Profile,
    meter: Option<Meter>,
    /// What of its cost is in the ledger.
    paid: AtomicU64,
}

impl Member {
    pub(crate) fn new(offered: &Offered) -> Self {
        Self {
            name: offered.spec.name.clone(),
            settings: offered.settings.clone(),
            profile: offered.profile,
            meter: offered.meter.clone(),
            paid: AtomicU64::new(0),
        }
    }
}

impl Roster {
    /// The first instruments of a Pit.
    pub(crate) fn new(members: Vec<Member>, pit: &Pit) -> Self {
        let experience = Experience::new(members.len());
        Self::with(members, experience, 0, pit)
    }

    /// Those that take the place of these, whose generation in the Pit that is. What is known of an instrument stays where its
    /// settings are the same.
    pub(super) fn replaced(&self, members: Vec<Member>, generation: u64, pit: &Pit) -> Self {
        self.keep();
        let is_same = |it: &Member, other: &Member| {
            (&it.name, &it.settings) == (&other.name, &other.settings)
        };
        let before = members.iter();
        let before = before.map(|it| self.members.iter().position(|other| is_same(it, other)));
        let experience = self.experience().of_others(&before.collect::<Vec<_>>());
        Self::with(members, experience, generation, pit)
    }

    fn with(members: Vec<Member>, experience: Experience, generation: u64, pit: &Pit) -> Self {
        let names: Vec<String> = members.iter().map(|it| it.name.clone()).collect();
        Self {
            generation,
            members,
            experience: Mutex::new(experience),
            foresight: Mutex::new(Foresight::new(pit, &names)),
        }
    }

    /// What a question to one of them names.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Tells a view of them.
    pub(super) fn describe(&self, view: &mut View, pit: &Pit, has_learned: bool) {
        let experience = self.experience();
        (view.accepted, view.rejected) = experience.lately();
        let pool = pit.instruments();
        let known = self.members.iter().zip(&pool).enumerate();
        let instruments = known.map(|(at, (member, status))| {
            let cost = member.profile.cost(view.document_chars);
            instrument(
                at as u8,
                &member.profile,
                status.phase,
                cost,
                has_learned,
                &experience,
            )
        });
        view.instruments = instruments.collect();
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
        for instrument in (0..self.members.len()).map(|it| InstrumentId(it as u8)) {
            if likely.contains(&instrument) || !foresight.knows(instrument) {
                pit.foresee(instrument);
            }
        }
    }

    /// Keeps what was learned for the next start.
    pub(super) fn keep(&self) {
        self.foresight().keep();
    }

    /// Whether an instrument is the embedded model, which never waits and costs nothing.
    pub(crate) fn is_embedded(&self, instrument: u8) -> bool {
        let known = self.members.get(usize::from(instrument));
        known.is_some_and(|it| it.profile.kind == Kind::Local)
    }

    /// What instruments elsewhere have done and cost, by name.
    pub(crate) fn totals(&self) -> Vec<(&str, Totals)> {
        let metered = self.members.iter().filter_map(|it| {
            let totals = it.meter.as_ref()?.totals();
            Some((it.name.as_str(), totals))
        });
        metered.collect()
    }

    /// Enters what was spent since the last time.
    pub(super) fn settle(&self, ledger: &Ledger) {
        let now = OffsetDateTime::now_utc();
        for member in &self.members {
            if let Some(meter) = &member.meter {
                let all = meter.totals().money;
                let before = member.paid.swap(all, Ordering::Relaxed);
                ledger.spend(all.saturating_sub(before), now);
            }
        }
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

fn instrument(
    id: u8,
    profile: &Profile,
    phase: Phase,
    cost: u64,
    has_learned: bool,
    experience: &Experience,
) -> Instrument {
    let state = match (profile.kind, phase) {
        (_, Phase::Failed { .. }) => Availability::Failed,
        (Kind::Local, _) if has_learned => Availability::Warm,
        (Kind::Local, _) => Availability::Cold,
        (_, Phase::Cold | Phase::Loading | Phase::Cooldown) if profile.starts => Availability::Cold,
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
