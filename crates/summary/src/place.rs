//! Places in every unit that a client may count in.

use serde::{Deserialize, Serialize};
use symphony_text::{LineIndex, Position, PositionEncoding, TextSize};

/// Where a declared name is, in every unit that a client may count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
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

/// Line, column in UTF-8, and how much shorter the column is in UTF-16 and in UTF-32 than in the one before: nearly
/// always 0, which is one byte.
#[derive(Serialize, Deserialize)]
struct Written(u32, u32, u32, u32);

impl From<Place> for Written {
    fn from(place: Place) -> Self {
        let Place {
            line,
            utf8,
            utf16,
            utf32,
        } = place;
        Self(
            line,
            utf8,
            utf8.wrapping_sub(utf16),
            utf16.wrapping_sub(utf32),
        )
    }
}

impl From<Written> for Place {
    fn from(Written(line, utf8, less16, less32): Written) -> Self {
        let utf16 = utf8.wrapping_sub(less16);
        Self {
            line,
            utf8,
            utf16,
            utf32: utf16.wrapping_sub(less32),
        }
    }
}
