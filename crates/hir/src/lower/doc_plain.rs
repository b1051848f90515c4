//! The types of comments in the words of the language: what only comments allow is rewritten, and each byte keeps its
//! place.

/// A type that the strict parser reads, with the place in the comment of each of its bytes and of its end.
pub(super) struct Plain {
    pub(super) source: String,
    pub(super) places: Vec<u32>,
}

/// What a bracket that is open belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Bracket,
    /// The parameters of `function(A, B): C`.
    Parameters,
    /// What such a function returns, up to the end of what is around it.
    Returned,
}

struct Rewrite<'a> {
    text: &'a str,
    at: usize,
    start: usize,
    out: Plain,
    open: Vec<Open>,
}

/// Rewrites `text[start..end]` behind `prefix`: without the stars of lines, `T=`, `...T` and the dot of `Array.<T>`, with
/// `function(A): B` as `((_: A) => B)`.
pub(super) fn plain(prefix: &str, text: &str, start: usize) -> Plain {
    let mut rewrite = Rewrite {
        text,
        at: 0,
        start,
        out: Plain {
            source: String::with_capacity(prefix.len() + text.len()),
            places: Vec::with_capacity(prefix.len() + text.len() + 1),
        },
        open: Vec::new(),
    };
    rewrite.insert(prefix);
    rewrite.run();
    let end = (start + text.len()) as u32;
    rewrite.out.places.push(end);
    rewrite.out
}

impl Rewrite<'_> {
    fn insert(&mut self, what: &str) {
        self.out.source.push_str(what);
        let place = (self.start + self.at) as u32;
        let len = self.out.source.len();
        self.out.places.resize(len, place);
    }

    /// Takes `len` bytes over.
    fn copy(&mut self, len: usize) {
        let end = self.at + len;
        self.out.source.push_str(&self.text[self.at..end]);
        while self.at < end {
            self.out.places.push((self.start + self.at) as u32);
            self.at += 1;
        }
    }

    /// Takes a blank for the next byte.
    fn blank(&mut self) {
        self.insert(" ");
        self.at += 1;
    }

    fn run(&mut self) {
        let mut at_line = false;
        if self.text.trim_start().starts_with("...") {
            self.at = self.text.len() - self.text.trim_start().len() + 3;
        }
        while let Some(next) = self.text[self.at..].chars().next() {
            match next {
                '\n' => at_line = true,
                '*' if at_line => {
                    self.blank();
                    continue;
                }
                it if !it.is_whitespace() => at_line = false,
                _ => {}
            }
            self.step(next);
        }
        while self.open.pop_if(|it| *it == Open::Returned).is_some() {
            self.insert(")");
        }
    }

    fn step(&mut self, next: char) {
        let rest = &self.text[self.at + next.len_utf8()..];
        match next {
            'f' if self.function() => {}
            '\'' | '"' => {
                let len = rest.find(next).map_or(rest.len(), |it| it + 1);
                self.copy(1 + len);
            }
            '.' if rest.starts_with('<') => self.blank(),
            '=' if rest.starts_with('>') => self.copy(2),
            '=' if rest.trim_start().is_empty() || rest.trim_start().starts_with([',', ')']) => {
                self.blank();
            }
            '(' | '[' | '{' | '<' => {
                self.open.push(Open::Bracket);
                self.copy(1);
            }
            ')' | ']' | '}' | '>' => self.close(),
            ',' => {
                self.end_returned();
                self.copy(1);
                if self.open.last() == Some(&Open::Parameters) {
                    self.parameter();
                }
            }
            it => self.copy(it.len_utf8()),
        }
    }

    fn end_returned(&mut self) {
        while self.open.pop_if(|it| *it == Open::Returned).is_some() {
            self.insert(")");
        }
    }

    fn close(&mut self) {
        self.end_returned();
        let open = self.open.pop();
        self.copy(1);
        if open != Some(Open::Parameters) {
            return;
        }
        let rest = &self.text[self.at..];
        let blanks = rest.len() - rest.trim_start().len();
        if rest.trim_start().starts_with(':') {
            self.copy(blanks);
            self.at += 1;
            self.insert("=>");
            self.open.push(Open::Returned);
        } else {
            self.insert("=>any)");
        }
    }

    /// `function(`, which begins the parameters.
    fn function(&mut self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let is_word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '.');
        let Some(rest) = self.text[self.at..].strip_prefix("function") else {
            return false;
        };
        if before.is_some_and(is_word) || !rest.trim_start().starts_with('(') {
            return false;
        }
        self.insert("(");
        self.at += "function".len() + rest.len() - rest.trim_start().len();
        self.open.push(Open::Parameters);
        self.copy(1);
        self.parameter();
        true
    }

    /// Names a parameter, which has only a type.
    fn parameter(&mut self) {
        let rest = &self.text[self.at..];
        let blanks = rest.len() - rest.trim_start().len();
        self.copy(blanks);
        let rest = &self.text[self.at..];
        if rest.starts_with("...") {
            self.copy(3);
        } else if rest.starts_with("this:") || rest.starts_with(')') {
            return;
        }
        self.insert("_:");
    }
}
