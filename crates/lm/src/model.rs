//! The model: an index of documents that is read without locks while it is brought up to date.
//!
//! Documents live in a large base part or in a small added part that is sorted anew with each
//! update; what was replaced is left out of the base part at once. `maintain` merges both. Every
//! change publishes a new snapshot; a reader goes on with the one it has.

use crate::builtin::END;
use crate::index::{Index, Text};
use crate::lex;
use crate::spacing::Spacing;
use crate::vocab::{self, Interner, Vocab, Words};
use crate::weights::Weights;
use arc_swap::ArcSwap;
use rustc_hash::FxHashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A merge is worth its time when one in so many tokens was added or is gone.
const MERGE_SHARE: usize = 8;

/// Limits of what is learned.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes of source in the index; documents beyond are refused.
    pub budget: usize,
    /// Larger documents are refused.
    pub largest: usize,
    /// Documents with a longer line are refused: they are generated.
    pub longest_line: usize,
    /// The trained numbers.
    pub weights: Arc<Weights>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            budget: 24 << 20,
            largest: 1 << 20,
            longest_line: 1000,
            weights: Weights::shipped(),
        }
    }
}

/// A document's new text, or none if it is gone.
#[derive(Clone, Debug)]
pub struct Change {
    /// Path with `/`; what comes before the last one is the directory.
    pub path: Arc<str>,
    /// The text; `None` removes the document.
    pub text: Option<Arc<str>>,
}

/// What the model holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// Documents in the index.
    pub documents: usize,
    /// Bytes of their text.
    pub source_bytes: usize,
    /// Tokens in the index.
    pub tokens: usize,
    /// Different tokens.
    pub words: usize,
    /// Bytes in memory, about.
    pub resident_bytes: usize,
}

/// A document within a part.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) path: Arc<str>,
    /// Range of tokens, with the `END` after them.
    pub(crate) tokens: std::ops::Range<usize>,
    pub(crate) bytes: usize,
}

/// Documents in the order of their paths, and an index of those that are live.
#[derive(Clone, Default, Debug)]
pub(crate) struct Part {
    pub(crate) documents: Arc<Vec<Document>>,
    pub(crate) index: Arc<Index>,
}

/// An immutable state of the model.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// Differs between snapshots of one model.
    pub(crate) epoch: u64,
    pub(crate) base: Part,
    pub(crate) added: Part,
    pub(crate) vocab: Vocab,
    pub(crate) spacing: Arc<Spacing>,
}

struct Shared {
    options: Options,
    current: ArcSwap<Snapshot>,
    /// Held by the one update at a time; readers never take it.
    writing: Mutex<()>,
}

/// An n-gram model of a workspace. Clones share their state.
#[derive(Clone)]
pub struct Model {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("stats", &self.stats())
            .finish()
    }
}

/// Tokens of a document on their way into a part.
struct Pending {
    path: Arc<str>,
    bytes: usize,
    tokens: Vec<u32>,
}

impl Model {
    /// An empty model.
    pub fn new(options: Options) -> Model {
        let snapshot = Snapshot {
            epoch: 0,
            base: Part::default(),
            added: Part::default(),
            vocab: new_vocab(Words::builtin()),
            spacing: Arc::default(),
        };
        let shared = Shared {
            options,
            current: ArcSwap::from_pointee(snapshot),
            writing: Mutex::new(()),
        };
        Model {
            shared: Arc::new(shared),
        }
    }

    /// Learns documents, replaces and removes them. Of two changes of one path the later counts.
    /// Takes as long as tokenising them, and at times as long as a merge (0.15 s a MB of source):
    /// call it in the background. Updates wait for each other; requests wait for none.
    pub fn update(&self, changes: Vec<Change>) {
        let _ = self.build(changes, &mut |_| ControlFlow::Continue(()));
    }

