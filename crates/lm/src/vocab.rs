//! Interned tokens in layers: what the base index knows, what was added since, and what only the
//! open file has. A layer never changes once published, so readers need no lock.

use crate::builtin::{self, shape};
use crate::lex::{Kind, Token};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Ids of words that only the open file has begin here; three ids fit in a 64-bit sort key.
pub(crate) const LOCAL: u32 = 0x18_0000;
/// Strings and templates of more bytes, of several lines or without an end are all one token.
const LONGEST_TEXT: usize = 96;

/// One layer: texts, shapes and their order.
#[derive(Clone, Default, Debug)]
pub(crate) struct Words {
    first: u32,
    ids: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    shapes: Vec<u8>,
    sorted: Vec<u32>,
}

impl Words {
    /// An empty layer whose ids begin at `first`.
    pub(crate) fn from(first: u32) -> Words {
        Words {
            first,
            ..Words::default()
        }
    }

    /// A layer with the built-in tokens.
    pub(crate) fn builtin() -> Words {
        let mut words = Words::from(0);
        for (id, text) in builtin::texts().iter().enumerate() {
            words.push(text, id as u8);
        }
        words
    }

    /// Adds a word that is not in it.
    pub(crate) fn add(&mut self, text: &str, shape: u8) {
        self.push(text, shape);
    }

    /// The words beyond the built-in ones, with their shapes.
    pub(crate) fn learned(&self) -> impl Iterator<Item = (&str, u8)> {
        let words = self.texts.iter().zip(&self.shapes);
        words
            .skip(builtin::texts().len())
            .map(|(text, shape)| (&**text, *shape))
    }

    fn push(&mut self, text: &str, shape: u8) -> u32 {
        let id = self.first + self.texts.len() as u32;
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.shapes.push(shape);
        self.ids.insert(text, id);
        id
    }

    /// Sorts the texts added since the last call, for `with_prefix`.
    pub(crate) fn sort(&mut self) {
        let first = self.first;
        self.sorted.clear();
        let all = first..first + self.texts.len() as u32;
        self.sorted.extend(all.filter(|id| *id > builtin::LONG));
        let texts = &self.texts;
        self.sorted
            .sort_unstable_by_key(|id| &texts[(id - first) as usize]);
    }

    /// Takes over a word of another vocabulary.
    pub(crate) fn copy(&mut self, vocab: &Vocab, id: u32) -> u32 {
        let (layer, at) = vocab.layer(id);
        self.push(&layer.texts[at], layer.shapes[at])
    }

    fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = u32> + 'a {
        let text = |id: &u32| &*self.texts[(id - self.first) as usize];
        let from = self.sorted.partition_point(|id| text(id) < prefix);
        self.sorted[from..]
            .iter()
            .take_while(move |id| text(id).starts_with(prefix))
            .copied()
    }

    /// Number of words.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Bytes in memory, about.
    pub(crate) fn resident(&self) -> usize {
        self.texts.iter().map(|text| text.len() + 16).sum::<usize>()
            + self.len() * (24 + 16 + 5 + 8)
    }
}

/// All words the model knows.
#[derive(Clone, Debug)]
pub(crate) struct Vocab {
    pub(crate) base: Arc<Words>,
    pub(crate) added: Arc<Words>,
}

impl Vocab {
    fn layer(&self, id: u32) -> (&Words, usize) {
        if id >= self.added.first {
            (&self.added, (id - self.added.first) as usize)
        } else {
            (&self.base, id as usize)
        }
    }

    /// The shape of a token.
    pub(crate) fn shape(&self, id: u32) -> u8 {
        let (layer, at) = self.layer(id);
        layer.shapes.get(at).copied().unwrap_or(shape::OTHER)
    }

    fn get(&self, text: &str) -> Option<u32> {
        self.base
            .ids
            .get(text)
            .or_else(|| self.added.ids.get(text))
            .copied()
    }
}

/// The model's words and those of one more layer, which may grow.
pub(crate) struct Interner<'a> {
    pub(crate) vocab: Option<&'a Vocab>,
    pub(crate) words: &'a mut Words,
}

