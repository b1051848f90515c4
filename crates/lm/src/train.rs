//! Training: how far to trust which evidence, learned from documents the model has not indexed.

use crate::file::FileState;
use crate::lex::{self, State};
use crate::mixture::Mixture;
use crate::model::Model;
use crate::predict::Evidence;
use crate::vocab::{self, Interner};
use crate::weights::{self, BUCKETS, NAME_CELLS, Weights};

/// Improves weights step by step.
#[derive(Debug)]
pub struct Trainer {
    weights: Weights,
    squares: Vec<f64>,
    name_squares: Vec<f64>,
}

impl Trainer {
    /// Begins with these weights.
    pub fn new(weights: Weights) -> Trainer {
        Trainer {
            weights,
            squares: vec![1e-3; BUCKETS],
            name_squares: vec![1.0; NAME_CELLS],
        }
    }

    /// The weights as they are.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Learns from the tokens of one line (a range of bytes, without indentation and line break)
    /// of a document, the rest of which is known. Returns their number and their bits.
    pub fn read(
        &mut self,
        model: &Model,
        state: &mut FileState,
        path: &str,
        text: &str,
        line: std::ops::Range<usize>,
    ) -> (usize, f64) {
        let snapshot = model.snapshot();
        let (before, after) = (&text[..line.start], &text[line.end..]);
        let Some(place) = state.place(&snapshot, path, before, after) else {
            return (0, 0.0);
        };
        let blanks = after.len() - after.trim_start().len();
        let line = &text[line.start..line.end + blanks];
        let tokens = lex::lex(line, 0, State::default()).tokens;
        let ids = state.encode(&snapshot, |interner: &mut Interner<'_>, mut indent| {
            vocab::encode(line, &tokens, &mut indent, interner)
        });
        let mut context = place.context;
        let (count, mut bits) = (ids.len(), 0.0);
        for token in ids {
            let weights = self.weights.clone();
            let evidence = state.evidence(&snapshot, &weights);
            let mixture = evidence.mixture(&context);
            bits -= self
                .learn_factors(&evidence, &mixture, &context, token)
                .log2();
            mixture.learn(token, &mut self.weights, &mut self.squares);
            context.push(token);
        }
        (count, bits)
    }

    /// A step of Adagrad for the factors of names; returns the probability before.
    fn learn_factors(
        &mut self,
        evidence: &Evidence<'_>,
        mixture: &Mixture,
        context: &[u32],
        token: u32,
    ) -> f64 {
        const RATE: f64 = 0.1;
        let mut tokens = mixture.commonest();
        tokens.push(token);
        let before = evidence.shape_before(context);
        let mut slopes = [0.0; 4];
        let mut found = 1e-9;
        for (it, probability) in evidence.weigh(mixture, context, tokens, true) {
            if it == token {
                found = probability;
            }
            if let Some(name) = evidence.familiarity(context, it) {
                slopes[name as usize] += f64::from(u8::from(it == token)) - probability;
            }
        }
        let cell = weights::name_cell(before, crate::weights::Familiarity::File);
        for (i, slope) in slopes.into_iter().enumerate() {
            self.name_squares[cell + i] += slope * slope;
            let step = RATE * slope / self.name_squares[cell + i].sqrt();
            self.weights.nudge_factor(cell + i, step);
        }
        found
    }
}
