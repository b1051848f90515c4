//! The surroundings of an error, and the small repairs that are worth trying there.

use std::ops::Range;

use super::Failure;
use crate::nesting::open_brackets;
use crate::{NodeExt, Parse, SyntaxKind};

/// Where the parser gave up.
pub(super) struct Place {
    /// The token that it did not expect; empty at the end.
    pub(super) token: Range<usize>,
    /// The token before it.
    pub(super) before: Range<usize>,
    /// The end of the line of the token.
    pub(super) line_end: usize,
    /// The end of the line behind that of the token: a repair that gets there is a good one.
    pub(super) goal: usize,
    /// The blanks behind the token before.
    gap: Range<usize>,
    /// What it wanted closed.
    opened: Option<usize>,
}

/// What may be put in for something that is missing.
const FILLER: &str = "0";

impl Place {
    pub(super) fn new(parse: &Parse, text: &[u8], failure: &Failure) -> Self {
        let mut start = skip_blanks(text, failure.at);
        while let Some(end) = comment_at(parse, start) {
            start = skip_blanks(text, end);
        }
        let mut end_before = skip_blanks_back(text, start);
        while let Some(comment) = comment_before(parse, end_before) {
            end_before = skip_blanks_back(text, comment);
        }
        let token = start..start + token_len(&text[start..]);
        Self {
            before: token_start(text, end_before)..end_before,
            gap: end_before..skip_blanks(text, end_before),
            line_end: line_end(text, token.end),
            goal: line_end(text, skip_blanks(text, line_end(text, token.end))),
            token,
            opened: failure.opened,
        }
    }

    /// The repairs worth trying, by tiers: those of a later tier lose more.
    pub(super) fn repairs(&self, text: &[u8], parse: &Parse) -> [Vec<Repair>; 3] {
        match self.earlier(text) {
            Some(earlier) => earlier.repairs_here(text, parse),
            None => self.repairs_here(text, parse),
        }
    }

    fn repairs_here(&self, text: &[u8], parse: &Parse) -> [Vec<Repair>; 3] {
        let language = parse.language();
        // What begins the next statement is not what is wrong.
        let is_next = begins_statement(&text[self.token.clone()]) && self.begins_line(text);
        let mut small = Repairs::new(text);
        self.complete(&mut small);
        self.closers_before_line(&mut small, parse, text);
        let open = open_brackets(&text[..self.token.start], language);
        self.closers(&mut small, &open);
        if !wants_more(&text[self.before.clone()]) {
            small.put(&self.gap, ";");
            if !is_next {
                small.put(&self.gap, ",");
            }
        }
        if language.has_jsx() {
            small.put(&self.gap, "/>");
            self.tag(&mut small);
        }
        let mut tokens = Repairs::new(text);
        if !is_next {
            tokens.replaced(self.token.clone(), FILLER);
            tokens.blanked(self.token.clone());
            tokens.replaced(self.token.clone(), ";");
            tokens.replaced(self.token.clone(), ",");
        }
        self.backticks(&mut tokens);
        tokens.blanked(self.before.clone());
        tokens.replaced(self.before.clone(), FILLER);
        let mut lines = Repairs::new(text);
        let end = line_end(text, self.token.start);
        let line = line_start(text, self.token.start);
        self.heads(&mut lines);
        if !is_next {
            lines.replaced(self.token.start..end, FILLER);
            lines.blanked(self.token.start..end);
        }
        lines.blanked(line_start(text, self.before.start)..line);
        if !is_next {
            lines.blanked(line..end);
            lines.blanked(line_start(text, self.before.start)..end);
        }
        [small.out, tokens.out, lines.out]
    }

    fn begins_line(&self, text: &[u8]) -> bool {
        skip_blanks(text, line_start(text, self.token.start)) == self.token.start
    }

    /// The place before the word that the parser took for a name: `const` in `a.` and `const b` on two lines.
    fn earlier(&self, text: &[u8]) -> Option<Self> {
        let is_first = skip_blanks(text, line_start(text, self.before.start)) == self.before.start;
        if !is_first || !begins_statement(&text[self.before.clone()]) {
            return None;
        }
        let end = skip_blanks_back(text, self.before.start);
        Some(Self {
            token: self.before.clone(),
            before: token_start(text, end)..end,
            line_end: self.line_end,
            goal: self.goal,
            gap: end..self.before.start,
            opened: None,
        })
    }

