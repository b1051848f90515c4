//! What one source says: the settings that can be taken from it, each with its place, and what is wrong with the others.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use serde_json::Value;

use crate::check::{Checker, MOST_PROBLEMS, place_in};
use crate::node::{Data, Node};
use crate::problem::{Fault, Place, Position, Problem, Source};
use crate::setting::{Kind, Setting};
use crate::suggest::suggest;
use crate::table::{all, setting};

/// What editors have in the section `symphony` that is not the server's.
const OF_EDITORS: &[&str] = &["server", "trace", "trusted"];

/// How the variables of the environment begin.
const PREFIX: &str = "SYMPHONY_";

/// Variables of the environment that begin as settings do, and are none.
const OTHER_VARIABLES: &[&str] = &[
    "SYMPHONY_BINARY",
    "SYMPHONY_CONFIG_DIR",
    "SYMPHONY_CONDUCTOR_DIR",
    "SYMPHONY_EXTENSIONS_DIR",
    "SYMPHONY_NODE",
    "SYMPHONY_PYTHON",
    "SYMPHONY_PYTHON_PACKAGE",
    "SYMPHONY_SHARED_SECRET",
    "SYMPHONY_SHARED_STORE",
    "SYMPHONY_STATE_DIR",
    "SYMPHONY_TEST",
    "SYMPHONY_TEST_SEED",
];

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The value, checked.
    pub value: Value,
    /// Where it stands.
    pub place: Place,
}

/// What one source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Which source.
    pub source: Source,
    /// What is wrong with what it says.
    pub problems: Vec<Problem>,
    values: BTreeMap<&'static str, Given>,
}

impl Layer {
    /// One that says nothing.
    #[must_use]
    pub fn empty(source: Source) -> Self {
        Self {
            source,
            problems: Vec::new(),
            values: BTreeMap::new(),
        }
    }

