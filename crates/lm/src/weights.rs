//! How far each level of evidence is trusted, and how a raw probability becomes a calibrated one.
//!
//! The numbers are in `weights.txt`; `cargo run -p symphony-lm --release --example train -- DIR...`
//! makes them anew.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

/// The scopes, from far to near.
pub(crate) const SCOPES: usize = 3;
const ROWS_A_SCOPE: usize = crate::index::ORDERS + 1;
/// The row of names used a moment ago.
pub(crate) const RECENT: usize = SCOPES * ROWS_A_SCOPE;
/// The row of the copy level.
pub(crate) const COPY: usize = RECENT + 1;
const ROWS: usize = COPY + 1;
const COLUMNS: usize = 32;

/// Rows of how likely a name is, by the shape before it and how familiar it is.
const NAME_ROWS: usize = 256 * FAMILIARITIES / COLUMNS;
/// Kinds of names: see `Familiarity`.
const FAMILIARITIES: usize = 4;

/// Where a name is known from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Familiarity {
    /// It is in the file.
    File,
    /// It is in a file of the directory.
    Directory,
    /// Every program has it.
    Global,
    /// It is in another file.
    Elsewhere,
}

/// How a suggestion came about; each way is calibrated by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// The cursor is at the end of the line, not in a word.
    LineEnd,
    /// The cursor is at the end of the line and in a word.
    LineEndInWord,
    /// Text follows on the line.
    Inside,
    /// Text follows on the line, and a word is half typed.
    InsideInWord,
}

/// Trained numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    logits: Vec<f32>,
    names: Vec<f32>,
    calibration: [[f32; 2]; 4],
}

static SHIPPED: LazyLock<Arc<Weights>> = LazyLock::new(|| {
    let parsed = Weights::parse(include_str!("weights.txt"));
    Arc::new(parsed.unwrap_or_default())
});

impl Default for Weights {
    /// A sensible start for training: long, common and certain contexts are trusted most.
    fn default() -> Weights {
        let mut logits = Vec::with_capacity(ROWS * COLUMNS);
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let certainty = [1.2, 1.0, 0.2, -0.6][column % 4];
                let recency = if row == RECENT { -1.0 } else { 0.0 };
                logits.push(-1.5 + 0.2 * (column / 4) as f32 + certainty + recency);
            }
        }
        Weights {
            logits,
            names: vec![0.0; NAME_ROWS * COLUMNS],
            calibration: [[1.0, 0.0]; 4],
        }
    }
}

impl Weights {
    /// The weights in this crate.
    pub fn shipped() -> Arc<Weights> {
        SHIPPED.clone()
    }

    /// Reads what `to_text` wrote.
    pub fn parse(text: &str) -> Option<Weights> {
        let numbers: Option<Vec<f32>> = text
            .split_whitespace()
            .map(|number| number.parse().ok())
            .collect();
        let mut logits: Vec<f32> = numbers?;
        if logits.len() != (ROWS + NAME_ROWS) * COLUMNS + 8 {
            return None;
        }
        let tail = logits.split_off((ROWS + NAME_ROWS) * COLUMNS);
        logits.iter_mut().for_each(|logit| *logit /= 100.0);
        let names = logits.split_off(ROWS * COLUMNS);
        let mut calibration = [[0.0; 2]; 4];
        for (pair, numbers) in calibration.iter_mut().zip(tail.chunks_exact(2)) {
            *pair = [numbers[0] / 100.0, numbers[1] / 100.0];
        }
        Some(Weights {
            logits,
            names,
            calibration,
        })
    }

    /// A line for each row, in hundredths.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let calibration: Vec<f32> = self.calibration.iter().flatten().copied().collect();
        let rows = self
            .logits
            .chunks(COLUMNS)
            .chain(self.names.chunks(COLUMNS));
        for row in rows.chain([&calibration[..]]) {
            for (i, number) in row.iter().enumerate() {
                let separator = if i == 0 { "" } else { " " };
                // Writing to a string cannot fail.
                let _ = write!(out, "{separator}{:.0}", number * 100.0);
            }
            out.push('\n');
        }
        out
    }

    /// How much of the probability the evidence of a bucket gets.
    pub(crate) fn share(&self, bucket: usize) -> f64 {
        1.0 / (1.0 + (-f64::from(self.logits[bucket])).exp())
    }

    /// Moves a logit, in training.
    pub(crate) fn nudge(&mut self, bucket: usize, by: f64) {
        self.logits[bucket] = (self.logits[bucket] + by as f32).clamp(-12.0, 12.0);
    }

    /// The factor of a name's probability after a token of some shape.
    pub(crate) fn factor(&self, before: u8, name: Familiarity) -> f64 {
        f64::from(self.names[name_cell(before, name)]).exp()
    }

    /// Moves the logarithm of such a factor, in training.
    pub(crate) fn nudge_factor(&mut self, cell: usize, by: f64) {
        self.names[cell] = (self.names[cell] + by as f32).clamp(-4.0, 4.0);
    }

    /// Sets how raw probabilities of one manner are calibrated: slope and offset of the log odds.
    pub fn calibrate(&mut self, manner: Manner, slope: f32, offset: f32) {
        self.calibration[manner as usize] = [slope, offset];
    }

    /// The calibrated probability.
    pub(crate) fn calibrated(&self, manner: Manner, raw: f64) -> f64 {
        let [slope, offset] = self.calibration[manner as usize].map(f64::from);
        let raw = raw.clamp(1e-9, 1.0 - 1e-6);
        let odds = (raw / (1.0 - raw)).ln() * slope + offset;
        1.0 / (1.0 + (-odds).exp())
    }
}

/// Number of buckets.
pub(crate) const BUCKETS: usize = ROWS * COLUMNS;

/// Number of name factors.
pub(crate) const NAME_CELLS: usize = 256 * FAMILIARITIES;

/// The place of a name's factor.
pub(crate) fn name_cell(before: u8, name: Familiarity) -> usize {
    usize::from(before) * FAMILIARITIES + name as usize
}

/// The bucket of counts in a scope after a context of `order` tokens.
pub(crate) fn bucket(scope: usize, order: usize, total: u32, distinct: u32) -> usize {
    let size = (total.max(1).ilog2() as usize).min(7);
    let certainty = if distinct <= 1 {
        0
    } else if distinct * 8 <= total {
        1
    } else if distinct * 2 <= total {
        2
    } else {
        3
    };
    (scope * ROWS_A_SCOPE + order) * COLUMNS + size * 4 + certainty
}

/// The bucket of the copy level: how alike the best place is, and how much the places agree.
pub(crate) fn copy_bucket(likeness: f64, agreement: f64) -> usize {
    let size = (likeness * 1.2).clamp(0.0, 7.0) as usize;
    let certainty = [0.9, 0.6, 0.3]
        .iter()
        .filter(|limit| agreement <= **limit)
        .count();
    COPY * COLUMNS + size * 4 + certainty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        let mut weights = Weights::default();
        weights.calibrate(Manner::Inside, 0.75, -0.25);
        let again = Weights::parse(&weights.to_text()).unwrap();
        assert!((again.share(40) - weights.share(40)).abs() < 1e-2);
        assert_eq!(again.calibration, weights.calibration);
        assert_eq!(Weights::parse("1 2 3"), None);
        assert_eq!(Weights::parse(""), None);
    }

    #[test]
    fn the_shipped_weights_are_read() {
        assert!(Weights::parse(include_str!("weights.txt")).is_some());
    }
}
