//! The Stale Manager knows what is no longer wanted, what is no longer true, and what may be forgotten.
//!
//! - *No longer wanted*: a job for an old version of a document is cancelled when newer ones come ([`Policy`]).
//! - *No longer true*: an artifact is stale while the fingerprint of something that it read differs from the one it saw
//!   ([`Dependency`], [`Fingerprint`]).
//! - *May be forgotten*: artifacts are evicted within a budget, by tier and then in the order of S3-FIFO ([`Tier`]); pinned ones
//!   are not. What failed verification is quarantined and not served again.
//!
//! It holds no artifact's bytes: it answers with [`Effect`]s, which the owner of the store carries out. All of it is one pure
//! transition, [`State::apply`]; [`StaleManager`] is the handle that puts it behind a short lock and carries out the effects that
//! concern jobs. It asks no clock: where time matters it is passed in, as the time since a point of the caller's choice.
//!
//! ```
//! use symphony_stale_manager::*;
//!
//! let stale = StaleManager::new(Settings::default());
//! let (document, kind) = (DocumentId(1), JobKind(0));
//! let jobs: Vec<_> = (1..=3).map(|version| stale.job(document, version, kind)).collect();
//! // Two may be alive: the oldest is cancelled, the newest waits until it has ended.
//! assert!(jobs[0].token().is_cancelled() && !jobs[2].is_admitted());
//!
//! let signature = Dependency { domain: 0, id: 7 };
//! let (before, after) = (Fingerprint([1; 16]), Fingerprint([2; 16]));
//! let artifact = Artifact([3; 32]);
//! let stored = Stored::new(artifact, 100, Tier::Cache);
//! stale.stored(&stored, &[(signature, before)], Origin::Computed);
//! let effects = stale.changed(signature, Some(after));
//! assert_eq!(effects, [Effect::Stale(artifact)]);
//! assert_eq!(stale.changed(signature, Some(before)), [Effect::Fresh(artifact)]);
//! ```

mod depend;
mod ids;
mod manager;
mod quarantine;
mod retain;
mod state;
mod supersede;
mod token;

#[cfg(test)]
mod tests;

pub use depend::{Origin, Read};
pub use ids::{Artifact, ArtifactKind, Dependency, DocumentId, Fingerprint, JobId, JobKind};
pub use manager::{Job, Pin, StaleManager};
pub use quarantine::Quarantined;
pub use retain::{Selection, Stored, Tier};
pub use state::{Counts, Effect, Event, Freshness, Gone, Settings, State};
pub use supersede::Policy;
pub use token::{CancelToken, Why};
