//! Which jobs of a document are still worth their while: the newest, a few of each kind.

use rustc_hash::FxHashMap;

use crate::{DocumentId, Effect, JobId, JobKind, Why};

/// How jobs of one kind supersede each other within a document. Newer is the higher version, then the later arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// At most so many are alive at once; a cancelled one counts until it has ended. A newer one waits for room.
    pub alive: usize,
    /// Whether a newer version of the document cancels the jobs for older ones, even without a newer job.
    pub newest_version_only: bool,
}

impl Policy {
    /// Any number of jobs, all for the newest version: diagnostics, symbols.
    pub const NEWEST_VERSION: Self = Self {
        alive: usize::MAX,
        newest_version_only: true,
    };
}

impl Default for Policy {
    /// The two newest: while one is typed through, the next is on its way.
    fn default() -> Self {
        Self {
            alive: 2,
            newest_version_only: false,
        }
    }
}

/// A job as it is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewJob {
    pub(crate) job: JobId,
    pub(crate) document: DocumentId,
    pub(crate) version: u64,
    pub(crate) kind: JobKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    /// Cancelled, and not yet ended.
    Ending,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    job: JobId,
    version: u64,
    kind: JobKind,
    phase: Phase,
}

#[derive(Debug, Default)]
struct Document {
    version: u64,
    /// By version, then by arrival. Few: a handful of kinds, and most of them keep two.
    jobs: Vec<Known>,
}

/// All documents with jobs or a known version.
#[derive(Debug, Default)]
pub(crate) struct Supersede {
    policy: Policy,
    policies: FxHashMap<JobKind, Policy>,
    documents: FxHashMap<DocumentId, Document>,
}

impl Supersede {
    pub(crate) fn new(
        policy: Policy,
        policies: impl IntoIterator<Item = (JobKind, Policy)>,
    ) -> Self {
        Self {
            policy,
            policies: policies.into_iter().collect(),
            documents: FxHashMap::default(),
        }
    }

    pub(crate) fn started(&mut self, new: NewJob, effects: &mut Vec<Effect>) {
        let policy = self.policy(new.kind);
        let document = self.documents.entry(new.document).or_default();
        let newer_version = new.version > document.version;
        let known = Known {
            job: new.job,
            version: new.version,
            kind: new.kind,
            phase: Phase::Waiting,
        };
        let after = document
            .jobs
            .partition_point(|it| it.version <= new.version);
        document.jobs.insert(after, known);
        if newer_version {
            self.edited(new.document, new.version, effects);
        }
        if let Some(document) = self.documents.get_mut(&new.document) {
            document.settle(new.kind, policy, effects);
        }
    }

    pub(crate) fn edited(&mut self, id: DocumentId, version: u64, effects: &mut Vec<Effect>) {
        let document = self.documents.entry(id).or_default();
        if version <= document.version {
            return;
        }
        document.version = version;
        let mut kinds: Vec<_> = document.jobs.iter().map(|it| it.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let policy = self.policies.get(&kind).copied().unwrap_or(self.policy);
            document.settle(kind, policy, effects);
        }
    }

    pub(crate) fn ended(&mut self, id: DocumentId, job: JobId, effects: &mut Vec<Effect>) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let Some(place) = document.jobs.iter().position(|it| it.job == job) else {
            return;
        };
        let kind = document.jobs.remove(place).kind;
        let policy = self.policies.get(&kind).copied().unwrap_or(self.policy);
        document.settle(kind, policy, effects);
        self.forget_if_idle(id);
    }

    pub(crate) fn unwanted(&mut self, id: DocumentId, job: JobId, effects: &mut Vec<Effect>) {
        if let Some(document) = self.documents.get_mut(&id) {
            document.cancel(Why::Asked, effects, |it| it.job == job);
            self.forget_if_idle(id);
        }
    }

    pub(crate) fn closed(&mut self, id: DocumentId, effects: &mut Vec<Effect>) {
        if let Some(document) = self.documents.get_mut(&id) {
            // A document that is opened again counts its versions anew.
            document.version = 0;
            document.cancel(Why::Closed, effects, |_| true);
            self.forget_if_idle(id);
        }
    }

    /// Jobs that run or were cancelled and have not ended.
    pub(crate) fn alive(&self) -> usize {
        let jobs = self.documents.values().flat_map(|it| &it.jobs);
        jobs.filter(|it| it.phase != Phase::Waiting).count()
    }

    fn policy(&self, kind: JobKind) -> Policy {
        self.policies.get(&kind).copied().unwrap_or(self.policy)
    }

    fn forget_if_idle(&mut self, id: DocumentId) {
        let idle = |it: &Document| it.version == 0 && it.jobs.is_empty();
        if self.documents.get(&id).is_some_and(idle) {
            self.documents.remove(&id);
        }
    }
}

impl Document {
    /// Cancels what the policy no longer wants, then lets the newest waiting run while there is room.
    fn settle(&mut self, kind: JobKind, policy: Policy, effects: &mut Vec<Effect>) {
        if policy.newest_version_only {
            let newest = self.version;
            self.cancel(Why::Superseded, effects, |it| {
                it.kind == kind && it.version < newest
            });
        }
        let wanted = |it: &&Known| it.kind == kind && it.phase != Phase::Ending;
        let surplus = self.jobs.iter().filter(wanted).count();
        let mut surplus = surplus.saturating_sub(policy.alive);
        self.cancel(Why::Superseded, effects, |it| {
            let cancel = surplus > 0 && it.kind == kind;
            surplus -= usize::from(cancel);
            cancel
        });
        let alive = |it: &&Known| it.kind == kind && it.phase != Phase::Waiting;
        let room = policy.alive - self.jobs.iter().filter(alive).count().min(policy.alive);
        let waiting = |it: &&mut Known| it.kind == kind && it.phase == Phase::Waiting;
        for known in self.jobs.iter_mut().rev().filter(waiting).take(room) {
            known.phase = Phase::Running;
            effects.push(Effect::Run(known.job));
        }
    }

    /// Cancels those that are not cancelled yet and that `which` picks, oldest first. One that waited is gone at once.
    fn cancel(
        &mut self,
        why: Why,
        effects: &mut Vec<Effect>,
        mut which: impl FnMut(&Known) -> bool,
    ) {
        self.jobs.retain_mut(|it| {
            if it.phase == Phase::Ending || !which(it) {
                return true;
            }
            effects.push(Effect::Cancel(it.job, why));
            let ran = it.phase == Phase::Running;
            it.phase = Phase::Ending;
            ran
        });
    }
}
