//! The unit in which a client counts columns.

/// The unit of a column, negotiated once per session (LSP 3.17, `positionEncodings`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PositionEncoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16: what a client means when it says nothing.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl PositionEncoding {
    /// How many columns `character` takes.
    pub fn width(self, character: char) -> u32 {
        let width = match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        };
        // A character is at most four units wide.
        width as u32
    }

    /// How many columns `text` takes.
    pub fn columns(self, text: &str) -> u32 {
        match self {
            Self::Utf8 => text.len() as u32,
            _ if text.is_ascii() => text.len() as u32,
            _ => text.chars().map(|character| self.width(character)).sum(),
        }
    }

    /// The byte at column `column` of the line `text`, which has no line break.
    ///
    /// A column inside a character is rounded down to its start, one past the end of the line to its end.
    pub fn byte_of_column(self, text: &str, column: u32) -> usize {
        let mut at = 0;
        for (byte, character) in text.char_indices() {
            at += self.width(character);
            if at > column {
                return byte;
            }
        }
        text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_inside_a_character_is_its_start() {
        let text = "a😀é";
        for (encoding, columns) in [
            (PositionEncoding::Utf8, [0, 1, 1, 1, 1, 5, 5, 7, 7]),
            (PositionEncoding::Utf16, [0, 1, 1, 5, 7, 7, 7, 7, 7]),
            (PositionEncoding::Utf32, [0, 1, 5, 7, 7, 7, 7, 7, 7]),
        ] {
            let found: Vec<usize> = (0..9)
                .map(|column| encoding.byte_of_column(text, column))
                .collect();
            assert_eq!(found, columns, "{encoding:?}");
        }
    }

    #[test]
    fn columns_are_counted_in_the_unit_asked_for() {
        assert_eq!(PositionEncoding::Utf8.columns("a😀é"), 7);
        assert_eq!(PositionEncoding::Utf16.columns("a😀é"), 4);
        assert_eq!(PositionEncoding::Utf32.columns("a😀é"), 3);
    }
}