    /// With something behind an operator that lacks it, or without the operator.
    fn complete(&self, all: &mut Repairs<'_>) {
        let before = &all.text[self.before.clone()];
        if !wants_more(before) {
            return;
        }
        let is_bracket = is_bracket(before);
        all.put(&self.gap, FILLER);
        if !is_bracket {
            all.blanked(self.before.clone());
        }
    }

    /// With the innermost brackets closed before the token.
    fn closers(&self, all: &mut Repairs<'_>, open: &[(usize, &'static str)]) {
        let wants_more = wants_more(&all.text[self.before.clone()]);
        let is_end = self.token.is_empty();
        let counts = if is_end {
            open.len().max(1)..=open.len()
        } else {
            1..=open.len().min(3)
        };
        for count in counts {
            let closers: String = open[open.len() - count..]
                .iter()
                .rev()
                .map(|it| it.1)
                .collect();
            if is_end {
                all.appended(0..0, &closers);
                if wants_more {
                    all.appended(0..0, &format!("{FILLER}{closers}"));
                    all.appended(self.before.clone(), &closers);
                }
                continue;
            }
            all.put(&self.gap, &closers);
            if wants_more {
                all.put(&self.gap, &format!("{FILLER}{closers}"));
                all.blanked_and_put(self.before.clone(), &self.gap, &closers);
            }
            if matches!(&all.text[self.token.clone()], b";" | b",") {
                all.replaced(self.token.clone(), &closers);
            }
            // Further left in the same line: `const { a = b;`.
            let line = line_start(all.text, self.token.start);
            let mut at = self.before.start;
            for _ in 0..3 {
                let end = skip_blanks_back(all.text, at);
                if end <= line {
                    break;
                }
                all.put(&(end..at), &closers);
                at = token_start(all.text, end);
            }
        }
    }

    /// With a block closed before the first line that is not indented more than the line that opened it.
    fn closers_before_line(&self, all: &mut Repairs<'_>, parse: &Parse, text: &[u8]) {
        let line = line_start(text, self.token.start);
        let opened = self.opened.map(|it| line_end(text, it));
        for from in [Some(line), opened].into_iter().flatten() {
            let open = open_brackets(&text[..from], parse.language());
            let mut at = from;
            while at < text.len().min(self.token.end.max(line + 1)) {
                let first = skip_blanks(text, at);
                let indent = first - line_start(text, first);
                let deeper = |it: &&(usize, &str)| {
                    let line = line_start(text, it.0);
                    skip_blanks(text, line) - line >= indent
                };
                let closed: String = open
                    .iter()
                    .rev()
                    .take_while(deeper)
                    .map(|it| it.1)
                    .collect();
                let is_closer = text
                    .get(first)
                    .is_none_or(|it| matches!(it, b'}' | b')' | b']'));
                if !closed.is_empty() && !is_closer {
                    all.put(&(skip_blanks_back(text, first)..first), &closed);
                    break;
                }
                at = line_end(text, first) + 1;
            }
        }
    }

    /// Without a part of a line that opens a block, so that the block is still one: `class A exten( {`.
    fn heads(&self, all: &mut Repairs<'_>) {
        let text = all.text;
        let start = line_start(text, self.token.start);
        let line = text[start..line_end(text, start)].trim_ascii_end();
        let Some(open) = line.strip_suffix(b"{").map(|it| start + it.len()) else {
            return;
        };
        let mut at = self.token.start.min(open);
        for _ in 0..16 {
            all.blanked(at..open);
            let end = skip_blanks_back(text, at);
            if end <= start {
                return;
            }
            at = token_start(text, end);
        }
    }

    /// Without the backtick of a line that has an odd number of them.
    fn backticks(&self, all: &mut Repairs<'_>) {
        let mut end = line_end(all.text, self.token.start);
        let mut found = 0;
        while found < 2 {
            let start = line_start(all.text, end);
            let line = &all.text[start..end];
            let mut marks = (0..line.len()).filter(|&at| line[at] == b'`');
            let (first, last) = (marks.next(), marks.next_back());
            if let Some(first) = first
                && line.iter().filter(|&&it| it == b'`').count() % 2 == 1
            {
                found += 1;
                for mark in [Some(first), last].into_iter().flatten() {
                    all.blanked(start + mark..start + mark + 1);
                    all.blanked(start + mark..end);
                }
                all.blanked(start..end);
            }
            let Some(next) = start.checked_sub(1) else {
                return;
            };
            end = next;
        }
    }

    /// Without the tag that was opened and not closed.
    fn tag(&self, all: &mut Repairs<'_>) {
        let Some(opened) = self.opened else { return };
        let start = all.text[..=opened].iter().rposition(|&it| it == b'<');
        let end = all.text[opened..].iter().position(|&it| it == b'>');
        if let (Some(start), Some(end)) = (start, end) {
            all.blanked(start..opened + end + 1);
        }
    }
}

