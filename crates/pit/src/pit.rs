//! The handle: submitting, cancelling, closing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fmt, io};

use bytes::Bytes;
use rustc_hash::FxHashMap;
use symphony_arbitration_engine::{
    self as arbitration, Admission, Cancelled, Candidate, Choice, Dispatch, Effect, Engine, Flow,
    JobId, MergeKey, Priority, Request, Ticket,
};
use symphony_artifact_store::{Key, Lineage, Store};
use symphony_pool_manager::{InstrumentId, Limits, Spec, Status, Times};
use symphony_stale_manager::{
    self as stale, CancelToken, DocumentId, JobKind, Policy, StaleManager, Why,
};

use crate::asking::{Asking, Question};
use crate::instrument::Instrument;
use crate::metrics::{Measured, Metrics};
use crate::workers::{Group, Workers};
use crate::{Answer, Cancel, Job, NoAnswer};

/// How long closing waits for work that was cancelled.
const CLOSING: Duration = Duration::from_millis(200);

/// What the Pit is started with.
pub struct Settings {
    /// Where answers are kept.
    pub store: Store,
    /// Threads for what someone waits for.
    pub urgent_threads: usize,
    /// Threads for what nobody waits for.
    pub background_threads: usize,
    /// What a background thread does first: lower its priority.
    pub in_background: fn(),
    /// How requests are ordered and how many wait.
    pub arbitration: arbitration::Settings,
    /// What answers questions: the first is `InstrumentId(0)`.
    pub instruments: Vec<(Spec, Arc<dyn Instrument>)>,
    /// What instruments may take together.
    pub limits: Limits,
    /// How long instruments are waited for.
    pub times: Times,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            store: Store::open(symphony_artifact_store::Options::in_memory(8 << 20)),
            urgent_threads: 2,
            background_threads: 2,
            in_background: || {},
            arbitration: arbitration::Settings::default(),
            instruments: Vec::new(),
            limits: Limits::default(),
            times: Times::default(),
        }
    }
}

/// How a job is done.
enum Work {
    /// On a thread of the Pit.
    Compute(Compute),
    /// By an instrument.
    Ask(Question),
}

type Compute = Box<dyn FnOnce(&Cancel) -> Answer + Send>;
type Reply = Box<dyn FnOnce(Answer) + Send>;

/// A job that waits for its turn.
pub(crate) struct Queued {
    work: Work,
    kind: &'static str,
    key: Option<(Key, Lineage)>,
    deadline: Option<Instant>,
    registered: Option<stale::Job>,
    token: CancelToken,
}

/// A job that runs.
struct Started {
    job: JobId,
    kind: &'static str,
    key: Option<(Key, Lineage)>,
    registered: Option<stale::Job>,
    waited: Duration,
    at: Instant,
}

/// What is behind the lock. It is held for a decision, never while work runs or a reply is given.
pub(crate) struct State {
    pub(crate) engine: Engine<Queued>,
    replies: FxHashMap<Ticket, Reply>,
    /// The tokens of the jobs that run.
    running: FxHashMap<JobId, CancelToken>,
    pub(crate) measured: Measured,
    kinds: Vec<&'static str>,
    pub(crate) closed: bool,
    /// Threads that have not ended.
    pub(crate) threads: usize,
}

pub(crate) struct Shared {
    state: Mutex<State>,
    /// Something changed for one of the groups of threads.
    pub(crate) urgent: Condvar,
    pub(crate) background: Condvar,
    /// A thread has ended.
    pub(crate) ended: Condvar,
    store: Store,
    stale: StaleManager,
    asking: Asking,
}

/// The Pit. Clones are handles on the same one.
#[derive(Clone)]
pub struct Pit {
    shared: Arc<Shared>,
}

impl fmt::Debug for Pit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pit").finish_non_exhaustive()
    }
}

