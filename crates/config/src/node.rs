//! What was written, before anything of it is believed: values from TOML and from JSON, with their places.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value, and where it begins in its text; 0 where there is no text.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: usize,
    pub(crate) data: Data,
}

#[derive(Clone, Debug)]
pub(crate) enum Data {
    Nothing,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
    /// What no setting can be, as it was written.
    Other(String),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: usize,
    pub(crate) value: Node,
}

/// What is not TOML: where, and what the parser says.
pub(crate) type SyntaxError = (usize, String);

impl Node {
    pub(crate) fn new(data: Data) -> Self {
        Self { at: 0, data }
    }

    /// From the text of a file.
    pub(crate) fn from_toml(text: &str) -> Result<Self, Vec<SyntaxError>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let at = table.span().start;
            return Ok(from_table(table.into_inner(), at));
        }
        let mut errors: Vec<_> = errors.iter().map(syntax_error).collect();
        errors.sort();
        errors.dedup();
        Err(errors)
    }

    /// From the text of one value.
    pub(crate) fn from_toml_value(text: &str) -> Result<Self, SyntaxError> {
        let value = DeValue::parse(text).map_err(|error| syntax_error(&error))?;
        Ok(from_toml(value))
    }

    /// From what an editor sent.
    pub(crate) fn from_json(value: &Value) -> Self {
        Self::new(match value {
            Value::Null => Data::Nothing,
            Value::Bool(value) => Data::Boolean(*value),
            Value::Number(number) => match number.as_i64() {
                Some(value) => Data::Integer(value),
                None => Data::Number(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Data::Text(text.clone()),
            Value::Array(list) => Data::List(list.iter().map(Self::from_json).collect()),
            Value::Object(table) => {
                let entries = table.iter().map(|(key, value)| Entry {
                    key: key.clone(),
                    at: 0,
                    value: Self::from_json(value),
                });
                Data::Table(entries.collect())
            }
        })
    }

    /// What was found, for a message: short, and in one line.
    pub(crate) fn found(&self) -> String {
        const MOST: usize = 60;
        let text = match &self.data {
            Data::Nothing => "nothing".to_owned(),
            Data::Boolean(value) => value.to_string(),
            Data::Integer(value) => value.to_string(),
            Data::Number(value) => value.to_string(),
            Data::Text(text) => Value::from(text.as_str()).to_string(),
            Data::List(_) => "a list".to_owned(),
            Data::Table(_) => "a table".to_owned(),
            Data::Other(text) => text.clone(),
        };
        match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text,
        }
    }
}

fn syntax_error(error: &toml::de::Error) -> SyntaxError {
    let at = error.span().map_or(0, |span| span.start);
    // Some messages have several lines.
    let lines: Vec<_> = error.message().lines().map(str::trim).collect();
    (at, lines.join(", "))
}

fn from_table(table: DeTable<'_>, at: usize) -> Node {
    let mut entries: Vec<_> = table
        .into_iter()
        .map(|(key, value)| Entry {
            at: key.span().start,
            key: key.into_inner().into_owned(),
            value: from_toml(value),
        })
        .collect();
    // In the order of the text, as messages should be.
    entries.sort_by_key(|entry| entry.at);
    Node {
        at,
        data: Data::Table(entries),
    }
}

fn from_toml(value: Spanned<DeValue<'_>>) -> Node {
    let at = value.span().start;
    let data = match value.into_inner() {
        DeValue::String(text) => Data::Text(text.into_owned()),
        DeValue::Boolean(value) => Data::Boolean(value),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(value) => Data::Integer(value),
            Err(_) => Data::Other(number.to_string()),
        },
        DeValue::Float(number) => match number.as_str().parse() {
            Ok(value) => Data::Number(value),
            Err(_) => Data::Other(number.to_string()),
        },
        DeValue::Datetime(date) => Data::Other(date.to_string()),
        DeValue::Array(list) => Data::List(list.into_iter().map(from_toml).collect()),
        DeValue::Table(table) => return from_table(table, at),
    };
    Node { at, data }
}
