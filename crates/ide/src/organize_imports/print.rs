//! Writes a planned declaration as TypeScript's printer and formatter do: line breaks between names stay where they were
//! between neighbours, comments go with the names that they stand by.

use super::coalesce::{Planned, PlannedItem, PlannedList};
use super::statement::Item;
use super::trivia::{
    Comment, Stop, leading_comments, line_start, lines_between, skip, trailing_comments,
};

/// How the text of a file is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style<'a> {
    pub(super) text: &'a str,
    pub(super) newline: &'a str,
    /// What a name on a line of its own is indented by.
    pub(super) unit: &'a str,
    /// What the statement is indented by.
    pub(super) base: &'a str,
    pub(super) semicolons: bool,
}

/// One declaration with the comment behind it, without indentation before its first line.
pub(super) fn declaration(planned: &Planned<'_, '_>, style: Style<'_>) -> String {
    let base = planned.base;
    let mut out = String::new();
    if base.is_export {
        out.push_str("export ");
    } else {
        out.push_str("import ");
    }
    if !base.phase.is_empty() {
        out.push_str(base.phase);
        out.push(' ');
    }
    if !planned.bare {
        clause(planned, style, &mut out);
        if base.module.is_some() {
            out.push_str(" from ");
        }
    }
    out.push_str(base.module.unwrap_or_default());
    if let Some(attributes) = base.attributes.filter(|_| !planned.bare || base.is_bare()) {
        for word in attributes.split_whitespace() {
            out.push(' ');
            out.push_str(word);
        }
    }
    if style.semicolons {
        out.push(';');
    }
    for comment in trailing_comments(style.text, base.end) {
        out.push(' ');
        out.push_str(&style.text[comment.start..comment.end]);
    }
    out
}

/// The comments before a declaration on its line.
pub(super) fn comments_before(planned: &Planned<'_, '_>, style: Style<'_>) -> String {
    let start = planned.base.start;
    let before = style.text[line_start(style.text, start)..start].trim();
    if before.starts_with("/*") && before.ends_with("*/") {
        format!("{before} ")
    } else {
        String::new()
    }
}

fn clause(planned: &Planned<'_, '_>, style: Style<'_>, out: &mut String) {
    if let Some(default) = planned.default {
        out.push_str(default.text);
        if planned.star.is_some() || planned.list.is_some() {
            out.push_str(", ");
        }
    }
    match planned.star {
        Some(star) if star.text.is_empty() => out.push('*'),
        Some(star) => {
            out.push_str("* as ");
            out.push_str(star.text);
        }
        None => {}
    }
    if let Some(list) = &planned.list {
        let written = Lines::write(list, style.text, planned.base.is_export);
        indented(&written, style, out);
    }
}

/// Indents the lines of a list.
fn indented(written: &str, style: Style<'_>, out: &mut String) {
    let mut lines = written.split('\n');
    out.push_str(lines.next().unwrap_or_default());
    for line in lines {
        out.push_str(style.newline);
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            continue;
        }
        out.push_str(style.base);
        if line.starts_with('}') {
            out.push_str(line);
        } else {
            out.push_str(style.unit);
            out.push_str(line);
        }
    }
}

/// A list while it is written, with `\n` for every line break.
struct Lines<'t> {
    text: &'t str,
    out: String,
}

impl<'t> Lines<'t> {
    fn write(list: &PlannedList<'_>, text: &'t str, is_export: bool) -> String {
        let mut lines = Self {
            text,
            out: "{".to_owned(),
        };
        if list.items.is_empty() {
            // `export {}` is an idiom.
            lines.out.push_str(if is_export { "" } else { " " });
        } else {
            lines.items(list);
        }
        // Braces with more than one line between them have these to themselves.
        let has_comment_first = lines.out[1..].trim_start().starts_with("//");
        if lines.out.contains('\n') {
            let inside = lines.out[1..].trim_matches([' ', '\n']).to_owned();
            let blank_lines = lines.out[1..].trim_start_matches(' ');
            let before = blank_lines.len() - blank_lines.trim_start_matches('\n').len();
            let after = lines.out.trim_end_matches(' ');
            let after = after.len() - after.trim_end_matches('\n').len();
            let breaks = |count: usize| "\n".repeat(count.max(1));
            let open = if has_comment_first && before == 0 {
                " ".to_owned()
            } else {
                breaks(before)
            };
            lines.out = format!("{{{open}{inside}{}", breaks(after));
        }
        lines.out.push('}');
        lines.out
    }

    fn items(&mut self, list: &PlannedList<'_>) {
        let mut shows_comments = self.break_or_blank(self.breaks_before(list));
        let mut previous: Option<&PlannedItem<'_>> = None;
        for item in &list.items {
            if let Some(previous) = previous {
                if let PlannedItem::Written(it, _) = previous {
                    self.leading(it.end);
                }
                self.out.push(',');
                let breaks = self.breaks_between(previous, item, list);
                if breaks > 0
                    && shows_comments
                    && let PlannedItem::Written(it, _) = item
                {
                    self.trailing(it.full_start);
                }
                if breaks > 0 {
                    shows_comments = false;
                }
                self.break_or_blank(breaks);
            }
            match item {
                PlannedItem::Written(it, _) => {
                    if shows_comments {
                        self.between(it.full_start);
                    }
                    self.leading(it.full_start);
                    self.name(it);
                    self.trailing(it.end);
                }
                PlannedItem::Default(name) => {
                    self.out.push_str("default as ");
                    self.out.push_str(name.text);
                }
            }
            shows_comments = true;
            previous = Some(item);
        }
        self.end(list, previous);
    }