    /// What it says of a setting.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Given> {
        self.values.get(key)
    }

    /// Sets a value that an option of its own has on the command line, as it is.
    pub fn put(&mut self, key: &'static str, value: Value, place: Place) {
        self.values.insert(key, Given { value, place });
    }

    /// From the text of a file.
    ///
    /// # Errors
    /// What is wrong with a text that is not TOML: then nothing in it counts, since a key behind a broken heading would belong to
    /// another section.
    pub fn from_toml(text: &str, source: Source, path: &Path) -> Result<Self, Vec<Problem>> {
        let place = place_in(path, text);
        let root = Node::from_toml(text).map_err(|errors| {
            let problems = errors
                .into_iter()
                .take(MOST_PROBLEMS)
                .map(|(at, message)| Problem {
                    place: place(at),
                    fault: Fault::Syntax { message },
                });
            problems.collect::<Vec<_>>()
        })?;
        let mut layer = Self::empty(source);
        let mut checker = Checker::new(source, &place);
        checker.tree(&root, &mut |setting, at, value| {
            layer.put(setting.key, value, place(at));
        });
        layer.problems = checker.finish();
        Ok(layer)
    }

    /// From what an editor sent: its section `symphony`.
    #[must_use]
    pub fn from_json(section: &Value) -> Self {
        let mut section = section.clone();
        if let Value::Object(table) = &mut section {
            table.retain(|key, _| !OF_EDITORS.contains(&key.as_str()));
        }
        let mut layer = Self::empty(Source::Editor);
        let mut checker = Checker::new(Source::Editor, &|_| Place::Editor);
        checker.tree(&Node::from_json(&section), &mut |setting, _, value| {
            layer.put(setting.key, value, Place::Editor);
        });
        layer.problems = checker.finish();
        layer
    }

    /// From variables of the environment. An empty one is none, but where nothing is a value.
    pub fn from_environment(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let ours: BTreeMap<String, OsString> = variables
            .into_iter()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                name.starts_with(PREFIX).then_some((name, value))
            })
            .collect();
        let mut layer = Self::empty(Source::Environment);
        for setting in all() {
            let names = [
                Some(setting.variable()),
                setting.other_variable().map(str::to_owned),
            ];
            let given = names.into_iter().flatten().find_map(|name| {
                let value = ours.get(&name)?;
                let is_empty = value.is_empty() && !matches!(setting.kind, Kind::PathOrNone);
                (!is_empty).then_some((name, value))
            });
            match given.map(|(name, value)| (name, value.to_str())) {
                Some((name, Some(value))) => layer.text(setting, value, &Place::Variable(name)),
                Some((name, None)) => layer.problems.push(Problem {
                    place: Place::Variable(name),
                    fault: Fault::Wrong {
                        key: setting.key.to_owned(),
                        expected: "text in UTF-8".to_owned(),
                        found: "other bytes".to_owned(),
                    },
                }),
                None => {}
            }
        }
        layer.unknown_variables(ours.keys());
        layer
    }

    fn unknown_variables<'a>(&mut self, names: impl Iterator<Item = &'a String>) {
        // All begin alike, which should not make them alike.
        let rest = |name: &str| name.trim_start_matches(PREFIX).to_owned();
        let mut known: Vec<String> = all().map(|it| rest(&it.variable())).collect();
        known.extend(all().filter_map(Setting::other_variable).map(rest));
        for name in names {
            let short = rest(name);
            if known.contains(&short) || OTHER_VARIABLES.contains(&name.as_str()) {
                continue;
            }
            // Only what looks like a mistake: there may be programs of this name whose variables are not ours.
            let suggestion = suggest(&short, &mut known.iter().map(String::as_str));
            if let Some(suggestion) = suggestion {
                self.problems.push(Problem {
                    place: Place::Variable(name.clone()),
                    fault: Fault::Unknown {
                        key: name.clone(),
                        suggestion: Some(format!("{PREFIX}{suggestion}")),
                    },
                });
            }
        }
    }

    /// From arguments `KEY=VALUE`; of two for one key the last counts.
    #[must_use]
    pub fn from_arguments(arguments: &[String]) -> Self {
        let mut layer = Self::empty(Source::CommandLine);
        for argument in arguments {
            let place = Place::CommandLine;
            let fault = match argument.split_once('=') {
                Some((key, value)) => match setting(key.trim()) {
                    Some(setting) => {
                        layer.text(setting, value, &place);
                        continue;
                    }
                    None => Fault::Unknown {
                        key: key.trim().to_owned(),
                        suggestion: suggest(key.trim(), &mut all().map(|it| it.key))
                            .map(str::to_owned),
                    },
                },
                None => Fault::NoAssignment {
                    found: argument.clone(),
                },
            };
            layer.problems.push(Problem { place, fault });
        }
        layer
    }

    /// A value that is written as a text, where there are no types.
    fn text(&mut self, setting: &'static Setting, text: &str, place: &Place) {
        let place_of = |_| place.clone();
        let mut checker = Checker::new(self.source, &place_of);
        let absolute = match setting.kind {
            // As a shell has it, for what is no more than a place to write to.
            Kind::PathOrNone if !text.is_empty() && !text.starts_with('~') => {
                let path = std::path::absolute(text).ok();
                path.and_then(|path| path.into_os_string().into_string().ok())
            }
            _ => None,
        };
        let text = absolute.as_deref().unwrap_or(text);
        let value = match node(&setting.kind, text) {
            Ok(node) => checker.setting(setting, 0, &node),
            Err(message) => {
                let key = setting.key.to_owned();
                checker.problem(0, Fault::Conflict { key, message });
                None
            }
        };
        self.problems.extend(checker.finish());
        if let Some(value) = value {
            self.put(setting.key, value, place.clone());
        }
    }
}

/// Checks a value that is written as a text, as on the command line, for this setting.
///
/// # Errors
/// What is wrong with it.
pub fn parse_value(setting: &'static Setting, text: &str) -> Result<Value, Vec<Problem>> {
    let mut layer = Layer::empty(Source::Stored);
    layer.text(setting, text, &Place::CommandLine);
    match layer.get(setting.key) {
        Some(given) if layer.problems.is_empty() => Ok(given.value.clone()),
        _ => Err(layer.problems),
    }
}

/// A text as the kind of a setting takes it: lists are written as in TOML.
fn node(kind: &Kind, text: &str) -> Result<Node, String> {
    let as_text = || Data::Text(text.to_owned());
    Ok(Node::new(match kind {
        Kind::Boolean => match text.trim() {
            "true" | "1" => Data::Boolean(true),
            "false" | "0" => Data::Boolean(false),
            _ => as_text(),
        },
        Kind::Number { .. } => text.trim().parse().map_or_else(|_| as_text(), Data::Number),
        Kind::Integer { .. } | Kind::Milliseconds { .. } => text
            .trim()
            .parse()
            .map_or_else(|_| as_text(), Data::Integer),
        Kind::Texts | Kind::Tables(_) => {
            return Node::from_toml_value(text).map_err(|(at, message)| {
                let Position { column, .. } = Position::of(text, at);
                format!("expected a list as in TOML; at its character {column}: {message}")
            });
        }
        _ => as_text(),
    }))
}
