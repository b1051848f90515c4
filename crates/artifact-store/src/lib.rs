//! The Artifact Store keeps values by the hash of what they were made from: in memory, in an append-only log
//! on disk, and in a store that machines share.
//!
//! A [`Key`] names everything that an answer depends on; the value found under it is given out only if its bytes
//! still hash to the [`ArtifactId`] that was put. So an answer is right or missing, never wrong: a flipped byte,
//! a torn write or a file of another version is a miss. Nothing here fails its callers for the sake of the disk: a
//! directory that cannot be written is told of once, and the store goes on without it.
//!
//! What is shared without a lock decides no answer, so there is nothing for a model checker: counts, whether something was told,
//! whether a value was used since the disk tier last looked (a lost mark makes it a little more likely to be evicted), and the
//! bytes that wait for the shared tier (two puts at the limit may both be refused, never both be let in above it).
//!
//! ```
//! use symphony_artifact_store::{KeyBuilder, Kind, Lineage, Options, Store};
//!
//! const SUMMARY: Kind = Kind::new("summary");
//! let store = Store::open(Options::in_memory(1 << 20));
//! let key = KeyBuilder::new(SUMMARY, 1).part("text", b"let a = 1").finish();
//! let lineage = Lineage::new(SUMMARY, "summary", "0.1", 1_700_000_000);
//! store.put(key, vec![1, 2, 3], lineage)?;
//! assert_eq!(store.get(&key).expect("just put").bytes(), &[1, 2, 3][..]);
//! # Ok::<(), symphony_artifact_store::Error>(())
//! ```

mod error;
mod key;
mod lineage;
mod log;
mod memory;
mod options;
mod shared;
mod stats;
mod store;
mod uniform;

pub use error::Error;
pub use key::{ArtifactId, Key, KeyBuilder, Kind, ParseIdError};
pub use lineage::{Lineage, Link, Outcome, Quality};
pub use memory::Artifact;
pub use options::{Options, Purge};
#[cfg(feature = "redis")]
pub use shared::Redis;
#[cfg(feature = "s3")]
pub use shared::S3;
pub use shared::{Backend, Secret, SharedError, SharedOptions, connect};
pub use stats::{
    DiskState, DiskStats, KindStats, MemoryStats, Report, SharedState, SharedStats, Stats,
};
pub use store::Store;