/// A change that is yet to be tried.
#[derive(Debug)]
pub(super) struct Repair {
    blank: Range<usize>,
    at: usize,
    what: String,
}

impl Repair {
    /// The changed text.
    pub(super) fn apply(&self, text: &[u8]) -> Vec<u8> {
        let mut next = text.to_vec();
        blank(&mut next, self.blank.clone());
        let end = self.at + self.what.len();
        if next.len() < end {
            next.resize(end, b' ');
        }
        next[self.at..end].copy_from_slice(self.what.as_bytes());
        next
    }
}

struct Repairs<'a> {
    text: &'a [u8],
    out: Vec<Repair>,
}

impl<'a> Repairs<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            out: Vec::new(),
        }
    }

    fn add(&mut self, blank: Range<usize>, at: usize, what: &str) {
        self.out.push(Repair {
            blank,
            at,
            what: what.to_owned(),
        });
    }

    /// With `what` among blanks, if they have room for it.
    fn put(&mut self, gap: &Range<usize>, what: &str) {
        if let Some(at) = room(self.text, gap, what) {
            self.add(at..at, at, what);
        }
    }

    fn blanked_and_put(&mut self, range: Range<usize>, gap: &Range<usize>, what: &str) {
        if range.len() + gap.len() >= what.len() && range.end == gap.start {
            self.add(range.clone(), range.start, what);
        }
    }

    fn blanked(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.add(range.clone(), range.start, "");
        }
    }

    fn replaced(&mut self, range: Range<usize>, what: &str) {
        if range.len() >= what.len() && !is_joined(self.text, range.start, what) {
            self.add(range.clone(), range.start, what);
        }
    }

    fn appended(&mut self, blank: Range<usize>, what: &str) {
        if !what.is_empty() {
            self.add(blank, self.text.len(), &format!("\n{what}"));
        }
    }
}

/// Whether `what` would be read as a part of the word before it.
fn is_joined(text: &[u8], at: usize, what: &str) -> bool {
    let before = at.checked_sub(1).map(|before| &text[before]);
    what.starts_with(FILLER) && before.is_some_and(is_word)
}

/// Where `what` has room among the blanks of `gap`: not behind a word if it is one, and not on the last line end unless
/// it separates as well.
fn room(text: &[u8], gap: &Range<usize>, what: &str) -> Option<usize> {
    let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let lines = text[gap.clone()]
        .iter()
        .filter(|it| is_line_end(it))
        .count();
    let separates = what.ends_with(['}', ';', ',']);
    let last = gap.end.checked_sub(what.len())?;
    (gap.start..=last).find(|&at| {
        let used = text[at..at + what.len()]
            .iter()
            .filter(|it| is_line_end(it))
            .count();
        !is_joined(text, at, what) && (used == 0 || separates || used < lines)
    })
}