    /// Like `update`, telling `progress` the bytes read so far. When it breaks, nothing changes.
    /// About half of the time goes into sorting after the last call of `progress`.
    pub fn build(
        &self,
        changes: Vec<Change>,
        progress: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let _writing = self.writing();
        let old = self.snapshot();
        let last: FxHashMap<Arc<str>, usize> = changes
            .iter()
            .enumerate()
            .map(|(i, change)| (change.path.clone(), i))
            .collect();
        let stays = |path: &str| !last.contains_key(path);

        let base_stays = old
            .base
            .documents
            .iter()
            .filter(|it| stays(&it.path))
            .count();
        let mut pending: Vec<Pending> = old
            .added
            .documents
            .iter()
            .filter(|it| stays(&it.path))
            .map(|it| old.added.pending(it))
            .collect();
        let mut bytes: usize = pending.iter().map(|it| it.bytes).sum();
        bytes += old
            .base
            .documents
            .iter()
            .filter(|it| stays(&it.path))
            .map(|it| it.bytes)
            .sum::<usize>();

        let mut words = (*old.vocab.added).clone();
        let mut spacing = (*old.spacing).clone();
        let mut read = 0;
        for (i, Change { path, text }) in changes.into_iter().enumerate() {
            let Some(text) = text else { continue };
            let fits = bytes + text.len() <= self.shared.options.budget;
            if last.get(&path) == Some(&i) && fits && self.accepts(&path, &text) {
                bytes += text.len();
                let mut interner = Interner {
                    vocab: Some(&old.vocab),
                    words: &mut words,
                };
                let tokens = tokenise(&text, &mut interner, &mut spacing);
                pending.push(Pending {
                    path,
                    bytes: text.len(),
                    tokens,
                });
            }
            read += text.len();
            progress(read)?;
        }
        words.sort();
        let vocab = Vocab {
            base: old.vocab.base.clone(),
            added: Arc::new(words),
        };
        let base = if base_stays == old.base.documents.len() {
            old.base.clone()
        } else {
            old.base.without(|path| !stays(path))
        };
        let size: usize = pending.iter().map(|it| it.tokens.len()).sum();
        let epoch = old.epoch + 1;
        let spacing = Arc::new(spacing);
        if size > 1 << 16 && size > base.index.all.total as usize / 4 {
            self.publish(merged(epoch, &base, pending, &vocab, spacing));
        } else {
            let added = Part::new(pending, &vocab);
            self.publish(Snapshot {
                epoch,
                base,
                added,
                vocab,
                spacing,
            });
        }
        ControlFlow::Continue(())
    }

    /// Merges when a good part of the index was added or replaced since the last merge. Returns
    /// whether it did. Cheap when it did not: call it in any idle moment, in the background.
    pub fn maintain(&self) -> bool {
        let snapshot = self.snapshot();
        let base = snapshot.base.index.text.tokens.len();
        let changed = snapshot.added.index.text.tokens.len() + snapshot.base.dead();
        changed * MERGE_SHARE > base && self.merge()
    }

    /// Makes one part of all documents, as if they had been learned at once. Takes as long as
    /// indexing them but for reading them. Returns whether there was anything to do.
    pub fn merge(&self) -> bool {
        let _writing = self.writing();
        let old = self.snapshot();
        if old.added.documents.is_empty() && old.base.dead() == 0 {
            return false;
        }
        let added = old.added.documents.iter();
        let pending = added.map(|it| old.added.pending(it)).collect();
        let spacing = old.spacing.clone();
        self.publish(merged(
            old.epoch + 1,
            &old.base,
            pending,
            &old.vocab,
            spacing,
        ));
        true
    }

    /// What the model holds now.
    pub fn stats(&self) -> Stats {
        let snapshot = self.snapshot();
        let mut stats = Stats {
            words: snapshot.vocab.base.len() + snapshot.vocab.added.len(),
            resident_bytes: snapshot.vocab.base.resident()
                + snapshot.vocab.added.resident()
                + snapshot.spacing.resident(),
            ..Stats::default()
        };
        for part in [&snapshot.base, &snapshot.added] {
            stats.documents += part.documents.len();
            stats.source_bytes += part.documents.iter().map(|it| it.bytes).sum::<usize>();
            stats.tokens += part.index.all.total as usize;
            stats.resident_bytes += part.index.text.tokens.len() * 5 + part.index.resident();
        }
        stats
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.current.load_full()
    }

    pub(crate) fn weights(&self) -> &Weights {
        &self.shared.options.weights
    }

    /// Held by whoever changes the model.
    pub(crate) fn writing(&self) -> MutexGuard<'_, ()> {
        let writing = &self.shared.writing;
        writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn publish(&self, snapshot: Snapshot) {
        self.shared.current.store(Arc::new(snapshot));
    }

