//! The handle of the pool: the state machine behind a short lock, so that a lease needs no way to a task and back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use crate::driver::{self, Command};
use crate::lease::{Lease, Live, Verdict};
use crate::{
    Account, Cost, Effect, Event, Generation, Grant, Instrument, InstrumentId, Limits, Outcome,
    Phase, Refusal, Request, Spec, State, Trouble, WaiterId,
};

/// How long the pool waits for instruments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Until one that was started is ready; later than that counts as failed.
    pub start: Duration,
    /// Between two questions whether one is well.
    pub probe_every: Duration,
    /// For the answer.
    pub probe: Duration,
    /// For one that was told to stop; then it is dropped.
    pub stop: Duration,
    /// So many questions in a row without a good answer and it is not.
    pub probes: u32,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            start: Duration::from_secs(120),
            probe_every: Duration::from_secs(10),
            probe: Duration::from_secs(2),
            stop: Duration::from_secs(5),
            probes: 2,
        }
    }
}

/// One instrument, for whoever looks at the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub phase: Phase,
    /// How many wait for it.
    pub waiting: usize,
    /// What happened to it.
    pub account: Account,
    /// Why it last failed.
    pub failure: Option<String>,
}

/// A handle on the pool; clones share it. When the last one is dropped, so are the instruments; [`Pool::close`] waits for them.
pub struct Pool<I: Instrument>(Arc<Shared<I>>);

impl<I: Instrument> Clone for Pool<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I: Instrument> std::fmt::Debug for Pool<I> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Pool").field(&self.status()).finish()
    }
}

pub(crate) struct Shared<I: Instrument> {
    /// Shared one by one: a start must not keep the pool alive.
    pub(crate) instruments: Vec<Arc<I>>,
    pub(crate) times: Times,
    began: Instant,
    /// To the task that starts and stops instruments. Unbounded: at most a start and a stop of each instrument are under way.
    commands: mpsc::UnboundedSender<Command>,
    driver: Mutex<Option<JoinHandle<()>>>,
    /// Held for one transition; never while a waker runs or a lease is dropped.
    inner: Mutex<Inner<I>>,
}

struct Inner<I: Instrument> {
    state: State,
    live: Vec<Option<Arc<Live<I::Running>>>>,
    failures: Vec<Option<String>>,
    waiters: FxHashMap<WaiterId, Answer<I>>,
    next_waiter: u64,
}

type Answer<I> = oneshot::Sender<Result<Lease<I>, Refusal>>;

impl<I: Instrument> Pool<I> {
    /// A pool of cold instruments, in the order in which they are preferred. Needs a tokio runtime with time.
    #[must_use]
    pub fn new(instruments: Vec<(Spec, I)>, limits: Limits, times: Times) -> Self {
        let (specs, instruments): (Vec<_>, Vec<_>) = instruments.into_iter().unzip();
        let (commands, received) = mpsc::unbounded_channel();
        let inner = Inner {
            live: specs.iter().map(|_| None).collect(),
            failures: vec![None; specs.len()],
            state: State::new(specs, limits),
            waiters: FxHashMap::default(),
            next_waiter: 0,
        };
        let shared = Arc::new(Shared {
            instruments: instruments.into_iter().map(Arc::new).collect(),
            times,
            began: Instant::now(),
            commands,
            driver: Mutex::new(None),
            inner: Mutex::new(inner),
        });
        // The driver must not keep the pool alive.
        let driver = tokio::spawn(driver::run(Arc::downgrade(&shared), received));
        *lock(&shared.driver) = Some(driver);
        Self(shared)
    }

    /// A lease that is free at once, if there is one and nothing has to be done for it.
    #[inline]
    #[must_use]
    pub fn try_lease(&self, request: &Request) -> Option<Lease<I>> {
        let mut inner = self.0.lock();
        let grant = inner.state.try_lease(request)?;
        let lease = self.0.lease(&inner, grant);
        drop(inner);
        lease
    }

    /// A lease, at once or after a wait until `deadline`. Starts an instrument if none that could serve runs.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub async fn lease(&self, request: Request, deadline: Instant) -> Result<Lease<I>, Refusal> {
        if let Some(lease) = self.try_lease(&request) {
            return Ok(lease);
        }
        let (answer, answered) = oneshot::channel();
        let waiter = {
            let mut inner = self.0.lock();
            inner.next_waiter += 1;
            let waiter = WaiterId(inner.next_waiter);
            inner.waiters.insert(waiter, answer);
            self.0
                .apply_locked(inner, Event::Wanted { waiter, request });
            waiter
        };
        // Also when this future is dropped. A lease that comes meanwhile goes back by itself.
        let _giving_up = GivingUp {
            shared: &self.0,
            waiter,
        };
        match timeout_at(deadline, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Refusal::Closed),
            Err(_) => Err(Refusal::Late),
        }
    }

    /// Starts an instrument if it is cold and its memory is free: it will probably be wanted soon.
    pub fn foresee(&self, instrument: InstrumentId) {
        self.0.apply(Event::Foreseen(instrument));
    }

    /// Every instrument, in order.
    #[must_use]
    pub fn status(&self) -> Vec<Status> {
        let inner = self.0.lock();
        let specs = inner.state.specs().zip(0..);
        let status = specs.filter_map(|(spec, place)| {
            let id = InstrumentId(place);
            Some(Status {
                name: spec.name.clone(),
                phase: inner.state.phase(id)?,
                waiting: inner.state.n_waiting(id),
                account: inner.state.account(id)?,
                failure: inner.failures.get(usize::from(place))?.clone(),
            })
        });
        status.collect()
    }

    /// The memory that instruments take, and what priced ones cost in this period.
    #[must_use]
    pub fn taken(&self) -> (u64, Cost) {
        let inner = self.0.lock();
        (inner.state.memory(), inner.state.spent())
    }

    /// Refuses everybody, stops every instrument and waits until nothing of them is left.
    pub async fn close(&self) {
        self.0.apply(Event::Close);
        let driver = lock(&self.0.driver).take();
        // The driver ends by itself once it has nothing to end; of the commands before it none is lost.
        self.0.command(Command::Close);
        if let Some(driver) = driver
            && let Err(error) = driver.await
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
    }
}

