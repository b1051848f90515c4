//! Text from disk.

use std::io;
use std::path::Path;

/// Files larger than this are not read unless they are opened: they are bundles and data, not sources.
pub const MAX_SOURCE_BYTES: u64 = 4 << 20;

/// The text of a file as an editor would show it: without a byte order mark, in UTF-8 whatever the disk has.
///
/// # Errors
///
/// What the system says when the file cannot be read, and `InvalidData` for a binary file.
pub fn read_source(path: &Path) -> io::Result<String> {
    let bytes = std::fs::read(path)?;
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => {
            let text = String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            match text.strip_prefix('\u{feff}') {
                Some(rest) => rest.to_owned(),
                None => text,
            }
        }
    };
    if text.contains('\0') {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a binary file"));
    }
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> io::Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ts");
        std::fs::write(&path, bytes).unwrap();
        read_source(&path)
    }

    #[test]
    fn text_is_what_an_editor_would_show() {
        assert_eq!(read(b"let a").unwrap(), "let a");
        assert_eq!(read(b"\xef\xbb\xbflet \xc3\xa9").unwrap(), "let é");
        assert_eq!(read(b"\xff\xfel\0e\0t\0").unwrap(), "let");
        assert_eq!(read(b"\xfe\xff\0l\0e\0t").unwrap(), "let");
        assert_eq!(read(b"let \xff").unwrap(), "let \u{fffd}");
        assert_eq!(read(b"").unwrap(), "");
    }

    #[test]
    fn a_binary_file_is_refused() {
        assert_eq!(
            read(b"G@\0\x01").unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
    }
}
