//! The forms of single values: numbers, paths, programs, names, and what looks like a key.

use std::path::Path;

use crate::node::{Data, Node};

/// Fields that people put keys into.
const SECRETS: &[&str] = &[
    "key",
    "apikey",
    "token",
    "accesstoken",
    "secret",
    "password",
    "authorization",
    "bearer",
];

/// A key that someone else has made up, fit for a message: in one line, and not too long.
pub(crate) fn shown(key: &str) -> String {
    const MOST: usize = 100;
    key.chars()
        .take(MOST)
        .map(|it| if it.is_control() { '?' } else { it })
        .collect()
}

pub(crate) fn number(node: &Node) -> Option<f64> {
    match node.data {
        Data::Integer(value) => Some(value as f64),
        Data::Number(value) => Some(value),
        _ => None,
    }
}

/// Integers, and numbers that are whole: some editors know no integers.
pub(crate) fn integer(node: &Node) -> Option<u64> {
    match node.data {
        Data::Integer(value) => value.try_into().ok(),
        Data::Number(value) if value.fract() == 0.0 && (0.0..1e15).contains(&value) => {
            Some(value as u64)
        }
        _ => None,
    }
}

/// An absolute path, with the user's home in place of `~`. Others would be looked for where the editor was started, which may be
/// the workspace.
pub(crate) fn path(text: &str) -> Option<String> {
    if text.contains('\0') {
        return None;
    }
    let rest = match text.strip_prefix('~') {
        Some(rest) if rest.is_empty() => Some(rest),
        Some(rest) => Some(rest.strip_prefix(['/', '\\'])?),
        None => None,
    };
    match rest {
        Some(rest) => {
            let home = std::env::home_dir().filter(|home| home.is_absolute())?;
            let path = if rest.is_empty() {
                home
            } else {
                home.join(rest)
            };
            path.into_os_string().into_string().ok()
        }
        None => Path::new(text).is_absolute().then(|| text.to_owned()),
    }
}

pub(crate) fn program(text: &str) -> Option<String> {
    let is_name =
        !text.is_empty() && !text.contains(['/', '\\', '\0']) && text != "." && text != "..";
    if is_name && !text.starts_with('~') {
        return Some(text.to_owned());
    }
    path(text)
}

pub(crate) fn is_variable(text: &str) -> bool {
    let may = |it: char| it.is_ascii_alphanumeric() || it == '_';
    !text.is_empty() && text.chars().all(may) && !text.starts_with(|it: char| it.is_ascii_digit())
}

pub(crate) fn is_secret(key: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or(key);
    let plain: String = last
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|it| it.to_ascii_lowercase())
        .collect();
    SECRETS.contains(&plain.as_str())
}
