//! Suffix arrays over token text: where has this context been, and what came next?
//!
//! A `Text` holds tokens and their shapes; an `Index` holds two orders of (some of) its positions,
//! by tokens and by shapes. Several indexes may share one text: a directory is a part of the
//! project. Both are immutable but for a cache.

use crate::builtin::END;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// The longest context looked up by tokens.
pub(crate) const ORDERS: usize = 10;
/// The longest context looked up by shapes.
pub(crate) const SHAPE_ORDERS: usize = 20;
/// Distributions of ranges above this size are kept.
const LARGE: usize = 200;
/// Of a distribution with more different tokens only the commonest are kept.
const MOST_TOKENS: usize = 2048;
/// As many of the commonest tokens are candidates.
const TOP: usize = 32;
/// The cache is emptied when it holds this many counts (of 8 bytes).
const MOST_CACHED: usize = 400_000;

/// Tokens and their shapes; documents end with `END`.
#[derive(Default, Debug)]
pub(crate) struct Text {
    pub(crate) tokens: Vec<u32>,
    pub(crate) shapes: Vec<u8>,
}

/// How often which token came next.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) total: u32,
    pub(crate) distinct: u32,
    /// By token.
    pub(crate) items: Vec<(u32, u32)>,
    /// The commonest tokens.
    pub(crate) top: Vec<u32>,
}

impl Counts {
    /// From counts in the order of their tokens.
    pub(crate) fn new(mut items: Vec<(u32, u32)>, most: usize) -> Counts {
        let total = items.iter().map(|item| item.1).sum();
        let distinct = items.len() as u32;
        let mut top = Vec::new();
        if items.len() <= TOP {
            top.extend(items.iter().map(|item| item.0));
        } else {
            let mut order = items.clone();
            let keep = most.min(order.len());
            order.sort_unstable_by_key(|item| (std::cmp::Reverse(item.1), item.0));
            if keep < order.len() {
                order.truncate(keep);
                items.clone_from(&order);
                items.sort_unstable();
            }
            top.extend(order.iter().take(TOP).map(|item| item.0));
        }
        Counts {
            total,
            distinct,
            items,
            top,
        }
    }

    /// How often `token` came.
    pub(crate) fn of(&self, token: u32) -> u32 {
        let found = self.items.binary_search_by_key(&token, |item| item.0);
        found.map_or(0, |at| self.items[at].1)
    }
}

#[derive(Debug, Default)]
struct Cache {
    counts: FxHashMap<(u32, u32, u8), Arc<Counts>>,
    size: usize,
}

/// Positions of a text in the order of what stands there.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) text: Arc<Text>,
    by_token: Vec<u32>,
    pub(crate) by_shape: Vec<u32>,
    pub(crate) all: Arc<Counts>,
    /// Where the positions of each token of `all` begin in `by_token`.
    starts: Vec<u32>,
    cache: Mutex<Cache>,
}

impl Index {
    /// Sorts all positions of a text.
    pub(crate) fn new(text: Arc<Text>) -> Index {
        let by_token = sort_by_tokens(&text.tokens);
        let by_shape = sort_by_shapes(&text.shapes);
        Index::of(text, by_token, by_shape)
    }

    /// From orders that were made of this text before.
    pub(crate) fn of(text: Arc<Text>, by_token: Vec<u32>, by_shape: Vec<u32>) -> Index {
        let mut items: Vec<(u32, u32)> = Vec::new();
        let mut starts = Vec::new();
        for (at, position) in by_token.iter().enumerate() {
            let token = text.tokens[*position as usize];
            match items.last_mut() {
                Some(last) if last.0 == token => last.1 += 1,
                _ => {
                    items.push((token, 1));
                    starts.push(at as u32);
                }
            }
        }
        let all = Arc::new(Counts::new(items, usize::MAX));
        Index {
            text,
            by_token,
            by_shape,
            all,
            starts,
            cache: Mutex::default(),
        }
    }

