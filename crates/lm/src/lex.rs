//! An error-tolerant lexer for TypeScript, JavaScript and JSX.
//!
//! Half-typed text is the normal case: nothing here fails, every byte is skipped or belongs to one
//! token, and a string without an end stops at its line. Comments are dropped. Runs of line breaks
//! and blanks become one `Newline` token that ends where the next line's text begins.

use crate::builtin;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Word,
    Keyword,
    Number,
    Text,
    Template,
    Punctuation,
    Newline,
}

/// One token; `open` says that a string or template has no end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) open: bool,
}

/// What the lexer remembers between tokens: open braces, and at which of them a template goes on.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct State {
    depth: u32,
    templates: Vec<u32>,
}

/// The tokens of a text, and what is needed to go on.
#[derive(Default, Debug)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    /// The text ends inside a comment.
    pub(crate) in_comment: bool,
    /// End of the last newline token and the state there, to lex the text after it again.
    pub(crate) resume: Option<(usize, State)>,
}

/// Lexes `source` from `start` on.
pub(crate) fn lex(source: &str, start: usize, state: State) -> Lexed {
    let mut lexer = Lexer {
        source,
        bytes: source.as_bytes(),
        at: start,
        state,
        out: Lexed::default(),
    };
    if start == 0 {
        lexer.skip_file_start();
    }
    while lexer.at < lexer.bytes.len() && !lexer.out.in_comment {
        lexer.step();
    }
    lexer.out
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    state: State,
    out: Lexed,
}

