//! Headings, colours and columns. Colours go where they are not wanted: pipes and `NO_COLOR`.

use anyhow::Result;
use console::{Term, measure_text_width, style, truncate_str};

/// Where everything is shown.
pub(super) struct Screen {
    terminal: Term,
    width: usize,
}

impl Screen {
    pub(super) fn new() -> Self {
        let terminal = Term::stdout();
        let width = terminal
            .size_checked()
            .map_or(100, |(_, columns)| usize::from(columns));
        Self {
            terminal,
            width: width.clamp(60, 120),
        }
    }

    /// Columns that a line may take.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// A step of the walk.
    pub(super) fn heading(&mut self, title: &str, rest: &str) -> Result<()> {
        let title = style(format!("{title:<12}")).bold().cyan();
        self.terminal.write_line("")?;
        self.line(&format!("{title}{}", style(rest).dim()))
    }

    /// A line, cut to the width of the screen.
    pub(super) fn line(&mut self, text: &str) -> Result<()> {
        self.terminal
            .write_line(&truncate_str(text, self.width, "\u{2026}"))?;
        Ok(())
    }

    /// A line that says what came out of a step.
    pub(super) fn good(&mut self, text: &str) -> Result<()> {
        self.line(&style(text).green().to_string())
    }
}

/// `text` in exactly `width` columns, cut at its start where it is longer.
pub(super) fn tail(text: &str, width: usize) -> String {
    let mut tail = String::new();
    let mut used = 0;
    for character in text.chars().rev() {
        let columns = measure_text_width(character.encode_utf8(&mut [0; 4]));
        if used + columns > width {
            break;
        }
        tail.insert(0, character);
        used += columns;
    }
    format!("{}{tail}", " ".repeat(width - used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_as_wide_as_asked() {
        assert_eq!(tail("abc", 2), "bc");
        assert_eq!(tail("abc", 5), "  abc");
        assert_eq!(tail("a\u{4e2d}", 2), "\u{4e2d}");
        assert_eq!(tail("a\u{4e2d}", 1), " ");
    }
}
