//! How far declarations reach: what parts their groups, and what goes with one that is removed.

use super::Organizer;
use super::statement::Statement;
use super::trivia::{self, Stop};

impl Organizer<'_> {
    /// The end of the import or export right before `it`, if only blanks and comments lie in between.
    pub(super) fn end_before(&self, it: &Statement<'_>) -> Option<usize> {
        let after = self
            .statements
            .partition_point(|(_, other)| other.end <= it.start);
        let end = self.statements[..after].last()?.1.end;
        (trivia::skip(self.text, end, Stop::NEVER) == it.start).then_some(end)
    }

    pub(super) fn stands_apart(&self, it: &Statement<'_>) -> bool {
        if let Some(end) = self.end_before(it) {
            return trivia::blank_lines_between(self.text, end, it.start) >= 2;
        }
        let above =
            self.text[..trivia::line_start(self.text, it.start)].trim_end_matches(['\r', '\n']);
        let removed = trivia::line_start(self.text, it.start) - above.len();
        let line = above[trivia::line_start(above, above.len())..].trim();
        removed > self.newline.len() || line.is_empty() || is_comment(line)
    }

    /// Where what belongs to a declaration begins that is not the first of its group.
    pub(super) fn start_of_removal(&self, it: &Statement<'_>, has_comment: bool) -> usize {
        let own_line = trivia::line_start(self.text, it.start);
        let Some(end) = self.end_before(it) else {
            let before = self.text[own_line..it.start].trim();
            return if before.is_empty() || is_comment(before) {
                own_line
            } else {
                it.start
            };
        };
        if trivia::line_start(self.text, end) == own_line {
            return it.start;
        }
        if has_comment
            && let Some(comment) = (trivia::leading_comments(self.text, end).first().copied())
                .or_else(|| trivia::trailing_comments(self.text, end).first().copied())
        {
            return trivia::skip(self.text, comment.end, Stop::AFTER_LINE_OR_AT_COMMENT);
        }
        let line = self.text[end..]
            .find('\n')
            .map_or(it.start, |at| end + at + 1);
        let next = trivia::skip(self.text, line.min(it.start), Stop::AT_COMMENT);
        trivia::line_start(self.text, next)
    }

    /// Where what belongs to a declaration ends: with its line and the comments on it.
    pub(super) fn end_of_removal(&self, it: &Statement<'_>) -> usize {
        self.multiline_comment_end(it)
            .unwrap_or_else(|| trivia::skip(self.text, it.end, Stop::AFTER_LINE))
    }

    pub(super) fn multiline_comment_end(&self, it: &Statement<'_>) -> Option<usize> {
        trivia::trailing_comments(self.text, it.end)
            .into_iter()
            .find(|comment| trivia::lines_between(self.text, comment.start, comment.end) > 0)
            .map(|comment| trivia::skip(self.text, comment.end, Stop::AFTER_LINE_OR_AT_COMMENT))
    }
}

/// Whether a line is a comment, or the end of one.
fn is_comment(line: &str) -> bool {
    line.starts_with("//") || line.starts_with("/*") || line.ends_with("*/")
}
