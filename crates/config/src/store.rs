//! What `symphony config set` and `unset` do: change one key of the file that Symphony writes, and nothing else in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use thiserror::Error;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value as TomlValue};

use crate::layer::{Layer, parse_value};
use crate::problem::{Problem, Source};
use crate::setting::{Kind, Setting};

/// Why nothing was written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The value cannot be taken.
    #[error("{}", .0.iter().map(|it| it.fault.to_string()).collect::<Vec<_>>().join("\n"))]
    Value(Vec<Problem>),
    /// The file is broken; it is left as it is.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Broken(Vec<Problem>),
    /// A part of the key is something else than a table in the file.
    #[error("`{key}` in the file is no table")]
    NoTable {
        /// The part.
        key: String,
    },
    /// The system refuses.
    #[error("failed to write the file")]
    Io(#[from] io::Error),
}

/// Writes a setting, given as a text, into the file at `path`, which is made if it is not there.
///
/// # Errors
/// When the value is wrong, the file is broken, or the system refuses. The file is whole in any case.
pub fn set(path: &Path, setting: &'static Setting, text: &str) -> Result<(), StoreError> {
    // As it was written: a `~` stays one, so that the file can move to another home.
    let checked = parse_value(setting, text).map_err(StoreError::Value)?;
    let value = match setting.kind {
        Kind::Path | Kind::PathOrNone | Kind::Program => TomlValue::from(text),
        _ => to_toml(&checked),
    };
    let mut document = read(path)?;
    let (parents, name) = split(setting.key);
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for parent in parents {
        let item = table
            .entry(parent)
            .or_insert_with(|| Item::Table(Table::new()));
        let key = parent.to_owned();
        table = item
            .as_table_like_mut()
            .ok_or(StoreError::NoTable { key })?;
    }
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(old) => {
            // The comment behind it stays.
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(name, Item::Value(value));
        }
    }
    write(path, &document)
}

/// Removes a setting from the file at `path`; whether it was there.
///
/// # Errors
/// When the file is broken, or the system refuses.
pub fn unset(path: &Path, setting: &Setting) -> Result<bool, StoreError> {
    let mut document = read(path)?;
    let (parents, name) = split(setting.key);
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for parent in parents {
        match table.get_mut(parent).and_then(Item::as_table_like_mut) {
            Some(inner) => table = inner,
            None => return Ok(false),
        }
    }
    if table.remove(name).is_none() {
        return Ok(false);
    }
    write(path, &document)?;
    Ok(true)
}

fn split(key: &'static str) -> (impl Iterator<Item = &'static str>, &'static str) {
    let (parents, name) = key.rsplit_once('.').unwrap_or(("", key));
    (parents.split('.').filter(|it| !it.is_empty()), name)
}

fn read(path: &Path) -> Result<DocumentMut, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    // What both parsers say is the same but for the places, which only the first gives as lines.
    Layer::from_toml(&text, Source::Stored, path).map_err(StoreError::Broken)?;
    let document: Result<DocumentMut, _> = text.parse();
    document.map_err(|error| StoreError::Io(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// All or nothing: a server may read it at any time, and power may fail.
fn write(path: &Path, document: &DocumentMut) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(document.to_string().as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn to_toml(value: &serde_json::Value) -> TomlValue {
    use serde_json::Value;
    match value {
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match number.as_i64() {
            Some(value) => value.into(),
            None => number.as_f64().unwrap_or_default().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(list) => TomlValue::Array(list.iter().map(to_toml).collect::<Array>()),
        Value::Object(table) => {
            let entries = table
                .iter()
                .map(|(key, value)| (key.as_str(), to_toml(value)));
            TomlValue::InlineTable(entries.collect::<InlineTable>())
        }
        // No setting is null.
        Value::Null => "".into(),
    }
}
