//! The Artifact Store keeps values by the hash of what they were made from: in memory, in an append-only log
//! on disk, and in a store that machines share.
