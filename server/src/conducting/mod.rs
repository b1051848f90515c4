//! What is done about a question for ghost text: the Conductor decides; here is what it sees, and what became of what was
//! shown.

mod experience;
mod foresight;
mod sight;
mod suggestion;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use symphony_conductor::{Availability, Conductor, Decision, Health, Instrument, Kind, Options};
use symphony_pit::{Answered, Phase, Pit, Status};
use symphony_syntax::Language;

use crate::instruments::Profile;
use experience::Experience;
use foresight::Foresight;
pub(crate) use sight::Sight;
pub(crate) use suggestion::Suggested;

/// The Conductor, and what is remembered for it.
pub(crate) struct Conducting {
    conductor: Conductor,
    /// Of each instrument of the Pit, in its order.
    profiles: Vec<Profile>,
    /// Whether the embedded model has learned the workspace.
    learned: AtomicBool,
    /// Held for a look-up.
    experience: Mutex<Experience>,
    /// Held for a look-up.
    foresight: Mutex<Foresight>,
}

impl fmt::Debug for Conducting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conducting")
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}

impl Conducting {
    /// Starts to look for Python, and returns at once.
    pub(crate) fn start(options: Options, profiles: Vec<Profile>, pit: &Pit) -> Self {
        let experience = Experience::new(profiles.len());
        let names: Vec<String> = pit.instruments().into_iter().map(|it| it.name).collect();
        Self {
            foresight: Mutex::new(Foresight::new(pit, &names)),
            conductor: Conductor::start(options),
            profiles,
            learned: AtomicBool::new(false),
            experience: Mutex::new(experience),
        }
    }

    /// The embedded model has learned the workspace.
    pub(crate) fn learned(&self) {
        self.learned.store(true, Ordering::Relaxed);
    }

    /// How the Conductor is.
    pub(crate) fn health(&self) -> Health {
        self.conductor.health()
    }

    /// What is to be done about a question. Takes a millisecond at most.
    pub(crate) fn decide(&self, sight: &Sight<'_>, pool: &[Status]) -> Decision {
        let mut view = sight.view();
        {
            let experience = self.experience();
            (view.accepted, view.rejected) = experience.lately();
            let known = self.profiles.iter().zip(pool).enumerate();
            let instruments = known.map(|(at, (profile, status))| {
                self.instrument(at as u8, profile, status.phase, &experience)
            });
            view.instruments = instruments.collect();
        }
        let (decision, source) = self.conductor.decide(&view);
        tracing::debug!(?source, reason = ?decision.reason, instrument = decision.instrument, tau = decision.tau, "decided");
        decision
    }

    /// An instrument has answered, for a file of this language.
    pub(crate) fn answered(&self, answered: &Answered, language: Language) {
        self.experience()
            .answered(answered.instrument, answered.took);
        self.foresight().used(answered.instrument, language);
    }

    /// A file of this language was opened: what is likely to be asked is started.
    pub(crate) fn opened(&self, language: Language, pit: &Pit) {
        for instrument in self.foresight().likely(language) {
            pit.foresee(instrument);
        }
    }

    /// Keeps what was learned for the next start.
    pub(crate) fn close(&self) {
        self.foresight().keep();
    }

    /// Something was shown, in place of what was shown before.
    pub(crate) fn shown(&self, suggested: Suggested) {
        self.experience().shown(suggested);
    }

    /// The text of a document is this now: whether what was shown in it was accepted.
    pub(crate) fn look(&self, document: &str, text: &str, cursor: usize) {
        self.experience().look(document, text, cursor);
    }

    fn instrument(
        &self,
        id: u8,
        profile: &Profile,
        phase: Phase,
        experience: &Experience,
    ) -> Instrument {
        let state = match (profile.kind, phase) {
            (_, Phase::Failed { .. }) => Availability::Failed,
            (Kind::Local, _) if self.learned.load(Ordering::Relaxed) => Availability::Warm,
            (Kind::Local, _) | (_, Phase::Cold | Phase::Loading | Phase::Cooldown) => {
                Availability::Cold
            }
            (_, Phase::Warm | Phase::Active) => Availability::Warm,
        };
        let (kept, judged) = experience.judged(id);
        let [p50_ms, p95_ms] = experience.times(id).unwrap_or(profile.expected_ms);
        Instrument {
            id,
            kind: profile.kind,
            state,
            p50_ms,
            p95_ms,
            cost: profile.cost,
            quality: f64::from(kept) / f64::from(judged.max(1)),
            quality_n: judged,
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
