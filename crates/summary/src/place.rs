//! Places in every unit that a client may count in.

use symphony_text::{LineIndex, Position, PositionEncoding, TextSize};

/// Where a declared name is, in every unit that a client may count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    line: u32,
    utf8: u32,
    utf16: u32,
    utf32: u32,
}

impl Place {
    /// The place of `offset` in the text that `lines` was made from.
    pub fn new(lines: &LineIndex, offset: TextSize) -> Self {
        let column = |encoding| lines.position(offset, encoding).column;
        Self {
            line: lines.line_of(offset),
            utf8: column(PositionEncoding::Utf8),
            utf16: column(PositionEncoding::Utf16),
            utf32: column(PositionEncoding::Utf32),
        }
    }

    /// Line and column in the unit asked for.
    pub fn position(self, encoding: PositionEncoding) -> Position {
        let column = match encoding {
            PositionEncoding::Utf8 => self.utf8,
            PositionEncoding::Utf16 => self.utf16,
            PositionEncoding::Utf32 => self.utf32,
        };
        Position {
            line: self.line,
            column,
        }
    }
}
