//! The Pool Manager's figures: what it costs to lend what is warm.

use std::time::Duration;

use deadpool::managed::{self, Metrics, RecycleResult};
use symphony_benches::{Bound, Figure, Sample, rounds};
use symphony_pool_manager::{
    Instrument, Kind, Limits, Pool, Request, Running, Spec, StartError, Times,
};
use tokio::runtime::Runtime;
use tokio::time::Instant;

const ROUNDS: usize = 500;
const BATCH: usize = 1_000;

/// An instrument that is nothing.
struct Echo;
struct Ready;

impl Running for Ready {}

impl Instrument for Echo {
    type Running = Ready;

    async fn start(&self) -> Result<Ready, StartError> {
        Ok(Ready)
    }
}

/// The peer's way to make an object that is nothing.
struct Maker;

impl managed::Manager for Maker {
    type Type = ();
    type Error = std::convert::Infallible;

    async fn create(&self) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn recycle(&self, (): &mut (), _: &Metrics) -> RecycleResult<Self::Error> {
        Ok(())
    }
}

pub(crate) fn figures() -> Vec<Figure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let Ok(runtime) = runtime else {
        return Vec::new();
    };
    let (Some(ours), Some(theirs)) = (lease(&runtime), theirs(&runtime)) else {
        return Vec::new();
    };
    vec![
        Figure::times("pool", "lease of a warm instrument and its return", ours)
            .beside("deadpool 0.13, managed", theirs)
            .asked(Bound::RatioAtMost(1.0)),
    ]
}

fn lease(runtime: &Runtime) -> Option<Sample> {
    runtime.block_on(async {
        let instruments = vec![(Spec::new("echo", Kind(0)), Echo)];
        let pool = Pool::new(instruments, Limits::default(), Times::default());
        let deadline = Instant::now() + Duration::from_secs(5);
        let mut first = pool.lease(Request::kind(Kind(0)), deadline).await.ok()?;
        first.succeeded();
        drop(first);
        let mut n_lent = 0;
        let sample = rounds(ROUNDS, BATCH, |_| {
            let lease = pool.try_lease(&Request::kind(Kind(0)));
            n_lent += usize::from(lease.is_some());
            if let Some(mut lease) = lease {
                lease.succeeded();
            }
        });
        assert!(n_lent > ROUNDS * BATCH, "what is warm is lent at once");
        pool.close().await;
        Some(sample)
    })
}

fn theirs(runtime: &Runtime) -> Option<Sample> {
    let pool = managed::Pool::<Maker>::builder(Maker)
        .max_size(1)
        .build()
        .ok()?;
    runtime.block_on(async { drop(pool.get().await) });
    // An object that is there is had without waiting; the runtime is entered once for all.
    let mut n_lent = 0;
    let sample = runtime.block_on(async {
        let mut means = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let start = std::time::Instant::now();
            for _ in 0..BATCH {
                n_lent += usize::from(pool.get().await.is_ok());
            }
            means.push(start.elapsed() / BATCH as u32);
        }
        Sample::of(&means)
    });
    assert_eq!(n_lent, ROUNDS * BATCH, "what is there is lent at once");
    Some(Sample {
        n: ROUNDS * BATCH,
        ..sample
    })
}
