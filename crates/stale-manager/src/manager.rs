//! The handle: the state behind a short lock, and the tokens of the jobs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::{
    Artifact, CancelToken, Counts, Dependency, DocumentId, Effect, Event, Fingerprint, Freshness,
    JobId, JobKind, Origin, Quarantined, Read, Selection, Settings, State, Stored, Why,
};

/// A handle on the Stale Manager; clones share it. Every method is a short lock away from its answer and none waits.
///
/// Effects on jobs are carried out here. Effects on artifacts ([`Effect::Drop`], [`Effect::Stale`], [`Effect::Fresh`]) are
/// returned, for the owner of the store.
#[derive(Debug, Clone)]
pub struct StaleManager(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    next_job: AtomicU64,
    /// Held for one transition and never while a waker runs.
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    tokens: FxHashMap<JobId, CancelToken>,
    /// Effects of dropped pins, which could return them to nobody.
    owed: Vec<Effect>,
}

impl StaleManager {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let inner = Inner {
            state: State::new(&settings),
            tokens: FxHashMap::default(),
            owed: Vec::new(),
        };
        Self(Arc::new(Shared {
            next_job: AtomicU64::new(0),
            inner: Mutex::new(inner),
        }))
    }

    /// Registers a job; it is over when the returned guard is dropped.
    #[must_use]
    pub fn job(&self, document: DocumentId, version: u64, kind: JobKind) -> Job {
        let job = JobId(self.0.next_job.fetch_add(1, Ordering::Relaxed));
        let token = CancelToken::new();
        let mut inner = self.lock();
        inner.tokens.insert(job, token.clone());
        Self::carry_out(
            inner,
            Event::JobStarted {
                job,
                document,
                version,
                kind,
            },
        );
        Job {
            manager: self.clone(),
            job,
            document,
            token,
        }
    }

    /// A document has a new version.
    pub fn edited(&self, document: DocumentId, version: u64) {
        Self::carry_out(self.lock(), Event::Edited { document, version });
    }

    /// A document is not open any more: its jobs are cancelled.
    pub fn closed(&self, document: DocumentId) {
        Self::carry_out(self.lock(), Event::Closed(document));
    }

    /// An artifact is in the store, and what it read.
    #[must_use]
    pub fn stored(&self, stored: &Stored, reads: &[Read], origin: Origin) -> Vec<Effect> {
        self.apply(Event::Stored {
            stored: *stored,
            reads: reads.to_vec(),
            origin,
        })
    }

    /// A dependency is like this; `None`: it is gone.
    #[must_use]
    pub fn changed(&self, dependency: Dependency, fingerprint: Option<Fingerprint>) -> Vec<Effect> {
        self.apply(Event::Changed(dependency, fingerprint))
    }

    /// Whether an artifact may be served, and counts the use if so.
    #[must_use]
    pub fn fetch(&self, artifact: &Artifact, now: Duration) -> Freshness {
        let mut inner = self.lock();
        let freshness = inner.state.freshness(artifact);
        if freshness == Freshness::Fresh {
            let effects = inner.state.apply(Event::Used(*artifact, now));
            debug_assert!(effects.is_empty(), "a use changes nothing else");
        }
        freshness
    }

    /// Keeps an artifact from eviction until the guard is dropped; `None` if it is not kept.
    #[must_use]
    pub fn pin(&self, artifact: &Artifact) -> Option<Pin> {
        let mut inner = self.lock();
        inner.state.holds(artifact).then(|| {
            let effects = inner.state.apply(Event::Pinned(*artifact));
            debug_assert!(effects.is_empty(), "a pin changes nothing else");
            Pin {
                manager: self.clone(),
                artifact: *artifact,
            }
        })
    }

    /// Removes what is selected, pinned or not.
    #[must_use]
    pub fn purge(&self, selection: Selection) -> Vec<Effect> {
        self.apply(Event::Purge(selection))
    }

    /// An artifact failed verification: it goes and is not served again.
    #[must_use]
    pub fn quarantine(&self, quarantined: Quarantined) -> Vec<Effect> {
        self.apply(Event::Failed(quarantined))
    }

    /// What failed verification, oldest first.
    #[must_use]
    pub fn quarantined(&self) -> Vec<Quarantined> {
        self.lock().state.quarantined().cloned().collect()
    }

    /// Any other event; see [`Event`]. Effects on jobs are carried out and not returned.
    pub fn apply(&self, event: Event) -> Vec<Effect> {
        Self::carry_out(self.lock(), event)
    }

    /// How much there is of everything.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.lock().state.counts()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic inside a transition is a bug of ours; what is known after it is at worst incomplete.
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carry_out(mut inner: MutexGuard<'_, Inner>, event: Event) -> Vec<Effect> {
        let ended = match event {
            Event::JobEnded { job, .. } => Some(job),
            _ => None,
        };
        let is_about_jobs = event.is_about_jobs();
        let mut effects = inner.state.apply(event);
        if !is_about_jobs && !inner.owed.is_empty() {
            effects.splice(0..0, std::mem::take(&mut inner.owed));
        }
        if let Some(job) = ended {
            inner.tokens.remove(&job);
        }
        let mut settled = Vec::new();
        effects.retain(|effect| {
            let (job, why) = match effect {
                Effect::Run(job) => (job, None),
                Effect::Cancel(job, why) => (job, Some(*why)),
                _ => return true,
            };
            settled.extend(inner.tokens.get(job).map(|it| (it.clone(), why)));
            false
        });
        // Wakers run whatever they like: not under the lock.
        drop(inner);
        for (token, why) in settled {
            match why {
                Some(why) => token.cancel(why),
                None => token.admit(),
            }
        }
        effects
    }
}

/// A registered job. Dropping it says that it is over and its place is free.
#[derive(Debug)]
pub struct Job {
    manager: StaleManager,
    job: JobId,
    document: DocumentId,
    token: CancelToken,
}

impl Job {
    /// What tells that the job is no longer wanted.
    #[must_use]
    pub fn token(&self) -> &CancelToken {
        &self.token
    }

    /// Whether it may run now: there is room, and it is not cancelled.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        self.token.is_admitted()
    }

    /// Waits until there is room for it.
    ///
    /// # Errors
    /// If it is cancelled first.
    pub async fn admitted(&self) -> Result<(), Why> {
        self.token.settled().await;
        self.token.why().map_or(Ok(()), Err)
    }

    /// Cancels it because its owner no longer wants it. It counts as alive until it is dropped.
    pub fn cancel(&self) {
        let event = Event::JobUnwanted {
            job: self.job,
            document: self.document,
        };
        StaleManager::carry_out(self.manager.lock(), event);
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let event = Event::JobEnded {
            job: self.job,
            document: self.document,
        };
        StaleManager::carry_out(self.manager.lock(), event);
    }
}

/// Keeps an artifact from eviction until it is dropped.
#[derive(Debug)]
pub struct Pin {
    manager: StaleManager,
    artifact: Artifact,
}

impl Drop for Pin {
    fn drop(&mut self) {
        // Nothing that unpinning makes room for may be left in the store: its owner hears of it with the next effects.
        let mut inner = self.manager.lock();
        let effects = inner.state.apply(Event::Unpinned(self.artifact));
        inner.owed.extend(effects);
    }
}
