//! Text: offsets, ranges, lines and columns in every encoding an editor may ask for, and edits on a rope.
//!
//! Offsets are bytes in UTF-8 everywhere inside Symphony; lines and columns exist only at the edge.
//! A line ends at `\n`, `\r\n` or `\r`, as the Language Server Protocol says; the rope is built to agree.

mod edit;
mod encoding;
mod line_index;

pub use edit::{ByteEdit, PointEdit, apply_edit};
pub use encoding::PositionEncoding;
pub use line_index::{LineIndex, Position};
pub use ropey::Rope;
pub use text_size::{TextRange, TextSize};
