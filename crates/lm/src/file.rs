//! What is kept of an open file between keystrokes: its own index and its part of the project.

use crate::builtin::{END, is_line};
use crate::index::{Index, Text};
use crate::lex::{self, Kind, State, Token};
use crate::model::{Part, Snapshot};
use crate::predict::Evidence;
use crate::vocab::{self, Interner, LOCAL, Names, Words};
use crate::weights::Weights;
use std::sync::Arc;

/// Tokens of context a prediction may look at.
const CONTEXT: usize = 200;
/// A directory with a larger share of the project's tokens (in percent) is the project.
const WHOLE: u64 = 70;

/// Work kept between requests for one document. Any state gives the same answers; the right one
/// gives them sooner.
#[derive(Debug, Default)]
pub struct FileState {
    epoch: Option<u64>,
    path: String,
    words: Words,
    /// The text up to the last line break, whose tokens are in the index.
    before: String,
    resume: Option<State>,
    /// The text from the next line break on.
    after: String,
    index: Index,
    context: Vec<u32>,
    indent: usize,
    open: usize,
    closed: usize,
    base: View,
    added: View,
}

/// A part of the project as one document sees it.
#[derive(Debug, Default)]
struct View {
    of: Option<Arc<Index>>,
    /// All but the document itself; none if that is all.
    project: Option<Index>,
    /// The document's directory; none if it is (nearly) the project.
    directory: Option<Index>,
}

/// A place in a document, ready to be predicted.
pub(crate) struct Place {
    /// The last tokens before the cursor, without the half-typed word.
    pub(crate) context: Vec<u32>,
    /// The half-typed word, string or template.
    pub(crate) word: String,
    /// The text before the cursor (and the word) ends with a token, not with a blank.
    pub(crate) touches: bool,
    /// The first tokens on the line after the cursor.
    pub(crate) right: Vec<u32>,
    /// Brackets that may be closed: open before the cursor and not closed after it.
    pub(crate) room: usize,
}

impl FileState {
    /// A state that knows nothing.
    pub fn new() -> FileState {
        FileState::default()
    }

    /// Brings the state up to date and describes the cursor's place. None inside a comment.
    pub(crate) fn place(
        &mut self,
        snapshot: &Snapshot,
        path: &str,
        before: &str,
        after: &str,
    ) -> Option<Place> {
        self.follow(snapshot, path);
        let line_end = memchr::memchr2(b'\n', b'\r', after.as_bytes()).unwrap_or(after.len());
        let (line_after, after) = after.split_at(line_end);
        let line = self.line(snapshot, before, after);
        if line.in_comment {
            return None;
        }
        let mut tokens = line.tokens;
        let half_typed = tokens.last().is_some_and(|last| {
            let word = matches!(last.kind, Kind::Word | Kind::Keyword | Kind::Number);
            last.end == before.len() && (word || last.open)
        });
        let word_start = match tokens.last() {
            Some(last) if half_typed => last.start,
            _ => before.len(),
        };
        if half_typed {
            tokens.pop();
        }
        let end = tokens.last().map_or(self.before.len(), |last| last.end);
        let mut interner = Interner {
            vocab: Some(&snapshot.vocab),
            words: &mut self.words,
        };
        let mut context = self.context.clone();
        let mut indent = self.indent;
        context.extend(vocab::encode(before, &tokens, &mut indent, &mut interner));
        let right_tokens = lex::lex(line_after, 0, State::default()).tokens;
        let right = &right_tokens[..right_tokens.len().min(3)];
        let right = vocab::encode(line_after, right, &mut indent, &mut interner);
        let mut balance = Balance {
            open: self.open,
            closed: 0,
        };
        balance.read(before, &tokens);
        let mut following = Balance::default();
        following.read(line_after, &right_tokens);
        let closed = following.closed + self.closed.saturating_sub(following.open);
        Some(Place {
            context,
            word: before[word_start..].to_string(),
            touches: end == word_start && !tokens.is_empty(),
            right,
            room: balance.open.saturating_sub(closed),
        })
    }

