//! The four classes: which of them has the next turn.

use std::time::{Duration, Instant};

use crate::fair::FairQueue;
use crate::{Priority, Settings, Turn};

/// One class: its queue, and since when it is passed over.
#[derive(Debug, Default)]
struct Class {
    queue: FairQueue,
    /// When it had its last turn, or got its first job after that; `None` without jobs.
    passed_over_since: Option<Instant>,
    /// How many more urgent jobs went first since then.
    passes: u32,
}

/// All classes.
#[derive(Debug, Default)]
pub(crate) struct Classes([Class; 4]);

impl Classes {
    pub(crate) fn queue(&self, priority: Priority) -> &FairQueue {
        &self.0[priority.index()].queue
    }

    /// For what leaves the order of turns alone: removing jobs and correcting their costs.
    pub(crate) fn queue_mut(&mut self, priority: Priority) -> &mut FairQueue {
        &mut self.0[priority.index()].queue
    }

    pub(crate) fn push(
        &mut self,
        priority: Priority,
        flow: crate::Flow,
        job: crate::JobId,
        now: Instant,
    ) {
        let class = &mut self.0[priority.index()];
        if class.queue.len() == 0 {
            class.passed_over_since = Some(now);
            class.passes = 0;
        }
        class.queue.push(flow, job);
    }

    /// Whose turn it is among `classes`: the most urgent one with jobs, unless one was passed over for longer than it has
    /// patience; of several such the one that is most overdue.
    pub(crate) fn turn(
        &self,
        classes: &[Priority],
        settings: &Settings,
        now: Instant,
    ) -> Option<(Priority, Turn)> {
        let mut with_jobs = Priority::ALL
            .into_iter()
            .filter(|it| classes.contains(it) && self.queue(*it).len() > 0);
        let first = with_jobs.next()?;
        let aged = with_jobs.filter_map(|priority| {
            let class = &self.0[priority.index()];
            let passed_over = now.saturating_duration_since(class.passed_over_since?);
            let overdue = passed_over.checked_sub(settings.patience[priority.index()])?;
            (class.passes >= settings.passes.max(1)).then_some((overdue, priority, passed_over))
        });
        // The more urgent of equally overdue ones: `max_by_key` would take the last.
        let mut best: Option<(Duration, Priority, Duration)> = None;
        for it in aged {
            if best.is_none_or(|best| it.0 > best.0) {
                best = Some(it);
            }
        }
        Some(match best {
            Some((_, priority, passed_over)) => (priority, Turn::Aged(passed_over)),
            None => (first, Turn::Fair),
        })
    }

    /// A job of this class was served.
    pub(crate) fn served(&mut self, priority: Priority, now: Instant) {
        for (index, class) in self.0.iter_mut().enumerate() {
            if index == priority.index() {
                class.passed_over_since = Some(now);
                class.passes = 0;
            } else if index > priority.index() && class.queue.len() > 0 {
                class.passes = class.passes.saturating_add(1);
            }
        }
    }
}
