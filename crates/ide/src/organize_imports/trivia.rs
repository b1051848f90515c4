//! Blanks, line breaks and comments between the parts of a statement, by offsets in bytes.

/// A comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether a line break follows it.
    pub(super) ends_line: bool,
}

/// Where [`skip`] stops before the first character that is neither blank nor in a comment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stop {
    pub(super) after_line_break: bool,
    pub(super) at_comment: bool,
}

impl Stop {
    pub(super) const NEVER: Self = Self {
        after_line_break: false,
        at_comment: false,
    };
    pub(super) const AT_COMMENT: Self = Self {
        after_line_break: false,
        at_comment: true,
    };
    pub(super) const AFTER_LINE: Self = Self {
        after_line_break: true,
        at_comment: false,
    };
    pub(super) const AFTER_LINE_OR_AT_COMMENT: Self = Self {
        after_line_break: true,
        at_comment: true,
    };
}

fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The length of the line break that `text` begins with; 0 if it does not.
fn line_break(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ if text.starts_with(['\u{2028}', '\u{2029}']) => 3,
        _ => 0,
    }
}

/// The length of the comment that `text` begins with; 0 if it does not.
fn comment(text: &str) -> usize {
    if text.starts_with("//") {
        text.find(['\r', '\n', '\u{2028}', '\u{2029}'])
            .unwrap_or(text.len())
    } else if let Some(inside) = text.strip_prefix("/*") {
        inside.find("*/").map_or(text.len(), |at| at + 4)
    } else {
        0
    }
}

fn blank(text: &str) -> Option<char> {
    let is_blank = |it: &char| it.is_whitespace() || *it == '\u{feff}';
    text.chars().next().filter(is_blank)
}

/// The end of the blanks and comments from `at` on.
pub(super) fn skip(text: &str, mut at: usize, stop: Stop) -> usize {
    loop {
        let left = rest(text, at);
        let lines = line_break(left);
        if lines > 0 {
            at += lines;
            if stop.after_line_break {
                return at;
            }
            continue;
        }
        if let Some(it) = blank(left) {
            at += it.len_utf8();
            continue;
        }
        match comment(left) {
            0 => return at,
            _ if stop.at_comment => return at,
            length => at += length,
        }
    }
}

/// The comments that follow `at` on its line.
pub(super) fn trailing_comments(text: &str, mut at: usize) -> Vec<Comment> {
    let mut found = Vec::new();
    loop {
        let left = rest(text, at);
        if line_break(left) > 0 {
            return found;
        }
        if let Some(it) = blank(left) {
            at += it.len_utf8();
            continue;
        }
        let length = comment(left);
        if length == 0 {
            return found;
        }
        let end = at + length;
        found.push(Comment {
            start: at,
            end,
            ends_line: left.starts_with("//") && line_break(rest(text, end)) > 0,
        });
        at = end;
    }
}

/// The comments on the lines after that of `at`.
pub(super) fn leading_comments(text: &str, mut at: usize) -> Vec<Comment> {
    let mut found: Vec<Comment> = Vec::new();
    let mut on_its_own = at == 0;
    loop {
        let left = rest(text, at);
        let lines = line_break(left);
        if lines > 0 {
            on_its_own = true;
            if let Some(last) = found.last_mut() {
                last.ends_line |= text[last.end..at].chars().all(char::is_whitespace);
            }
            at += lines;
            continue;
        }
        if let Some(it) = blank(left) {
            at += it.len_utf8();
            continue;
        }
        let length = comment(left);
        if length == 0 {
            return found;
        }
        if on_its_own {
            found.push(Comment {
                start: at,
                end: at + length,
                ends_line: false,
            });
        }
        at += length;
    }
}

/// How many line breaks lie between two offsets.
pub(super) fn lines_between(text: &str, from: usize, to: usize) -> usize {
    let mut at = from;
    let mut lines = 0;
    while at < to {
        let left = rest(text, at);
        match line_break(left) {
            0 => at += left.chars().next().map_or(1, char::len_utf8),
            length => {
                lines += 1;
                at += length;
            }
        }
    }
    lines
}

/// How many line breaks lie outside of comments between two offsets with nothing but blanks and comments in between.
pub(super) fn blank_lines_between(text: &str, from: usize, to: usize) -> usize {
    let mut at = from;
    let mut lines = 0;
    while at < to {
        let left = rest(text, at);
        let length = line_break(left);
        if length > 0 {
            lines += 1;
            at += length;
        } else {
            at += match comment(left) {
                0 => left.chars().next().map_or(1, char::len_utf8),
                length => length,
            };
        }
    }
    lines
}

/// Where the line of `at` begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind(['\n', '\r']).map_or(0, |it| it + 1)
}

/// The blanks that the line of `at` begins with.
pub(super) fn indentation(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[..blanks]
}
