//! All of the Stale Manager's knowledge, and the one transition that changes it.

use std::time::Duration;

use crate::depend::Dependencies;
use crate::quarantine::Quarantine;
use crate::retain::Retention;
use crate::supersede::{NewJob, Supersede};
use crate::{
    Artifact, Dependency, DocumentId, Fingerprint, JobId, JobKind, Origin, Policy, Quarantined,
    Read, Selection, Stored, Why,
};

/// What does not change while it runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many bytes of artifacts may be kept.
    pub budget: u64,
    /// How jobs supersede each other; kinds that are not named have `policy`.
    pub policies: Vec<(JobKind, Policy)>,
    /// How jobs of all other kinds supersede each other.
    pub policy: Policy,
    /// How many reasons of quarantined artifacts are kept; their keys are kept for 64 times as many.
    pub quarantined: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            budget: 1 << 30,
            policies: Vec::new(),
            policy: Policy::default(),
            quarantined: 1024,
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A job wants to run.
    JobStarted {
        /// Its name; never used before.
        job: JobId,
        /// What it is about.
        document: DocumentId,
        /// The version it was made for.
        version: u64,
        /// What it does.
        kind: JobKind,
    },
    /// A job is over, cancelled or not.
    JobEnded {
        /// Which.
        job: JobId,
        /// What it was about.
        document: DocumentId,
    },
    /// The job's owner no longer wants it.
    JobUnwanted {
        /// Which.
        job: JobId,
        /// What it is about.
        document: DocumentId,
    },
    /// A document has a new version.
    Edited {
        /// Which.
        document: DocumentId,
        /// The new version.
        version: u64,
    },
    /// A document is not open any more.
    Closed(DocumentId),
    /// An artifact is in the store.
    Stored {
        /// What it is like.
        stored: Stored,
        /// What it read.
        reads: Vec<Read>,
        /// Where it comes from.
        origin: Origin,
    },
    /// A dependency is like this; `None`: it is gone.
    Changed(Dependency, Option<Fingerprint>),
    /// Nobody will tell of changes of the dependency any more.
    Forgotten(Dependency),
    /// An artifact was used.
    Used(Artifact, Duration),
    /// An artifact turned out to be better or worse than was thought.
    Scored(Artifact, u8),
    /// An artifact must not be evicted until it is unpinned as often as it was pinned.
    Pinned(Artifact),
    /// See [`Event::Pinned`].
    Unpinned(Artifact),
    /// An artifact is no longer in the store, for a reason of the store's.
    Lost(Artifact),
    /// An artifact failed verification.
    Failed(Quarantined),
    /// Artifacts are to go, pinned or not.
    Purge(Selection),
    /// From here on so many bytes may be kept.
    Budget(u64),
}

impl Event {
    /// Whether it can have effects on jobs only.
    pub(crate) fn is_about_jobs(&self) -> bool {
        matches!(
            self,
            Self::JobStarted { .. }
                | Self::JobEnded { .. }
                | Self::JobUnwanted { .. }
                | Self::Edited { .. }
                | Self::Closed(_)
        )
    }
}

/// Why an artifact has to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gone {
    /// The budget is full.
    Evicted,
    /// It was asked for.
    Purged,
    /// It failed verification.
    Quarantined,
}

/// Something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Let the job run.
    Run(JobId),
    /// Cancel the job. It counts as alive until it has ended.
    Cancel(JobId, Why),
    /// The artifact must not be served while it is stale.
    Stale(Artifact),
    /// The artifact, which was stale, may be served again.
    Fresh(Artifact),
    /// Remove the artifact from the store: nothing is known of it any more.
    Drop(Artifact, Gone),
}

/// Whether an artifact may be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// It is as true as when it was made.
    Fresh,
    /// Something that it read has changed.
    Stale,
    /// It failed verification.
    Quarantined,
    /// It is not known here.
    Unknown,
}

/// How much there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Jobs that run, or were cancelled and have not ended.
    pub jobs_alive: usize,
    /// Artifacts that are kept.
    pub artifacts: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Artifacts whose dependencies are known.
    pub tracked: usize,
    /// Dependencies that are known.
    pub dependencies: usize,
    /// Artifacts in quarantine.
    pub quarantined: usize,
}

