//! The client's own copy of an open document: what the server's copy must equal.
//!
//! Written for plainness, not for speed, so that it shares no code and no mistake with the server.
//! The rules: lines end at LF, CR LF or CR; a column past the line's end is the line's end; a line
//! past the last is the document's end; a column inside a character is that character's start; a
//! range that ends before it starts is read backwards.

use serde_json::{Value, json};

/// The unit of columns that client and server agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, the protocol's default.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// Columns that one character takes.
    pub fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A zero-based line and column; any numbers are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in units of the session's encoding.
    pub character: usize,
}

impl Position {
    /// The protocol's form.
    pub fn to_json(self) -> Value {
        json!({ "line": self.line, "character": self.character })
    }
}

/// An open document.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its URI, as sent in `didOpen`.
    pub uri: String,
    /// Its newest version.
    pub version: i64,
    /// Its newest text.
    pub text: String,
}

impl Document {
    /// The byte offset of a position.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let mut start = 0;
        for _ in 0..position.line {
            match line_end(&self.text, start) {
                (_, Some(next)) => start = next,
                (_, None) => return self.text.len(),
            }
        }
        let (end, _) = line_end(&self.text, start);
        let mut column = 0;
        for (index, character) in self.text[start..end].char_indices() {
            column += encoding.width(character);
            if column > position.character {
                return start + index;
            }
        }
        end
    }

    /// The position of a byte offset that lies on a character boundary.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let (mut line, mut start) = (0, 0);
        while let (_, Some(next)) = line_end(&self.text, start) {
            if next > offset {
                break;
            }
            (line, start) = (line + 1, next);
        }
        let end = line_end(&self.text, start).0.min(offset);
        let character = self.text[start..end]
            .chars()
            .map(|it| encoding.width(it))
            .sum();
        Position { line, character }
    }

    /// Replaces a range and gives the content change that tells the server so.
    pub fn replace(
        &mut self,
        from: Position,
        to: Position,
        new: &str,
        encoding: Encoding,
    ) -> Value {
        let (start, end) = (self.offset(from, encoding), self.offset(to, encoding));
        self.text.replace_range(start.min(end)..start.max(end), new);
        let range = json!({ "start": from.to_json(), "end": to.to_json() });
        json!({ "range": range, "text": new })
    }

    /// Replaces the whole text and gives the content change that tells the server so.
    pub fn replace_all(&mut self, new: &str) -> Value {
        new.clone_into(&mut self.text);
        json!({ "text": new })
    }

    /// The parameters of `textDocument/didOpen`.
    pub fn open_params(&self) -> Value {
        let language = if self.uri.ends_with("x") {
            "typescriptreact"
        } else {
            "typescript"
        };
        json!({ "textDocument": {
            "uri": self.uri, "languageId": language, "version": self.version, "text": self.text,
        } })
    }

    /// Steps the version and gives the parameters of `textDocument/didChange`.
    pub fn change_params(&mut self, changes: Vec<Value>) -> Value {
        self.version += 1;
        json!({
            "textDocument": { "uri": self.uri, "version": self.version },
            "contentChanges": changes,
        })
    }

    /// `{ "textDocument": { "uri": .. } }`.
    pub fn id_params(&self) -> Value {
        json!({ "textDocument": { "uri": self.uri } })
    }
}

/// The end of the line's content, and the start of the next line if there is one.
fn line_end(text: &str, start: usize) -> (usize, Option<usize>) {
    let Some(length) = text[start..].find(['\n', '\r']) else {
        return (text.len(), None);
    };
    let end = start + length;
    let width = if text[end..].starts_with("\r\n") {
        2
    } else {
        1
    };
    (end, Some(end + width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document {
            uri: "untitled:a".into(),
            version: 1,
            text: text.into(),
        }
    }

    fn at(line: usize, character: usize) -> Position {
        Position { line, character }
    }

    #[test]
    fn positions_clamp_and_round_down() {
        let it = document("a\u{1f3bb}b\r\ncd\re\n");
        for (position, offset) in [
            (at(0, 1), 1),
            (at(0, 2), 1),
            (at(0, 3), 5),
            (at(0, 99), 6),
            (at(1, 1), 9),
            (at(2, 9), 12),
            (at(3, 0), 13),
            (at(9, 9), 13),
        ] {
            assert_eq!(it.offset(position, Encoding::Utf16), offset, "{position:?}");
        }
        assert_eq!(it.offset(at(0, 4), Encoding::Utf8), 1);
        assert_eq!(it.offset(at(0, 2), Encoding::Utf32), 5);
    }

    #[test]
    fn a_position_reads_back_in_each_encoding() {
        let it = document("\u{feff}x\u{e9}\u{1f3bb}\r\n\r\u{4e2d}\n");
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (offset, character) in it.text.char_indices() {
                if character == '\n' && it.text[..offset].ends_with('\r') {
                    continue;
                }
                assert_eq!(it.offset(it.position(offset, encoding), encoding), offset);
            }
        }
    }

    #[test]
    fn a_backward_range_is_the_same_range() {
        let mut it = document("one two");
        it.replace(at(0, 7), at(0, 4), "three", Encoding::Utf16);
        assert_eq!(it.text, "one three");
    }
}
