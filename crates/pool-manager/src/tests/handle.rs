//! The handle, with instruments inside this process. Time is paused: it passes when everything waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::{
    Instrument, InstrumentId, Kind, Lease, Limits, Phase, Pool, Refusal, Request, Running, Spec,
    StartError, Times,
};

const KIND: Kind = Kind(0);

/// What the tests decide about an instrument, and see of it.
#[derive(Debug, Default)]
struct World {
    starts: AtomicUsize,
    alive: AtomicUsize,
    cannot_start: AtomicBool,
    never_ready: AtomicBool,
    unwell: AtomicBool,
    killed: Notify,
}

#[derive(Debug, Clone, Default)]
struct Fake(Arc<World>);

#[derive(Debug)]
struct Alive(Arc<World>);

impl Instrument for Fake {
    type Running = Alive;

    async fn start(&self) -> Result<Alive, StartError> {
        self.0.starts.fetch_add(1, Ordering::SeqCst);
        self.0.alive.fetch_add(1, Ordering::SeqCst);
        let alive = Alive(Arc::clone(&self.0));
        tokio::time::sleep(Duration::from_millis(100)).await;
        if self.0.never_ready.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.0.cannot_start.load(Ordering::SeqCst) {
            return Err(StartError("no such model".to_owned()));
        }
        Ok(alive)
    }
}

impl Running for Alive {
    async fn probe(&self) -> bool {
        !self.0.unwell.load(Ordering::SeqCst)
    }

