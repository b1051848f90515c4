//! One probability from many counts: each level of evidence takes its share of what the levels
//! after it leave.

use crate::index::Counts;
use crate::weights::Weights;
use std::sync::Arc;

/// Before any evidence, each token has this probability.
const FLOOR: f64 = 1.0 / 1_048_576.0;
/// Levels that add no more than this to any probability are left out.
const NEGLIGIBLE: f64 = 1e-9;
/// The commonest tokens of levels that add no more than this are no candidates.
const UNLIKELY: f64 = 1e-5;
/// Counts of more tokens are not searched for words.
const SMALL: usize = 2048;

/// Evidence for one place: counts in the base part of a scope, and in the added part.
pub(crate) struct Level {
    pub(crate) bucket: usize,
    counts: Arc<Counts>,
    pub(crate) more: Option<Arc<Counts>>,
}

/// The distribution of the token after one context.
pub(crate) struct Mixture {
    levels: Vec<Level>,
    /// What each count of a level adds to the probability.
    gains: Vec<f64>,
    floor: f64,
}

impl Level {
    /// A level with counts of one part.
    pub(crate) fn new(bucket: usize, counts: Arc<Counts>) -> Level {
        Level {
            bucket,
            counts,
            more: None,
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Arc<Counts>> {
        std::iter::once(&self.counts).chain(&self.more)
    }

    /// The number of places.
    pub(crate) fn total(&self) -> u32 {
        self.parts().map(|it| it.total).sum()
    }

    /// The number of different tokens.
    pub(crate) fn distinct(&self) -> u32 {
        let Some(more) = &self.more else {
            return self.counts.distinct;
        };
        let (many, few) = if self.counts.items.len() < more.items.len() {
            (more, &self.counts)
        } else {
            (&self.counts, more)
        };
        if few.items.len() > SMALL {
            return many.distinct;
        }
        many.distinct + few.items.iter().filter(|item| many.of(item.0) == 0).count() as u32
    }

    fn frequency(&self, token: u32) -> f64 {
        let count: u32 = self.parts().map(|it| it.of(token)).sum();
        f64::from(count) / f64::from(self.total().max(1))
    }
}

impl Mixture {
    /// Mixes levels, the most trusted last.
    pub(crate) fn new(levels: Vec<Level>, weights: &Weights) -> Mixture {
        let mut gains = vec![0.0; levels.len()];
        let mut rest = 1.0;
        for (gain, level) in gains.iter_mut().zip(&levels).rev() {
            let share = weights.share(level.bucket);
            *gain = rest * share / f64::from(level.total().max(1));
            rest *= 1.0 - share;
        }
        Mixture {
            levels,
            gains,
            floor: rest * FLOOR,
        }
    }

    /// Counts and gains of levels that add more than `least` to some probability.
    fn parts(&self, least: f64) -> impl Iterator<Item = (&Counts, f64)> {
        let levels = self.levels.iter().zip(&self.gains);
        let worth = levels.filter(move |(it, gain)| **gain * f64::from(it.total()) > least);
        worth.flat_map(|(level, gain)| level.parts().map(move |counts| (&**counts, *gain)))
    }

    /// Tokens that may be probable, some more than once.
    pub(crate) fn commonest(&self) -> Vec<u32> {
        self.parts(UNLIKELY)
            .flat_map(|(counts, _)| counts.top.iter().copied())
            .collect()
    }

    /// Counts in which words can be looked for one by one.
    pub(crate) fn small_counts(&self) -> impl Iterator<Item = &Arc<Counts>> {
        self.levels
            .iter()
            .flat_map(Level::parts)
            .filter(|counts| counts.items.len() <= SMALL)
    }

    /// The probability of a token.
    pub(crate) fn probability(&self, token: u32) -> f64 {
        let gains = self
            .parts(NEGLIGIBLE)
            .map(|(it, gain)| gain * f64::from(it.of(token)));
        self.floor + gains.sum::<f64>()
    }

    /// The probabilities of tokens in ascending order.
    pub(crate) fn probabilities(&self, tokens: &[u32]) -> Vec<(u32, f64)> {
        let mut sums: Vec<(u32, f64)> = tokens.iter().map(|it| (*it, self.floor)).collect();
        for (counts, gain) in self.parts(NEGLIGIBLE) {
            if counts.items.len() < tokens.len() {
                for (token, count) in &counts.items {
                    if let Ok(at) = tokens.binary_search(token) {
                        sums[at].1 += gain * f64::from(*count);
                    }
                }
            } else {
                for (token, sum) in &mut sums {
                    *sum += gain * f64::from(counts.of(*token));
                }
            }
        }
        sums
    }

    /// One step of Adagrad towards `token`; returns its probability before.
    pub(crate) fn learn(&self, token: u32, weights: &mut Weights, squares: &mut [f64]) -> f64 {
        const RATE: f64 = 0.15;
        let mut mixed = vec![FLOOR];
        let mut shares = Vec::with_capacity(self.levels.len());
        for level in &self.levels {
            let (share, frequency) = (weights.share(level.bucket), level.frequency(token));
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
