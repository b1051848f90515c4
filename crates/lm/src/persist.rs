//! The model as bytes, for the next start: sorting a large workspace takes seconds, reading it back a tenth of one.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::index::{Index, Text};
use crate::model::{Document, Model, Part, Snapshot, new_vocab};
use crate::spacing::Spacing;
use crate::vocab::Words;

/// Everything that cannot be computed quickly from the rest.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// Path, end of its tokens, bytes.
    #[serde(borrow)]
    documents: Vec<(&'a str, usize, usize)>,
    /// Beyond the built-in words.
    #[serde(borrow)]
    words: Vec<(&'a str, u8)>,
    spacing: Vec<([u8; 3], [u32; 2])>,
    tokens: Vec<u32>,
    by_token: Vec<u32>,
    by_shape: Vec<u32>,
}

impl Model {
    /// What the model has learned, as bytes, in one part: merges first, which takes as long as [`Model::merge`]. About
    /// three bytes for each byte of source.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.merge();
        let snapshot = self.snapshot();
        let index = &snapshot.base.index;
        let (by_token, by_shape) = index.orders();
        let documents = snapshot.base.documents.iter();
        let kept = Kept {
            documents: documents
                .map(|it| (&*it.path, it.tokens.end, it.bytes))
                .collect(),
            words: snapshot.vocab.base.learned().collect(),
            spacing: snapshot.spacing.counts(),
            tokens: index.text.tokens.clone(),
            by_token: by_token.to_vec(),
            by_shape: by_shape.to_vec(),
        };
        // Nothing in it can fail to be written to memory.
        postcard::to_stdvec(&kept).unwrap_or_default()
    }

    /// Takes back what [`Model::to_bytes`] of a build from the same sources has written, in place of all that the model
    /// knows. Returns whether it did: bytes that cannot be a model change nothing.
    pub fn restore(&self, bytes: &[u8]) -> bool {
        let _writing = self.writing();
        let epoch = self.snapshot().epoch + 1;
        let Some(snapshot) = restored(epoch, bytes) else {
            return false;
        };
        self.publish(snapshot);
        true
    }
}

fn restored(epoch: u64, bytes: &[u8]) -> Option<Snapshot> {
    let kept: Kept<'_> = postcard::from_bytes(bytes).ok()?;
    let mut words = Words::builtin();
    for (text, shape) in &kept.words {
        words.add(text, *shape);
    }
    let size = kept.tokens.len();
    let mut start = 0;
    let mut documents = Vec::with_capacity(kept.documents.len());
    for (path, end, bytes) in kept.documents {
        if end < start || end > size {
            return None;
        }
        documents.push(Document {
            path: path.into(),
            tokens: start..end,
            bytes,
        });
        start = end;
    }
    let known = |tokens: &[u32], limit: usize| tokens.iter().all(|&it| (it as usize) < limit);
    let whole = start == size && kept.by_token.len() == size && kept.by_shape.len() == size;
    if !whole
        || !known(&kept.tokens, words.len())
        || !known(&kept.by_token, size)
        || !known(&kept.by_shape, size)
    {
        return None;
    }
    let vocab = new_vocab(words);
    let text = Text {
        shapes: kept
            .tokens
            .iter()
            .map(|token| vocab.shape(*token))
            .collect(),
        tokens: kept.tokens,
    };
    let index = Index::of(Arc::new(text), kept.by_token, kept.by_shape);
    Some(Snapshot {
        epoch,
        base: Part {
            documents: Arc::new(documents),
            index: Arc::new(index),
        },
        added: Part::default(),
        vocab,
        spacing: Arc::new(Spacing::of(kept.spacing)),
    })
}