    /// Whether a document is worth learning: written by hand, and not too large.
    fn accepts(&self, path: &str, text: &str) -> bool {
        let declares = [".d.ts", ".d.mts", ".d.cts"]
            .iter()
            .any(|end| path.ends_with(end));
        !declares
            && text.len() <= self.shared.options.largest
            && text
                .lines()
                .all(|line| line.len() <= self.shared.options.longest_line)
    }
}

pub(crate) fn new_vocab(mut base: Words) -> Vocab {
    base.sort();
    let added = Words::from(base.len() as u32);
    Vocab {
        base: Arc::new(base),
        added: Arc::new(added),
    }
}

fn tokenise(text: &str, interner: &mut Interner<'_>, spacing: &mut Spacing) -> Vec<u32> {
    let lexed = lex::lex(text, 0, lex::State::default());
    let mut indent = 0;
    let mut ids = vocab::encode(text, &lexed.tokens, &mut indent, interner);
    let shapes: Vec<u8> = ids.iter().map(|id| interner.shape(*id)).collect();
    spacing.learn(&lexed.tokens, &shapes);
    ids.push(END);
    ids
}

/// A snapshot with one part only. Ids are given anew, in the order of the paths: the result is the
/// same as if the documents had been learned all at once.
fn merged(
    epoch: u64,
    base: &Part,
    mut pending: Vec<Pending>,
    vocab: &Vocab,
    spacing: Arc<Spacing>,
) -> Snapshot {
    pending.extend(base.documents.iter().map(|it| base.pending(it)));
    pending.sort_by(|a, b| a.path.cmp(&b.path));
    let mut words = Words::builtin();
    let mut renamed = vec![u32::MAX; vocab.base.len() + vocab.added.len()];
    for (id, new) in renamed.iter_mut().take(words.len()).enumerate() {
        *new = id as u32;
    }
    for token in pending.iter_mut().flat_map(|it| &mut it.tokens) {
        let new = &mut renamed[*token as usize];
        if *new == u32::MAX {
            *new = words.copy(vocab, *token);
        }
        *token = *new;
    }
    let vocab = new_vocab(words);
    let base = Part::new(pending, &vocab);
    Snapshot {
        epoch,
        base,
        added: Part::default(),
        vocab,
        spacing,
    }
}

impl Part {
    fn new(mut pending: Vec<Pending>, vocab: &Vocab) -> Part {
        pending.sort_by(|a, b| a.path.cmp(&b.path));
        let size = pending.iter().map(|it| it.tokens.len()).sum();
        let mut text = Text {
            tokens: Vec::with_capacity(size),
            shapes: Vec::with_capacity(size),
        };
        let mut documents = Vec::with_capacity(pending.len());
        for document in pending {
            let start = text.tokens.len();
            text.tokens.extend(&document.tokens);
            let tokens = start..text.tokens.len();
            documents.push(Document {
                path: document.path,
                tokens,
                bytes: document.bytes,
            });
        }
        text.shapes
            .extend(text.tokens.iter().map(|token| vocab.shape(*token)));
        Part {
            documents: Arc::new(documents),
            index: Arc::new(Index::new(Arc::new(text))),
        }
    }

    /// Tokens of documents that are gone.
    fn dead(&self) -> usize {
        self.index.text.tokens.len() - self.index.all.total as usize
    }

    fn pending(&self, document: &Document) -> Pending {
        let tokens = self.index.text.tokens[document.tokens.clone()].to_vec();
        Pending {
            path: document.path.clone(),
            bytes: document.bytes,
            tokens,
        }
    }

    /// This part without some documents; their tokens stay in memory until a merge.
    fn without(&self, gone: impl Fn(&str) -> bool) -> Part {
        let index = self.index.part(true, &self.ranges(&gone), false);
        let mut documents = (*self.documents).clone();
        documents.retain(|it| !gone(&it.path));
        Part {
            documents: Arc::new(documents),
            index: Arc::new(index),
        }
    }

    /// The documents for which `choose` holds, as ranges of tokens, neighbours joined.
    pub(crate) fn ranges(&self, choose: impl Fn(&str) -> bool) -> Vec<std::ops::Range<u32>> {
        let mut ranges: Vec<std::ops::Range<u32>> = Vec::new();
        for document in self.documents.iter().filter(|it| choose(&it.path)) {
            let (start, end) = (document.tokens.start as u32, document.tokens.end as u32);
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => ranges.push(start..end),
            }
        }
        ranges
    }
}
