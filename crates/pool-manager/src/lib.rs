//! The Pool Manager owns instruments: when they start and stop, who holds a lease on them, and what they may
//! cost.
