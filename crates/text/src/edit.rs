//! Edits on a rope, as editors send them.

use ropey::Rope;

use crate::{Position, PositionEncoding};

/// One replacement, in bytes of the text before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteEdit {
    /// Where the replaced text begins.
    pub start: usize,
    /// Where it ended before the edit.
    pub old_end: usize,
    /// Where what replaced it ends.
    pub new_end: usize,
}

/// A [`ByteEdit`] with the same three places as (line, byte in the line), as incremental parsers want them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointEdit {
    /// The edit in bytes.
    pub bytes: ByteEdit,
    /// Line and byte column of `bytes.start`.
    pub start: (usize, usize),
    /// Line and byte column of `bytes.old_end`, before the edit.
    pub old_end: (usize, usize),
    /// Line and byte column of `bytes.new_end`, after the edit.
    pub new_end: (usize, usize),
}

/// Replaces what lies between two places with `text` and says what that changed.
///
/// Places are drawn in as [`crate::LineIndex::offset`] does it; a range given backwards is turned round.
pub fn apply_edit(
    rope: &mut Rope,
    range: (Position, Position),
    text: &str,
    encoding: PositionEncoding,
) -> PointEdit {
    let (a, b) = (
        byte_of(rope, range.0, encoding),
        byte_of(rope, range.1, encoding),
    );
    let (start, old_end) = (a.min(b), a.max(b));
    let (start_point, old_end_point) = (point(rope, start), point(rope, old_end));
    let first = rope.byte_to_char(start);
    rope.remove(first..rope.byte_to_char(old_end));
    rope.insert(first, text);
    let new_end = start + text.len();
    PointEdit {
        bytes: ByteEdit {
            start,
            old_end,
            new_end,
        },
        start: start_point,
        old_end: old_end_point,
        new_end: point(rope, new_end),
    }
}

/// The byte of a place in `rope`. A few descents of the tree, however long the line is.
fn byte_of(rope: &Rope, position: Position, encoding: PositionEncoding) -> usize {
    let line = position.line as usize;
    if line >= rope.len_lines() {
        return rope.len_bytes();
    }
    let column = position.column as usize;
    let (start, end) = (rope.line_to_char(line), line_end(rope, line));
    let character = match encoding {
        PositionEncoding::Utf8 => {
            let byte = rope.char_to_byte(start) + column;
            rope.byte_to_char(byte.min(rope.len_bytes()))
        }
        PositionEncoding::Utf16 => {
            let unit = rope.char_to_utf16_cu(start) + column;
            rope.utf16_cu_to_char(unit.min(rope.len_utf16_cu()))
        }
        PositionEncoding::Utf32 => start + column,
    };
    rope.char_to_byte(character.min(end))
}

/// The character after the last one of a line, its line end left out.
fn line_end(rope: &Rope, line: usize) -> usize {
    let start = rope.line_to_char(line);
    let mut end = rope.line_to_char(line + 1);
    while end > start && matches!(rope.char(end - 1), '\n' | '\r') {
        end -= 1;
    }
    end
}

/// Line and byte column of a byte. A parser that counts lines by `\n` alone sees other lines in a file with lone
/// `\r`; ours uses the bytes and never the points.
fn point(rope: &Rope, byte: usize) -> (usize, usize) {
    let line = rope.byte_to_line(byte);
    (line, byte - rope.line_to_byte(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, range: ((u32, u32), (u32, u32)), new: &str) -> String {
        let mut rope = Rope::from_str(text);
        let place = |(line, column)| Position { line, column };
        let edit = apply_edit(
            &mut rope,
            (place(range.0), place(range.1)),
            new,
            PositionEncoding::Utf16,
        );
        assert_eq!(
            rope.byte_slice(edit.bytes.start..edit.bytes.new_end)
                .to_string(),
            new
        );
        rope.to_string()
    }

    #[test]
    fn replaces_between_two_places() {
        assert_eq!(
            edited("let a = 1;\nlet b;", ((0, 4), (0, 5)), "xy"),
            "let xy = 1;\nlet b;"
        );
        assert_eq!(edited("one\r\ntwo\r\n", ((0, 3), (1, 0)), ""), "onetwo\r\n");
    }

    #[test]
    fn a_range_given_backwards_is_turned_round() {
        assert_eq!(edited("abcd", ((0, 3), (0, 1)), "-"), "a-d");
    }

    #[test]
    fn places_outside_are_drawn_in_and_pairs_are_not_cut() {
        assert_eq!(edited("a\nb", ((0, 9), (9, 9)), "!"), "a!");
        assert_eq!(edited("x😀y", ((0, 2), (0, 2)), "-"), "x-😀y");
    }

    /// Edits at random places, beside the same edits on a plain string by way of a line index.
    #[test]
    fn a_rope_and_a_string_agree_after_any_edits() {
        let pieces = [
            "a", "\r", "\n", "\r\n", "é", "😀", "\u{2028}", "\u{301}", "\u{feff}", "let x",
            "\u{85}", "\u{b}", "",
        ];
        let mut state = 1_u64;
        let mut below = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for encoding in [
            PositionEncoding::Utf8,
            PositionEncoding::Utf16,
            PositionEncoding::Utf32,
        ] {
            let mut text = String::new();
            let mut rope = Rope::new();
            for _ in 0..3_000 {
                let mut place = || Position {
                    line: below(6) as u32,
                    column: below(9) as u32,
                };
                let range = (place(), place());
                let new: String = (0..below(4))
                    .map(|_| pieces[below(pieces.len() as u64) as usize])
                    .collect();
                let lines = crate::LineIndex::new(&text);
                let at = |place| usize::from(lines.offset(&text, place, encoding));
                let (a, b) = (at(range.0), at(range.1));
                let before = text.clone();
                text.replace_range(a.min(b)..a.max(b), &new);
                apply_edit(&mut rope, range, &new, encoding);
                assert_eq!(
                    rope.to_string(),
                    text,
                    "{before:?} {range:?} {new:?} {encoding:?}"
                );
                if text.len() > 2_000 {
                    (text, rope) = (String::new(), Rope::new());
                }
            }
        }
    }
}
