//! `package.json`: what a package says of itself, and the order in which its `exports` lead to files.
//!
//! Reads text that it is given; which of the targets is there is for the resolver to find out.

use crate::json::{self, Json, Value};
use crate::version;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A package's manifest.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) folder: PathBuf,
    json: Json,
}

impl Package {
    /// Reads a manifest. A broken one says nothing.
    pub(crate) fn read(folder: &Path, text: &str) -> Self {
        let empty = Json {
            at: 0..0,
            value: Value::Object(Vec::new()),
        };
        Self {
            folder: folder.to_owned(),
            json: json::parse(text).unwrap_or(empty),
        }
    }

    /// A field that is a string.
    pub(crate) fn string(&self, key: &str) -> Option<&str> {
        self.json.get(key)?.string()
    }

    /// The name.
    pub(crate) fn name(&self) -> Option<&str> {
        self.string("name")
    }

    /// Whether `.js` files are ES modules.
    pub(crate) fn is_module(&self) -> bool {
        self.string("type") == Some("module")
    }

    /// The file of types: `typings` before `types`.
    pub(crate) fn types(&self) -> Option<&str> {
        self.string("typings")
            .or_else(|| self.string("types"))
            .filter(|it| !it.is_empty())
    }

    /// Whether the package says that it has no types to give.
    pub(crate) fn disowns_types(&self) -> bool {
        self.json.get("typings").is_some_and(Json::is_null)
    }

    /// A field that is not `null`.
    pub(crate) fn field(&self, key: &str) -> Option<&Json> {
        self.json.get(key).filter(|it| !it.is_null())
    }

    /// `exports` where they count.
    pub(crate) fn exports(&self) -> Option<&Json> {
        self.field("exports")
            .filter(|it| it.bool() != Some(false) && it.string() != Some(""))
    }

    /// The patterns of the `typesVersions` entry that fits.
    pub(crate) fn types_versions(&self) -> Option<Vec<(String, Vec<String>)>> {
        let entries = self.json.get("typesVersions")?.entries();
        let (_, paths) = entries.iter().find(|(range, _)| version::in_range(range))?;
        let paths = paths.entries().iter();
        Some(
            paths
                .map(|(key, list)| (key.clone(), list.strings().unwrap_or_default()))
                .collect(),
        )
    }

    /// The names of what the package needs when it runs.
    pub(crate) fn runtime_dependencies(&self) -> impl Iterator<Item = &str> {
        let kinds = ["dependencies", "peerDependencies", "optionalDependencies"];
        kinds
            .into_iter()
            .flat_map(|kind| self.json.get(kind).map(Json::entries).unwrap_or_default())
            .map(|(name, _)| name.as_str())
    }

    /// The names of all dependencies, sorted.
    pub(crate) fn dependencies(&self) -> Vec<String> {
        let kinds = [
            "dependencies",
            "peerDependencies",
            "devDependencies",
            "optionalDependencies",
        ];
        let mut names: Vec<String> = kinds
            .iter()
            .flat_map(|kind| self.json.get(kind).map(Json::entries).unwrap_or_default())
            .map(|(name, _)| name.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// A step on the way through `exports` or `imports`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    /// The target as written, `*` in it.
    pub(crate) written: &'a str,
    /// What stands for `*`, or comes after a folder.
    pub(crate) rest: &'a str,
    /// Whether `rest` is put in for `*` instead of being appended.
    pub(crate) pattern: bool,
}

impl Target<'_> {
    /// The target with the rest in its place.
    pub(crate) fn text(&self) -> String {
        if self.pattern {
            self.written.replace('*', self.rest)
        } else {
            format!("{}{}", self.written, self.rest)
        }
    }
}

/// What a step came to: an answer (perhaps that there is none), or go on with the next.
pub(crate) type Step<T> = ControlFlow<Option<T>>;

/// The entry of a table for a subpath, and what stands for `*`.
pub(crate) fn entry<'a>(table: &'a Json, subpath: &'a str) -> Option<(&'a Json, &'a str, bool)> {
    if subpath == "." {
        let is_table = table.entries().iter().any(|(key, _)| key.starts_with('.'));
        let main = if is_table { table.get(".")? } else { table };
        return Some((main, "", false));
    }
    if !subpath.ends_with('/')
        && !subpath.contains('*')
        && let Some(target) = table.get(subpath)
    {
        return Some((target, "", false));
    }
    let mut keys: Vec<&str> = table
        .entries()
        .iter()
        .map(|(key, _)| key.as_str())
        .filter(|it| it.matches('*').count() == 1 || it.ends_with('/'))
        .collect();
    keys.sort_by_key(|it| {
        let base = it.find('*').map_or(it.len(), |at| at + 1);
        (
            std::cmp::Reverse(base),
            !it.contains('*'),
            std::cmp::Reverse(it.len()),
        )
    });
    for key in keys {
        match key.split_once('*') {
            Some((head, tail)) => {
                if subpath.starts_with(head)
                    && subpath[head.len()..].ends_with(tail)
                    && (subpath.len() >= head.len() + tail.len())
                {
                    return Some((
                        table.get(key)?,
                        &subpath[head.len()..subpath.len() - tail.len()],
                        true,
                    ));
                }
            }
            None => {
                if let Some(rest) = subpath.strip_prefix(key) {
                    return Some((table.get(key)?, rest, false));
                }
            }
        }
    }
    None
}

/// Goes through the targets of an entry in the order of its conditions, until one is found.
///
/// A target that is not found lets the next condition speak, which is TypeScript's rule and not Node's; `null` ends
/// the search.
pub(crate) fn targets<'a, T>(
    entry: (&'a Json, &'a str, bool),
    conditions: &[&str],
    found: &mut impl FnMut(Target<'a>) -> Option<T>,
) -> Step<T> {
    let (json, rest, pattern) = entry;
    match &json.value {
        Value::String(written) => match found(Target {
            written,
            rest,
            pattern,
        }) {
            Some(it) => ControlFlow::Break(Some(it)),
            None => ControlFlow::Continue(()),
        },
        Value::Null => ControlFlow::Break(None),
        Value::Array(items) => items
            .iter()
            .try_for_each(|it| targets((it, rest, pattern), conditions, found)),
        Value::Object(entries) => entries.iter().try_for_each(|(condition, it)| {
            if applies(condition, conditions) {
                targets((it, rest, pattern), conditions, found)
            } else {
                ControlFlow::Continue(())
            }
        }),
        Value::Bool(_) | Value::Number(_) => ControlFlow::Continue(()),
    }
}

/// Whether a condition holds.
pub(crate) fn applies(condition: &str, conditions: &[&str]) -> bool {
    condition == "default"
        || conditions.contains(&condition)
        || condition
            .strip_prefix("types@")
            .is_some_and(|it| conditions.contains(&"types") && version::in_range(it))
}