/// Whether a byte goes on in a word; every byte of a character beyond ASCII does.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 128
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn skip_file_start(&mut self) {
        if self.source.starts_with('\u{feff}') {
            self.at += '\u{feff}'.len_utf8();
        }
        if self.bytes[self.at..].starts_with(b"#!") {
            self.skip_line();
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn push(&mut self, kind: Kind, start: usize, open: bool) {
        self.at = self.at.min(self.bytes.len());
        while !self.source.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.out.tokens.push(Token {
            kind,
            start,
            end: self.at,
            open,
        });
    }

    fn step(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b'\n' | b'\r' => self.newline(),
            b' ' | b'\t' => self.at += 1,
            b'/' if self.peek(1) == b'/' => {
                self.skip_line();
                self.out.in_comment = self.at == self.bytes.len();
            }
            b'/' if self.peek(1) == b'*' => {
                match memchr::memmem::find(&self.bytes[self.at + 2..], b"*/") {
                    Some(length) => self.at += length + 4,
                    None => self.out.in_comment = true,
                }
            }
            b'"' | b'\'' if !self.is_apostrophe() => self.text(byte),
            b'`' => self.template(),
            b'}' if self.state.templates.last() == Some(&self.state.depth) => {
                self.state.templates.pop();
                self.template();
            }
            b'#' | b'@' if is_word_byte(self.peek(1)) => self.word(),
            b'0'..=b'9' => self.number(),
            _ if is_word_byte(byte) => self.word(),
            b'/' if self.regex() => {}
            _ => self.punctuation(byte),
        }
    }

    fn newline(&mut self) {
        let start = self.at;
        while matches!(self.peek(0), b'\n' | b'\r' | b' ' | b'\t') {
            self.at += 1;
        }
        match self.out.tokens.last_mut() {
            Some(last) if last.kind == Kind::Newline => last.end = self.at,
            _ => self.push(Kind::Newline, start, false),
        }
        self.out.resume = Some((self.at, self.state.clone()));
    }

    /// A quote right after a name is an apostrophe, as in the text of a JSX element.
    fn is_apostrophe(&self) -> bool {
        self.bytes[self.at] == b'\''
            && self
                .out
                .tokens
                .last()
                .is_some_and(|last| last.end == self.at && last.kind == Kind::Word)
    }

    fn text(&mut self, quote: u8) {
        let start = self.at;
        self.at += 1;
        let mut open = true;
        while self.at < self.bytes.len() && !matches!(self.peek(0), b'\n' | b'\r') {
            let byte = self.peek(0);
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == quote {
                open = false;
                break;
            }
        }
        self.push(Kind::Text, start, open);
    }

    /// A template, or the piece of one up to `${`.
    fn template(&mut self) {
        let start = self.at;
        self.at += 1;
        let mut open = true;
        while self.at < self.bytes.len() && open {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    open = false;
                }
                b'$' if self.peek(1) == b'{' => {
                    self.at += 2;
                    self.state.templates.push(self.state.depth);
                    open = false;
                }
                _ => self.at += 1,
            }
        }
        self.push(Kind::Template, start, open);
    }

    fn word(&mut self) {
        let start = self.at;
        self.at += 1;
        while is_word_byte(self.peek(0)) {
            self.at += 1;
        }
        let keyword = builtin::id(&self.source[start..self.at]).is_some();
        self.push(
            if keyword { Kind::Keyword } else { Kind::Word },
            start,
            false,
        );
    }

    fn number(&mut self) {
        let start = self.at;
        while is_word_byte(self.peek(0)) || (self.peek(0) == b'.' && self.peek(1).is_ascii_digit())
        {
            self.at += 1;
        }
        self.push(Kind::Number, start, false);
    }

    /// Takes a regular expression if one can begin here and ends on this line.
    fn regex(&mut self) -> bool {
        let possible = match self.out.tokens.last() {
            None => true,
            Some(last) => match last.kind {
                Kind::Newline => true,
                Kind::Keyword => !matches!(
                    &self.source[last.start..last.end],
                    "this" | "super" | "null" | "true" | "false"
                ),
                Kind::Punctuation => !matches!(self.bytes[last.end - 1], b')' | b']' | b'}' | b'<'),
                _ => false,
            },
        };
        if !possible || self.peek(1) == b'>' {
            return false;
        }
        let (start, mut at, mut in_class) = (self.at, self.at + 1, false);
        loop {
            match self.bytes.get(at) {
                None | Some(b'\n' | b'\r') => return false,
                Some(b'\\') => at += 1,
                Some(b'[') => in_class = true,
                Some(b']') => in_class = false,
                Some(b'/') if !in_class => break,
                _ => {}
            }
            at += 1;
        }
        self.at = at + 1;
        while is_word_byte(self.peek(0)) {
            self.at += 1;
        }
        self.push(Kind::Text, start, false);
        true
    }

    fn punctuation(&mut self, byte: u8) {
        let start = self.at;
        self.at += builtin::punctuation_length(&self.bytes[start..]);
        match byte {
            b'{' => self.state.depth += 1,
            b'}' => self.state.depth = self.state.depth.saturating_sub(1),
            _ => {}
        }
        self.push(Kind::Punctuation, start, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(source: &str, expected: Expect) {
        let lexed = lex(source, 0, State::default());
        let mut out = String::new();
        for token in &lexed.tokens {
            let text = &source[token.start..token.end];
            let open = if token.open { " open" } else { "" };
            out += &format!("{:?} {text:?}{open}\n", token.kind);
        }
        if lexed.in_comment {
            out += "in comment\n";
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn code() {
        check(
            "\u{feff}#!/bin/x\n@dec class Ä { #x = 0x1F ?? a?.b /* c */ }",
            expect![[r##"
                Newline "\n"
                Word "@dec"
                Keyword "class"
                Word "Ä"
                Punctuation "{"
                Word "#x"
                Punctuation "="
                Number "0x1F"
                Punctuation "??"
                Word "a"
                Punctuation "?."
                Word "b"
                Punctuation "}"
            "##]],
        );
    }

    #[test]
    fn line_breaks_of_both_kinds_are_one_token() {
        check(
            "a\r\n\r\n  // x\r\n  b",
            expect![[r#"
                Word "a"
                Newline "\r\n\r\n  // x\r\n  "
                Word "b"
            "#]],
        );
    }

    #[test]
    fn templates_nest() {
        check(
            "`a${ { b: `c` } }d${e",
            expect![[r#"
                Template "`a${"
                Punctuation "{"
                Word "b"
                Punctuation ":"
                Template "`c`"
                Punctuation "}"
                Template "}d${"
                Word "e"
            "#]],
        );
    }

    #[test]
    fn unfinished_text() {
        check(
            "x = 'ab\nf(`y",
            expect![[r#"
            Word "x"
            Punctuation "="
            Text "'ab" open
            Newline "\n"
            Word "f"
            Punctuation "("
            Template "`y" open
        "#]],
        );
        check(
            "'\\",
            expect![[r#"
            Text "'\\" open
        "#]],
        );
        check(
            "`\\é",
            expect![[r#"
            Template "`\\é" open
        "#]],
        );
        check(
            "a /* b",
            expect![[r#"
            Word "a"
            in comment
        "#]],
        );
        check(
            "// b",
            expect![[r#"
            in comment
        "#]],
        );
    }

    #[test]
    fn regular_expressions_and_divisions() {
        check(
            "a / b / c; x = /[/]y/g",
            expect![[r#"
            Word "a"
            Punctuation "/"
            Word "b"
            Punctuation "/"
            Word "c"
            Punctuation ";"
            Word "x"
            Punctuation "="
            Text "/[/]y/g"
        "#]],
        );
    }

    #[test]
    fn jsx() {
        check(
            "<b>don't</b><br/>",
            expect![[r#"
            Punctuation "<"
            Word "b"
            Punctuation ">"
            Word "don"
            Punctuation "'"
            Word "t"
            Punctuation "</"
            Word "b"
            Punctuation ">"
            Punctuation "<"
            Word "br"
            Punctuation "/>"
        "#]],
        );
    }

    #[test]
    fn going_on_from_the_last_line_gives_the_same_tokens() {
        let source = "f(`a${\n x }b`)\n  y = `\n z` + 'q";
        let whole = lex(source, 0, State::default());
        let (at, state) = whole.resume.clone().expect("there is a line break");
        let rest = lex(source, at, state);
        let tail: Vec<_> = whole
            .tokens
            .iter()
            .filter(|it| it.start >= at)
            .copied()
            .collect();
        assert_eq!(rest.tokens, tail);
        assert_eq!(&source[at..at + 3], "y =");
    }
}
