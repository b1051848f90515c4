//! Training: how far to trust which evidence, learned from documents the model has not indexed.

use crate::file::FileState;
use crate::lex::{self, State};
use crate::model::Model;
use crate::vocab::{self, Interner};
use crate::weights::{BUCKETS, Weights};

/// Improves weights step by step.
#[derive(Debug)]
pub struct Trainer {
    weights: Weights,
    squares: Vec<f64>,
}

impl Trainer {
    /// Begins with these weights.
    pub fn new(weights: Weights) -> Trainer {
        Trainer {
            weights,
            squares: vec![1e-3; BUCKETS],
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
            let mixture = state.evidence(&snapshot, &self.weights).mixture(&context);
            bits -= mixture
                .learn(token, &mut self.weights, &mut self.squares)
                .log2();
            context.push(token);
        }
        (count, bits)
    }
}
