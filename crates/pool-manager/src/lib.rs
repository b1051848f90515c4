//! The Pool Manager lends instruments: it starts, watches and stops them within a budget.
//!
//! | from | event | to | and |
//! |---|---|---|---|
//! | cold | wanted, and its memory is free | loading | start |
//! | cold | wanted, and it is not | cold | idle ones are stopped, the longest unused first |
//! | cold | foreseen, and its memory is free | loading | start |
//! | loading | started | warm, or active | who waits gets a lease |
//! | loading, warm, active | ended by itself, or could not start | failed | its leases are lost, who waits is sent elsewhere |
//! | warm | a lease | active | |
//! | active | the last lease is returned | warm | |
//! | warm | unused for the idle time, or its memory is wanted | cooldown | stop |
//! | warm, active | not healthy | failed, ending | stop; its leases are lost, who waits is sent elsewhere |
//! | cooldown | ended | cold | who waited for memory is started |
//! | failed, ending | ended | failed | who waited for memory is started |
//! | failed | the time is over: exponential, with full jitter | cold | |
//! | any that runs | closed | cooldown | stop; who waits is refused |
//!
//! All of it is one pure transition, [`State::apply`]. [`Pool`] puts it behind a short lock, so that a lease of a warm
//! instrument and its return are two locks and no way to a task; a task of its own starts, probes and stops them.
//!
//! ```
//! use std::time::Duration;
//! use symphony_pool_manager::*;
//! use tokio::time::Instant;
//!
//! struct Echo;
//! struct Ready;
//! impl Running for Ready {}
//! impl Instrument for Echo {
//!     type Running = Ready;
//!     async fn start(&self) -> Result<Ready, StartError> {
//!         Ok(Ready)
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let instruments = vec![(Spec::new("echo", Kind(0)), Echo)];
//! let pool = Pool::new(instruments, Limits::default(), Times::default());
//! let deadline = Instant::now() + Duration::from_secs(1);
//! let mut lease = pool.lease(Request::kind(Kind(0)), deadline).await?;
//! lease.succeeded();
//! drop(lease);
//! assert_eq!(pool.status()[0].phase, Phase::Warm);
//! pool.close().await;
//! # Ok::<(), Refusal>(())
//! # }).unwrap();
//! ```

mod backoff;
mod breaker;
mod cost;
mod driver;
mod ids;
mod instrument;
mod lease;
mod machine;
mod pool;
mod predict;

#[cfg(test)]
mod tests;

pub use backoff::Backoff;
pub use breaker::{Breaker, BreakerSettings, BreakerState};
pub use cost::{Cost, CostLimit};
pub use ids::{Generation, Grant, InstrumentId, Kind, WaiterId};
pub use instrument::{Instrument, Running, StartError};
pub use lease::Lease;
pub use machine::{
    Account, Among, Effect, Event, Limits, Outcome, Phase, Refusal, Request, Spec, State, Trouble,
};
pub use pool::{Pool, Status, Times};
pub use predict::Predictor;
