//! The mark of a lost instrument on the model checker's atomics: every order in which threads may get at it. tokio's `Notify` is
//! the real one: each call of it is one step.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use loom::future::block_on;
use loom::sync::atomic::{AtomicBool, AtomicU8, fence};
use loom::{model, thread};

use crate::lease::{Bit, Live};

impl Bit for AtomicBool {
    fn load(&self, order: Ordering) -> bool {
        self.load(order)
    }

    fn store(&self, value: bool, order: Ordering) {
        self.store(value, order);
    }
}

/// A flag for who waits. `Notify` orders what threads do around its calls, which the model checker cannot see: it looks into its
/// own atomics only. The fences say it.
#[derive(Default)]
struct Ordered(AtomicBool);

impl Bit for Ordered {
    fn load(&self, order: Ordering) -> bool {
        fence(Ordering::SeqCst);
        self.0.load(order)
    }

    fn store(&self, value: bool, order: Ordering) {
        self.0.store(value, order);
        fence(Ordering::SeqCst);
    }
}

#[test]
fn no_holder_misses_that_its_instrument_is_lost() {
    model(|| {
        let live = Arc::new(Live::<(), Ordered>::new(()));
        let waiting = [(); 2].map(|()| {
            let live = live.clone();
            // The model checker reports a thread that is never woken.
            thread::spawn(move || block_on(live.lost()))
        });
        live.lose();
        for waiting in waiting {
            waiting.join().unwrap();
        }
    });
}

#[test]
fn who_sees_the_loss_sees_what_was_written_before_it() {
    model(|| {
        // In place of an instrument, what it leaves behind when it ends.
        let live = Arc::new(Live::<_, AtomicBool>::new(AtomicU8::new(0)));
        let looking = thread::spawn({
            let live = live.clone();
            move || !live.is_lost() || live.running.load(Ordering::Relaxed) == 1
        });
        live.running.store(1, Ordering::Relaxed);
        live.lose();
        assert!(looking.join().unwrap());
    });
}