    async fn ended(&self) -> String {
        self.0.killed.notified().await;
        "killed".to_owned()
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

fn pool(fakes: &[(&str, &Fake)]) -> Pool<Fake> {
    let fakes = fakes.iter().map(|(name, fake)| {
        let spec = Spec {
            leases: 2,
            ..Spec::new(*name, KIND)
        };
        (spec, (*fake).clone())
    });
    let limits = Limits {
        waiters: 3,
        ..Limits::default()
    };
    Pool::new(fakes.collect(), limits, Times::default())
}

async fn lease(pool: &Pool<Fake>) -> Result<Lease<Fake>, Refusal> {
    let deadline = Instant::now() + Duration::from_secs(10);
    pool.lease(Request::kind(KIND), deadline).await
}

fn phase(pool: &Pool<Fake>, place: usize) -> Phase {
    pool.status()[place].phase
}

#[tokio::test(start_paused = true)]
async fn a_lease_starts_the_instrument_and_the_next_one_finds_it_warm() {
    let fake = Fake::default();
    let pool = pool(&[("one", &fake)]);
    assert!(pool.try_lease(&Request::kind(KIND)).is_none());
    drop(lease(&pool).await.unwrap());
    let warm = pool.try_lease(&Request::kind(KIND)).unwrap();
    assert_eq!(phase(&pool, 0), Phase::Active);
    drop(warm);
    assert_eq!(phase(&pool, 0), Phase::Warm);
    assert_eq!(fake.0.starts.load(Ordering::SeqCst), 1);
    let account = pool.status()[0].account;
    assert_eq!(
        (account.leases, account.waited, account.cold_starts),
        (2, 1, 1)
    );
    // Unused for five minutes it goes by itself.
    tokio::time::sleep(Duration::from_secs(500)).await;
    assert_eq!(phase(&pool, 0), Phase::Cold);
    assert_eq!(fake.0.alive.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn waiters_are_served_in_order_up_to_a_bound() {
    let fake = Fake::default();
    let pool = pool(&[("one", &fake)]);
    let held = [lease(&pool).await.unwrap(), lease(&pool).await.unwrap()];
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let waiting: Vec<_> = (0..3)
        .map(|number| {
            let (pool, order) = (pool.clone(), Arc::clone(&order));
            tokio::spawn(async move {
                let lease = lease(&pool).await.unwrap();
                order.lock().unwrap().push(number);
                drop(lease);
            })
        })
        .collect();
    while pool.status()[0].waiting < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(lease(&pool).await.err(), Some(Refusal::Full));
    drop(held);
    for task in waiting {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2]);
    assert_eq!(phase(&pool, 0), Phase::Warm);
}

#[tokio::test(start_paused = true)]
async fn who_comes_too_late_or_leaves_takes_no_lease_along() {
    let fake = Fake::default();
    let pool = pool(&[("one", &fake)]);
    let held = [lease(&pool).await.unwrap(), lease(&pool).await.unwrap()];
    assert_eq!(lease(&pool).await.err(), Some(Refusal::Late));
    let leaving = tokio::spawn({
        let pool = pool.clone();
        async move { lease(&pool).await.map(drop) }
    });
    while pool.status()[0].waiting < 1 {
        tokio::task::yield_now().await;
    }
    leaving.abort();
    assert!(leaving.await.unwrap_err().is_cancelled());
    assert_eq!(pool.status()[0].waiting, 0);
    drop(held);
    assert_eq!(phase(&pool, 0), Phase::Warm);
}

#[tokio::test(start_paused = true)]
async fn a_death_is_told_to_its_leases_and_the_next_one_serves() {
    let (first, second) = (Fake::default(), Fake::default());
    let pool = pool(&[("first", &first), ("second", &second)]);
    let lost = lease(&pool).await.unwrap();
    assert!(!lost.is_lost());
    first.0.killed.notify_one();
    lost.lost().await;
    assert!(matches!(phase(&pool, 0), Phase::Failed { .. }));
    assert_eq!(pool.status()[0].failure.as_deref(), Some("killed"));
    let other = lease(&pool).await.unwrap();
    assert_eq!(other.instrument(), InstrumentId(1));
    drop((lost, other));
    assert_eq!(first.0.alive.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_start_is_left_alone_for_a_while() {
    let fake = Fake::default();
    fake.0.cannot_start.store(true, Ordering::SeqCst);
    let pool = pool(&[("one", &fake)]);
    assert_eq!(lease(&pool).await.err(), Some(Refusal::Unavailable));
    let status = pool.status().remove(0);
    assert_eq!(status.failure.as_deref(), Some("no such model"));
    fake.0.cannot_start.store(false, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(lease(&pool).await.is_ok());
    assert_eq!(fake.0.starts.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_never_ready_fails() {
    let fake = Fake::default();
    fake.0.never_ready.store(true, Ordering::SeqCst);
    let pool = pool(&[("one", &fake)]);
    let deadline = Instant::now() + Duration::from_secs(1000);
    let refused = pool.lease(Request::kind(KIND), deadline).await.err();
    assert_eq!(refused, Some(Refusal::Unavailable));
    assert_eq!(fake.0.alive.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_not_well_is_stopped_and_its_leases_are_lost() {
    let fake = Fake::default();
    let pool = pool(&[("one", &fake)]);
    let lease = lease(&pool).await.unwrap();
    fake.0.unwell.store(true, Ordering::SeqCst);
    lease.lost().await;
    assert!(matches!(phase(&pool, 0), Phase::Failed { .. }));
    drop(lease);
    pool.close().await;
    assert_eq!(fake.0.alive.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn the_breaker_opens_and_recovers() {
    let fake = Fake::default();
    let pool = pool(&[("one", &fake)]);
    for _ in 0..3 {
        lease(&pool).await.unwrap().failed();
    }
    assert_eq!(lease(&pool).await.err(), Some(Refusal::Unavailable));
    tokio::time::sleep(Duration::from_secs(6)).await;
    let mut trial = lease(&pool).await.unwrap();
    assert_eq!(lease(&pool).await.err(), Some(Refusal::Unavailable));
    trial.succeeded();
    drop(trial);
    let both = [lease(&pool).await, lease(&pool).await];
    assert!(both.iter().all(Result::is_ok));
}

#[tokio::test(start_paused = true)]
async fn closing_ends_everything_and_refuses_who_comes() {
    let (first, second) = (Fake::default(), Fake::default());
    second.0.never_ready.store(true, Ordering::SeqCst);
    let pool = pool(&[("first", &first), ("second", &second)]);
    let held = lease(&pool).await.unwrap();
    pool.foresee(InstrumentId(1));
    while second.0.starts.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    pool.close().await;
    assert!(held.is_lost());
    drop(held);
    let alive = [&first, &second].map(|it| it.0.alive.load(Ordering::SeqCst));
    assert_eq!(alive, [0, 0]);
    assert_eq!(lease(&pool).await.err(), Some(Refusal::Closed));
}

#[tokio::test(start_paused = true)]
async fn the_last_handle_takes_the_instruments_along() {
    let fake = Fake::default();
    let pool = pool(&[("one", &fake)]);
    drop(lease(&pool).await.unwrap());
    drop(pool);
    while fake.0.alive.load(Ordering::SeqCst) > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(fake.0.starts.load(Ordering::SeqCst), 1);
}