impl Interner<'_> {
    /// The shape of a token that this interner made or knows.
    pub(crate) fn shape(&self, id: u32) -> u8 {
        match id.checked_sub(self.words.first) {
            Some(at) => self.words.shapes[at as usize],
            None => self.vocab.map_or(shape::OTHER, |vocab| vocab.shape(id)),
        }
    }

    /// The id of a token, made if need be.
    pub(crate) fn id(&mut self, source: &str, token: &Token) -> u32 {
        let mut text = &source[token.start..token.end];
        let is_text = matches!(token.kind, Kind::Text | Kind::Template);
        if is_text && (token.open || text.len() > LONGEST_TEXT || text.contains('\n')) {
            text = builtin::texts()[builtin::LONG as usize];
        }
        if let Some(id) = self.vocab.and_then(|vocab| vocab.get(text)) {
            return id;
        }
        if let Some(id) = self.words.ids.get(text) {
            return *id;
        }
        self.words.push(text, shape_of(text, token.kind))
    }
}

fn shape_of(text: &str, kind: Kind) -> u8 {
    match kind {
        Kind::Word => shape::WORD,
        Kind::Number => shape::NUMBER,
        Kind::Text => shape::TEXT,
        Kind::Template => match (text.starts_with('`'), text.ends_with("${")) {
            (true, true) => shape::TEMPLATE_HEAD,
            (true, false) => shape::TEMPLATE,
            (false, true) => shape::TEMPLATE_MIDDLE,
            (false, false) => shape::TEMPLATE_TAIL,
        },
        Kind::Keyword | Kind::Punctuation | Kind::Newline => shape::OTHER,
    }
}

/// Read access to the words of a request: the model's and the open file's.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) vocab: &'a Vocab,
    pub(crate) local: &'a Words,
}

impl<'a> Names<'a> {
    fn layer(&self, id: u32) -> (&'a Words, usize) {
        match id.checked_sub(LOCAL) {
            Some(at) => (self.local, at as usize),
            None => self.vocab.layer(id),
        }
    }

    /// The text of a token.
    pub(crate) fn text(&self, id: u32) -> &'a str {
        let (layer, at) = self.layer(id);
        layer.texts.get(at).map_or("", |text| text)
    }

    /// The shape of a token.
    pub(crate) fn shape(&self, id: u32) -> u8 {
        let (layer, at) = self.layer(id);
        layer.shapes.get(at).copied().unwrap_or(shape::OTHER)
    }

    /// Tokens whose text begins with `prefix`, at most `most` of each layer.
    pub(crate) fn with_prefix(&self, prefix: &str, most: usize) -> Vec<u32> {
        let layers = [self.local, &self.vocab.added, &self.vocab.base];
        layers
            .iter()
            .flat_map(|layer| layer.with_prefix(prefix).take(most))
            .collect()
    }
}

/// The indentation after a newline token: a tab counts as four blanks.
pub(crate) fn indentation(source: &str, newline: &Token) -> usize {
    let text = &source.as_bytes()[newline.start..newline.end];
    let line = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
    text[line..]
        .iter()
        .map(|byte| if *byte == b'\t' { 4 } else { 1 })
        .sum()
}

/// Ids of tokens; `indent` is the indentation of the current line, before and after.
pub(crate) fn encode(
    source: &str,
    tokens: &[Token],
    indent: &mut usize,
    interner: &mut Interner<'_>,
) -> Vec<u32> {
    let ids = tokens.iter().map(|token| {
        if token.kind != Kind::Newline {
            return interner.id(source, token);
        }
        let new = indentation(source, token);
        let old = std::mem::replace(indent, new);
        match new.cmp(&old) {
            std::cmp::Ordering::Equal => builtin::LINE_SAME,
            std::cmp::Ordering::Greater => builtin::LINE_DEEPER,
            std::cmp::Ordering::Less => builtin::LINE_SHALLOWER,
        }
    });
    ids.collect()
}
