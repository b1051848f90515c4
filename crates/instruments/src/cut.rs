//! Where an answer ends: at the end of the statement or block, before what stands behind the cursor anyway.
//!
//! Models are trained to go on. What they say after the statement that the cursor is in is not a suggestion for this
//! place, so it is neither waited for nor shown.

use crate::Prompt;

/// No suggestion is longer.
const MOST_LINES: usize = 48;
const MOST_BYTES: usize = 4 << 10;
/// Nobody reads a longer line.
const MOST_OF_A_LINE: usize = 500;
/// A tab is as good as this many spaces where both are mixed.
const TAB: usize = 4;

/// How answers to one prompt are cut.
#[derive(Debug, Clone)]
pub(crate) struct Cut<'a> {
    before: &'a str,
    after: &'a str,
    suffix: &'a str,
    stops: Vec<&'a str>,
    is_prose: bool,
}

impl<'a> Cut<'a> {
    pub(crate) fn new(prompt: &'a Prompt, special: &'a [&'static str], is_prose: bool) -> Self {
        let (before, after) = prompt.line();
        let stops = prompt.limits.stop.iter().map(String::as_str);
        Self {
            before,
            after,
            suffix: &prompt.suffix,
            stops: stops
                .chain(special.iter().copied())
                .filter(|it| !it.is_empty())
                .collect(),
            is_prose,
        }
    }

    /// Whether nothing that may still come could be used.
    pub(crate) fn is_enough(&self, text: &str) -> bool {
        if self.is_prose {
            // A fence may stand anywhere: its end is the end.
            return text.matches("```").count() >= 2;
        }
        let whole_lines = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        self.stopped(text).len() < text.len() || self.statement(whole_lines).1
    }

    /// What may be shown of `text`, the first that is sound being the best: without what stands behind the cursor, and with
    /// it. Each is a part of the text from its start, but in prose.
    pub(crate) fn candidates(&self, text: &str) -> Vec<String> {
        let text = text.replace("\r\n", "\n");
        let text = match self.is_prose {
            true => self.code_in(&text),
            false => &text,
        };
        let (text, _) = self.statement(self.stopped(text));
        if !is_clean(text) || text.lines().any(|it| it.len() > MOST_OF_A_LINE) {
            return Vec::new();
        }
        let text = self.without_next_lines(text).trim_end();
        let without = self
            .without_overlap(text)
            .trim_end_matches(['\n', ' ', '\t']);
        let mut found = vec![without.to_owned()];
        if without != text {
            found.push(text.to_owned());
        }
        found.retain(|it| !it.trim().is_empty());
        found
    }

    fn stopped<'t>(&self, text: &'t str) -> &'t str {
        let ends = self.stops.iter().filter_map(|it| text.find(it));
        &text[..ends.min().unwrap_or(text.len())]
    }

    /// The code of an answer in prose: what is fenced, else all of it; without what stands before the cursor already.
    fn code_in<'t>(&self, text: &'t str) -> &'t str {
        let code = match text.split_once("```") {
            None => text,
            Some((_, fenced)) => {
                let (_, code) = fenced.split_once('\n').unwrap_or(("", fenced));
                let code = code.split_once("```").map_or(code, |(code, _)| code);
                code.strip_suffix('\n').unwrap_or(code)
            }
        };
        let typed = self.before.trim_start();
        let repeated = code.trim_start().strip_prefix(typed);
        repeated.filter(|_| !typed.is_empty()).unwrap_or(code)
    }

    /// The first lines, up to where the statement or the block ends; and whether that is known from what has come.
    fn statement<'t>(&self, text: &'t str) -> (&'t str, bool) {
        let kept = &text[..text.floor_char_boundary(MOST_BYTES)];
        let mut lines = kept.split_inclusive('\n');
        let first = lines.next().unwrap_or_default();
        // With code behind the cursor on its line, only that line can be meant.
        if self
            .after
            .chars()
            .any(|it| !it.is_whitespace() && !is_closer(it))
        {
            return (first.trim_end_matches('\n'), first.ends_with('\n'));
        }
        let mut end = first.len();
        let mut state = State::after_first(self.before, first);
        let mut is_known = kept.len() < text.len();
        for (n, line) in lines.enumerate() {
            let next = state.next(line);
            if next != Next::Outside {
                end += line.len();
            }
            if next != Next::Inside || n + 2 == MOST_LINES {
                is_known = true;
                break;
            }
        }
        (kept[..end].trim_end_matches('\n'), is_known)
    }

    /// Up to a line that stands behind the cursor anyway.
    fn without_next_lines<'t>(&self, text: &'t str) -> &'t str {
        let mut behind = self.suffix.split('\n').skip(1).map(str::trim_end);
        let Some(next) = behind.find(|it| !it.trim().is_empty()) else {
            return text;
        };
        let mut start = 0;
        for (n, line) in text.split_inclusive('\n').enumerate() {
            // The first line goes on with what is before the cursor.
            if n > 0 && line.trim_end() == next {
                return &text[..start];
            }
            start += line.len();
        }
        text
    }

    /// Without an end that the rest of the cursor's line begins with.
    fn without_overlap<'t>(&self, text: &'t str) -> &'t str {
        let after = self.after.trim_end();
        let is_end = |len: &usize| after.is_char_boundary(*len) && text.ends_with(&after[..*len]);
        let longest = (1..=after.len().min(text.len())).rev().find(is_end);
        // White space alone is nothing that is said twice.
        let longest = longest.filter(|len| !after[..*len].trim().is_empty());
        &text[..text.len() - longest.unwrap_or(0)]
    }
}

