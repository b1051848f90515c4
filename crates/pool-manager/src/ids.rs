//! Names of instruments, of their kinds, and of what was lent.

/// An instrument: its place in the list with which the pool was made, fewer than 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstrumentId(pub u8);

/// What an instrument can do; a number of the caller's choice. Instruments of one kind stand in for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Kind(pub u16);

/// Which start of an instrument: what is said about an earlier one counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Generation(pub u32);

/// Somebody who waits for a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WaiterId(pub u64);

/// What a lease stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    /// Of which instrument.
    pub instrument: InstrumentId,
    /// Of which start of it.
    pub generation: Generation,
    /// Whether this lease finds out if the instrument is well again.
    pub(crate) is_trial: bool,
    /// What was set aside for it.
    pub(crate) reserved: crate::Cost,
}
