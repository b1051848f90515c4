//! Starting and stopping within the memory budget.

use crate::{Generation, InstrumentId};

use super::{Effect, Phase, State};

impl State {
    /// Somebody waits for it: it is started, if need be once others made room.
    pub(super) fn want(&mut self, id: InstrumentId, effects: &mut Vec<Effect>) {
        let slot = &mut self.slots[usize::from(id.0)];
        // One in cooldown is started again when it has ended.
        if !matches!(slot.phase, Phase::Cold | Phase::Cooldown) {
            return;
        }
        if !slot.is_wanted {
            slot.is_wanted = true;
            self.n_wanted += 1;
        }
        self.make_room(effects);
    }

    pub(super) fn unwant(&mut self, id: InstrumentId) {
        let slot = &mut self.slots[usize::from(id.0)];
        if std::mem::take(&mut slot.is_wanted) {
            self.n_wanted -= 1;
        }
    }

    /// It is started if that costs nobody anything.
    pub(super) fn foreseen(&mut self, id: InstrumentId, effects: &mut Vec<Effect>) {
        let Some(slot) = self.slots.get(usize::from(id.0)) else {
            return;
        };
        // Memory that is free but promised is not free.
        let is_free = self.n_wanted == 0 && self.fits(id);
        if !self.is_closed && slot.phase == Phase::Cold && is_free && slot.breaker.allows() {
            self.start(id, effects);
        }
    }

    /// Starts who is wanted and fits; tells idle ones to stop for the first that does not.
    pub(super) fn make_room(&mut self, effects: &mut Vec<Effect>) {
        for place in 0..self.slots.len() {
            let id = InstrumentId(place as u8);
            let slot = &self.slots[place];
            if !slot.is_wanted || slot.phase != Phase::Cold {
                continue;
            }
            if self.fits(id) {
                self.unwant(id);
                self.slot(id).account.cold_starts += 1;
                self.start(id, effects);
                continue;
            }
            self.displace_for(id, effects);
            // Those behind it must not take what was made free for it.
            return;
        }
    }

    fn displace_for(&mut self, id: InstrumentId, effects: &mut Vec<Effect>) {
        loop {
            let ending = |it: &&super::Slot| {
                matches!(
                    it.phase,
                    Phase::Cooldown | Phase::Failed { ending: true, .. }
                )
            };
            let promised: u64 = self
                .slots
                .iter()
                .filter(ending)
                .map(|it| it.spec.memory)
                .sum();
            let left = self.memory - promised;
            if left.saturating_add(self.slot(id).spec.memory) <= self.limits.memory {
                return;
            }
            let idle = self.slots.iter().enumerate();
            let idle = idle.filter(|it| it.1.is_idle() && it.1.spec.memory > 0);
            let Some((place, _)) = idle.min_by_key(|it| it.1.idle_since) else {
                return;
            };
            self.slots[place].account.displaced += 1;
            self.stop(InstrumentId(place as u8), effects);
        }
    }

    fn fits(&self, id: InstrumentId) -> bool {
        let memory = self.slots[usize::from(id.0)].spec.memory;
        self.memory.saturating_add(memory) <= self.limits.memory
    }

    fn start(&mut self, id: InstrumentId, effects: &mut Vec<Effect>) {
        let slot = &mut self.slots[usize::from(id.0)];
        slot.phase = Phase::Loading;
        slot.generation = Generation(slot.generation.0.wrapping_add(1));
        slot.in_flight = 0;
        slot.account.starts += 1;
        self.memory += slot.spec.memory;
        effects.push(Effect::Start(id, slot.generation));
    }

    pub(super) fn stop(&mut self, id: InstrumentId, effects: &mut Vec<Effect>) {
        let slot = self.slot(id);
        slot.phase = Phase::Cooldown;
        effects.push(Effect::Stop(id, slot.generation));
    }

    /// Its process is gone.
    pub(super) fn release(&mut self, id: InstrumentId) {
        let slot = &self.slots[usize::from(id.0)];
        if slot.holds_memory() {
            self.memory -= slot.spec.memory;
        }
    }
}