/// Replaces everything but line ends by spaces.
pub(super) fn blank(text: &mut [u8], range: Range<usize>) {
    for byte in &mut text[range] {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

/// Whether something must follow a token.
fn wants_more(token: &[u8]) -> bool {
    match token {
        b"new" | b"typeof" | b"await" | b"void" | b"delete" | b"return" | b"in" | b"of" | b"as"
        | b"extends" | b"implements" | b"satisfies" | b"instanceof" | b"keyof" | b"case"
        | b"throw" | b"default" | b"is" | b"yield" => true,
        _ => {
            !matches!(
                token,
                [] | [.., b')' | b']' | b'}' | b'"' | b'\'' | b'`' | b';']
            ) && !token.last().is_some_and(is_word)
        }
    }
}

/// Whether a word that begins a line begins a statement.
fn begins_statement(word: &[u8]) -> bool {
    matches!(
        word,
        b"const"
            | b"let"
            | b"var"
            | b"type"
            | b"interface"
            | b"class"
            | b"function"
            | b"enum"
            | b"import"
            | b"export"
            | b"namespace"
            | b"declare"
            | b"abstract"
            | b"async"
            | b"if"
            | b"for"
            | b"while"
            | b"return"
            | b"switch"
            | b"try"
            | b"throw"
            | b"do"
    )
}

fn is_bracket(token: &[u8]) -> bool {
    matches!(token, b"(" | b"[" | b"{")
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'\\' | 0x80..)
}

fn is_operator(byte: &u8) -> bool {
    matches!(
        byte,
        b'=' | b'>' | b'<' | b'&' | b'|' | b'?' | b'+' | b'-' | b'*' | b'.' | b'!'
    )
}

/// The length of the token that a text begins with; a string that is not closed goes to the end of the line.
fn token_len(text: &[u8]) -> usize {
    let run = |test: fn(&u8) -> bool| text.iter().take_while(|it| test(it)).count();
    match text.first() {
        None => 0,
        Some(b'"' | b'\'' | b'`') => line_end(text, 0),
        Some(byte) if is_word(byte) => run(is_word),
        Some(byte) if is_operator(byte) => run(is_operator).min(3),
        Some(_) => 1,
    }
}

fn token_start(text: &[u8], end: usize) -> usize {
    let run = |test: fn(&u8) -> bool| text[..end].iter().rev().take_while(|it| test(it)).count();
    match text[..end].last() {
        None => end,
        Some(byte) if is_word(byte) => end - run(is_word),
        Some(byte) if is_operator(byte) => end - run(is_operator).min(3),
        Some(_) => end - 1,
    }
}

fn skip_blanks(text: &[u8], at: usize) -> usize {
    let rest = &text[at.min(text.len())..];
    at.min(text.len())
        + rest
            .iter()
            .take_while(|it| it.is_ascii_whitespace())
            .count()
}

fn skip_blanks_back(text: &[u8], at: usize) -> usize {
    let blanks = text[..at]
        .iter()
        .rev()
        .take_while(|it| it.is_ascii_whitespace());
    at - blanks.count()
}

fn line_end(text: &[u8], at: usize) -> usize {
    let rest = &text[at.min(text.len())..];
    at + rest
        .iter()
        .position(|&it| it == b'\n')
        .unwrap_or(rest.len())
}

fn line_start(text: &[u8], at: usize) -> usize {
    let before = &text[..at.min(text.len())];
    before
        .iter()
        .rposition(|&it| it == b'\n')
        .map_or(0, |it| it + 1)
}

/// The end of the comment that begins at `at`.
fn comment_at(parse: &Parse, at: usize) -> Option<usize> {
    let bytes = parse.text().as_bytes();
    if bytes.get(at) != Some(&b'/') || !matches!(bytes.get(at + 1), Some(b'/' | b'*')) {
        return None;
    }
    let node = parse.root().descendant_for_byte_range(at, at + 1)?;
    (node.syntax() == SyntaxKind::Comment && node.start_byte() == at).then(|| node.end_byte())
}

/// The start of the comment that ends at `end`.
fn comment_before(parse: &Parse, end: usize) -> Option<usize> {
    let last = end.checked_sub(1).filter(|_| end <= parse.text().len())?;
    let node = parse.root().descendant_for_byte_range(last, end)?;
    (node.syntax() == SyntaxKind::Comment && node.end_byte() == end).then(|| node.start_byte())
}
