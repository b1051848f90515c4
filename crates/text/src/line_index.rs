//! From byte offsets to lines and columns and back, for one version of a text.

use crate::{PositionEncoding, TextRange, TextSize};

/// A place as an editor names it. Both are zero-based; the unit of `column` is the session's encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in the units of a [`PositionEncoding`].
    pub column: u32,
}

/// Where the lines of a text begin, and which of them hold more than ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Lines with a character that is not ASCII; most files have none.
    wide: Vec<u32>,
    len: u32,
}

impl LineIndex {
    /// The index of `text`, which must be shorter than 4 GiB.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            // `\r\n` is one line end: the one at its `\n`.
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        let mut index = Self {
            starts,
            wide: Vec::new(),
            len: bytes.len() as u32,
        };
        if !text.is_ascii() {
            index.wide = (0..index.line_count())
                .filter(|&line| !bytes[std::ops::Range::<usize>::from(index.line(line))].is_ascii())
                .collect();
        }
        index
    }

    /// The number of lines; an empty text has one.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The range of a line, its line end included; empty at the end of the text for a line that is not there.
    pub fn line(&self, line: u32) -> TextRange {
        let start = self.starts.get(line as usize).copied().unwrap_or(self.len);
        let end = self
            .starts
            .get(line as usize + 1)
            .copied()
            .unwrap_or(self.len);
        TextRange::new(start.into(), end.into())
    }

    /// The line of an offset; an offset past the end is on the last line.
    pub fn line_of(&self, offset: TextSize) -> u32 {
        self.starts
            .partition_point(|&start| start <= u32::from(offset)) as u32
            - 1
    }

    /// The place of `offset` in `text`, the text that this index was made from.
    pub fn position(&self, text: &str, offset: TextSize, encoding: PositionEncoding) -> Position {
        let offset = u32::from(offset).min(self.len);
        let line = self.line_of(offset.into());
        let start = self.starts[line as usize];
        let bytes = offset - start;
        if encoding == PositionEncoding::Utf8 || self.wide.binary_search(&line).is_err() {
            return Position {
                line,
                column: bytes,
            };
        }
        let before = &text[start as usize..text.floor_char_boundary(offset as usize)];
        Position {
            line,
            column: encoding.columns(before),
        }
    }

    /// The offset of a place in `text`, the text that this index was made from.
    ///
    /// A column past the end of its line is the end of that line (before its line end); a line past the last
    /// one is the end of the text; a column inside a character is the character's start.
    pub fn offset(&self, text: &str, position: Position, encoding: PositionEncoding) -> TextSize {
        if position.line >= self.line_count() {
            return self.len.into();
        }
        let range = self.line(position.line);
        let line = text[range].trim_end_matches(['\n', '\r']);
        let within = if line.is_ascii() {
            line.len().min(position.column as usize)
        } else {
            encoding.byte_of_column(line, position.column)
        };
        range.start() + TextSize::from(within as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        let text = "a\nb\r\nc\rd\u{2028}e";
        let index = LineIndex::new(text);
        let lines: Vec<&str> = (0..index.line_count())
            .map(|line| &text[index.line(line)])
            .collect();
        assert_eq!(lines, ["a\n", "b\r\n", "c\r", "d\u{2028}e"]);
    }

    #[test]
    fn offsets_and_positions_are_inverse_at_character_starts() {
        let text = "const é = '😀';\r\n\r\nlet x;\n";
        let index = LineIndex::new(text);
        for encoding in [
            PositionEncoding::Utf8,
            PositionEncoding::Utf16,
            PositionEncoding::Utf32,
        ] {
            for (byte, character) in text.char_indices() {
                if matches!(character, '\r' | '\n') {
                    continue;
                }
                let offset = TextSize::from(byte as u32);
                let position = index.position(text, offset, encoding);
                assert_eq!(
                    index.offset(text, position, encoding),
                    offset,
                    "{encoding:?} {position:?}"
                );
            }
        }
    }

    #[test]
    fn places_outside_the_text_are_drawn_in() {
        let text = "ab\r\nc";
        let index = LineIndex::new(text);
        let at = |line, column| {
            u32::from(index.offset(text, Position { line, column }, PositionEncoding::Utf16))
        };
        assert_eq!((at(0, 9), at(1, 9), at(7, 0)), (2, 5, 5));
        assert_eq!(
            index.position(text, 99.into(), PositionEncoding::Utf16),
            Position { line: 1, column: 1 }
        );
    }

    #[test]
    fn an_empty_text_has_one_line() {
        let index = LineIndex::new("");
        assert_eq!(index.line_count(), 1);
        assert_eq!(
            index.position("", 0.into(), PositionEncoding::Utf8),
            Position::default()
        );
    }
}
