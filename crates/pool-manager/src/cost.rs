//! What answers cost, and how much may be spent in a period.

use std::time::Duration;

/// An amount of what instruments charge for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Cost {
    /// Tokens.
    pub tokens: u64,
    /// Money, in millionths of whatever the user pays in.
    pub money: u64,
}

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self {
        tokens: 0,
        money: 0,
    };

    fn plus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_add(other.tokens),
            money: self.money.saturating_add(other.money),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_sub(other.tokens),
            money: self.money.saturating_sub(other.money),
        }
    }

    fn is_within(self, limit: Self) -> bool {
        self.tokens <= limit.tokens && self.money <= limit.money
    }
}

/// How much priced instruments may cost together in each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostLimit {
    /// The most of each.
    pub most: Cost,
    /// The period; they follow each other without a gap.
    pub period: Duration,
}

impl CostLimit {
    /// No limit.
    pub const NONE: Self = Self {
        most: Cost {
            tokens: u64::MAX,
            money: u64::MAX,
        },
        period: Duration::from_secs(24 * 60 * 60),
    };
}

/// What was spent in this period, and what is set aside for leases that are out.
#[derive(Debug)]
pub(crate) struct Purse {
    limit: CostLimit,
    spent: Cost,
    reserved: Cost,
    period_ends: Duration,
}

impl Purse {
    pub(crate) fn new(limit: CostLimit) -> Self {
        Self {
            limit,
            spent: Cost::ZERO,
            reserved: Cost::ZERO,
            period_ends: limit.period,
        }
    }

    pub(crate) fn has(&self, cost: Cost) -> bool {
        let taken = self.spent.plus(self.reserved);
        taken.plus(cost).is_within(self.limit.most)
    }

    pub(crate) fn reserve(&mut self, cost: Cost) {
        self.reserved = self.reserved.plus(cost);
    }

    /// What was set aside is free again, what was really spent is gone; without a word it is what was set aside.
    pub(crate) fn settle(&mut self, reserved: Cost, spent: Cost) {
        self.reserved = self.reserved.minus(reserved);
        self.spent = self.spent.plus(spent);
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        if now >= self.period_ends && !self.limit.period.is_zero() {
            self.spent = Cost::ZERO;
            let periods = now.as_nanos() / self.limit.period.as_nanos() + 1;
            let periods = u32::try_from(periods).unwrap_or(u32::MAX);
            self.period_ends = self.limit.period.saturating_mul(periods);
        }
    }

    /// When something changes without an event.
    pub(crate) fn due(&self) -> Option<Duration> {
        (self.spent != Cost::ZERO).then_some(self.period_ends)
    }

    pub(crate) fn spent(&self) -> Cost {
        self.spent
    }
}
