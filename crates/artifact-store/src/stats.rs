//! What a store tells about itself.

/// The state of the disk tier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DiskState {
    /// No directory was asked for.
    #[default]
    None,
    /// This process writes the directory.
    Writing,
    /// Another process writes it; this one reads, and takes over when the other goes.
    Following,
    /// It can be read, but no longer written, for this reason.
    ReadOnly(String),
    /// It cannot be used, for this reason.
    Off(String),
}

/// The memory tier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemoryStats {
    /// Values held.
    pub entries: usize,
    /// What they take.
    pub bytes: u64,
    /// Gets answered from memory.
    pub hits: u64,
    /// Gets that were not.
    pub misses: u64,
}

/// One kind of artifact on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KindStats {
    /// The kind's name.
    pub kind: String,
    /// Keys of it.
    pub entries: usize,
}

/// The disk tier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiskStats {
    /// Whether and how it is used.
    pub state: DiskState,
    /// Keys.
    pub entries: usize,
    /// Distinct values.
    pub values: usize,
    /// Keys by kind, in the order of their names.
    pub kinds: Vec<KindStats>,
    /// Segment files.
    pub segments: usize,
    /// What the segment files take.
    pub bytes: u64,
    /// How much of that is still needed.
    pub live_bytes: u64,
    /// Gets answered from disk.
    pub hits: u64,
    /// Gets that were not.
    pub misses: u64,
    /// Values that were there but did not hash to their id, or could not be read.
    pub damaged: u64,
    /// Keys dropped to stay within the budget.
    pub evicted: u64,
    /// Segments rewritten without their garbage.
    pub compacted: u64,
    /// Files of an unknown version, or without a readable header, that were set aside.
    pub set_aside: u64,
    /// Puts that did not go to disk, because it cannot be written.
    pub unwritten: u64,
}

/// Whether the shared tier is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SharedState {
    /// None was asked for.
    #[default]
    None,
    /// It is.
    Used,
    /// It has not answered several times in a row, and is left alone for a while.
    LeftAlone,
    /// No more.
    Closed,
}

/// The shared tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SharedStats {
    /// Whether it is used.
    pub state: SharedState,
    /// Keys whose value was found there.
    pub hits: u64,
    /// Keys that it has nothing for.
    pub misses: u64,
    /// Keys whose entry no holder of the secret has made for them.
    pub refused: u64,
    /// Keys that it did not answer before the deadline.
    pub timed_out: u64,
    /// Keys that it answered with an error.
    pub failed: u64,
    /// Keys that it was not asked for: it was left alone, or had not been worth the waiting.
    pub skipped: u64,
    /// Values given to it.
    pub put: u64,
    /// Values that were not: too large, too many at once, or it did not take them.
    pub not_put: u64,
}

/// What a store holds and what became of the gets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// In memory.
    pub memory: MemoryStats,
    /// On disk.
    pub disk: DiskStats,
    /// Shared between machines.
    pub shared: SharedStats,
    /// Keys that are pinned.
    pub pinned: usize,
}

/// What a full check of the directory found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Segment files read.
    pub segments: usize,
    /// Sound records in them.
    pub records: usize,
    /// Sound values among them.
    pub values: usize,
    /// Bytes in no sound record.
    pub damaged_bytes: u64,
    /// Values that do not hash to their id; they are dropped.
    pub damaged_values: usize,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damaged_bytes == 0 && self.damaged_values == 0
    }
}
