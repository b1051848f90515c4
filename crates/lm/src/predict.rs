//! Which token comes next: the evidence of contexts of all lengths in all scopes, from short to long
//! and from far to near, with regard to which names the file knows.

use crate::builtin::{self, END, shape};
use crate::copy;
use crate::index::{Counts, Index, ORDERS};
use crate::mixture::{Level, Mixture};
use crate::vocab::{LOCAL, Names};
use crate::weights::{self, Familiarity, RECENT, SCOPES, Weights};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Names among this many last tokens are recent.
const RECENT_TOKENS: usize = 150;
/// Names on the cursor's line, which is not in the file's index, are among this many last tokens.
const LINE_TOKENS: usize = 40;
/// Words with a prefix taken from each layer of the vocabulary.
const MOST_WITH_PREFIX: usize = 1000;

/// Everything a prediction reads.
pub(crate) struct Evidence<'a> {
    /// Project, directory, file; each in parts.
    pub(crate) scopes: [Vec<&'a Index>; SCOPES],
    pub(crate) names: Names<'a>,
    pub(crate) weights: &'a Weights,
}

impl<'a> Evidence<'a> {
    /// What may come after `context`.
    pub(crate) fn mixture(&self, context: &[u32]) -> Mixture {
        Mixture::new(self.levels(context), self.weights)
    }

    fn levels(&self, context: &[u32]) -> Vec<Level> {
        let scopes: Vec<Vec<Level>> = (0..SCOPES)
            .map(|scope| self.scope_levels(scope, context))
            .collect();
        let mut levels = Vec::with_capacity(SCOPES * (ORDERS + 1) + 2);
        let mut scopes: Vec<_> = scopes.into_iter().map(Vec::into_iter).collect();
        for order in 0..=ORDERS {
            levels.extend(scopes.iter_mut().filter_map(Iterator::next));
            if order == 0 {
                levels.extend(recent(context));
            }
        }
        let copied = copy::places(&self.scopes, self.names, context);
        levels.extend(copied.map(|copied| Level::new(copied.bucket, copied.counts)));
        levels
    }

    /// Levels of one scope, from short to long contexts.
    fn scope_levels(&self, scope: usize, context: &[u32]) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::with_capacity(ORDERS + 1);
        for part in &self.scopes[scope] {
            for (order, counts) in part.levels(context).into_iter().enumerate() {
                match levels.get_mut(order) {
                    Some(level) => level.more = Some(counts),
                    None => levels.push(Level::new(0, counts)),
                }
            }
        }
        for (order, level) in levels.iter_mut().enumerate() {
            level.bucket = weights::bucket(scope, order, level.total(), level.distinct());
        }
        levels
    }

    /// The most probable tokens after `context`, best first, with their probabilities. A half-typed
    /// `word` restricts them to tokens that begin with it.
    pub(crate) fn next(&self, context: &[u32], word: &str, most: usize) -> Vec<(u32, f64)> {
        let mixture = self.mixture(context);
        let tokens = if word.is_empty() {
            mixture.commonest()
        } else {
            self.with_prefix(&mixture, word)
        };
        let mut next = self.weigh(&mixture, context, tokens, word.is_empty());
        let text = |id: u32| self.names.text(id);
        next.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| text(a.0).cmp(text(b.0))));
        next.truncate(most);
        next
    }

    /// Probabilities of tokens, with regard to how familiar names are. Unless `open`, nothing else
    /// is possible.
    pub(crate) fn weigh(
        &self,
        mixture: &Mixture,
        context: &[u32],
        mut tokens: Vec<u32>,
        open: bool,
    ) -> Vec<(u32, f64)> {
        tokens.sort_unstable();
        tokens.dedup();
        tokens.retain(|token| *token != END);
        let before = self.shape_before(context);
        let mut plain = 0.0;
        let mut sum = 0.0;
        let mut next = Vec::with_capacity(tokens.len());
        for (token, probability) in mixture.probabilities(&tokens) {
            plain += probability;
            let name = self.familiarity(context, token);
            let weighed = probability * name.map_or(1.0, |it| self.weights.factor(before, it));
            sum += weighed;
            next.push((token, weighed));
        }
        let others = if open { (1.0 - plain).max(0.0) } else { 0.0 };
        next.iter_mut()
            .for_each(|it| it.1 /= (sum + others).max(1e-12));
        next
    }

    /// The shape of the token before the next one.
    pub(crate) fn shape_before(&self, context: &[u32]) -> u8 {
        context
            .last()
            .map_or(shape::OTHER, |token| self.names.shape(*token))
    }

    /// Where a name is known from; none if the token is no name.
    pub(crate) fn familiarity(&self, context: &[u32], token: u32) -> Option<Familiarity> {
        if self.names.shape(token) != shape::WORD {
            return None;
        }
        let knows = |scope: usize| self.scopes[scope].iter().any(|it| it.all.of(token) > 0);
        let line = &context[context.len().saturating_sub(LINE_TOKENS)..];
        Some(
            if token >= LOCAL || knows(SCOPES - 1) || line.contains(&token) {
                Familiarity::File
            } else if builtin::is_global(self.names.text(token)) {
                Familiarity::Global
            } else if knows(SCOPES - 2) {
                Familiarity::Directory
            } else {
                Familiarity::Elsewhere
            },
        )
    }

    fn with_prefix(&self, mixture: &Mixture, word: &str) -> Vec<u32> {
        let mut tokens = self.names.with_prefix(word, MOST_WITH_PREFIX);
        let fits = |token: &u32| self.names.text(*token).starts_with(word);
        let file = self.scopes[SCOPES - 1].iter().map(|index| &index.all);
        for counts in file.chain(mixture.small_counts()) {
            tokens.extend(counts.items.iter().map(|item| item.0).filter(fits));
        }
        tokens
    }
}

fn recent(context: &[u32]) -> Option<Level> {
    let window = &context[context.len().saturating_sub(RECENT_TOKENS)..];
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for token in window {
        *counts.entry(*token).or_default() += 1;
    }
    if counts.is_empty() {
        return None;
    }
    let mut items: Vec<(u32, u32)> = counts.into_iter().collect();
    items.sort_unstable();
    let counts = Counts::new(items, usize::MAX);
    let row = RECENT - (SCOPES - 1) * (ORDERS + 1);
    let bucket = weights::bucket(SCOPES - 1, row, counts.total, counts.distinct);
    Some(Level::new(bucket, Arc::new(counts)))
}
