//! The copy level: places whose shape is like the text before the cursor. What they went on with is
//! likely here too, with their names replaced by the names that stand in the same spots here.

use crate::builtin::shape;
use crate::index::{Counts, Index, SHAPE_ORDERS};
use crate::vocab::Names;
use crate::weights::{self, SCOPES};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The shortest context that is looked for.
const SHORTEST: usize = 3;
/// A longer context is preferred while it was in this many places.
const ENOUGH: usize = 24;
/// At most about as many places are compared.
const MOST_PLACES: usize = 160;
/// Tokens compared at each place.
const COMPARED: usize = 24;
/// Votes are counts of this sum.
const SCALE: f64 = 100_000.0;

/// What similar places went on with.
pub(crate) struct Copied {
    pub(crate) bucket: usize,
    pub(crate) counts: Arc<Counts>,
}

/// Asks the places like the end of `context` in the project and in the file.
pub(crate) fn places(
    scopes: &[Vec<&Index>; SCOPES],
    names: Names<'_>,
    context: &[u32],
) -> Option<Copied> {
    let tail = &context[context.len().saturating_sub(COMPARED)..];
    let shapes: Vec<u8> = tail.iter().map(|token| names.shape(*token)).collect();
    let mut votes: FxHashMap<u32, f64> = FxHashMap::default();
    let mut best = 0.0_f64;
    for index in scopes[0].iter().chain(&scopes[SCOPES - 1]) {
        let Some((length, low, high)) = longest(index, &shapes) else {
            continue;
        };
        for position in index.by_shape[low..high]
            .iter()
            .step_by(((high - low) / MOST_PLACES).max(1))
        {
            let next = *position as usize + length;
            if let Some(token) = index.text.tokens.get(next) {
                let (likeness, renamed) = compare(index, next, tail, &shapes);
                let here = renamed
                    .iter()
                    .find(|it| it.0 == *token)
                    .map_or(*token, |it| it.1);
                *votes.entry(here).or_default() += (1.3 * likeness).exp();
                best = best.max(likeness);
            }
        }
    }
    let sum: f64 = votes.values().sum();
    let mut items: Vec<(u32, u32)> = votes
        .iter()
        .map(|(token, vote)| (*token, (vote / sum * SCALE) as u32))
        .collect();
    items.retain(|item| item.1 > 0);
    items.sort_unstable();
    let most = items.iter().map(|item| item.1).max()?;
    let bucket = weights::copy_bucket(best, f64::from(most) / SCALE);
    let mut counts = Counts::new(items, usize::MAX);
    counts.total = SCALE as u32;
    Some(Copied {
        bucket,
        counts: Arc::new(counts),
    })
}

/// The longest context that was in enough places: its length and its range. The longer a context,
/// the fewer places it was in.
fn longest(index: &Index, shapes: &[u8]) -> Option<(usize, usize, usize)> {
    let range = |length: usize| index.shape_range(&shapes[shapes.len() - length..]);
    let mut longest = SHAPE_ORDERS.min(shapes.len());
    if longest < SHORTEST {
        return None;
    }
    let mut length = SHORTEST;
    let (mut low, mut high) = range(length);
    while length < longest {
        let middle = (length + longest).div_ceil(2);
        let (from, to) = range(middle);
        if to - from < ENOUGH {
            longest = middle - 1;
        } else {
            (length, low, high) = (middle, from, to);
        }
    }
    (low < high).then_some((length, low, high))
}

/// How alike the tokens before `next` are to `tail`, and which names stand for which.
fn compare(index: &Index, next: usize, tail: &[u32], shapes: &[u8]) -> (f64, Vec<(u32, u32)>) {
    let mut likeness = 0.0;
    let mut renamed: Vec<(u32, u32)> = Vec::new();
    for back in 1..=tail.len().min(next) {
        let (there, here) = (index.text.tokens[next - back], tail[tail.len() - back]);
        let weight = 1.0 / (1.0 + 0.1 * back as f64);
        if there == here {
            likeness += 0.6 * weight;
            continue;
        }
        let shape_there = index.text.shapes[next - back];
        if shape_there != shapes[shapes.len() - back] {
            break;
        }
        if shape_there == shape::WORD {
            match renamed.iter().find(|it| it.0 == there) {
                None => renamed.push((there, here)),
                Some(known) if known.1 == here => likeness += 0.5 * weight,
                Some(_) => likeness -= 0.4 * weight,
            }
        }
    }
    (likeness, renamed)
}