    /// The part of this index at positions inside (or not inside) `ranges`, with or without the
    /// order by shapes. Costs one pass, no sorting.
    pub(crate) fn part(&self, shapes: bool, ranges: &[Range<u32>], inside: bool) -> Index {
        // A bit a position: this is asked in no order for all of them.
        let mut bits = vec![0_u64; self.text.tokens.len() / 64 + 1];
        for position in ranges.iter().cloned().flatten() {
            bits[position as usize / 64] |= 1 << (position % 64);
        }
        let keep = |it: &u32| (bits[*it as usize / 64] >> (it % 64) & 1 == 1) == inside;
        // As much as it takes: a vector that grows to tens of megabytes ends with half as much to spare.
        let kept = |order: &[u32]| {
            let mut all = Vec::with_capacity(order.iter().copied().filter(keep).count());
            all.extend(order.iter().copied().filter(keep));
            all
        };
        let by_shape = if shapes {
            kept(&self.by_shape)
        } else {
            Vec::new()
        };
        Index::of(self.text.clone(), kept(&self.by_token), by_shape)
    }

    /// The positions by tokens and by shapes.
    pub(crate) fn orders(&self) -> (&[u32], &[u32]) {
        (&self.by_token, &self.by_shape)
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_token.is_empty()
    }

    /// Bytes in memory, without the text and the cache.
    pub(crate) fn resident(&self) -> usize {
        (self.by_token.len() + self.by_shape.len()) * 4 + self.all.items.len() * 12
    }

    /// Counts of what came after the last 0, 1, 2 ... tokens of `context`, while there are any.
    pub(crate) fn levels(&self, context: &[u32]) -> Vec<Arc<Counts>> {
        let mut levels = Vec::with_capacity(ORDERS + 1);
        if self.is_empty() {
            return levels;
        }
        levels.push(self.all.clone());
        for order in 1..=ORDERS.min(context.len()) {
            let query = &context[context.len() - order..];
            if query[0] == END {
                break;
            }
            let (low, high) = self.range(query);
            if low == high {
                break;
            }
            levels.push(self.counts(low, high, order));
        }
        levels
    }

    /// The range of `by_token` that begins with `query`.
    fn range(&self, query: &[u32]) -> (usize, usize) {
        let tokens = &self.text.tokens;
        let compare = |position: &u32| {
            let at = *position as usize;
            tokens[at..(at + query.len()).min(tokens.len())].cmp(query)
        };
        let Ok(first) = self
            .all
            .items
            .binary_search_by_key(&query[0], |item| item.0)
        else {
            return (0, 0);
        };
        let start = self.starts[first] as usize;
        let bucket = &self.by_token[start..start + self.all.items[first].1 as usize];
        let less = bucket.partition_point(|it| compare(it) == Ordering::Less);
        let (low, rest) = (start + less, &bucket[less..]);
        // Most ranges are short: gallop to the end of this one.
        let mut step = 1;
        while step < rest.len() && compare(&rest[step]) == Ordering::Equal {
            step *= 2;
        }
        let rest = &rest[..step.min(rest.len())];
        (
            low,
            low + rest.partition_point(|it| compare(it) != Ordering::Greater),
        )
    }

    /// The range of `by_shape` that begins with `query`.
    pub(crate) fn shape_range(&self, query: &[u8]) -> (usize, usize) {
        let shapes = &self.text.shapes;
        let compare = |position: &u32| {
            let at = *position as usize;
            shapes[at..(at + query.len()).min(shapes.len())].cmp(query)
        };
        let low = self
            .by_shape
            .partition_point(|it| compare(it) == Ordering::Less);
        let rest = &self.by_shape[low..];
        (
            low,
            low + rest.partition_point(|it| compare(it) == Ordering::Equal),
        )
    }