    /// The evidence there is for this file.
    pub(crate) fn evidence<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        weights: &'a Weights,
    ) -> Evidence<'a> {
        let parts = [(&self.base, &snapshot.base), (&self.added, &snapshot.added)];
        let mut project = Vec::new();
        let mut directory = Vec::new();
        for (view, part) in parts {
            let all = view.project.as_ref().unwrap_or(&part.index);
            let near = view.directory.as_ref().unwrap_or(all);
            project.extend(Some(all).filter(|it| !it.is_empty()));
            directory.extend(Some(near).filter(|it| !it.is_empty()));
        }
        Evidence {
            scopes: [project, directory, vec![&self.index]],
            names: Names {
                vocab: &snapshot.vocab,
                local: &self.words,
            },
            weights,
        }
    }

    /// Encodes something on the cursor's line, given its indentation.
    pub(crate) fn encode<T>(
        &mut self,
        snapshot: &Snapshot,
        encode: impl FnOnce(&mut Interner<'_>, usize) -> T,
    ) -> T {
        let mut interner = Interner {
            vocab: Some(&snapshot.vocab),
            words: &mut self.words,
        };
        encode(&mut interner, self.indent)
    }

    /// Forgets what was kept of another snapshot or document.
    fn follow(&mut self, snapshot: &Snapshot, path: &str) {
        if self.path != path {
            *self = FileState {
                path: path.to_string(),
                ..FileState::default()
            };
        }
        if self.epoch != Some(snapshot.epoch) {
            self.epoch = Some(snapshot.epoch);
            self.resume = None;
            self.base.follow(&snapshot.base, path);
            self.added.follow(&snapshot.added, path);
        }
    }

    /// The tokens of the cursor's line, after indexing the other lines if they changed.
    fn line(&mut self, snapshot: &Snapshot, before: &str, after: &str) -> lex::Lexed {
        if let Some(state) = &self.resume
            && after == self.after
            && let Some(typed) = before.strip_prefix(self.before.as_str())
            // More blanks would be part of the last line break.
            && !typed.starts_with([' ', '\t'])
        {
            let line = lex::lex(before, self.before.len(), state.clone());
            if line.tokens.iter().all(|token| token.kind != Kind::Newline) {
                return line;
            }
        }
        let mut lexed = lex::lex(before, 0, State::default());
        let (at, state) = lexed.resume.take().unwrap_or_default();
        let split = lexed.tokens.partition_point(|token| token.start < at);
        let line = lexed.tokens.split_off(split);
        self.read(snapshot, before, &lexed.tokens, after);
        self.before.clear();
        self.before.push_str(&before[..at]);
        self.resume = Some(state);
        lex::Lexed {
            tokens: line,
            ..lexed
        }
    }

    fn read(&mut self, snapshot: &Snapshot, before: &str, tokens: &[Token], after: &str) {
        self.words = Words::from(LOCAL);
        let mut interner = Interner {
            vocab: Some(&snapshot.vocab),
            words: &mut self.words,
        };
        self.indent = 0;
        let mut ids = vocab::encode(before, tokens, &mut self.indent, &mut interner);
        self.context.clear();
        self.context
            .extend(&ids[ids.len().saturating_sub(CONTEXT)..]);
        let mut balance = Balance::default();
        balance.read(before, tokens);
        self.open = balance.open;

        let following = lex::lex(after, 0, State::default()).tokens;
        let mut indent = self.indent;
        ids.push(END);
        ids.extend(vocab::encode(after, &following, &mut indent, &mut interner));
        ids.push(END);
        let mut balance = Balance::default();
        balance.read(after, &following);
        self.closed = balance.closed;
        self.after.clear();
        self.after.push_str(after);

        let shapes = ids.iter().map(|id| interner.shape(*id)).collect();
        self.words.sort();
        self.index = Index::new(Arc::new(Text {
            tokens: ids,
            shapes,
        }));
    }
}

impl View {
    fn follow(&mut self, part: &Part, path: &str) {
        if self
            .of
            .as_ref()
            .is_some_and(|of| Arc::ptr_eq(of, &part.index))
        {
            return;
        }
        self.of = Some(part.index.clone());
        let own = part.ranges(|it| it == path);
        self.project = (!own.is_empty()).then(|| part.index.part(true, &own, false));
        let near = part.ranges(|it| it != path && directory(it) == directory(path));
        let size: u64 = near.iter().map(|it| u64::from(it.end - it.start)).sum();
        let whole = size * 100 > u64::from(part.index.all.total) * WHOLE;
        self.directory = (!whole).then(|| part.index.part(false, &near, true));
    }
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |parts| parts.0)
}

/// Brackets without their partners.
#[derive(Default)]
struct Balance {
    open: usize,
    closed: usize,
}

impl Balance {
    fn read(&mut self, source: &str, tokens: &[Token]) {
        for token in tokens.iter().filter(|it| it.kind == Kind::Punctuation) {
            match &source[token.start..token.end] {
                "(" | "[" | "{" => self.open += 1,
                ")" | "]" | "}" if self.open > 0 => self.open -= 1,
                ")" | "]" | "}" => self.closed += 1,
                _ => {}
            }
        }
    }
}

impl Place {
    /// Whether nothing but blanks follows on the line.
    pub(crate) fn at_line_end(&self) -> bool {
        self.right.first().is_none_or(|token| is_line(*token))
    }
}
