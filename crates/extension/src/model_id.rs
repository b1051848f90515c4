//! Names of models, which come from settings and answers and end up in requests, paths of caches and logs: only what means
//! nothing to a shell, a file system or a page may stand in them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

const MAX_LENGTH: usize = 128;

/// The name of a model: 1 to 128 of the letters and digits of ASCII, `-`, `_` and `.`, and not only dots.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelId(String);

/// Why something is not the name of a model.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelIdError {
    /// Nothing, or too much.
    #[error("the name of a model has 1 to 128 characters, not {0}")]
    Length(usize),
    /// Something that may not stand there.
    #[error("the name of a model has no {character:?} (character {place})")]
    Character {
        /// The first such character.
        character: char,
        /// Which one it is, from 1.
        place: usize,
    },
    /// A folder, to a file system.
    #[error("the name of a model is not only dots")]
    OnlyDots,
}

impl ModelId {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ModelId {
    type Err = ModelIdError;

    fn from_str(name: &str) -> Result<Self, ModelIdError> {
        let length = name.chars().count();
        if !(1..=MAX_LENGTH).contains(&length) {
            return Err(ModelIdError::Length(length));
        }
        let may = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
        if let Some((index, character)) = name.chars().enumerate().find(|it| !may(it.1)) {
            let place = index + 1;
            return Err(ModelIdError::Character { character, place });
        }
        if name.chars().all(|it| it == '.') {
            return Err(ModelIdError::OnlyDots);
        }
        Ok(Self(name.to_owned()))
    }
}

impl TryFrom<String> for ModelId {
    type Error = ModelIdError;

    fn try_from(name: String) -> Result<Self, ModelIdError> {
        name.parse()
    }
}

impl From<ModelId> for String {
    fn from(id: ModelId) -> Self {
        id.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_models_pass() {
        let longest = "x".repeat(128);
        for name in ["a", "qwen2.5-coder-7b_instruct.Q4_K_M", "0", &longest] {
            assert_eq!(name.parse::<ModelId>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn paths_shells_and_markup_do_not() {
        let too_long = "x".repeat(129);
        let names = [
            ("", "the name of a model has 1 to 128 characters, not 0"),
            (
                &*too_long,
                "the name of a model has 1 to 128 characters, not 129",
            ),
            ("..", "the name of a model is not only dots"),
            ("a/b", "the name of a model has no '/' (character 2)"),
            ("..\\x", "the name of a model has no '\\\\' (character 3)"),
            ("$(id)", "the name of a model has no '$' (character 1)"),
            ("a;b", "the name of a model has no ';' (character 2)"),
            ("a b", "the name of a model has no ' ' (character 2)"),
            ("a\n", "the name of a model has no '\\n' (character 2)"),
            ("<b>", "the name of a model has no '<' (character 1)"),
            ("`a`", "the name of a model has no '`' (character 1)"),
            ("a:b", "the name of a model has no ':' (character 2)"),
            ("%2e", "the name of a model has no '%' (character 1)"),
            (
                "\u{430}",
                "the name of a model has no '\u{430}' (character 1)",
            ),
            ("a\0", "the name of a model has no '\\0' (character 2)"),
        ];
        for (name, message) in names {
            let error = name.parse::<ModelId>().unwrap_err();
            assert_eq!(error.to_string(), message, "{name:?}");
        }
    }
}
