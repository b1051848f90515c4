//! JSON as configuration files have it: comments, trailing commas, the order of keys, and where a value stands.
//!
//! The order is kept because conditions of `exports` are tried in it. Called by the configuration and the package
//! readers; knows nothing about what the values mean.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::ops::Range;

/// Deeper nesting than this is an error and not a risk for the stack.
const MAX_DEPTH: usize = 64;

/// A value and its bytes in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Json {
    pub(crate) at: Range<usize>,
    pub(crate) value: Value,
}

/// What a [`Json`] holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) message: String,
    pub(crate) at: Range<usize>,
}

/// Reads a text. An empty one is an empty object, as for TypeScript.
pub(crate) fn parse(text: &str) -> Result<Json, Broken> {
    let skipped = text.len() - text.trim_start_matches('\u{feff}').len();
    let body = &text[skipped..];
    if let Some(at) = too_deep(body) {
        return Err(Broken {
            message: "nested too deeply".to_owned(),
            at: skipped + at..skipped + at + 1,
        });
    }
    let parsed = parse_to_ast(body, &CollectOptions::default(), &ParseOptions::default()).map_err(
        |error| {
            let range = error.range();
            Broken {
                message: error.kind().to_string(),
                at: skipped + range.start..skipped + range.end,
            }
        },
    )?;
    Ok(match parsed.value {
        Some(value) => lower(value, skipped),
        None => Json {
            at: 0..text.len(),
            value: Value::Object(Vec::new()),
        },
    })
}

/// Where brackets nest deeper than [`MAX_DEPTH`], strings and comments aside.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut i) = (0usize, 0usize);
    while i < bytes.len() {
        match bytes[i] {
            quote @ (b'"' | b'\'') => {
                i += 1;
                while i < bytes.len() && bytes[i] != quote && bytes[i] != b'\n' {
                    i += if bytes[i] == b'\\' { 2 } else { 1 };
                }
            }
            b'/' if bytes.get(i + 1) == Some(&b'/') => {
                while i < bytes.len() && bytes[i] != b'\n' {
                    i += 1;
                }
            }
            b'/' if bytes.get(i + 1) == Some(&b'*') => {
                i += 2;
                while i < bytes.len() && !(bytes[i] == b'*' && bytes.get(i + 1) == Some(&b'/')) {
                    i += 1;
                }
                i += 1;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(i);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        i += 1;
    }
    None
}

fn lower(value: ast::Value<'_>, skipped: usize) -> Json {
    let range = value.range();
    let at = skipped + range.start..skipped + range.end;
    let value = match value {
        ast::Value::StringLit(it) => Value::String(it.value.into_owned()),
        ast::Value::NumberLit(it) => Value::Number(it.value.to_owned()),
        ast::Value::BooleanLit(it) => Value::Bool(it.value),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Array(it) => Value::Array(
            it.elements
                .into_iter()
                .map(|it| lower(it, skipped))
                .collect(),
        ),
        ast::Value::Object(it) => Value::Object(
            it.properties
                .into_iter()
                .map(|it| (it.name.into_string(), lower(it.value, skipped)))
                .collect(),
        ),
    };
    Json { at, value }
}

impl Json {
    /// The value of a key; of a repeated one the last, as in JavaScript.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        self.entries()
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The entries of an object, none of anything else.
    pub(crate) fn entries(&self) -> &[(String, Json)] {
        match &self.value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The items of an array.
    pub(crate) fn items(&self) -> Option<&[Json]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string.
    pub(crate) fn string(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value of a boolean.
    pub(crate) fn bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(it) => Some(*it),
            _ => None,
        }
    }

    /// The strings of an array; other items are passed over.
    pub(crate) fn strings(&self) -> Option<Vec<String>> {
        Some(
            self.items()?
                .iter()
                .filter_map(|it| it.string().map(str::to_owned))
                .collect(),
        )
    }

    /// Whether this is `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.value == Value::Null
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_commas_and_order() {
        let json = parse("\u{feff}{ // c\n \"b\": [1, \"x\",], /* d */ \"a\": null, }").unwrap();
        let keys: Vec<_> = json.entries().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["b", "a"]);
        assert_eq!(json.get("b").unwrap().strings().unwrap(), ["x"]);
        assert!(json.get("a").unwrap().is_null());
    }

    #[test]
    fn broken_text_says_where() {
        let broken = parse("{ \"a\": }").unwrap_err();
        assert!(broken.at.start >= 6 && broken.at.end <= 8, "{broken:?}");
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse("").unwrap().entries().is_empty());
    }
}
