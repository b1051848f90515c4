//! Which instrument serves a request: the first in order that is well, and one that is ready before one that is not.

use crate::{InstrumentId, Request};

use super::{Among, Effect, Phase, Refusal, State, Waiting};

pub(super) enum Choice {
    /// This one has a lease free; a better one is cold.
    Ready {
        instrument: InstrumentId,
        better: Option<InstrumentId>,
    },
    /// This one will have.
    Wait(InstrumentId),
    None(Refusal),
}

impl State {
    pub(super) fn choose(&self, request: &Request) -> Choice {
        if self.is_closed {
            return Choice::None(Refusal::Closed);
        }
        let one;
        let order = match request.among {
            Among::Kind(kind) => self.kinds.get(&kind).map_or(&[][..], Vec::as_slice),
            Among::One(id) if usize::from(id.0) < self.slots.len() => {
                one = [id];
                &one
            }
            Among::One(_) => &[],
        };
        if order.is_empty() {
            return Choice::None(Refusal::Unknown);
        }
        let usable = || {
            order
                .iter()
                .copied()
                .filter(|it| self.is_usable(*it, request))
        };
        let slot = |id: InstrumentId| &self.slots[usize::from(id.0)];
        let is_free = |id: &InstrumentId| slot(*id).has_room() && slot(*id).waiters.is_empty();
        if let Some(instrument) = usable().find(is_free) {
            let better = usable().next().filter(|it| slot(*it).phase == Phase::Cold);
            return Choice::Ready { instrument, better };
        }
        let has_place = |id: &InstrumentId| slot(*id).waiters.len() < self.limits.waiters;
        if let Some(id) = usable().find(has_place) {
            return Choice::Wait(id);
        }
        Choice::None(match usable().next() {
            Some(_) => Refusal::Full,
            None if order.iter().any(|it| self.is_only_too_dear(*it, request)) => Refusal::Budget,
            None => Refusal::Unavailable,
        })
    }

    /// Whether the instrument may serve the request, at once or after a wait.
    #[inline]
    pub(super) fn is_usable(&self, id: InstrumentId, request: &Request) -> bool {
        let Some(slot) = self.slots.get(usize::from(id.0)) else {
            return false;
        };
        let affordable = !slot.spec.priced || self.purse.has(request.cost);
        affordable && self.is_well(id, request)
    }

    fn is_only_too_dear(&self, id: InstrumentId, request: &Request) -> bool {
        !self.is_usable(id, request) && self.is_well(id, request)
    }

    #[inline]
    fn is_well(&self, id: InstrumentId, request: &Request) -> bool {
        let slot = &self.slots[usize::from(id.0)];
        !matches!(slot.phase, Phase::Failed { .. })
            && slot.breaker.allows()
            && slot.spec.memory <= self.limits.memory
            && slot.spec.leases > 0
            && request.allows(id)
    }

    /// Chooses anew for all who wait for an instrument that cannot serve them.
    pub(super) fn send_elsewhere(&mut self, id: InstrumentId, effects: &mut Vec<Effect>) {
        let waiters: Vec<Waiting> = self.slot(id).waiters.drain(..).collect();
        self.unwant(id);
        for waiting in waiters {
            self.wanted(waiting, effects);
        }
    }
}
