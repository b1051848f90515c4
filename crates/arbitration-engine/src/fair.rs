//! Start-time fair queueing: flows share by weight, each in the order of its jobs.
//!
//! The queue has a virtual time: the start tag of the job served last. A flow that gets its first job starts at the
//! virtual time, or where its own last job ended if that is later (an idle flow saves nothing up); each job that is
//! served takes `cost / weight` of virtual time, and the flow with the least start tag is served next. While two flows
//! have jobs, what they got for their weight differs by at most one job of each.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::{Flow, JobId};

/// Virtual time of one unit of cost at weight 1. A multiple of every number up to 16, so that shares of such weights are
/// exact; other weights are off by less than 2^-20 of a unit for each job.
const UNIT: u128 = 720_720 << 20;
/// Below this many flows nobody looks for idle ones to forget. Tests have few flows, and are to see them forgotten.
const FEW_FLOWS: usize = if cfg!(test) { 4 } else { 64 };

/// The virtual time that a job of this cost takes.
pub(crate) fn length(cost: u32, weight: u32) -> u128 {
    UNIT * u128::from(cost.max(1)) / u128::from(weight.max(1))
}

/// Where a waiting flow stands: its start tag, and a number that puts equal tags in the order they came up.
type Place = (u128, u64);

#[derive(Debug, Default)]
struct FlowState {
    /// Queued jobs by age.
    jobs: BTreeSet<JobId>,
    /// Its place in `order`; meaningless without jobs.
    place: Place,
    /// Where its last served job ended in virtual time.
    finish: u128,
}

/// The queue of one class.
#[derive(Debug, Default)]
pub(crate) struct FairQueue {
    flows: FxHashMap<Flow, FlowState>,
    order: BTreeMap<Place, Flow>,
    virtual_time: u128,
    places: u64,
    len: usize,
    /// The number of flows at which idle ones are looked for.
    sweep_at: usize,
}

impl FairQueue {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Queues a job; an older job goes before younger ones of its flow.
    pub(crate) fn push(&mut self, flow: Flow, job: JobId) {
        self.forget_idle_flows();
        let state = self.flows.entry(flow).or_default();
        if state.jobs.is_empty() {
            state.place = (state.finish.max(self.virtual_time), self.places);
            self.places += 1;
            self.order.insert(state.place, flow);
        }
        if state.jobs.insert(job) {
            self.len += 1;
        }
    }

    /// Takes a job out of the queue, wherever it stands; its flow pays nothing.
    pub(crate) fn remove(&mut self, flow: Flow, job: JobId) -> bool {
        let Some(state) = self.flows.get_mut(&flow) else {
            return false;
        };
        let removed = state.jobs.remove(&job);
        if removed {
            self.len -= 1;
            if state.jobs.is_empty() {
                self.order.remove(&state.place);
            }
        }
        removed
    }

    /// The job whose turn it is.
    pub(crate) fn peek(&self) -> Option<(Flow, JobId)> {
        let (_, flow) = self.order.first_key_value()?;
        let job = self.flows.get(flow)?.jobs.first()?;
        Some((*flow, *job))
    }

    /// The oldest job of a flow.
    pub(crate) fn oldest(&self, flow: Flow) -> Option<JobId> {
        self.flows.get(&flow)?.jobs.first().copied()
    }

    /// Serves the job that [`FairQueue::peek`] told, which takes `length` of virtual time.
    pub(crate) fn serve(&mut self, length: u128) {
        let Some((place, flow)) = self.order.pop_first() else {
            return;
        };
        self.virtual_time = place.0;
        if let Some(state) = self.flows.get_mut(&flow) {
            state.jobs.pop_first();
            self.len -= 1;
            state.finish = place.0 + length;
            if !state.jobs.is_empty() {
                state.place = (state.finish, self.places);
                self.places += 1;
                self.order.insert(state.place, flow);
            }
        }
    }

    /// Corrects what a served job took, once it is known. A flow never gets back more than to be on a level with one
    /// that comes new: the virtual time does not turn back.
    pub(crate) fn correct(&mut self, flow: Flow, expected: u128, real: u128) {
        let virtual_time = self.virtual_time;
        let state = self.flows.entry(flow).or_default();
        if state.jobs.is_empty() {
            // From the virtual time on at least: an idle flow that was forgotten must not differ from one that was not.
            let finish = state.finish.max(virtual_time);
            state.finish = (finish + real).saturating_sub(expected);
        } else {
            self.order.remove(&state.place);
            let start = (state.place.0 + real).saturating_sub(expected);
            state.place.0 = start.max(virtual_time);
            state.finish = state.place.0;
            self.order.insert(state.place, flow);
        }
    }

    /// A flow without jobs whose last one ended before the virtual time is as good as new.
    fn forget_idle_flows(&mut self) {
        if self.flows.len() < self.sweep_at.max(FEW_FLOWS) {
            return;
        }
        let virtual_time = self.virtual_time;
        self.flows
            .retain(|_, state| !state.jobs.is_empty() || state.finish > virtual_time);
        // Twice as many as are left, so that looking costs little for each job.
        self.sweep_at = self.flows.len() * 2;
    }
}
