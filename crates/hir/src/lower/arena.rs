//! The arena that a thread parses into: kept from one file to the next, since fresh pages cost as much as the parser.

use std::cell::Cell;

use oxc_allocator::Allocator;

/// A larger arena is given back: it was for a file of the rare sort.
const MOST_KEPT: usize = 1 << 20;

thread_local! {
    static SPARE: Cell<Option<Allocator>> = const { Cell::new(None) };
}

/// Runs `work` with an empty arena.
pub(super) fn with_arena<T>(work: impl FnOnce(&Allocator) -> T) -> T {
    let mut arena = SPARE.take().unwrap_or_default();
    let made = work(&arena);
    if arena.capacity() <= MOST_KEPT {
        arena.reset();
        SPARE.set(Some(arena));
    }
    made
}