    fn counts(&self, low: usize, high: usize, order: usize) -> Arc<Counts> {
        let key = (low as u32, high as u32, order as u8);
        if high - low > LARGE
            && let Some(known) = self.lock().counts.get(&key)
        {
            return known.clone();
        }
        let counts = Arc::new(Counts::new(self.count(low, high, order), MOST_TOKENS));
        if high - low > LARGE {
            let mut cache = self.lock();
            if cache.size > MOST_CACHED {
                *cache = Cache::default();
            }
            cache.size += counts.items.len() + 16;
            cache.counts.insert(key, counts.clone());
        }
        counts
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Cache> {
        // A cache that was left by a panic is still a cache.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Groups the tokens after the contexts in a range; equal ones are neighbours.
    fn count(&self, low: usize, high: usize, order: usize) -> Vec<(u32, u32)> {
        let tokens = &self.text.tokens;
        let next = |i: usize| {
            let at = self.by_token[i] as usize + order;
            tokens.get(at).copied().unwrap_or(END)
        };
        let mut items = Vec::new();
        let mut from = low;
        while from < high {
            let token = next(from);
            let (mut inside, mut step) = (from, 1);
            while inside + step < high && next(inside + step) == token {
                inside += step;
                step *= 2;
            }
            let mut outside = (inside + step).min(high);
            while outside - inside > 1 {
                let middle = inside.midpoint(outside);
                if next(middle) == token {
                    inside = middle;
                } else {
                    outside = middle;
                }
            }
            items.push((token, (outside - from) as u32));
            from = outside;
        }
        items
    }
}

/// Positions in the order of the next `ORDERS + 1` tokens, then of the positions.
fn sort_by_tokens(tokens: &[u32]) -> Vec<u32> {
    let at = |i: usize| u64::from(tokens.get(i).copied().unwrap_or(END));
    let keys = (0..tokens.len()).map(|i| ((at(i) << 42) | (at(i + 1) << 21) | at(i + 2), i as u32));
    let end = tokens.len();
    sort(keys.collect(), |position| {
        let at = position as usize;
        &tokens[(at + 3).min(end)..(at + ORDERS + 2).min(end)]
    })
}

/// Positions in the order of the next shapes, then of the positions.
fn sort_by_shapes(shapes: &[u8]) -> Vec<u32> {
    let end = shapes.len();
    let mut keys = Vec::with_capacity(end);
    let at = |i: usize| u64::from(shapes.get(i).copied().unwrap_or(0));
    let mut key = (0..8).fold(0, |key, i| (key << 8) | at(i));
    for position in 0..end {
        keys.push((key, position as u32));
        key = (key << 8) | at(position + 8);
    }
    sort(keys, |position| {
        let at = position as usize;
        &shapes[(at + 8).min(end)..(at + SHAPE_ORDERS + 1).min(end)]
    })
}

fn sort<'a, T: Ord + 'a>(mut keys: Vec<(u64, u32)>, rest: impl Fn(u32) -> &'a [T]) -> Vec<u32> {
    keys.sort_unstable();
    for run in keys.chunk_by_mut(|a, b| a.0 == b.0) {
        if run.len() > 1 {
            run.sort_unstable_by(|a, b| rest(a.1).cmp(rest(b.1)).then(a.1.cmp(&b.1)));
        }
    }
    keys.into_iter().map(|key| key.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(tokens: &[u32]) -> Index {
        let shapes = tokens.iter().map(|it| *it as u8).collect();
        Index::new(Arc::new(Text {
            tokens: tokens.to_vec(),
            shapes,
        }))
    }

    #[test]
    fn contexts_are_counted() {
        let index = index(&[5, 6, 7, 5, 6, 8, 5, 6, 7, END]);
        let levels = index.levels(&[9, 5, 6]);
        assert_eq!(levels.len(), 3);
        assert_eq!(levels[1].items, [(7, 2), (8, 1)]);
        assert_eq!(levels[2].items, [(7, 2), (8, 1)]);
        assert_eq!((levels[0].total, levels[0].of(5)), (10, 3));
    }

    #[test]
    fn a_part_counts_only_its_positions() {
        let index = index(&[5, 6, END, 5, 7, END]);
        let part = index.part(true, &[3..4, 4..6], true);
        assert_eq!(part.levels(&[5])[1].items, [(7, 1)]);
        assert_eq!(part.shape_range(&[5]), (1, 2));
    }

    #[test]
    fn galloping_counts_like_counting() {
        let tokens: Vec<u32> = (0..2000u32)
            .map(|i| 5 + (i * i / 7) % 3 + (i % 11) / 9)
            .collect();
        let index = index(&tokens);
        for context in [[5, 6], [6, 6], [7, 5]] {
            let mut expected = [0u32; 16];
            for window in tokens.windows(3).filter(|it| it[..2] == context) {
                expected[window[2] as usize] += 1;
            }
            let levels = index.levels(&context);
            for (token, count) in expected.iter().enumerate().skip(1) {
                assert_eq!(levels.get(2).map_or(0, |it| it.of(token as u32)), *count);
            }
        }
    }
}
