//! How an instrument comes up, ends and fails.

use crate::{Generation, InstrumentId};

use super::{Effect, Phase, Refusal, State, Trouble};

impl State {
    pub(super) fn started(
        &mut self,
        id: InstrumentId,
        generation: Generation,
        effects: &mut Vec<Effect>,
    ) {
        let now = self.now;
        let Some(slot) = self.current(id, generation) else {
            return;
        };
        if slot.phase == Phase::Loading {
            slot.ready(now);
            self.feed(id, effects);
            if self.n_wanted > 0 {
                self.make_room(effects);
            }
        }
    }

    pub(super) fn ended(
        &mut self,
        id: InstrumentId,
        generation: Generation,
        trouble: Trouble,
        effects: &mut Vec<Effect>,
    ) {
        let Some(slot) = self.current(id, generation) else {
            return;
        };
        match slot.phase {
            Phase::Loading | Phase::Warm | Phase::Active => {
                self.release(id);
                self.fail(id, trouble, false, effects);
                self.after_end(effects);
            }
            // It was to end anyway.
            Phase::Cooldown | Phase::Failed { ending: true, .. } => {
                self.stopped(id, generation, effects);
            }
            Phase::Cold | Phase::Failed { ending: false, .. } => {}
        }
    }

    pub(super) fn stopped(
        &mut self,
        id: InstrumentId,
        generation: Generation,
        effects: &mut Vec<Effect>,
    ) {
        let Some(slot) = self.current(id, generation) else {
            return;
        };
        let after = match slot.phase {
            Phase::Cooldown => Phase::Cold,
            Phase::Failed { until, .. } => Phase::Failed {
                until,
                ending: false,
            },
            _ => return,
        };
        self.release(id);
        self.slot(id).phase = after;
        self.after_end(effects);
    }

    pub(super) fn unhealthy(
        &mut self,
        id: InstrumentId,
        generation: Generation,
        trouble: Trouble,
        effects: &mut Vec<Effect>,
    ) {
        if self.current(id, generation).is_some_and(|it| it.runs()) {
            effects.push(Effect::Stop(id, generation));
            self.fail(id, trouble, true, effects);
        }
    }

    fn fail(
        &mut self,
        id: InstrumentId,
        trouble: Trouble,
        ending: bool,
        effects: &mut Vec<Effect>,
    ) {
        self.now = self.now.max(trouble.now);
        let now = self.now;
        let slot = self.slot(id);
        slot.failures = slot.failures.saturating_add(1);
        slot.account.failures += 1;
        slot.account.lost += u64::from(slot.in_flight);
        slot.in_flight = 0;
        let wait = slot.spec.backoff.wait(slot.failures, trouble.random);
        slot.phase = Phase::Failed {
            until: now + wait,
            ending,
        };
        effects.push(Effect::Lost(id, slot.generation));
        self.send_elsewhere(id, effects);
    }

    fn after_end(&mut self, effects: &mut Vec<Effect>) {
        if self.n_wanted > 0 {
            self.make_room(effects);
        }
    }

    pub(super) fn close(&mut self, effects: &mut Vec<Effect>) {
        self.is_closed = true;
        for place in 0..self.slots.len() {
            let id = InstrumentId(place as u8);
            self.unwant(id);
            for waiting in self.slot(id).waiters.drain(..) {
                effects.push(Effect::Refuse(waiting.waiter, Refusal::Closed));
            }
            match self.slot(id).phase {
                Phase::Loading | Phase::Warm | Phase::Active => self.stop(id, effects),
                Phase::Cold | Phase::Cooldown | Phase::Failed { .. } => {}
            }
        }
    }
}
