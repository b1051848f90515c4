//! The pool as a pure state machine: which instrument runs, who waits for it, what it may cost.
//!
//! It knows no clock: `now` is the time since the pool was made, and comes with the events for which it matters. The two
//! events of the hot path, a lease that is free and its return, come without.

mod choose;
mod fail;
mod memory;
mod request;
mod slot;

use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::cost::Purse;
use crate::{BreakerState, Cost, CostLimit, Generation, Grant, InstrumentId, Kind, WaiterId};
use choose::Choice;
pub use request::{Among, Refusal, Request};
pub use slot::{Account, Phase, Spec};
use slot::{Slot, Waiting};

/// What does not change while the pool is there.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The memory that all running instruments may take together.
    pub memory: u64,
    /// How many may wait for one instrument.
    pub waiters: usize,
    /// What priced instruments may cost together.
    pub cost: CostLimit,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: u64::MAX,
            waiters: 64,
            cost: CostLimit::NONE,
        }
    }
}

/// How a lease went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody can say: it was cancelled.
    Unknown,
    /// There was an answer.
    Good,
    /// There was none, through the instrument's fault.
    Bad {
        /// When.
        now: Duration,
    },
}

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants a lease.
    Wanted {
        /// Who; never used before.
        waiter: WaiterId,
        /// What.
        request: Request,
    },
    /// Somebody waits no longer.
    GaveUp(WaiterId),
    /// A lease is over.
    Returned {
        /// Which.
        grant: Grant,
        /// How it went.
        outcome: Outcome,
        /// What it cost; what was set aside if nobody says.
        spent: Option<Cost>,
    },
    /// An instrument will probably be wanted soon.
    Foreseen(InstrumentId),
    /// An instrument is ready.
    Started(InstrumentId, Generation),
    /// An instrument could not be started, or ended by itself.
    Ended(InstrumentId, Generation, Trouble),
    /// An instrument that was told to stop has ended.
    Stopped(InstrumentId, Generation),
    /// An instrument was asked whether it is well, and is.
    Healthy(InstrumentId, Generation),
    /// An instrument was asked whether it is well, and is not.
    Unhealthy(InstrumentId, Generation, Trouble),
    /// Time has passed.
    Tick(Duration),
    /// No more leases; everything is to stop.
    Close,
}

/// When something went wrong, and a random number for how long to leave it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// When.
    pub now: Duration,
    /// Anything, each with equal chance.
    pub random: u64,
}

/// Something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Start the instrument, then say [`Event::Started`]; and exactly once how it ended.
    Start(InstrumentId, Generation),
    /// Stop the instrument, ready or not, then say [`Event::Stopped`].
    Stop(InstrumentId, Generation),
    /// Somebody has a lease.
    Grant(WaiterId, Grant),
    /// Somebody gets none.
    Refuse(WaiterId, Refusal),
    /// The leases that are out lead nowhere any more.
    Lost(InstrumentId, Generation),
}

/// All instruments.
#[derive(Debug)]
pub struct State {
    slots: Vec<Slot>,
    kinds: FxHashMap<Kind, Vec<InstrumentId>>,
    limits: Limits,
    purse: Purse,
    memory: u64,
    /// Slots with `is_wanted`.
    n_wanted: usize,
    /// As of the last event that said so.
    now: Duration,
    is_closed: bool,
}

impl State {
    /// Every instrument cold. More than 64 instruments are cut off.
    #[must_use]
    pub fn new(specs: impl IntoIterator<Item = Spec>, limits: Limits) -> Self {
        let slots: Vec<_> = specs.into_iter().take(64).map(Slot::new).collect();
        let mut kinds: FxHashMap<Kind, Vec<InstrumentId>> = FxHashMap::default();
        for (place, slot) in slots.iter().enumerate() {
            let id = InstrumentId(place as u8);
            kinds.entry(slot.spec.kind).or_default().push(id);
        }
        Self {
            slots,
            kinds,
            purse: Purse::new(limits.cost),
            limits,
            memory: 0,
            n_wanted: 0,
            now: Duration::ZERO,
            is_closed: false,
        }
    }

