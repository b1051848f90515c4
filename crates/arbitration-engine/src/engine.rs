//! The engine: one method for each thing that can happen. Every method is a pure transition: state and arguments in,
//! state, answer and [`Effect`]s out.

use std::time::Instant;

use rustc_hash::FxHashMap;

use crate::choice::{Candidate, Choice, choose};
use crate::class::Classes;
use crate::fair::length;
use crate::jobs::{Job, Jobs, Waiter};
use crate::log::{Decision, Log, Verdict};
use crate::{
    Admission, Cancelled, Counters, Dispatch, DropReason, Effect, Flow, JobId, Priority, Refusal,
    Request, Settings, Ticket, Turn, WhenFull, Window,
};

/// Who goes first, who is refused, and why; see the documentation of the crate.
///
/// `now` must not fall from one call to the next.
#[derive(Debug)]
pub struct Engine<T> {
    settings: Settings,
    weights: FxHashMap<Flow, u32>,
    classes: Classes,
    jobs: Jobs<T>,
    /// How many queued jobs hold a place in each class.
    places: [usize; 4],
    effects: Vec<Effect>,
    log: Log,
    counters: Counters,
}

impl<T> Engine<T> {
    /// An engine with nothing to do.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            log: Log::new(settings.decisions),
            settings,
            weights: FxHashMap::default(),
            classes: Classes::default(),
            jobs: Jobs::new(),
            places: [0; 4],
            effects: Vec::new(),
            counters: Counters::default(),
        }
    }

    /// The share of a flow beside others of its class, from its next job on. It is 1 for flows without one, and kept
    /// until the window is closed.
    pub fn set_weight(&mut self, flow: Flow, weight: u32) {
        self.weights.insert(flow, weight.max(1));
    }

    /// A new request.
    pub fn submit(&mut self, request: Request<T>, now: Instant) -> Admission {
        self.expire(now);
        if request.deadline.is_some_and(|deadline| deadline <= now) {
            return self.refuse(&request, Refusal::Expired, now);
        }
        if let Some(job) = self.jobs.with_key(request.merge) {
            return self.join(job, &request, now);
        }
        let class = request.priority;
        if self.places[class.index()] >= self.settings.capacity_of(class)
            && !self.make_room(&request, now)
        {
            return self.refuse(&request, Refusal::Full, now);
        }
        let id = JobId(self.jobs.new_id());
        let ticket = Ticket(self.jobs.new_id());
        let waiter = waiter_of(&request, id);
        let flow = request.flow;
        let job = Job {
            payload: Some(request.payload),
            priority: class,
            flow,
            cost: request.cost.max(1),
            merge: request.merge,
            revision: request.revision,
            admitted: class,
            queued_at: now,
            waiters: Vec::with_capacity(1),
        };
        self.jobs.insert(id, job);
        self.jobs.add_waiter(ticket, waiter);
        self.places[class.index()] += 1;
        self.classes.push(class, flow, id, now);
        self.counters.queued += 1;
        let verdict = Verdict::Queued {
            ticket,
            job: id,
            priority: class,
            flow,
        };
        self.log.note(now, verdict);
        Admission::Queued { ticket, job: id }
    }

    /// The job whose turn it is; the caller has a free place for it. `None` if no job is queued.
    pub fn next(&mut self, now: Instant) -> Option<Dispatch<T>> {
        self.next_of(&Priority::ALL, now)
    }

    /// As [`Engine::next`], for a free place that takes only jobs of some classes.
    pub fn next_of(&mut self, classes: &[Priority], now: Instant) -> Option<Dispatch<T>> {
        self.expire(now);
        let (priority, turn) = self.classes.turn(classes, &self.settings, now)?;
        let (flow, id) = self.classes.queue(priority).peek()?;
        let job = self.jobs.jobs.get_mut(&id)?;
        let payload = job.payload.take()?;
        self.places[job.admitted.index()] -= 1;
        let weight = self.weights.get(&flow).copied().unwrap_or(1);
        self.classes
            .queue_mut(priority)
            .serve(length(job.cost, weight));
        self.classes.served(priority, now);
        self.counters.dispatched[priority.index()] += 1;
        self.counters.aged += u64::from(turn != Turn::Fair);
        let verdict = Verdict::Dispatched {
            job: id,
            priority,
            flow,
            turn,
        };
        self.log.note(now, verdict);
        let (cost, queued_at) = (job.cost, job.queued_at);
        Some(Dispatch {
            job: id,
            payload,
            priority,
            flow,
            cost,
            deadline: self.jobs.deadline_of(id),
            waited: now.saturating_duration_since(queued_at),
            turn,
        })
    }

    /// A dispatched job is over, however it ended: who waits for its answer. A waiter whose deadline passed since the
    /// last call is among them, for the answer is there.
    pub fn finish(&mut self, job: JobId, now: Instant) -> Vec<Ticket> {
        if self.jobs.jobs.get(&job).is_none_or(Job::is_queued) {
            return Vec::new();
        }
        let Some(done) = self.jobs.remove(job) else {
            return Vec::new();
        };
        for ticket in &done.waiters {
            self.jobs.take_waiter(*ticket);
        }
        self.counters.answered += done.waiters.len() as u64;
        let waiters = done.waiters.len();
        self.log.note(now, Verdict::Finished { job, waiters });
        done.waiters
    }

    /// As [`Engine::finish`], with what the job really cost, so that the shares are of that.
    pub fn finish_at_cost(&mut self, job: JobId, cost: u32, now: Instant) -> Vec<Ticket> {
        if let Some(running) = self.jobs.jobs.get(&job).filter(|it| !it.is_queued()) {
            let weight = self.weights.get(&running.flow).copied().unwrap_or(1);
            self.classes.queue_mut(running.priority).correct(
                running.flow,
                length(running.cost, weight),
                length(cost, weight),
            );
        }
        self.finish(job, now)
    }

    /// One waiter no longer wants its answer. The job goes on for the others, with the priority of the most urgent of
    /// them.
    pub fn cancel(&mut self, ticket: Ticket, now: Instant) -> Cancelled {
        if self.jobs.waiter(ticket).is_none() {
            return Cancelled::Unknown;
        }
        self.counters.cancelled += 1;
        self.log.note(now, Verdict::Cancelled { ticket });
        self.leave(ticket, now)
    }

    /// Drops all requests of a window that was closed, and its weights.
    pub fn close_window(&mut self, window: Window, now: Instant) {
        for ticket in self.jobs.tickets_of(window) {
            self.drop_ticket(ticket, DropReason::WindowClosed, now);
        }
        self.weights.retain(|flow, _| flow.window != window);
    }

    /// Drops all requests whose deadline is over. The other methods do so too; an owner with nothing else to do calls
    /// this at [`Engine::next_deadline`].
    pub fn expire(&mut self, now: Instant) {
        while let Some(ticket) = self.jobs.expired(now) {
            self.drop_ticket(ticket, DropReason::Expired, now);
        }
    }

    /// When the next request expires.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.jobs.next_deadline()
    }

    /// What the owner has to do because of what was called since it last asked.
    pub fn drain_effects(&mut self) -> impl Iterator<Item = Effect> + '_ {
        self.effects.drain(..)
    }

    /// Picks one of several answers, as [`choose`] does, and writes down why.
    pub fn choose(
        &mut self,
        candidates: &[Candidate<'_>],
        deadline_ms: f64,
        least_agreeing: usize,
        now: Instant,
    ) -> Option<Choice> {
        let choice = choose(candidates, deadline_ms, least_agreeing);
        let verdict = Verdict::Chosen {
            choice: choice.map(|it| (it.index, it.reason)),
            of: candidates.len(),
        };
        self.log.note(now, verdict);
        choice
    }

    /// The last decisions, the oldest first.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = &Decision> + ExactSizeIterator {
        self.log.iter()
    }

    /// What was decided since the start, in numbers.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// How many jobs are queued in a class.
    #[must_use]
    pub fn queued(&self, class: Priority) -> usize {
        self.classes.queue(class).len()
    }

    /// How many jobs run, those that are being stopped among them.
    #[must_use]
    pub fn running(&self) -> usize {
        self.jobs.jobs.len() - self.places.iter().sum::<usize>()
    }

    fn refuse(&mut self, request: &Request<T>, reason: Refusal, now: Instant) -> Admission {
        self.counters.refuse(reason);
        let verdict = Verdict::Refused {
            priority: request.priority,
            flow: request.flow,
            reason,
        };
        self.log.note(now, verdict);
        Admission::Refused(reason)
    }

    /// One more waiter for a job that is there.
    fn join(&mut self, id: JobId, request: &Request<T>, now: Instant) -> Admission {
        let most = self.settings.waiters;
        let Some(job) = self
            .jobs
            .jobs
            .get_mut(&id)
            .filter(|it| it.waiters.len() < most)
        else {
            return self.refuse(request, Refusal::TooManyWaiters, now);
        };
        job.revision = job.revision.max(request.revision);
        let running = !job.is_queued();
        let more_urgent = request.priority < job.priority;
        let ticket = Ticket(self.jobs.new_id());
        self.jobs.add_waiter(ticket, waiter_of(request, id));
        self.counters.merged += 1;
        self.log.note(now, Verdict::Merged { ticket, job: id });
        if more_urgent && !running {
            self.relocate(id, request.priority, request.flow, now);
        }
        Admission::Merged {
            ticket,
            job: id,
            running,
        }
    }

    /// Drops an outdated job for `request`, if the policy of its class allows and there is one.
    fn make_room(&mut self, request: &Request<T>, now: Instant) -> bool {
        let class = request.priority;
        if self.settings.when_full[class.index()] != WhenFull::DisplaceStale {
            return false;
        }
        let oldest = self.classes.queue(class).oldest(request.flow);
        let Some(job) = oldest.and_then(|id| self.jobs.jobs.get(&id)) else {
            return false;
        };
        let of_this_flow = |ticket: &Ticket| {
            let waiter = self.jobs.waiter(*ticket);
            waiter.is_some_and(|it| it.flow == request.flow)
        };
        if job.revision >= request.revision
            || job.admitted != class
            || !job.waiters.iter().all(of_this_flow)
        {
            return false;
        }
        for ticket in job.waiters.clone() {
            self.drop_ticket(ticket, DropReason::Displaced, now);
        }
        true
    }

    fn drop_ticket(&mut self, ticket: Ticket, reason: DropReason, now: Instant) {
        self.counters.drop_ticket(reason);
        self.log.note(now, Verdict::Dropped { ticket, reason });
        self.effects.push(Effect::Dropped { ticket, reason });
        if let Cancelled::Stop(job) = self.leave(ticket, now) {
            self.effects.push(Effect::Stop(job));
        }
    }

    /// Takes a waiter from its job, and the job away if it was the last one.
    fn leave(&mut self, ticket: Ticket, now: Instant) -> Cancelled {
        let Some(waiter) = self.jobs.take_waiter(ticket) else {
            return Cancelled::Unknown;
        };
        let id = waiter.job;
        let Some(job) = self.jobs.jobs.get_mut(&id) else {
            return Cancelled::Unknown;
        };
        job.waiters.retain(|it| *it != ticket);
        let (queued, priority, flow) = (job.is_queued(), job.priority, job.flow);
        if job.waiters.is_empty() {
            if !queued {
                self.jobs.forget_key(id);
                self.counters.stopped += 1;
                self.log.note(now, Verdict::Stopped { job: id });
                return Cancelled::Stop(id);
            }
            self.places[job.admitted.index()] -= 1;
            self.classes.queue_mut(priority).remove(flow, id);
            self.jobs.remove(id);
            return Cancelled::Removed(id);
        }
        if queued
            && (waiter.priority, waiter.flow) == (priority, flow)
            && let Some((priority, flow)) = self.jobs.leader(id)
        {
            self.relocate(id, priority, flow, now);
        }
        Cancelled::Left(id)
    }

    /// Puts a queued job into the queue of its most urgent waiter.
    fn relocate(&mut self, id: JobId, priority: Priority, flow: Flow, now: Instant) {
        let Some(job) = self.jobs.jobs.get_mut(&id) else {
            return;
        };
        let (old_priority, old_flow) = (job.priority, job.flow);
        if (old_priority, old_flow) == (priority, flow) {
            return;
        }
        (job.priority, job.flow) = (priority, flow);
        self.classes.queue_mut(old_priority).remove(old_flow, id);
        self.classes.push(priority, flow, id, now);
        if old_priority != priority {
            let verdict = Verdict::Moved {
                job: id,
                from: old_priority,
                to: priority,
            };
            self.log.note(now, verdict);
        }
    }
}

fn waiter_of<T>(request: &Request<T>, job: JobId) -> Waiter {
    Waiter {
        job,
        priority: request.priority,
        flow: request.flow,
        deadline: request.deadline,
    }
}