/// Takes somebody out of the queue.
struct GivingUp<'a, I: Instrument> {
    shared: &'a Arc<Shared<I>>,
    waiter: WaiterId,
}

impl<I: Instrument> Drop for GivingUp<'_, I> {
    fn drop(&mut self) {
        let mut inner = self.shared.lock();
        // Answered already: out of the queue.
        if inner.waiters.remove(&self.waiter).is_some() {
            let event = Event::GaveUp(self.waiter);
            self.shared.apply_locked(inner, event);
        }
    }
}

impl<I: Instrument> Shared<I> {
    fn lock(&self) -> MutexGuard<'_, Inner<I>> {
        lock(&self.inner)
    }

    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// When time alone changes something.
    pub(crate) fn due(&self) -> Option<Instant> {
        let due = self.lock().state.due()?;
        Some(self.began + due)
    }

    pub(crate) fn trouble(&self) -> Trouble {
        Trouble {
            now: self.now(),
            random: fastrand::u64(..),
        }
    }

    pub(crate) fn apply(self: &Arc<Self>, event: Event) {
        self.apply_locked(self.lock(), event);
    }

    /// The instrument is ready: leases lead to it from here on.
    pub(crate) fn started(
        self: &Arc<Self>,
        id: InstrumentId,
        generation: Generation,
        live: Arc<Live<I::Running>>,
    ) {
        let mut inner = self.lock();
        inner.live[usize::from(id.0)] = Some(live);
        self.apply_locked(inner, Event::Started(id, generation));
    }

    /// It ended or is not well, and nobody asked for that.
    pub(crate) fn failed(self: &Arc<Self>, id: InstrumentId, failure: String, event: Event) {
        let mut inner = self.lock();
        inner.failures[usize::from(id.0)] = Some(failure);
        self.apply_locked(inner, event);
    }

    /// It was told to stop, and nothing of it is left.
    pub(crate) fn stopped(self: &Arc<Self>, id: InstrumentId, generation: Generation) {
        let mut inner = self.lock();
        let live = inner.live[usize::from(id.0)].take();
        self.apply_locked(inner, Event::Stopped(id, generation));
        // Leases may be out if the pool was closed.
        if let Some(live) = live {
            live.lose();
        }
    }

    pub(crate) fn take_back(self: &Arc<Self>, grant: Grant, verdict: Verdict, spent: Option<Cost>) {
        let outcome = match verdict {
            Verdict::Unknown => Outcome::Unknown,
            Verdict::Good => Outcome::Good,
            Verdict::Bad => Outcome::Bad { now: self.now() },
        };
        let event = Event::Returned {
            grant,
            outcome,
            spent,
        };
        let mut inner = self.lock();
        let effects = inner.state.apply(event);
        if !effects.is_empty() || verdict == Verdict::Bad {
            self.carry_out(inner, effects);
        }
    }

    fn apply_locked(self: &Arc<Self>, mut inner: MutexGuard<'_, Inner<I>>, event: Event) {
        let effects = inner.state.apply(event);
        self.carry_out(inner, effects);
    }

    fn carry_out(self: &Arc<Self>, mut inner: MutexGuard<'_, Inner<I>>, effects: Vec<Effect>) {
        let mut answers = Vec::new();
        let mut lost = Vec::new();
        for effect in effects {
            match effect {
                // In order, so under the lock; sending to an unbounded channel does not wait.
                Effect::Start(id, generation) => self.command(Command::Start(id, generation)),
                Effect::Stop(id, generation) => self.command(Command::Stop(id, generation)),
                Effect::Lost(id, _) => lost.extend(inner.live[usize::from(id.0)].take()),
                Effect::Grant(waiter, grant) => {
                    let lease = self.lease(&inner, grant).ok_or(Refusal::Unavailable);
                    answers.extend(inner.waiters.remove(&waiter).map(|it| (it, lease)));
                }
                Effect::Refuse(waiter, refusal) => {
                    let answer = inner.waiters.remove(&waiter);
                    answers.extend(answer.map(|it| (it, Err(refusal))));
                }
            }
        }
        self.command(Command::Look);
        // A lease that nobody waits for any more is dropped here and takes the lock again; so do wakers.
        drop(inner);
        for live in lost {
            live.lose();
        }
        for (answer, lease) in answers {
            drop(answer.send(lease));
        }
    }

    fn command(&self, command: Command) {
        // Without a driver the pool is closed, and nothing runs any more.
        let _ = self.commands.send(command);
    }

    #[inline]
    fn lease(self: &Arc<Self>, inner: &Inner<I>, grant: Grant) -> Option<Lease<I>> {
        let live = inner.live.get(usize::from(grant.instrument.0))?.as_ref()?;
        Some(Lease {
            shared: Arc::clone(self),
            live: Arc::clone(live),
            grant,
            verdict: Verdict::Unknown,
            spent: None,
        })
    }
}

/// A panic inside a transition is a bug of ours; what is known after it is at worst incomplete.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
