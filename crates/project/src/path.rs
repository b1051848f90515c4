//! Paths as text has them: joined and normalized without looking at the disk.
//!
//! Specifiers and configuration values are written with `/` on every system; here they become real paths.

use std::path::{Component, Path, PathBuf};

/// A folder and a path written in a file, `.` and `..` taken out.
pub(crate) fn join(folder: &Path, written: &str) -> PathBuf {
    if Path::new(written).has_root() || Path::new(written).is_absolute() {
        return normalize(Path::new(written));
    }
    let mut path = folder.to_owned();
    for part in written.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

/// A path without `.` and `..`.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

/// The way from a folder to a file, written with `/`, without a leading `./`.
pub(crate) fn relative(folder: &Path, file: &Path) -> Option<String> {
    let from: Vec<_> = folder.components().collect();
    let to: Vec<_> = file.components().collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return None;
    }
    let mut parts = vec![".."; from.len() - common];
    for part in &to[common..] {
        parts.push(part.as_os_str().to_str()?);
    }
    Some(parts.join("/"))
}

/// Whether a specifier is a path: `./x`, `../x`, `.`, `..`, `/x`, `C:/x`.
pub(crate) fn is_relative_or_rooted(specifier: &str) -> bool {
    is_relative(specifier) || specifier.starts_with('/') || has_drive(specifier)
}

/// Whether a specifier is `.`, `..` or begins with `./` or `../`.
pub(crate) fn is_relative(specifier: &str) -> bool {
    matches!(specifier, "." | "..")
        || ["./", "../", ".\\", "..\\"]
            .iter()
            .any(|it| specifier.starts_with(it))
}

fn has_drive(specifier: &str) -> bool {
    let bytes = specifier.as_bytes();
    bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'/' | b'\\')
}

/// A path with text put after its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut text = path.as_os_str().to_owned();
    text.push(suffix);
    PathBuf::from(text)
}

/// Whether a folder of this name is on the way.
pub(crate) fn in_node_modules(path: &Path) -> bool {
    path.components().any(|it| it.as_os_str() == "node_modules")
}

/// The endings that TypeScript knows, longest first.
pub(crate) const KNOWN_ENDINGS: [&str; 12] = [
    ".d.ts", ".d.mts", ".d.cts", ".mjs", ".mts", ".cjs", ".cts", ".ts", ".js", ".tsx", ".jsx",
    ".json",
];

/// The known ending of a name.
pub(crate) fn known_ending(name: &str) -> Option<&'static str> {
    KNOWN_ENDINGS.into_iter().find(|it| name.ends_with(it))
}

/// A path's name as text, empty where it is none.
pub(crate) fn name(path: &Path) -> &str {
    path.file_name()
        .and_then(|it| it.to_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_and_going_back() {
        let folder = Path::new("/a/b");
        for (written, path) in [
            ("./c", "/a/b/c"),
            ("../c/./d", "/a/c/d"),
            ("..", "/a"),
            ("c//d/", "/a/b/c/d"),
            ("/x/../y", "/y"),
        ] {
            assert_eq!(join(folder, written), Path::new(path));
        }
        for (file, written) in [
            ("/a/b/c", "c"),
            ("/a/c", "../c"),
            ("/a", ".."),
            ("/x/y", "../../x/y"),
        ] {
            assert_eq!(relative(folder, Path::new(file)).unwrap(), written);
        }
    }
}
