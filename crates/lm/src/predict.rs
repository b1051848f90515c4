//! Which token comes next: counts of contexts of all lengths in all scopes, mixed into one
//! probability, from short to long contexts and from far to near scopes.

use crate::builtin::{self, END, shape};
use crate::copy;
use crate::index::{Counts, Index, ORDERS};
use crate::vocab::{LOCAL, Names};
use crate::weights::{self, Familiarity, RECENT, SCOPES, Weights};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Names among this many last tokens are recent.
const RECENT_TOKENS: usize = 150;
/// Names on the cursor's line, which is not in the file's index, are among this many last tokens.
const LINE_TOKENS: usize = 40;
/// Before any evidence, each token has this probability.
const FLOOR: f64 = 1.0 / 1_048_576.0;
/// Words with a prefix taken from each layer of the vocabulary.
const MOST_WITH_PREFIX: usize = 1000;
/// As many of the commonest tokens survive when large counts are added up.
const MOST_SUMMED: usize = 2048;

/// Everything a prediction reads.
pub(crate) struct Evidence<'a> {
    /// Project, directory, file; each in parts.
    pub(crate) scopes: [Vec<&'a Index>; SCOPES],
    pub(crate) names: Names<'a>,
    pub(crate) weights: &'a Weights,
}

/// Evidence for one place.
struct Level {
    bucket: usize,
    counts: Arc<Counts>,
}

/// The distribution of the token after one context.
pub(crate) struct Mixture {
    levels: Vec<Level>,
    /// What each level's relative frequency adds to the probability.
    gains: Vec<f64>,
    floor: f64,
}

impl<'a> Evidence<'a> {
    /// What may come after `context`.
    pub(crate) fn mixture(&self, context: &[u32]) -> Mixture {
        let levels = self.levels(context);
        let mut gains = vec![0.0; levels.len()];
        let mut rest = 1.0;
        for (gain, level) in gains.iter_mut().zip(&levels).rev() {
            let share = self.weights.share(level.bucket);
            *gain = rest * share / f64::from(level.counts.total.max(1));
            rest *= 1.0 - share;
        }
        Mixture {
            levels,
            gains,
            floor: rest * FLOOR,
        }
    }

    fn levels(&self, context: &[u32]) -> Vec<Level> {
        let mut all = Vec::with_capacity(SCOPES);
        for parts in &self.scopes {
            let mut sum: Vec<Arc<Counts>> = Vec::new();
            for part in parts {
                for (order, counts) in part.levels(context).into_iter().enumerate() {
                    match sum.get_mut(order) {
                        Some(known) => {
                            let most = if order == 0 { usize::MAX } else { MOST_SUMMED };
                            *known = Arc::new(known.plus(&counts, most));
                        }
                        None => sum.push(counts),
                    }
                }
            }
            all.push(sum);
        }
        let mut levels = Vec::with_capacity(SCOPES * (ORDERS + 1) + 2);
        for order in 0..=ORDERS {
            for (scope, counts) in all.iter().enumerate() {
                if let Some(counts) = counts.get(order) {
                    let bucket = weights::bucket(scope, order, counts.total, counts.distinct);
                    levels.push(Level {
                        bucket,
                        counts: counts.clone(),
                    });
                }
            }
            if order == 0 {
                levels.extend(recent(context));
            }
        }
        let copied = copy::places(&self.scopes, self.names, context);
        levels.extend(copied.map(|copied| Level {
            bucket: copied.bucket,
            counts: copied.counts,
        }));
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
        for token in tokens {
            let probability = mixture.probability(token);
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
        let contexts = mixture.levels.iter().map(|level| &level.counts);
        let contexts = contexts.filter(|counts| counts.items.len() <= MOST_SUMMED);
        for counts in file.chain(contexts) {
            tokens.extend(counts.items.iter().map(|item| item.0).filter(fits));
        }
        tokens
    }
}

impl Mixture {
    /// Tokens that may be probable.
    pub(crate) fn commonest(&self) -> Vec<u32> {
        let worth = self
            .levels
            .iter()
            .zip(&self.gains)
            .filter(|(level, gain)| **gain * f64::from(level.counts.total) > 1e-5);
        worth
            .flat_map(|(level, _)| level.counts.top.iter().copied())
            .collect()
    }

    /// The probability of a token.
    pub(crate) fn probability(&self, token: u32) -> f64 {
        let levels = self.levels.iter().zip(&self.gains);
        self.floor
            + levels
                .map(|(it, gain)| gain * f64::from(it.counts.of(token)))
                .sum::<f64>()
    }

    /// One step of Adagrad towards `token`; returns its probability before.
    pub(crate) fn learn(&self, token: u32, weights: &mut Weights, squares: &mut [f64]) -> f64 {
        const RATE: f64 = 0.15;
        let mut mixed = vec![FLOOR];
        let mut shares = Vec::with_capacity(self.levels.len());
        for level in &self.levels {
            let share = weights.share(level.bucket);
            let frequency =
                f64::from(level.counts.of(token)) / f64::from(level.counts.total.max(1));
            shares.push((share, frequency));
            let so_far = mixed[mixed.len() - 1];
            mixed.push((1.0 - share) * so_far + share * frequency);
        }
        let probability = mixed[mixed.len() - 1];
        let mut rest = 1.0;
        for (i, (share, frequency)) in shares.into_iter().enumerate().rev() {
            let bucket = self.levels[i].bucket;
            let slope = rest * (frequency - mixed[i]) / probability * share * (1.0 - share);
            squares[bucket] += slope * slope;
            weights.nudge(bucket, RATE * slope / squares[bucket].sqrt().max(1e-9));
            rest *= 1.0 - share;
        }
        probability
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
    Some(Level {
        bucket,
        counts: Arc::new(counts),
    })
}
