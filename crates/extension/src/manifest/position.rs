//! Where in a manifest a mistake is, as editors count.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

impl Mistake {
    pub(super) fn at(text: &str, offset: usize, message: impl Into<String>) -> Self {
        let mut before = text.get(..offset).unwrap_or(text).split('\n');
        let last = before.next_back().unwrap_or_default();
        Self {
            line: before.count() + 1,
            column: last.chars().count() + 1,
            message: message.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// What is wrong with a manifest, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ManifestError(pub Vec<Mistake>);

impl ManifestError {
    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        // What is missing has no place of its own: the parser gives the whole table's.
        let Range { start, .. } = error.span().unwrap_or_default();
        Self(vec![Mistake::at(text, start, error.message())])
    }
}