fn is_closer(it: char) -> bool {
    matches!(it, ')' | ']' | '}' | '>' | ';' | ',' | '"' | '\'' | '`')
}

/// Whether text has only characters that programs have: none that moves a terminal's cursor, or turns text around.
fn is_clean(text: &str) -> bool {
    !text.chars().any(|it| {
        let turns = matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || it == '\u{fffd}' || (it.is_control() && it != '\n' && it != '\t')
    })
}

fn indentation(line: &str) -> usize {
    let blanks = line.chars().take_while(|it| matches!(it, ' ' | '\t'));
    blanks.map(|it| if it == '\t' { TAB } else { 1 }).sum()
}

/// What a line is to the statement that began before it.
#[derive(PartialEq, Eq)]
enum Next {
    Inside,
    /// It belongs to the statement, and ends it.
    Last,
    Outside,
}

/// Where the statement is, by indentation.
struct State {
    /// Of the line that it began on.
    base: usize,
    /// Whether a line of the same indentation could still belong to it.
    is_open: bool,
    /// Nothing of it has come yet: the cursor is at the end of a line, and the answer begins on the next.
    is_pending: bool,
    blank: usize,
}

impl State {
    fn after_first(before: &str, first: &str) -> Self {
        let typed = before.trim();
        let is_pending = first.trim().is_empty() && !typed.is_empty();
        let base = match typed.is_empty() {
            // The answer begins the line: what it is indented by adds to what is there.
            true => indentation(before) + indentation(first),
            false => indentation(before),
        };
        let line = format!("{typed} {}", first.trim());
        Self {
            base,
            is_open: opens(line.trim()),
            is_pending,
            blank: 0,
        }
    }

    fn next(&mut self, line: &str) -> Next {
        let text = line.trim();
        if text.is_empty() {
            self.blank += 1;
            // Two of them separate what does not belong together.
            return if self.blank > 1 {
                Next::Outside
            } else {
                Next::Inside
            };
        }
        self.blank = 0;
        let indentation = indentation(line);
        if self.is_pending {
            self.is_pending = false;
            // Behind an open block the block's lines come; else another statement.
            if !self.is_open {
                self.base = indentation;
                self.is_open = opens(text);
                return Next::Inside;
            }
        }
        if indentation > self.base {
            return Next::Inside;
        }
        if indentation < self.base {
            return Next::Outside;
        }
        if goes_on(text) {
            self.is_open = opens(text);
            return Next::Inside;
        }
        if self.is_open && text.starts_with(['}', ')', ']', '`']) {
            self.is_open = opens(text);
            return if self.is_open {
                Next::Inside
            } else {
                Next::Last
            };
        }
        Next::Outside
    }
}

/// Whether more has to come behind this line.
fn opens(line: &str) -> bool {
    line.ends_with(['{', '(', '[', ',', '`', '=', ':', '?', '+', '|', '&']) || line.ends_with("=>")
}

/// Whether a line goes on with what is before it.
fn goes_on(line: &str) -> bool {
    const WORDS: &[&str] = &["else", "catch", "finally"];
    let is_word = |word: &&str| {
        let rest = line.strip_prefix(*word);
        rest.is_some_and(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == '_'))
    };
    line.starts_with(['.', '?', ':', '&', '|', '+']) || WORDS.iter().any(is_word)
}