impl Pit {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// When the system gives no more threads.
    pub fn start(settings: Settings) -> io::Result<Self> {
        let state = State {
            engine: Engine::new(settings.arbitration),
            replies: FxHashMap::default(),
            running: FxHashMap::default(),
            measured: Measured::default(),
            kinds: Vec::new(),
            closed: false,
            threads: 0,
        };
        let asking = Asking::start(
            &settings.store,
            settings.instruments,
            settings.limits,
            settings.times,
        )?;
        let shared = Arc::new(Shared {
            asking,
            state: Mutex::new(state),
            urgent: Condvar::new(),
            background: Condvar::new(),
            ended: Condvar::new(),
            store: settings.store,
            stale: StaleManager::new(stale::Settings {
                // How many run at once is for the engine and the threads to say.
                policy: Policy::NEWEST_VERSION,
                ..stale::Settings::default()
            }),
        });
        Workers::start(
            &shared,
            settings.urgent_threads,
            settings.background_threads,
            settings.in_background,
        )?;
        Ok(Self { shared })
    }

    /// Where answers are kept.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// Takes a job. `reply` is called exactly once: at once if the answer is known or the job is refused, else on the
    /// thread that ends it. The ticket of a job that waits; none if `reply` was called.
    pub fn submit(
        &self,
        job: Job,
        work: impl FnOnce(&Cancel) -> Answer + Send + 'static,
        reply: impl FnOnce(Answer) + Send + 'static,
    ) -> Option<Ticket> {
        self.take(job, Work::Compute(Box::new(work)), Box::new(reply))
    }

    /// Takes a job that instruments do; the reply is a list for [`Answered::all_from`](crate::Answered::all_from). Else as
    /// [`Self::submit`]; no thread waits meanwhile.
    pub fn ask(
        &self,
        job: Job,
        question: Question,
        reply: impl FnOnce(Answer) + Send + 'static,
    ) -> Option<Ticket> {
        self.take(job, Work::Ask(question), Box::new(reply))
    }

    /// Starts an instrument that will probably be wanted soon, if its memory is free.
    pub fn foresee(&self, instrument: InstrumentId) {
        self.shared.asking.foresee(instrument);
    }

    /// Puts other instruments in the place of these, cold; the generation that questions to them name. Those of before are
    /// stopped, and what they were asked is answered by nobody.
    pub fn replace_instruments(&self, instruments: Vec<(Spec, Arc<dyn Instrument>)>) -> u64 {
        self.shared.asking.replace(instruments)
    }

    /// The instruments, in the order in which they were given.
    #[must_use]
    pub fn instruments(&self) -> Vec<Status> {
        self.shared.asking.status()
    }

    fn take(&self, job: Job, work: Work, reply: Reply) -> Option<Ticket> {
        if let Some((key, _)) = &job.key
            && let Some(artifact) = self.shared.store.get(key)
        {
            self.shared.lock().measured.hit(job.kind);
            reply(Ok(artifact.bytes().clone()));
            return None;
        }
        self.admit(job, work, reply)
    }

    fn admit(&self, job: Job, work: Work, reply: Reply) -> Option<Ticket> {
        let now = Instant::now();
        let mut state = self.shared.lock();
        if state.closed {
            drop(state);
            reply(Err(NoAnswer::Closed));
            return None;
        }
        let kind = state.kind(job.kind);
        let registered = job.document.map(|it| {
            let document = DocumentId(it.document);
            self.shared.stale.job(document, it.version, kind)
        });
        let token = registered
            .as_ref()
            .map_or_else(CancelToken::new, |it| it.token().clone());
        let merge = job.merge.map(|key| MergeKey(*key.as_bytes()));
        let queued = Queued {
            work,
            kind: job.kind,
            key: job.key,
            deadline: job.deadline,
            registered,
            token,
        };
        let flow = Flow::new(job.window, job.kind);
        let mut request = Request::new(job.priority, flow, queued).cost(job.cost);
        request.merge = merge;
        request.deadline = job.deadline;
        request.revision = job.document.map_or(0, |it| it.version);
        let admission = state.engine.submit(request, now);
        let effects = state.effects();
        let refused = match admission {
            Admission::Refused(reason) => Some((reply, NoAnswer::Refused(reason))),
            Admission::Queued { ticket, .. } | Admission::Merged { ticket, .. } => {
                state.replies.insert(ticket, reply);
                None
            }
        };
        drop(state);
        if job.priority == Priority::Index {
            self.shared.background.notify_one();
        }
        // A deadline is also watched by a thread that has nothing else to do.
        if job.priority != Priority::Index || job.deadline.is_some() {
            self.shared.urgent.notify_one();
        }
        let ticket = admission.ticket().filter(|_| refused.is_none());
        give(
            effects
                .into_iter()
                .chain(refused.map(|(reply, why)| (reply, Err(why)))),
        );
        ticket
    }