/// What is known. Pure: it knows no clock, no thread and no store.
#[derive(Debug)]
pub struct State {
    supersede: Supersede,
    dependencies: Dependencies,
    retention: Retention,
    quarantine: Quarantine,
}

impl State {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            supersede: Supersede::new(settings.policy, settings.policies.iter().copied()),
            dependencies: Dependencies::default(),
            retention: Retention::new(settings.budget),
            quarantine: Quarantine::new(settings.quarantined),
        }
    }

    /// The transition. The effects are in the order in which they came about.
    #[must_use]
    pub fn apply(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::JobStarted {
                job,
                document,
                version,
                kind,
            } => {
                let new = NewJob {
                    job,
                    document,
                    version,
                    kind,
                };
                self.supersede.started(new, &mut effects);
            }
            Event::JobEnded { job, document } => {
                self.supersede.ended(document, job, &mut effects);
            }
            Event::JobUnwanted { job, document } => {
                self.supersede.unwanted(document, job, &mut effects);
            }
            Event::Edited { document, version } => {
                self.supersede.edited(document, version, &mut effects);
            }
            Event::Closed(document) => self.supersede.closed(document, &mut effects),
            Event::Changed(dependency, fingerprint) => {
                self.dependencies
                    .changed(dependency, fingerprint, &mut effects);
                self.follow(&effects);
            }
            Event::Forgotten(dependency) => self.dependencies.forget(dependency),
            event => self.apply_to_artifacts(event, &mut effects),
        }
        effects
    }

    fn apply_to_artifacts(&mut self, event: Event, effects: &mut Vec<Effect>) {
        let mut gone = Vec::new();
        let mut why = Gone::Evicted;
        match event {
            Event::Stored {
                stored,
                reads,
                origin,
            } => {
                if self.quarantine.holds(&stored.artifact) {
                    effects.push(Effect::Drop(stored.artifact, Gone::Quarantined));
                    return;
                }
                let fresh = self
                    .dependencies
                    .record(stored.artifact, &reads, origin, effects);
                self.follow(effects);
                self.retention.store(stored, fresh, &mut gone);
            }
            Event::Used(artifact, now) => self.retention.used(&artifact, now),
            Event::Scored(artifact, quality) => self.retention.score(&artifact, quality),
            Event::Pinned(artifact) => self.retention.pin(artifact),
            Event::Unpinned(artifact) => self.retention.unpin(&artifact, &mut gone),
            Event::Lost(artifact) => {
                self.retention.remove(&artifact);
                self.dependencies.remove(&artifact);
            }
            Event::Failed(quarantined) => {
                why = Gone::Quarantined;
                gone.push(quarantined.artifact);
                self.retention.remove(&quarantined.artifact);
                self.quarantine.add(quarantined);
            }
            Event::Purge(selection) => {
                why = Gone::Purged;
                self.retention.purge(selection, &mut gone);
            }
            Event::Budget(budget) => self.retention.set_budget(budget, &mut gone),
            _ => {}
        }
        for artifact in gone {
            self.dependencies.remove(&artifact);
            effects.push(Effect::Drop(artifact, why));
        }
    }

    /// Stale artifacts are the first to go, those that are fresh again are not.
    fn follow(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Stale(artifact) => self.retention.set_fresh(artifact, false),
                Effect::Fresh(artifact) => self.retention.set_fresh(artifact, true),
                _ => {}
            }
        }
    }

    /// Whether the artifact may be served.
    #[must_use]
    pub fn freshness(&self, artifact: &Artifact) -> Freshness {
        if self.quarantine.holds(artifact) {
            return Freshness::Quarantined;
        }
        match self.dependencies.is_fresh(artifact) {
            Some(true) => Freshness::Fresh,
            Some(false) => Freshness::Stale,
            None => Freshness::Unknown,
        }
    }

    /// Whether the artifact is kept.
    #[must_use]
    pub fn holds(&self, artifact: &Artifact) -> bool {
        self.retention.holds(artifact)
    }

    /// What failed verification, oldest first.
    pub fn quarantined(&self) -> impl Iterator<Item = &Quarantined> {
        self.quarantine.reasons()
    }

    /// How much there is of everything.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            jobs_alive: self.supersede.alive(),
            artifacts: self.retention.len(),
            bytes: self.retention.bytes(),
            tracked: self.dependencies.len(),
            dependencies: self.dependencies.n_dependencies(),
            quarantined: self.quarantine.len(),
        }
    }
}
