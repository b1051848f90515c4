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

/// Where the lines of a text begin, and where columns are not bytes.
///
/// Every question costs a few binary searches, however long a line is: a bundle is one line of megabytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Every character that is not ASCII, in order; most files have none.
    wide: Vec<Wide>,
    len: u32,
}

/// A character of more than one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wide {
    /// Where it ends.
    end: u32,
    /// By how much the bytes up to here exceed the UTF-16 code units up to here.
    utf16: u32,
    /// By how much they exceed the characters.
    utf32: u32,
}

impl Wide {
    fn excess(self, encoding: PositionEncoding) -> u32 {
        match encoding {
            PositionEncoding::Utf8 => 0,
            PositionEncoding::Utf16 => self.utf16,
            PositionEncoding::Utf32 => self.utf32,
        }
    }
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
        let mut wide = Vec::new();
        if !text.is_ascii() {
            let (mut utf16, mut utf32) = (0, 0);
            for (at, character) in text.char_indices().filter(|(_, it)| !it.is_ascii()) {
                let width = character.len_utf8() as u32;
                utf16 += width - character.len_utf16() as u32;
                utf32 += width - 1;
                wide.push(Wide {
                    end: at as u32 + width,
                    utf16,
                    utf32,
                });
            }
        }
        Self {
            starts,
            wide,
            len: bytes.len() as u32,
        }
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

    /// The place of `offset`; of an offset inside a character, that of the character's start.
    pub fn position(&self, offset: TextSize, encoding: PositionEncoding) -> Position {
        let offset = u32::from(offset).min(self.len);
        let line = self.line_of(offset.into());
        let start = self.starts[line as usize];
        let excess = self.excess(offset, encoding) - self.excess(start, encoding);
        Position {
            line,
            column: offset - start - excess,
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
        let start = u32::from(range.start());
        let end = start + text[range].trim_end_matches(['\n', '\r']).len() as u32;
        let before = self.excess(start, encoding);
        // The wide characters of the line that end at or before the column.
        let first = self.wide.partition_point(|wide| wide.end <= start);
        let line = &self.wide[first..];
        let passed = line.partition_point(|wide| {
            wide.end <= end
                && wide.end - start - (wide.excess(encoding) - before) <= position.column
        });
        let excess = passed
            .checked_sub(1)
            .map_or(before, |last| line[last].excess(encoding))
            - before;
        let offset = (start.saturating_add(position.column).saturating_add(excess)).min(end);
        text.floor_char_boundary(offset as usize)
            .try_into()
            .map_or(range.end(), TextSize::new)
    }

    /// By how much the bytes before `offset` exceed the columns.
    fn excess(&self, offset: u32, encoding: PositionEncoding) -> u32 {
        let passed = self.wide.partition_point(|wide| wide.end <= offset);
        passed
            .checked_sub(1)
            .map_or(0, |last| self.wide[last].excess(encoding))
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
                let position = index.position(offset, encoding);
                assert_eq!(
                    index.offset(text, position, encoding),
                    offset,
                    "{encoding:?} {position:?}"
                );
            }
        }
    }

    /// Every offset and every column of a text full of wide characters, beside the plain way of counting.
    #[test]
    fn columns_are_as_counted_one_by_one() {
        let text = "é😀\u{301}a\r\n\u{2028}😀😀b\r\n漢字 = 'x'\nplain\ré";
        let index = LineIndex::new(text);
        for encoding in [
            PositionEncoding::Utf8,
            PositionEncoding::Utf16,
            PositionEncoding::Utf32,
        ] {
            for (offset, _) in text.char_indices() {
                let position = index.position((offset as u32).into(), encoding);
                let start = usize::from(index.line(position.line).start());
                assert_eq!(
                    position.column,
                    encoding.columns(&text[start..offset]),
                    "{encoding:?} {offset}"
                );
            }
            for line in 0..index.line_count() {
                let range = index.line(line);
                let plain = text[range].trim_end_matches(['\n', '\r']);
                for column in 0..20 {
                    let found = index.offset(text, Position { line, column }, encoding);
                    let within = encoding.byte_of_column(plain, column) as u32;
                    assert_eq!(
                        found,
                        range.start() + TextSize::from(within),
                        "{encoding:?} {line}:{column}"
                    );
                }
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
            index.position(99.into(), PositionEncoding::Utf16),
            Position { line: 1, column: 1 }
        );
    }

    #[test]
    fn an_empty_text_has_one_line() {
        let index = LineIndex::new("");
        assert_eq!(index.line_count(), 1);
        assert_eq!(
            index.position(0.into(), PositionEncoding::Utf8),
            Position::default()
        );
    }
}