    fn end(&mut self, list: &PlannedList<'_>, last: Option<&PlannedItem<'_>>) {
        let Some(last) = last else { return };
        if list.has_trailing_comma {
            self.out.push(',');
        }
        if let PlannedItem::Written(it, _) = last {
            let behind = skip(self.text, it.end, Stop::NEVER);
            if !list.has_trailing_comma {
                self.leading(it.end);
            } else if self.text[behind..].starts_with(',') {
                self.trailing(behind + 1);
            }
        }
        let breaks = self.breaks_after(list, last);
        self.break_or_blank(breaks);
    }

    fn name(&mut self, it: &Item<'_>) {
        if it.is_type {
            self.out.push_str("type ");
        }
        if let Some(outer) = it.outer {
            self.out.push_str(outer);
            self.out.push_str(" as ");
        }
        self.out.push_str(it.name.text);
    }

    /// Writes line breaks, or one blank where there are none; says whether it was a blank.
    fn break_or_blank(&mut self, breaks: usize) -> bool {
        for at in 0..breaks {
            if at > 0 || !self.out.ends_with('\n') {
                self.out.push('\n');
            }
        }
        if breaks == 0 && !self.out.ends_with(['\n', ' ']) {
            self.out.push(' ');
        }
        breaks == 0
    }

    /// A comment without what its lines are indented by.
    fn comment(&mut self, comment: Comment) {
        let column = comment.start - line_start(self.text, comment.start);
        let lines = self.text[comment.start..comment.end].split_inclusive('\n');
        for (at, line) in lines.enumerate() {
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            self.out
                .push_str(&line[if at == 0 { 0 } else { blanks.min(column) }..]);
        }
    }

    /// Comments behind something on its line.
    fn trailing(&mut self, at: usize) {
        for comment in trailing_comments(self.text, at) {
            if !self.out.ends_with('\n') {
                self.out.push(' ');
            }
            self.comment(comment);
            if comment.ends_line {
                self.out.push('\n');
            }
        }
    }

    /// Comments between a comma and a name on one line.
    fn between(&mut self, at: usize) {
        for comment in trailing_comments(self.text, at) {
            self.comment(comment);
            self.out.push(if comment.ends_line { '\n' } else { ' ' });
        }
    }

    /// Comments on lines of their own.
    fn leading(&mut self, at: usize) {
        for (index, comment) in leading_comments(self.text, at).into_iter().enumerate() {
            let is_below = lines_between(self.text, at, comment.start) > 0;
            if index == 0 && is_below && !self.out.ends_with('\n') {
                while self.out.ends_with(' ') {
                    self.out.pop();
                }
                self.out.push('\n');
            }
            self.comment(comment);
            self.out.push(if comment.ends_line { '\n' } else { ' ' });
        }
    }

    fn breaks_before(&self, list: &PlannedList<'_>) -> usize {
        if list.multiline {
            return 1;
        }
        let (Some(PlannedItem::Written(item, rewritten)), Some((open, _))) =
            (list.items.first(), list.braces)
        else {
            return 0;
        };
        if item.list != open && !rewritten {
            return 0;
        }
        self.effective(|stop| {
            let start = skip(self.text, item.full_start, stop);
            let before = self.text[..start].trim_end().len();
            lines_between(self.text, before, start)
        })
    }

    fn breaks_between(
        &self,
        previous: &PlannedItem<'_>,
        next: &PlannedItem<'_>,
        list: &PlannedList<'_>,
    ) -> usize {
        let (PlannedItem::Written(previous, _), PlannedItem::Written(next, _)) = (previous, next)
        else {
            return usize::from(list.multiline);
        };
        if previous.list != next.list || previous.index + 1 != next.index {
            return usize::from(list.multiline);
        }
        self.effective(|stop| {
            let start = skip(self.text, next.full_start, stop);
            lines_between(self.text, previous.end, start)
        })
    }

    fn breaks_after(&self, list: &PlannedList<'_>, last: &PlannedItem<'_>) -> usize {
        if list.multiline {
            return 1;
        }
        let (PlannedItem::Written(item, rewritten), Some((_, close))) = (last, list.braces) else {
            return 0;
        };
        if list.changed && !rewritten {
            return 0;
        }
        let mut end = item.end;
        if !list.changed && list.has_trailing_comma {
            end = skip(self.text, end, Stop::NEVER) + 1;
        }
        self.effective(|stop| {
            let next = skip(self.text, end, stop).min(close);
            lines_between(self.text, end, next)
        })
    }

    /// Line breaks up to a comment, or where there are none, those beyond it.
    fn effective(&self, count: impl Fn(Stop) -> usize) -> usize {
        match count(Stop::AT_COMMENT) {
            0 => count(Stop::NEVER),
            lines => lines,
        }
    }
}
