//! The model as bytes, for the next start: sorting a large workspace takes seconds, reading it back a tenth of one.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::index::{Index, Text};
use crate::model::{Document, Model, Part, Snapshot, new_vocab};
use crate::spacing::Spacing;
use crate::vocab::Words;

/// The longest path or word that is read back.
const LONGEST: usize = 64 << 10;

/// Everything that cannot be computed quickly from the rest.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// Path, end of its tokens, bytes.
    documents: Vec<(Cow<'a, str>, usize, usize)>,
    /// Beyond the built-in words.
    words: Vec<(Cow<'a, str>, u8)>,
    spacing: Vec<([u8; 3], [u32; 2])>,
    tokens: Cow<'a, [u32]>,
    by_token: Cow<'a, [u32]>,
    by_shape: Cow<'a, [u32]>,
}

impl Model {
    /// Writes what the model has learned, in one part: merges first, which takes as long as [`Model::merge`]. About
    /// three bytes for each byte of source, in small pieces: give it a buffer.
    ///
    /// # Errors
    ///
    /// What `writer` says.
    pub fn write_to(&self, writer: impl Write) -> io::Result<()> {
        self.merge();
        let snapshot = self.snapshot();
        let index = &snapshot.base.index;
        let (by_token, by_shape) = index.orders();
        let documents = snapshot.base.documents.iter();
        let words = snapshot.vocab.base.learned();
        let kept = Kept {
            documents: documents
                .map(|it| (Cow::from(&*it.path), it.tokens.end, it.bytes))
                .collect(),
            words: words.map(|(text, shape)| (text.into(), shape)).collect(),
            spacing: snapshot.spacing.counts(),
            tokens: Cow::from(&index.text.tokens),
            by_token: by_token.into(),
            by_shape: by_shape.into(),
        };
        postcard::to_io(&kept, writer)
            .map(|_| ())
            .map_err(io::Error::other)
    }

    /// Takes back what [`Model::write_to`] of a build from the same sources has written, in place of all that the model
    /// knows. Returns whether it did: bytes that cannot be a model change nothing. Reads in small pieces: give it a
    /// buffer.
    pub fn restore(&self, reader: impl Read) -> bool {
        let _writing = self.writing();
        let epoch = self.snapshot().epoch + 1;
        let Some(snapshot) = restored(epoch, reader) else {
            return false;
        };
        self.publish(snapshot);
        true
    }
}

fn restored(epoch: u64, reader: impl Read) -> Option<Snapshot> {
    let mut text = vec![0; LONGEST];
    let (kept, _): (Kept<'_>, _) = postcard::from_io((reader, &mut text)).ok()?;
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
            path: (*path).into(),
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
        tokens: kept.tokens.into_owned(),
    };
    let index = Index::of(
        Arc::new(text),
        kept.by_token.into_owned(),
        kept.by_shape.into_owned(),
    );
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
