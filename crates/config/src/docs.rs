//! What is generated from the list of settings: the documentation, and the settings of the editors.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::schema::of_kind;
use crate::setting::{DefaultValue, Effect, Kind, Scope, Setting};
use crate::table::{SECTIONS, Section, all};

/// The part of `docs/configuration.md` that lists all settings.
#[must_use]
pub fn reference() -> String {
    let mut out = String::new();
    for section in SECTIONS {
        let _ = writeln!(out, "### `{}`\n\n{}\n", section.name, section.about());
        match section.settings {
            [
                Setting {
                    kind: Kind::Tables(tables),
                    ..
                },
            ] => {
                for field in tables.fields {
                    let is_required = tables.required.contains(&field.key);
                    entry(&mut out, field, is_required);
                }
            }
            settings => {
                for setting in settings {
                    entry(&mut out, setting, false);
                    attributes(&mut out, setting);
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn entry(out: &mut String, setting: &Setting, is_required: bool) {
    let default = match setting.default.value() {
        Some(value) => format!("; default `{value}`"),
        None if is_required => "; required".to_owned(),
        None => String::new(),
    };
    let (key, expected) = (setting.key, setting.kind.expected());
    let _ = writeln!(
        out,
        "**`{key}`** ({expected}{default})\n\n{}\n",
        setting.about()
    );
    if let Kind::Choice(words) = &setting.kind {
        for word in *words {
            let _ = writeln!(out, "- `{}`: {}", word.name, word.about());
        }
        out.push('\n');
    }
}

fn attributes(out: &mut String, setting: &Setting) {
    let scope = match setting.scope {
        Scope::Workspace => "editor, workspace, user",
        Scope::User => "user only",
    };
    let effect = match setting.effect {
        Effect::Live => "at once",
        Effect::Restart => "when the server starts",
    };
    let mut variables = format!("`{}`", setting.variable());
    if let Some(other) = setting.other_variable() {
        let _ = write!(variables, ", `{other}`");
    }
    let _ = writeln!(
        out,
        "Set by: {scope}. Counts: {effect}. Variable: {variables}.\n"
    );
}

/// A table of the settings that an editor may set, in Markdown.
#[must_use]
pub fn editor_table(prefix: &str) -> String {
    let mut out = String::from("| setting | default | |\n|---|---|---|\n");
    for setting in of_editors() {
        let default = match setting.default.value() {
            Some(value) => format!("`{value}`"),
            None => String::new(),
        };
        let _ = writeln!(
            out,
            "| `{prefix}{}` | {default} | {} |",
            setting.key,
            setting.about()
        );
    }
    out
}

/// The settings of the table that an editor may set.
pub fn of_editors() -> impl Iterator<Item = &'static Setting> {
    all().filter(|setting| setting.scope == Scope::Workspace)
}

/// The entries of `contributes.configuration.properties` in the manifest of the extension for VS Code, in this order from the
/// number `first` on.
#[must_use]
pub fn vscode_properties(first: usize) -> Vec<(String, Value)> {
    of_editors()
        .enumerate()
        .map(|(index, setting)| {
            let mut property: Map<String, Value> = of_kind(&setting.kind);
            if let Some(default) = setting.default.value() {
                property.insert("default".to_owned(), default);
            }
            if let Kind::Choice(words) = &setting.kind {
                let about: Vec<_> = words.iter().map(|word| word.about()).collect();
                property.insert("markdownEnumDescriptions".to_owned(), json!(about));
            }
            property.insert("scope".to_owned(), "window".into());
            property.insert("order".to_owned(), (first + index).into());
            property.insert("markdownDescription".to_owned(), setting.about().into());
            (format!("symphony.{}", setting.key), property.into())
        })
        .collect()
}

/// The syntax of a file of an editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Neovim.
    Lua,
    /// Helix.
    Toml,
    /// Zed.
    Json,
}

/// The settings of an editor with their defaults, as lines that are comments: a setting that is there counts before the files,
/// so none is there until the user wants it.
#[must_use]
pub fn commented(syntax: Syntax) -> String {
    let mut out = String::new();
    for section in SECTIONS {
        let pairs: Vec<String> = section
            .settings
            .iter()
            .filter(|setting| setting.scope == Scope::Workspace)
            .filter_map(|setting| pair(section, setting, syntax))
            .collect();
        if pairs.is_empty() {
            continue;
        }
        let (name, pairs) = (section.name, pairs.join(", "));
        let _ = match syntax {
            Syntax::Lua => writeln!(out, "-- {name} = {{ {pairs} }},"),
            Syntax::Toml => writeln!(out, "# {name} = {{ {pairs} }}"),
            Syntax::Json => writeln!(out, "// \"{name}\": {{ {pairs} }},"),
        };
    }
    out
}

fn pair(section: &Section, setting: &Setting, syntax: Syntax) -> Option<String> {
    if matches!(setting.default, DefaultValue::Nothing) {
        return None;
    }
    let name = setting.key.strip_prefix(section.name)?.strip_prefix('.')?;
    let value = setting.default.value()?;
    Some(match syntax {
        Syntax::Lua | Syntax::Toml => format!("{name} = {value}"),
        Syntax::Json => format!("\"{name}\": {value}"),
    })
}
