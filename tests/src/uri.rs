//! `file:` URIs of paths and back, the way editors write them.

use std::path::{Path, PathBuf};

/// The `file:` URI of an absolute path.
pub fn file_uri(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The path of a `file:` URI; `None` for another scheme or a broken escape.
pub fn file_path(uri: &str) -> Option<PathBuf> {
    let mut bytes = uri.strip_prefix("file://")?.bytes();
    let mut path = Vec::new();
    while let Some(byte) = bytes.next() {
        path.push(if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(path).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_odd_characters_survives() {
        let path = Path::new("/a b/[id]/\u{e9}#1.ts");
        assert_eq!(file_uri(path), "file:///a%20b/%5Bid%5D/%C3%A9%231.ts");
        assert_eq!(file_path(&file_uri(path)).unwrap(), path);
        assert_eq!(file_path("untitled:Untitled-1"), None);
    }
}
