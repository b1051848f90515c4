//! An open file, in pieces that are kept: an edit lowers the piece that it is in, and the whole is put together again.
//!
//! A piece is a run of statements that means the same whatever is around it: it begins in a new line with a declaration,
//! which goes on with nothing, and each of its neighbours is whole on its own. So the text of a file whose pieces are
//! whole has the tree that the pieces have, one after the other. Where that cannot be seen (syntax errors, JavaScript with
//! its types in comments, conditions at the top that hold to the end of the file) the file is lowered in one piece.

mod assemble;
mod part;
mod shift;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use symphony_syntax::{Language, Parse};

use crate::{Hir, Lowering};
use part::{At, Part};

/// A piece of that size is cut again.
const LONGEST: usize = 16 << 10;

/// A text that was lowered, and what is kept of it.
#[derive(Debug)]
pub struct Pieces {
    text: Arc<str>,
    language: Language,
    /// At least one; each begins where the one before ends.
    all: Vec<Piece>,
}

/// A part of the text.
#[derive(Debug, Clone)]
struct Piece {
    range: Range<usize>,
    /// Lowered when it is first needed; none if it is not whole on its own.
    part: Arc<OnceLock<Option<Part>>>,
}

impl Piece {
    fn new(range: Range<usize>) -> Self {
        Self {
            range,
            part: Arc::default(),
        }
    }

    fn part(&self, text: &str, language: Language) -> Option<&Part> {
        let at = At {
            is_first: self.range.start == 0,
            is_last: self.range.end == text.len(),
        };
        let lower = || Part::lower(text.get(self.range.clone())?, language, at);
        self.part.get_or_init(lower).as_ref()
    }
}

impl Pieces {
    /// Lowers `text`, which has become of the text of `known`; `tolerant` is its tolerant tree, wanted where there are syntax
    /// errors. Also what to keep for the next time: none where nothing new was learned.
    pub fn lower(
        text: &Arc<str>,
        language: Language,
        known: Option<&Self>,
        tolerant: impl FnOnce() -> Parse,
    ) -> (Lowering, Option<Self>) {
        let edited = known.and_then(|it| it.edited(text, language));
        if let Some((hir, pieces)) = edited {
            let errors = Vec::new();
            return (Lowering { hir, errors }, Some(pieces));
        }
        let mut cuts = None;
        let lowering = crate::lower::lower_parsed(text, language, tolerant, |program| {
            cuts = (language != Language::JavaScript).then(|| part::cuts(program, text));
        });
        let whole = cuts.filter(|_| lowering.errors.is_empty());
        let pieces = whole.map(|cuts| Self {
            text: Arc::clone(text),
            language,
            all: pieces(0..text.len(), &cuts),
        });
        (lowering, pieces)
    }

    /// Lowers a text that differs from this one by a few edits, without its syntax errors.
    pub fn variant(&self, text: &str) -> Option<Hir> {
        let all = self.changed(text)?;
        assembled(text, self.language, &all)
    }

    fn edited(&self, text: &Arc<str>, language: Language) -> Option<(Hir, Self)> {
        if language != self.language {
            return None;
        }
        let all = self.changed(text)?;
        let hir = assembled(text, language, &all)?;
        let pieces = Self {
            text: Arc::clone(text),
            language,
            all,
        };
        Some((hir, pieces))
    }

    /// The pieces of `text`: those of this text that are still there, and what is between them.
    fn changed(&self, text: &str) -> Option<Vec<Piece>> {
        if self.all.len() < 2 {
            return None;
        }
        let (before, after) = common(&self.text, text);
        let first = self.all.partition_point(|it| it.range.end <= before);
        // The last piece that an edit at the very end touches.
        let first = first.min(self.all.len() - 1);
        let behind = self.text.len() - after;
        let next = self.all.partition_point(|it| it.range.start < behind);
        let next = next.max(first + 1);
        let start = self.all[first].range.start;
        let moved = |at: usize| at + text.len() - self.text.len();
        let end = self
            .all
            .get(next)
            .map_or(text.len(), |it| moved(it.range.start));
        let mut all = self.all[..first].to_vec();
        all.push(Piece::new(start..end));
        all.extend(self.all[next..].iter().map(|it| Piece {
            range: moved(it.range.start)..moved(it.range.end),
            part: Arc::clone(&it.part),
        }));
        let longest = LONGEST.max(2 * self.longest(first..next));
        // What is behind nothing begins the file, which it did not before.
        let is_known = start < end && end - start <= longest;
        // What an edit has broken is seen at once.
        (is_known && all[first].part(text, self.language).is_some()).then_some(all)
    }

    fn longest(&self, pieces: Range<usize>) -> usize {
        let lengths = self.all[pieces].iter().map(|it| it.range.len());
        lengths.max().unwrap_or_default()
    }
}

fn assembled(text: &str, language: Language, all: &[Piece]) -> Option<Hir> {
    let parts = all
        .iter()
        .map(|it| Some((it.range.start, it.part(text, language)?)));
    let parts: Vec<_> = parts.collect::<Option<_>>()?;
    Some(assemble::assemble(text, language, &parts))
}

fn pieces(whole: Range<usize>, cuts: &[usize]) -> Vec<Piece> {
    let starts = [whole.start].into_iter().chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([whole.end]);
    starts
        .zip(ends)
        .map(|(start, end)| Piece::new(start..end))
        .collect()
}

/// How many bytes two texts have in common in the beginning, and how many behind that at the end; whole characters.
fn common(a: &str, b: &str) -> (usize, usize) {
    let shorter = a.len().min(b.len());
    let mut before = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    while !a.is_char_boundary(before) {
        before -= 1;
    }
    let backwards = a.bytes().rev().zip(b.bytes().rev());
    let same = backwards.take_while(|(a, b)| a == b).count();
    let mut after = same.min(shorter - before);
    while !a.is_char_boundary(a.len() - after) {
        after -= 1;
    }
    (before, after)
}