    /// Nobody waits for this answer any more. Its reply is given, with [`NoAnswer::Cancelled`], unless it was given
    /// before.
    pub fn cancel(&self, ticket: Ticket) {
        let mut state = self.shared.lock();
        if let Cancelled::Stop(job) = state.engine.cancel(ticket, Instant::now())
            && let Some(token) = state.running.get(&job)
        {
            token.cancel(Why::Asked);
        }
        let reply = state.replies.remove(&ticket);
        let effects = state.effects();
        drop(state);
        give(
            effects
                .into_iter()
                .chain(reply.map(|it| (it, Err(NoAnswer::Cancelled(Why::Asked))))),
        );
    }

    /// A document has a new version: what was about older ones is no longer wanted.
    pub fn edited(&self, document: u64, version: u64) {
        self.shared.stale.edited(DocumentId(document), version);
    }

    /// A document was closed: nothing about it is wanted.
    pub fn closed(&self, document: u64) {
        self.shared.stale.closed(DocumentId(document));
    }

    /// How things stand.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let state = self.shared.lock();
        Metrics {
            queued: Priority::ALL.map(|it| (it, state.engine.queued(it))),
            running: state.engine.running(),
            arbitration: state.engine.counters(),
            kinds: state.measured.kinds(),
            store: self.shared.store.stats(),
            stale: self.shared.stale.counts(),
            instruments: self.shared.asking.status(),
        }
    }

    /// Picks one of several answers to a question that was put to instruments together; `least_agreeing` of them have to give
    /// it. Why is among [`Self::decisions`].
    #[must_use]
    pub fn choose(
        &self,
        candidates: &[Candidate<'_>],
        deadline_ms: f64,
        least_agreeing: usize,
    ) -> Option<Choice> {
        let mut state = self.shared.lock();
        state
            .engine
            .choose(candidates, deadline_ms, least_agreeing, Instant::now())
    }

    /// The last decisions with their reasons, the oldest first, one each line.
    #[must_use]
    pub fn decisions(&self) -> Vec<String> {
        let state = self.shared.lock();
        state
            .engine
            .decisions()
            .map(|it| format!("{it:?}"))
            .collect()
    }

    /// Ends: what waits is answered with [`NoAnswer::Closed`], what runs is cancelled, and the store is closed. Takes half
    /// a second at most. Whether everything ended in that time.
    pub fn close(&self) -> bool {
        let mut state = self.shared.lock();
        state.closed = true;
        for token in state.running.values() {
            token.cancel(Why::Asked);
        }
        let replies: Vec<Reply> = state.replies.drain().map(|it| it.1).collect();
        self.shared.urgent.notify_all();
        self.shared.background.notify_all();
        drop(state);
        give(replies.into_iter().map(|it| (it, Err(NoAnswer::Closed))));
        let ended = self
            .shared
            .ended
            .wait_timeout_while(self.shared.lock(), CLOSING, |state| state.threads > 0);
        let all = ended.is_ok_and(|(_, waited)| !waited.timed_out());
        let stopped = self.shared.asking.close(CLOSING);
        self.shared.store.close() && all && stopped
    }
}

impl State {
    /// The number of a kind of jobs.
    fn kind(&mut self, name: &'static str) -> JobKind {
        let known = self.kinds.iter().position(|it| *it == name);
        let at = known.unwrap_or_else(|| {
            self.kinds.push(name);
            self.kinds.len() - 1
        });
        JobKind(at as u16)
    }

