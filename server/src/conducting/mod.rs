//! What is done about a question for ghost text: the Conductor decides; here is what it sees, and what became of what was
//! shown.

mod experience;
mod foresight;
mod ledger;
mod roster;
mod sight;
mod suggestion;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use symphony_conductor::{
    Conductor, Counts, Decision, Event, Health, Journal, Options, State, View,
};
use symphony_config::Cost;
use symphony_pit::Pit;
use time::OffsetDateTime;

pub(crate) use experience::Verdict;
pub(crate) use ledger::Ledger;
use ledger::Left;
pub(crate) use roster::{Member, Roster};
pub(crate) use sight::Sight;
pub(crate) use suggestion::{Origin, Suggested};

use crate::instruments::Offered;

/// The Conductor, and what is remembered for it.
pub(crate) struct Conducting {
    /// Started when it is first wanted or when the first index is there: a Python that starts beside the index takes a core
    /// from it for half a second.
    conductor: OnceLock<Conductor>,
    /// How it is started; none if Python is not wanted.
    python: Option<Options>,
    /// What came of suggestions; none to keep nothing.
    journal: Option<Journal>,
    /// Whether the embedded model has learned the workspace.
    learned: AtomicBool,
    ledger: Ledger,
    /// Held for a look or an exchange.
    rosters: Mutex<Rosters>,
}

/// Who can be asked, and who could be.
struct Rosters {
    now: Arc<Roster>,
    /// These were replaced, and somebody still waits for an answer of theirs.
    before: Vec<Arc<Roster>>,
}

impl fmt::Debug for Conducting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conducting")
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}

impl Conducting {
    /// Nothing is started yet.
    pub(crate) fn new(
        python: Option<Options>,
        roster: Roster,
        ledger: Ledger,
        journal: Option<Journal>,
    ) -> Self {
        Self {
            conductor: OnceLock::new(),
            python,
            journal,
            learned: AtomicBool::new(false),
            ledger,
            rosters: Mutex::new(Rosters {
                now: Arc::new(roster),
                before: Vec::new(),
            }),
        }
    }

    /// Who can be asked now. Whoever asks keeps it until the answer is there: it says whose numbers are whose.
    pub(crate) fn roster(&self) -> Arc<Roster> {
        Arc::clone(&self.rosters().now)
    }

    fn rosters(&self) -> MutexGuard<'_, Rosters> {
        // Each is whole.
        self.rosters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts other instruments into the Pit, in place of those that are there.
    pub(crate) fn replace(&self, offered: Vec<Offered>, pit: &Pit) {
        let members = offered.iter().map(Member::new).collect();
        let instruments = offered.into_iter().map(|it| (it.spec, it.instrument));
        let generation = pit.replace_instruments(instruments.collect());
        let roster = Arc::new(self.roster().replaced(members, generation, pit));
        let mut rosters = self.rosters();
        let before = std::mem::replace(&mut rosters.now, roster);
        rosters.before.push(before);
    }

    /// What may be spent from now on.
    pub(crate) fn limit(&self, cost: &Cost) {
        self.ledger.limit(cost);
    }

    /// Enters what was spent since the last time; what is left.
    fn settle(&self) -> Left {
        let mut before = std::mem::take(&mut self.rosters().before);
        // Nobody adds to what those have spent whom nobody waits for.
        before.retain(|it| {
            let is_waited_for = Arc::strong_count(it) > 1;
            it.settle(&self.ledger);
            is_waited_for
        });
        self.roster().settle(&self.ledger);
        self.rosters().before.append(&mut before);
        self.ledger.left(OffsetDateTime::now_utc())
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

    /// What is to be done about a question to one of `roster`, and what was seen of it. Takes a millisecond at most.
    pub(crate) fn decide(&self, sight: &Sight<'_>, roster: &Roster, pit: &Pit) -> (Decision, View) {
        let mut view = sight.view();
        let left = self.settle();
        (view.cost_left, view.cost_share, view.period_share) =
            (left.money, left.share, left.of_period);
        roster.describe(&mut view, pit, self.learned.load(Ordering::Relaxed));
        let (decision, source) = self.conductor().decide(&view);
        tracing::debug!(?source, reason = ?decision.reason, instrument = decision.instrument, tau = decision.tau, "decided");
        (decision, view)
    }

    /// Keeps what was learned for the next start.
    pub(crate) fn close(&self) {
        self.settle();
        self.roster().keep();
    }

    /// Writes an event down: it waits for the disk.
    pub(crate) fn note(&self, event: &Event) {
        if let Some(journal) = &self.journal
            && let Err(error) = journal.append(event)
        {
            tracing::debug!(%error, "what came of a suggestion is not kept");
        }
    }
}
