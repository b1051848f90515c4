//! The token's flag on the model checker's atomics: every order in which threads may get at it, and every value that the memory
//! model lets them see. tokio's `Notify` is the real one: each call of it is one step.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use loom::future::block_on;
use loom::sync::atomic::{AtomicBool, AtomicU8, fence};
use loom::{model, thread};

use crate::token::{ADMITTED, Byte, FIRST_CANCELLED, Flag};

impl Byte for AtomicU8 {
    fn load(&self, order: Ordering) -> u8 {
        self.load(order)
    }

    fn update(
        &self,
        set: Ordering,
        fetch: Ordering,
        change: impl FnMut(u8) -> Option<u8>,
    ) -> Result<u8, u8> {
        self.fetch_update(set, fetch, change)
    }
}

/// A byte for who waits. `Notify` orders what threads do around its calls, which the model checker cannot see: it looks into its
/// own atomics only. The fences say it.
#[derive(Default)]
struct Ordered(AtomicU8);

impl Byte for Ordered {
    fn load(&self, order: Ordering) -> u8 {
        fence(Ordering::SeqCst);
        self.0.load(order)
    }

    fn update(
        &self,
        set: Ordering,
        fetch: Ordering,
        change: impl FnMut(u8) -> Option<u8>,
    ) -> Result<u8, u8> {
        let updated = self.0.fetch_update(set, fetch, change);
        fence(Ordering::SeqCst);
        updated
    }
}

type Modelled = Arc<Flag<AtomicU8>>;

fn spawn<B: 'static, R: 'static>(
    flag: &Arc<Flag<B>>,
    run: impl FnOnce(&Flag<B>) -> R + 'static,
) -> thread::JoinHandle<R> {
    let flag = flag.clone();
    thread::spawn(move || run(&flag))
}

#[test]
fn the_first_reason_stays_and_admission_does_not_undo_it() {
    model(|| {
        let flag = Modelled::default();
        let one = spawn(&flag, |flag| flag.raise(FIRST_CANCELLED));
        let other = spawn(&flag, |flag| flag.raise(FIRST_CANCELLED + 1));
        let admitted = flag.raise(ADMITTED);
        let seen = flag.state();
        assert!(seen >= ADMITTED, "{admitted}, then {seen}");
        let (one, other) = (one.join().unwrap(), other.join().unwrap());
        assert!(one != other, "one of two reasons is the first");
        let first = FIRST_CANCELLED + u8::from(other);
        assert_eq!(flag.state(), first);
        assert!(seen == ADMITTED || seen == first, "{seen}, then {first}");
    });
}

#[test]
fn states_only_grow() {
    model(|| {
        let flag = Modelled::default();
        let raising = spawn(&flag, |flag| {
            flag.raise(ADMITTED);
            flag.raise(FIRST_CANCELLED);
        });
        let seen = [flag.state(), flag.state(), flag.state()];
        assert!(seen.is_sorted(), "{seen:?}");
        raising.join().unwrap();
        assert_eq!(flag.state(), FIRST_CANCELLED);
    });
}

#[test]
fn who_sees_a_state_sees_what_was_written_before_it() {
    model(|| {
        let flag = Modelled::default();
        let written = Arc::new(AtomicBool::new(false));
        let raising = spawn(&flag, {
            let written = written.clone();
            move |flag| {
                written.store(true, Ordering::Relaxed);
                flag.raise(FIRST_CANCELLED);
            }
        });
        // Passing through another's change keeps it.
        flag.raise(ADMITTED);
        if flag.state() >= FIRST_CANCELLED {
            assert!(written.load(Ordering::Relaxed));
        }
        raising.join().unwrap();
    });
}

#[test]
fn no_wait_misses_the_change_it_waits_for() {
    for awaited in [ADMITTED, FIRST_CANCELLED] {
        model(move || {
            let flag = Arc::<Flag<Ordered>>::default();
            let waiting = spawn(&flag, move |flag| {
                block_on(flag.reached(awaited));
                flag.state()
            });
            flag.raise(ADMITTED);
            flag.raise(FIRST_CANCELLED);
            // The model checker reports a thread that is never woken.
            assert!(waiting.join().unwrap() >= awaited);
        });
    }
}
