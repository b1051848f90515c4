//! The engine said again as simply as possible: lists that are searched from end to end, and fractions.

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use crate::*;

/// A fraction with a positive denominator.
#[derive(Debug, Clone, Copy)]
struct Fraction(i128, i128);

impl Fraction {
    const ZERO: Self = Self(0, 1);

    fn plus(self, other: Self) -> Self {
        let sum = (self.0 * other.1 + other.0 * self.1, self.1 * other.1);
        let divisor = gcd(sum.0.abs(), sum.1);
        Self(sum.0 / divisor, sum.1 / divisor)
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self(-other.0, other.1))
    }

    fn max(self, other: Self) -> Self {
        match self.cmp(&other) {
            Ordering::Less => other,
            _ => self,
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

struct Waiter {
    ticket: Ticket,
    priority: Priority,
    flow: Flow,
    deadline: Option<Instant>,
}

struct Job {
    id: JobId,
    running: bool,
    class: Priority,
    flow: Flow,
    cost: u32,
    key: Option<MergeKey>,
    revision: u64,
    admitted: Priority,
    queued_at: Instant,
    waiters: Vec<Waiter>,
}

/// A flow in a class: where it starts (while it has jobs) or may start (while it has none).
struct Standing {
    class: Priority,
    flow: Flow,
    tag: Fraction,
    order: u64,
}

pub(super) struct Reference {
    settings: Settings,
    weights: Vec<(Flow, u32)>,
    jobs: Vec<Job>,
    standings: Vec<Standing>,
    virtual_time: [Fraction; 4],
    turns: [(Option<Instant>, u32); 4],
    orders: u64,
    ids: u64,
    pub(super) effects: Vec<Effect>,
}

impl Reference {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            weights: Vec::new(),
            jobs: Vec::new(),
            standings: Vec::new(),
            virtual_time: [Fraction::ZERO; 4],
            turns: [(None, 0); 4],
            orders: 0,
            ids: 0,
            effects: Vec::new(),
        }
    }

    pub(super) fn set_weight(&mut self, flow: Flow, weight: u32) {
        self.weights.retain(|it| it.0 != flow);
        self.weights.push((flow, weight));
    }

    fn length(&self, flow: Flow, cost: u32) -> Fraction {
        let weight = self.weights.iter().find(|it| it.0 == flow);
        Fraction(cost.into(), weight.map_or(1, |it| it.1).into())
    }

    fn queued_in(&self, class: Priority) -> impl Iterator<Item = &Job> {
        let queued = self.jobs.iter().filter(|it| !it.running);
        queued.filter(move |it| it.class == class)
    }

    pub(super) fn queued(&self, class: Priority) -> usize {
        self.queued_in(class).count()
    }

    fn queued_of(&self, class: Priority, flow: Flow) -> impl Iterator<Item = &Job> {
        self.queued_in(class).filter(move |it| it.flow == flow)
    }

    pub(super) fn running(&self) -> usize {
        self.jobs.iter().filter(|it| it.running).count()
    }

    fn standing(&mut self, class: Priority, flow: Flow) -> &mut Standing {
        let place = |it: &Standing| it.class == class && it.flow == flow;
        if !self.standings.iter().any(place) {
            let (tag, order) = (Fraction::ZERO, 0);
            self.standings.push(Standing {
                class,
                flow,
                tag,
                order,
            });
        }
        self.standings.iter_mut().find(|it| place(it)).unwrap()
    }

    /// A job is about to be queued: its class and its flow may come to life.
    fn arrive(&mut self, class: Priority, flow: Flow, now: Instant) {
        if self.queued(class) == 0 {
            self.turns[class.index()] = (Some(now), 0);
        }
        if self.queued_of(class, flow).count() == 0 {
            let virtual_time = self.virtual_time[class.index()];
            let order = self.orders;
            self.orders += 1;
            let standing = self.standing(class, flow);
            standing.tag = standing.tag.max(virtual_time);
            standing.order = order;
        }
    }

    pub(super) fn submit(&mut self, request: &Request<()>, now: Instant) -> Admission {
        self.expire(now);
        if request.deadline.is_some_and(|it| it <= now) {
            return Admission::Refused(Refusal::Expired);
        }
        let same = |it: &Job| it.key.is_some() && it.key == request.merge;
        if let Some(place) = self.jobs.iter().position(same) {
            return self.join(place, request, now);
        }
        let class = request.priority;
        let held = |it: &&Job| !it.running && it.admitted == class;
        if self.jobs.iter().filter(held).count() >= self.settings.capacity[class.index()] {
            let oldest = self
                .queued_of(class, request.flow)
                .min_by_key(|it| it.id)
                .filter(|it| {
                    it.revision < request.revision
                        && it.admitted == class
                        && it.waiters.iter().all(|it| it.flow == request.flow)
                        && self.settings.when_full[class.index()] == WhenFull::DisplaceStale
                });
            let Some(oldest) = oldest else {
                return Admission::Refused(Refusal::Full);
            };
            let tickets: Vec<_> = oldest.waiters.iter().map(|it| it.ticket).collect();
            for ticket in tickets {
                self.drop_ticket(ticket, DropReason::Displaced, now);
            }
        }
        self.arrive(class, request.flow, now);
        let (job, ticket) = (JobId(self.ids + 1), Ticket(self.ids + 2));
        self.ids += 2;
        self.jobs.push(Job {
            id: job,
            running: false,
            class,
            flow: request.flow,
            cost: request.cost,
            key: request.merge,
            revision: request.revision,
            admitted: class,
            queued_at: now,
            waiters: vec![waiter(ticket, request)],
        });
        Admission::Queued { ticket, job }
    }

    fn join(&mut self, place: usize, request: &Request<()>, now: Instant) -> Admission {
        if self.jobs[place].waiters.len() >= self.settings.waiters {
            return Admission::Refused(Refusal::TooManyWaiters);
        }
        self.ids += 1;
        let ticket = Ticket(self.ids);
        let job = &mut self.jobs[place];
        job.waiters.push(waiter(ticket, request));
        job.revision = job.revision.max(request.revision);
        let (job, running) = (job.id, job.running);
        self.settle(place, now);
        Admission::Merged {
            ticket,
            job,
            running,
        }
    }

    /// A queued job stands in the class and the flow of its most urgent, then first waiter.
    fn settle(&mut self, place: usize, now: Instant) {
        let job = &self.jobs[place];
        let leader = job.waiters.iter().min_by_key(|it| (it.priority, it.ticket));
        let leader = leader.unwrap();
        let (class, flow) = (leader.priority, leader.flow);
        if job.running || (job.class, job.flow) == (class, flow) {
            return;
        }
        // Out of the one queue first, so that it does not count as there already.
        let job = self.jobs.remove(place);
        self.arrive(class, flow, now);
        let job = Job { class, flow, ..job };
        self.jobs.insert(place, job);
    }

    fn turn(&self, now: Instant) -> Option<(Priority, Turn)> {
        let waiting = Priority::ALL.into_iter().filter(|it| self.queued(*it) > 0);
        let waiting: Vec<_> = waiting.collect();
        let passed_over = |it: Priority| now - self.turns[it.index()].0.unwrap();
        let overdue = |it: Priority| {
            let patience = self.settings.patience[it.index()];
            passed_over(it)
                .checked_sub(patience)
                .filter(|_| self.turns[it.index()].1 >= self.settings.passes)
        };
        let most = waiting.iter().skip(1).filter_map(|it| overdue(*it)).max();
        match most {
            Some(most) => {
                let aged = |it: &&Priority| overdue(**it) == Some(most);
                let class = *waiting.iter().skip(1).find(aged).unwrap();
                Some((class, Turn::Aged(passed_over(class))))
            }
            None => Some((*waiting.first()?, Turn::Fair)),
        }
    }

    pub(super) fn next(&mut self, now: Instant) -> Option<Dispatch<()>> {
        self.expire(now);
        let (class, turn) = self.turn(now)?;
        let waiting = self.standings.iter().filter(|it| it.class == class);
        let waiting = waiting.filter(|it| self.queued_of(class, it.flow).count() > 0);
        let least = |a: &&Standing, b: &&Standing| a.tag.cmp(&b.tag).then(a.order.cmp(&b.order));
        let (flow, tag) = waiting.min_by(least).map(|it| (it.flow, it.tag)).unwrap();
        let id = self.queued_of(class, flow).map(|it| it.id).min().unwrap();
        let job = self.jobs.iter_mut().find(|it| it.id == id).unwrap();
        job.running = true;
        let (cost, queued_at) = (job.cost, job.queued_at);
        let forever = job.waiters.iter().any(|it| it.deadline.is_none());
        let last = job.waiters.iter().filter_map(|it| it.deadline).max();
        self.virtual_time[class.index()] = tag;
        let length = self.length(flow, cost);
        let order = self.orders;
        self.orders += 1;
        let standing = self.standing(class, flow);
        standing.tag = tag.plus(length);
        standing.order = order;
        for it in Priority::ALL {
            if it > class && self.queued(it) > 0 {
                self.turns[it.index()].1 += 1;
            }
        }
        self.turns[class.index()] = (Some(now), 0);
        Some(Dispatch {
            job: id,
            payload: (),
            priority: class,
            flow,
            cost,
            deadline: last.filter(|_| !forever),
            waited: now - queued_at,
            turn,
        })
    }

    pub(super) fn finish(&mut self, id: JobId, cost: Option<u32>) -> Vec<Ticket> {
        let running = |it: &Job| it.id == id && it.running;
        let Some(place) = self.jobs.iter().position(running) else {
            return Vec::new();
        };
        let job = self.jobs.remove(place);
        if let Some(cost) = cost {
            let (class, flow) = (job.class, job.flow);
            let more = self.length(flow, cost).minus(self.length(flow, job.cost));
            let virtual_time = self.virtual_time[class.index()];
            let waits = self.queued_of(class, flow).count() > 0;
            let standing = self.standing(class, flow);
            if waits {
                standing.tag = standing.tag.plus(more).max(virtual_time);
            } else {
                standing.tag = standing.tag.max(virtual_time).plus(more);
            }
        }
        job.waiters.iter().map(|it| it.ticket).collect()
    }

    pub(super) fn cancel(&mut self, ticket: Ticket, now: Instant) -> Cancelled {
        let waits = |it: &Job| it.waiters.iter().any(|it| it.ticket == ticket);
        let Some(place) = self.jobs.iter().position(waits) else {
            return Cancelled::Unknown;
        };
        let job = &mut self.jobs[place];
        let id = job.id;
        job.waiters.retain(|it| it.ticket != ticket);
        if !job.waiters.is_empty() {
            self.settle(place, now);
            Cancelled::Left(id)
        } else if job.running {
            job.key = None;
            Cancelled::Stop(id)
        } else {
            self.jobs.remove(place);
            Cancelled::Removed(id)
        }
    }

    fn drop_ticket(&mut self, ticket: Ticket, reason: DropReason, now: Instant) {
        self.effects.push(Effect::Dropped { ticket, reason });
        if let Cancelled::Stop(job) = self.cancel(ticket, now) {
            self.effects.push(Effect::Stop(job));
        }
    }

    pub(super) fn expire(&mut self, now: Instant) {
        let waiters = self.jobs.iter().flat_map(|it| &it.waiters);
        let late = waiters.filter_map(|it| Some((it.deadline?, it.ticket)));
        let mut late: Vec<_> = late.filter(|it| it.0 <= now).collect();
        late.sort_unstable();
        for (_, ticket) in late {
            self.drop_ticket(ticket, DropReason::Expired, now);
        }
    }

    pub(super) fn close_window(&mut self, window: Window, now: Instant) {
        let waiters = self.jobs.iter().flat_map(|it| &it.waiters);
        let of_window = waiters.filter(|it| it.flow.window == window);
        let mut tickets: Vec<_> = of_window.map(|it| it.ticket).collect();
        tickets.sort_unstable();
        for ticket in tickets {
            self.drop_ticket(ticket, DropReason::WindowClosed, now);
        }
        self.weights.retain(|it| it.0.window != window);
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        let waiters = self.jobs.iter().flat_map(|it| &it.waiters);
        waiters.filter_map(|it| it.deadline).min()
    }
}

fn waiter(ticket: Ticket, request: &Request<()>) -> Waiter {
    Waiter {
        ticket,
        priority: request.priority,
        flow: request.flow,
        deadline: request.deadline,
    }
}

/// Small limits, so that short sequences reach all of them.
pub(super) fn small() -> Settings {
    let milliseconds = Duration::from_millis;
    Settings {
        capacity: [2, 3, 4, 8],
        when_full: [
            WhenFull::DisplaceStale,
            WhenFull::DisplaceStale,
            WhenFull::RefuseNewest,
            WhenFull::DisplaceStale,
        ],
        patience: [0, 5, 10, 20].map(milliseconds),
        passes: 2,
        waiters: 3,
        decisions: 16,
    }
}