    /// A lease, if one is free at once and nothing else is to be done for it; else see [`Event::Wanted`].
    #[inline]
    pub fn try_lease(&mut self, request: &Request) -> Option<Grant> {
        if self.is_closed {
            return None;
        }
        let first = match request.among {
            Among::One(id) => Some(id),
            Among::Kind(kind) => {
                let order = self.kinds.get(&kind)?;
                order
                    .iter()
                    .copied()
                    .find(|it| self.is_usable(*it, request))
            }
        }?;
        let slot = self.slots.get(usize::from(first.0))?;
        let is_free = slot.has_room() && slot.waiters.is_empty();
        (is_free && self.is_usable(first, request)).then(|| self.grant(first, request.cost))
    }

    /// The transition. The effects are in the order in which they came about.
    #[must_use]
    pub fn apply(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Wanted { waiter, request } => {
                self.wanted(Waiting { waiter, request }, &mut effects);
            }
            Event::GaveUp(waiter) => self.gave_up(waiter, &mut effects),
            Event::Returned {
                grant,
                outcome,
                spent,
            } => self.returned(grant, outcome, spent, &mut effects),
            Event::Foreseen(id) => self.foreseen(id, &mut effects),
            Event::Started(id, generation) => self.started(id, generation, &mut effects),
            Event::Ended(id, generation, trouble) => {
                self.ended(id, generation, trouble, &mut effects);
            }
            Event::Stopped(id, generation) => self.stopped(id, generation, &mut effects),
            Event::Healthy(id, generation) => {
                if let Some(slot) = self.current(id, generation) {
                    slot.failures = 0;
                }
            }
            Event::Unhealthy(id, generation, trouble) => {
                self.unhealthy(id, generation, trouble, &mut effects);
            }
            Event::Tick(now) => self.tick(now, &mut effects),
            Event::Close => self.close(&mut effects),
        }
        effects
    }

    /// When time alone changes something, if it does; then a [`Event::Tick`] is due.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        let slots = self.slots.iter().flat_map(|slot| {
            let failed = match slot.phase {
                Phase::Failed {
                    until,
                    ending: false,
                } => Some(until),
                _ => None,
            };
            // The hot path looks at no clock, so now and then somebody must.
            let look = |idle: Duration| self.now + (idle / 4).max(Duration::from_millis(1));
            let idle = slot.spec.idle.filter(|_| slot.runs()).map(look);
            [failed, idle, slot.breaker.due()]
        });
        slots.flatten().chain(self.purse.due()).min()
    }

    /// Where an instrument is.
    #[must_use]
    pub fn phase(&self, id: InstrumentId) -> Option<Phase> {
        Some(self.slots.get(usize::from(id.0))?.phase)
    }

    /// Which start of an instrument is the last.
    #[must_use]
    pub fn generation(&self, id: InstrumentId) -> Option<Generation> {
        Some(self.slots.get(usize::from(id.0))?.generation)
    }

    /// What happened to an instrument.
    #[must_use]
    pub fn account(&self, id: InstrumentId) -> Option<Account> {
        Some(self.slots.get(usize::from(id.0))?.account)
    }

    /// The instruments, in order.
    pub fn specs(&self) -> impl Iterator<Item = &Spec> {
        self.slots.iter().map(|it| &it.spec)
    }

    /// The memory that instruments take whose processes have not ended.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.memory
    }

    /// What priced instruments cost in this period.
    #[must_use]
    pub fn spent(&self) -> Cost {
        self.purse.spent()
    }

    /// How many wait for an instrument.
    #[must_use]
    pub fn n_waiting(&self, id: InstrumentId) -> usize {
        let slot = self.slots.get(usize::from(id.0));
        slot.map_or(0, |it| it.waiters.len())
    }

    fn slot(&mut self, id: InstrumentId) -> &mut Slot {
        &mut self.slots[usize::from(id.0)]
    }

    /// The slot, if the generation is the last one.
    fn current(&mut self, id: InstrumentId, generation: Generation) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(usize::from(id.0));
        slot.filter(|it| it.generation == generation)
    }

    fn wanted(&mut self, waiting: Waiting, effects: &mut Vec<Effect>) {
        match self.choose(&waiting.request) {
            Choice::Ready { instrument, better } => {
                let grant = self.grant(instrument, waiting.request.cost);
                effects.push(Effect::Grant(waiting.waiter, grant));
                if let Some(better) = better {
                    self.foreseen(better, effects);
                }
            }
            Choice::Wait(id) => {
                self.slot(id).waiters.push_back(waiting);
                self.want(id, effects);
            }
            Choice::None(refusal) => effects.push(Effect::Refuse(waiting.waiter, refusal)),
        }
    }

    fn gave_up(&mut self, waiter: WaiterId, effects: &mut Vec<Effect>) {
        for slot in &mut self.slots {
            slot.waiters.retain(|it| it.waiter != waiter);
            if slot.is_wanted && slot.waiters.is_empty() {
                slot.is_wanted = false;
                self.n_wanted -= 1;
            }
        }
        if self.n_wanted > 0 {
            self.make_room(effects);
        }
    }

    fn grant(&mut self, id: InstrumentId, cost: Cost) -> Grant {
        let slot = &mut self.slots[usize::from(id.0)];
        slot.in_flight += 1;
        slot.phase = Phase::Active;
        slot.account.leases += 1;
        let is_trial = slot.breaker.let_through();
        let reserved = if slot.spec.priced { cost } else { Cost::ZERO };
        let generation = slot.generation;
        if reserved != Cost::ZERO {
            self.purse.reserve(reserved);
        }
        Grant {
            instrument: id,
            generation,
            is_trial,
            reserved,
        }
    }

    fn returned(
        &mut self,
        grant: Grant,
        outcome: Outcome,
        spent: Option<Cost>,
        effects: &mut Vec<Effect>,
    ) {
        let id = grant.instrument;
        let Some(slot) = self.slots.get_mut(usize::from(id.0)) else {
            return;
        };
        if slot.spec.priced {
            let spent = spent.unwrap_or(grant.reserved);
            slot.account.spent.tokens += spent.tokens;
            slot.account.spent.money += spent.money;
            self.purse.settle(grant.reserved, spent);
        }
        if slot.generation == grant.generation && slot.in_flight > 0 {
            slot.in_flight -= 1;
            if slot.in_flight == 0 && slot.phase == Phase::Active {
                slot.phase = Phase::Warm;
            }
        }
        match outcome {
            Outcome::Unknown => slot.breaker.returned(grant.is_trial),
            Outcome::Good => {
                slot.failures = 0;
                slot.breaker.succeeded(grant.is_trial);
            }
            Outcome::Bad { now } => {
                slot.breaker.failed(grant.is_trial, now);
                self.now = self.now.max(now);
            }
        }
        self.feed(id, effects);
        if self.n_wanted > 0 {
            self.make_room(effects);
        }
    }

    /// Hands what is free to those who wait; sends them elsewhere if they may not be served here any more.
    fn feed(&mut self, id: InstrumentId, effects: &mut Vec<Effect>) {
        if self.slot(id).waiters.is_empty() {
            return;
        }
        if matches!(self.slot(id).breaker.state(), BreakerState::Open(_)) {
            self.send_elsewhere(id, effects);
        }
        while self.slot(id).has_room() && self.slot(id).breaker.allows() {
            let Some(next) = self.slot(id).waiters.pop_front() else {
                return;
            };
            if self.is_usable(id, &next.request) {
                let grant = self.grant(id, next.request.cost);
                self.slot(id).account.waited += 1;
                effects.push(Effect::Grant(next.waiter, grant));
            } else {
                self.wanted(next, effects);
            }
        }
    }

    fn tick(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        self.now = self.now.max(now);
        let now = self.now;
        self.purse.tick(now);
        for place in 0..self.slots.len() {
            let slot = &mut self.slots[place];
            slot.breaker.tick(now);
            slot.look(now);
            match slot.phase {
                Phase::Failed {
                    until,
                    ending: false,
                } if now >= until => slot.phase = Phase::Cold,
                Phase::Warm if slot.waiters.is_empty() => {
                    let idle = slot.spec.idle;
                    if idle.is_some_and(|it| now.saturating_sub(slot.idle_since) >= it) {
                        slot.account.idled += 1;
                        self.stop(InstrumentId(place as u8), effects);
                    }
                }
                _ => {}
            }
        }
    }
}
