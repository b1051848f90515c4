//! From the protocol's terms to ours.

use lsp_types::Uri;
use symphony_text::{LineIndex, Position, PositionEncoding, TextRange, TextSize};
use symphony_vfs::VfsPath;

/// A place.
pub(crate) fn position(position: lsp_types::Position) -> Position {
    Position {
        line: position.line,
        column: position.character,
    }
}

/// The offset of a place; places outside the text are drawn in.
pub(crate) fn offset(
    text: &str,
    lines: &LineIndex,
    encoding: PositionEncoding,
    at: lsp_types::Position,
) -> TextSize {
    lines.offset(text, position(at), encoding)
}

/// The range between two places, in either order.
pub(crate) fn range(
    text: &str,
    lines: &LineIndex,
    encoding: PositionEncoding,
    range: lsp_types::Range,
) -> TextRange {
    let start = offset(text, lines, encoding, range.start);
    let end = offset(text, lines, encoding, range.end);
    TextRange::new(start.min(end), start.max(end))
}

/// The path of a document.
pub(crate) fn path(uri: &Uri) -> VfsPath {
    let file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    match uri.to_file_path().filter(|_| file) {
        Some(path) => VfsPath::file(&path),
        None => VfsPath::Virtual(uri.as_str().to_owned()),
    }
}
