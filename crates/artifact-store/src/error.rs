//! What a caller can do something about. A broken disk is no error of `get` and `put`: see `DiskState`.

/// Why the store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The value is larger than one artifact may be.
    #[error("keep an artifact of {length} bytes, more than the {limit} that one may have")]
    TooLarge {
        /// Its length in bytes.
        length: usize,
        /// The most that is kept.
        limit: usize,
    },
    /// Another process writes this directory; this one only reads it.
    #[error("write: another process does")]
    ReadOnly,
    /// There is a directory, but it cannot be used.
    #[error("use the artifact directory: {0}")]
    NoDisk(String),
    /// The store has been closed.
    #[error("use a closed store")]
    Closed,
}
