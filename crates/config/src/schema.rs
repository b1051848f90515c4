//! The JSON schema of the files, for editors that complete and check TOML by one.

use serde_json::{Map, Value, json};

use crate::setting::{Kind, Scope, Setting};
use crate::table::SECTIONS;

/// Whose file the schema is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaOf {
    /// The user's own.
    User,
    /// The one in a workspace, which may say less.
    Workspace,
}

/// The schema, in the version that TOML editors know.
#[must_use]
pub fn schema(of: SchemaOf) -> Value {
    let allowed = |setting: &Setting| of == SchemaOf::User || setting.scope == Scope::Workspace;
    let mut properties = Map::new();
    for section in SECTIONS {
        let settings: Vec<&Setting> = section.settings.iter().filter(|it| allowed(it)).collect();
        match settings[..] {
            [] => {}
            [single] if single.key == section.name => {
                properties.insert(single.key.to_owned(), of_setting(single));
            }
            _ => {
                let mut table = object(settings.into_iter(), &[]);
                table.insert("description".to_owned(), section.about().into());
                properties.insert(section.name.to_owned(), table.into());
            }
        }
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": match of {
            SchemaOf::User => "Symphony's settings of a user: symphony.toml",
            SchemaOf::Workspace => "Symphony's settings of a workspace: .symphony.toml",
        },
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn object<'a>(
    settings: impl Iterator<Item = &'a Setting>,
    required: &[&str],
) -> Map<String, Value> {
    let properties: Map<String, Value> = settings
        .map(|setting| {
            let name = setting.key.rsplit('.').next().unwrap_or(setting.key);
            (name.to_owned(), of_setting(setting))
        })
        .collect();
    let mut table = Map::new();
    table.insert("type".to_owned(), "object".into());
    table.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        table.insert("required".to_owned(), json!(required));
    }
    table.insert("additionalProperties".to_owned(), false.into());
    table
}

fn of_setting(setting: &Setting) -> Value {
    let mut schema = of_kind(&setting.kind);
    schema.insert("description".to_owned(), setting.about().into());
    if let Some(default) = setting.default.value() {
        schema.insert("default".to_owned(), default);
    }
    schema.into()
}

/// What values of this kind are like.
pub(crate) fn of_kind(kind: &Kind) -> Map<String, Value> {
    let schema = match kind {
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Number { least, most } => {
            json!({ "type": "number", "minimum": least, "maximum": most })
        }
        Kind::Integer { least, most } | Kind::Milliseconds { least, most } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Text | Kind::Path | Kind::Program => json!({ "type": "string", "minLength": 1 }),
        Kind::PathOrNone => json!({ "type": "string" }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Choice(words) => {
            let words: Vec<_> = words.iter().map(|word| word.name).collect();
            json!({ "type": "string", "enum": words })
        }
        Kind::Url(schemes) => {
            json!({ "type": "string", "pattern": format!("^({})://", schemes.join("|")) })
        }
        Kind::Variable => json!({ "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" }),
        Kind::Tables(tables) => {
            let item = object(tables.fields.iter(), tables.required);
            json!({ "type": "array", "items": item })
        }
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}