    /// Carries out what the engine has decided by itself: the replies that are due.
    fn effects(&mut self) -> Vec<(Reply, Answer)> {
        let effects: Vec<Effect> = self.engine.drain_effects().collect();
        let mut due = Vec::new();
        for effect in effects {
            match effect {
                Effect::Dropped { ticket, reason } => {
                    let reply = self.replies.remove(&ticket);
                    due.extend(reply.map(|it| (it, Err(NoAnswer::Dropped(reason)))));
                }
                Effect::Stop(job) => {
                    if let Some(token) = self.running.get(&job) {
                        token.cancel(Why::Asked);
                    }
                }
            }
        }
        due
    }
}

/// Gives replies; never under the lock.
fn give(replies: impl Iterator<Item = (Reply, Answer)>) {
    for (reply, answer) in replies {
        reply(answer);
    }
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under the lock but code of ours; what it leaves is at worst a job too many.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next job of a group of threads; none when the Pit is closed.
    pub(crate) fn next(&self, group: Group) -> Option<Dispatch<Queued>> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            let next = state.engine.next_of(group.classes(), Instant::now());
            let effects = state.effects();
            if let Some(dispatch) = &next {
                let token = dispatch.payload.token.clone();
                state.running.insert(dispatch.job, token);
            }
            if next.is_some() || !effects.is_empty() {
                drop(state);
                give(effects.into_iter());
                if next.is_some() {
                    return next;
                }
                state = self.lock();
                continue;
            }
            let deadline = state.engine.next_deadline();
            let bell = group.bell(self);
            state = match deadline {
                // Someone has to answer those whose time is over.
                Some(at) => {
                    let left = at.saturating_duration_since(Instant::now());
                    let waited = bell.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => bell.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Runs a job, or lets an instrument do it, and answers everyone who waits for it.
    pub(crate) fn run(self: &Arc<Self>, dispatch: Dispatch<Queued>) {
        let Queued {
            work,
            kind,
            key,
            deadline,
            registered,
            token,
        } = dispatch.payload;
        let started = Started {
            job: dispatch.job,
            kind,
            key,
            registered,
            waited: dispatch.waited,
            at: Instant::now(),
        };
        if let Some(why) = token.why() {
            return self.finish(started, &Err(NoAnswer::Cancelled(why)));
        }
        match work {
            Work::Compute(compute) => self.finish(started, &perform(compute, kind, token)),
            Work::Ask(question) => {
                let shared = Arc::clone(self);
                self.asking
                    .ask(kind, question, deadline, token, move |answer| {
                        shared.finish(started, &answer);
                    });
            }
        }
    }

    fn finish(&self, started: Started, answer: &Answer) {
        let Started {
            job,
            kind,
            key,
            registered,
            waited,
            at,
        } = started;
        if let (Ok(value), Some((key, lineage))) = (answer, key) {
            keep(&self.store, key, value.clone(), lineage);
        }
        // Its place is free before anyone hears of it.
        drop(registered);
        let now = Instant::now();
        let mut state = self.lock();
        state.running.remove(&job);
        state.measured.ran(kind, waited, now - at, answer);
        let waiters = state.engine.finish(job, now);
        let replies: Vec<Reply> = waiters
            .iter()
            .filter_map(|ticket| state.replies.remove(ticket))
            .collect();
        let effects = state.effects();
        drop(state);
        give(effects.into_iter());
        give(replies.into_iter().map(|it| (it, answer.clone())));
    }
}

/// Keeps what can be had again by asking again, if there is room.
pub(crate) fn keep(store: &Store, key: Key, value: Bytes, lineage: Lineage) {
    if let Err(error) = store.put(key, value, lineage) {
        tracing::debug!(%error, "an answer is not kept");
    }
}

fn perform(compute: Compute, kind: &'static str, token: CancelToken) -> Answer {
    let cancel = Cancel(token.clone());
    let done = catch_unwind(AssertUnwindSafe(|| compute(&cancel)));
    let answer = done.unwrap_or_else(|_| {
        tracing::error!(kind, "a job panicked");
        Err(NoAnswer::Panicked)
    });
    // Half an answer is none.
    match token.why() {
        Some(why) => Err(NoAnswer::Cancelled(why)),
        None => answer,
    }
}
