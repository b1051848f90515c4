//! Settings: one struct, its defaults, and how a client's JSON becomes it.
//!
//! What a client sends is never trusted to be well formed: each bad value keeps its default and is reported.

use serde_json::{Map, Value};

/// All settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Ghost text.
    pub inline_completion: InlineCompletion,
    /// Lines above declarations.
    pub code_lens: CodeLens,
}

/// Settings of code lenses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeLens {
    /// Whether declarations say how often they are referred to.
    pub references: bool,
}

/// Settings of inline completion.
#[derive(Clone, Debug, PartialEq)]
pub struct InlineCompletion {
    /// Whether there is any.
    pub enabled: bool,
    /// Suggestions less probable than this are not shown; 0 to 1. None: the Conductor says.
    pub tau: Option<f32>,
}

impl Default for InlineCompletion {
    fn default() -> Self {
        Self {
            enabled: true,
            tau: None,
        }
    }
}

/// A setting that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("setting `{key}`: expected {expected}, found {found}")]
pub struct Problem {
    /// The setting, as a path with dots.
    pub key: String,
    /// What it should have been.
    pub expected: &'static str,
    /// What it was.
    pub found: String,
}

impl Config {
    /// The settings in `json`, an object as a client sends it (the value of its section `symphony`); what is absent
    /// or null keeps its default, and so does what is wrong, which is reported.
    pub fn from_json(json: &Value) -> (Self, Vec<Problem>) {
        let mut config = Self::default();
        let mut reader = Reader {
            problems: Vec::new(),
        };
        let Some(root) = reader.object("symphony", json) else {
            return (config, reader.problems);
        };
        if let Some(section) = root.get("codeLens")
            && let Some(lens) = reader.object("codeLens", section)
        {
            let references = &mut config.code_lens.references;
            reader.boolean("codeLens.references", lens.get("references"), references);
        }
        if let Some(section) = root.get("inlineCompletion")
            && let Some(inline) = reader.object("inlineCompletion", section)
        {
            let settings = &mut config.inline_completion;
            reader.boolean(
                "inlineCompletion.enabled",
                inline.get("enabled"),
                &mut settings.enabled,
            );
            reader.probability("inlineCompletion.tau", inline.get("tau"), &mut settings.tau);
        }
        (config, reader.problems)
    }
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn object<'a>(&mut self, key: &str, value: &'a Value) -> Option<&'a Map<String, Value>> {
        if !value.is_null() && !value.is_object() {
            self.problem(key, "an object", value);
        }
        value.as_object()
    }

    fn boolean(&mut self, key: &str, value: Option<&Value>, into: &mut bool) {
        match value {
            None | Some(Value::Null) => {}
            Some(Value::Bool(flag)) => *into = *flag,
            Some(other) => self.problem(key, "true or false", other),
        }
    }

    fn probability(&mut self, key: &str, value: Option<&Value>, into: &mut Option<f32>) {
        match value {
            None | Some(Value::Null) => {}
            Some(value) => match value.as_f64() {
                Some(number) if (0.0..=1.0).contains(&number) => *into = Some(number as f32),
                _ => self.problem(key, "a number from 0 to 1", value),
            },
        }
    }

    fn problem(&mut self, key: &str, expected: &'static str, found: &Value) {
        self.problems.push(Problem {
            key: key.to_owned(),
            expected,
            found: found.to_string(),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn absent_settings_keep_their_defaults() {
        for value in [
            json!(null),
            json!({}),
            json!({ "inlineCompletion": {} }),
            json!({ "later": 1 }),
        ] {
            assert_eq!(Config::from_json(&value), (Config::default(), vec![]));
        }
    }

    #[test]
    fn given_settings_are_taken() {
        let (config, problems) =
            Config::from_json(&json!({ "inlineCompletion": { "enabled": false, "tau": 0.25 } }));
        assert_eq!(
            config.inline_completion,
            InlineCompletion {
                enabled: false,
                tau: Some(0.25)
            }
        );
        assert_eq!(problems, []);
    }

    #[test]
    fn wrong_settings_are_reported_and_the_rest_is_taken() {
        let (config, problems) =
            Config::from_json(&json!({ "inlineCompletion": { "enabled": "yes", "tau": 0.9 } }));
        assert_eq!(
            config.inline_completion,
            InlineCompletion {
                enabled: true,
                tau: Some(0.9)
            }
        );
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["setting `inlineCompletion.enabled`: expected true or false, found \"yes\""]
        );
        assert_eq!(Config::from_json(&json!([1])).1.len(), 1);
        assert_eq!(
            Config::from_json(&json!({ "inlineCompletion": { "tau": 2 } }))
                .1
                .len(),
            1
        );
    }
}
