//! The shared tier: values that one machine has made and another finds. Behind the disk, off unless it is configured.
//!
//! A [`Backend`] keeps bytes by name: `redis` and `s3` are two. Around it, `tier` sees to it that nobody waits longer
//! than a deadline and that a dead or a useless store costs next to nothing; `runner` is the one thread that talks to
//! the network; `seal` refuses what was not made by a holder of the secret. Nothing here fails its callers: whatever
//! goes wrong is a miss, counted in [`crate::SharedStats`].

mod breaker;
mod budget;
#[cfg(feature = "redis")]
mod redis;
mod runner;
#[cfg(feature = "s3")]
mod s3;
mod seal;
mod tier;

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::{BoxFuture, ready};

#[cfg(feature = "redis")]
pub use self::redis::Redis;
#[cfg(feature = "s3")]
pub use s3::S3;
pub use seal::Secret;
pub(crate) use tier::Tier;

/// Why a shared store did not do what was asked, or cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SharedError {
    /// The address is none that is understood.
    #[error("use the shared store: {0}")]
    Address(String),
    /// The secret is too easily guessed.
    #[error("use a secret of less than 16 bytes")]
    ShortSecret,
    /// The store, or the way there.
    #[error("ask the shared store: {0}")]
    Failed(String),
    /// It did not answer.
    #[error("ask the shared store: no answer in time")]
    NoAnswer,
}

/// A store that machines share: bytes by name, nothing more. It may lose, forget and forge what it likes.
///
/// Called on a thread with a tokio runtime; must never block it. Who dropped a future has lost interest, and the store
/// must still be of use after that.
pub trait Backend: Send + Sync + 'static {
    /// Called once, before anything is asked: the first who asks has less to wait for. Nobody hears whether it worked.
    fn connect(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    /// What is kept under a name.
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, SharedError>>;

    /// Keeps bytes under a name.
    fn put<'a>(&'a self, name: &'a str, entry: Bytes) -> BoxFuture<'a, Result<(), SharedError>>;
}

/// How a shared store is used.
#[derive(Clone)]
pub struct SharedOptions {
    /// The store.
    pub backend: Arc<dyn Backend>,
    /// What entries are authenticated with.
    pub secret: Secret,
    /// How long a get may wait for all its keys together.
    pub deadline: Duration,
    /// How long a store that does not answer is left alone: at first, and at most.
    pub pauses: RangeInclusive<Duration>,
}

impl SharedOptions {
    /// With a deadline of 50 ms, and pauses of a second to five minutes.
    #[must_use]
    pub fn new(backend: Arc<dyn Backend>, secret: Secret) -> Self {
        Self {
            backend,
            secret,
            deadline: Duration::from_millis(50),
            pauses: Duration::from_secs(1)..=Duration::from_secs(300),
        }
    }
}

impl fmt::Debug for SharedOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedOptions")
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// The store at an address: `s3://bucket/prefix`, `redis://host:port/db` or `rediss://...`. Opens no connection yet.
/// `environment` is where S3's credentials, region and endpoint come from, by their usual names: `AWS_ACCESS_KEY_ID`.
///
/// # Errors
/// If the address, or what is in the environment, is not understood.
pub fn connect(
    address: &str,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Arc<dyn Backend>, SharedError> {
    let scheme = address.split_once("://").map(|it| it.0);
    match scheme {
        #[cfg(feature = "s3")]
        Some("s3") => Ok(Arc::new(S3::open(address, environment)?)),
        #[cfg(feature = "redis")]
        Some("redis" | "rediss") => Ok(Arc::new(Redis::open(address)?)),
        // The address may hold a password: it is not repeated.
        _ => {
            drop(environment.into_iter());
            let known = "an address begins with s3://, redis:// or rediss://";
            Err(SharedError::Address(known.to_owned()))
        }
    }
}
