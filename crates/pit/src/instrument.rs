//! Instruments as the Pit asks them: a question of bytes in, an answer of bytes out. What the bytes mean is between the
//! caller and the instrument.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _, pending, ready};
use symphony_artifact_store::{Key, Lineage};
use symphony_pool_manager as pool;
pub use symphony_pool_manager::{Cost, StartError};

/// Something that answers questions once it runs: a model in memory, a process, an endpoint.
pub trait Instrument: Send + Sync + 'static {
    /// Starts it, until it is ready. If the future is dropped, nothing of it may be left.
    ///
    /// # Errors
    ///
    /// When it does not start, in words for the log and for `symphony pit`.
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>>;

    /// Where its answer to a question is kept, with where it comes from; then nothing is started or asked for that question
    /// again. Only for an answer that depends on nothing but what the key names: the model, its settings and the question.
    fn kept_as(&self, question: &[u8]) -> Option<(Key, Lineage)> {
        let _ = question;
        None
    }
}

/// An instrument that runs. If it is dropped, nothing of it may be left.
pub trait Running: Send + Sync + 'static {
    /// Answers a question; with no bytes if it has nothing to say, and the next instrument is asked. When nobody wants the
    /// answer any more, the future is dropped where it waits.
    ///
    /// # Errors
    ///
    /// When there is no answer, through the instrument's fault; in words for the log. The next instrument is asked then.
    fn ask(&self, question: Bytes) -> BoxFuture<'_, Result<Bytes, String>>;

    /// What it has cost since this was last asked, answers that nobody waited for included.
    fn take_cost(&self) -> Cost {
        Cost::ZERO
    }

    /// Whether it is well. No answer in time counts as no.
    fn probe(&self) -> BoxFuture<'_, bool> {
        ready(true).boxed()
    }

    /// Waits until it ends by itself, and says why.
    fn ended(&self) -> BoxFuture<'_, String> {
        pending().boxed()
    }

    /// Stops it and waits until nothing of it is left.
    fn stop(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

/// An instrument of any type, for the Pool Manager.
pub(crate) struct Pooled(pub(crate) Arc<dyn Instrument>);

/// A running one.
pub(crate) struct PooledRunning(pub(crate) Arc<dyn Running>);

impl fmt::Debug for Pooled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pooled").finish_non_exhaustive()
    }
}

impl pool::Instrument for Pooled {
    type Running = PooledRunning;

    async fn start(&self) -> Result<PooledRunning, StartError> {
        self.0.start().await.map(PooledRunning)
    }
}

impl pool::Running for PooledRunning {
    fn probe(&self) -> impl Future<Output = bool> + Send {
        self.0.probe()
    }

    fn ended(&self) -> impl Future<Output = String> + Send {
        self.0.ended()
    }

    fn stop(&self) -> impl Future<Output = ()> + Send {
        self.0.stop()
    }
}
