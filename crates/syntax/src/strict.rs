//! What the strict parser makes of a text: a tree where there can be one, and what it has to say, from one reading.

use std::cell::Cell;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::Parser;

use crate::errors::{self, SyntaxError};
use crate::mend::is_whole;
use crate::{Language, too_deep};

/// A larger arena is given back: it was for a file of the rare sort.
const MOST_KEPT: usize = 16 << 20;

thread_local! {
    /// Kept from one text to the next: fresh pages cost as much as the parser.
    static SPARE: Cell<Option<Allocator>> = const { Cell::new(None) };
}

/// Runs `work` with an empty arena, the thread's own unless that is in use.
pub fn with_arena<T>(work: impl FnOnce(&Allocator) -> T) -> T {
    let mut arena = SPARE.take().unwrap_or_default();
    let made = work(&arena);
    if arena.capacity() <= MOST_KEPT {
        arena.reset();
        SPARE.set(Some(arena));
    }
    made
}

/// What was made of the tree of a text.
#[derive(Debug)]
pub enum Reading<T> {
    /// The parser took the whole text.
    Whole(T),
    /// It did not; [`mend`](crate::mend) makes a text that it takes.
    Broken,
    /// The parser must not be given this text, mended or not: it recurses.
    TooDeep,
}

/// Reads `text` and gives its tree to `make`; beside what that makes of it, the syntax errors in the order of their places.
pub fn read<T>(
    text: &str,
    language: Language,
    make: impl for<'a> FnOnce(&Program<'a>, &'a Allocator) -> T,
) -> (Reading<T>, Vec<SyntaxError>) {
    if let Some(at) = too_deep(text, language) {
        return (Reading::TooDeep, vec![errors::nested_too_deeply(text, at)]);
    }
    with_arena(|arena| {
        let parsed = Parser::new(arena, text, language.source_type()).parse();
        let reading = if is_whole(&parsed, text) {
            Reading::Whole(make(&parsed.program, arena))
        } else {
            Reading::Broken
        };
        (reading, errors::in_words(text, parsed.diagnostics))
    })
}
