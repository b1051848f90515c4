//! Which source counts before which: for a setting of every kind, all sources in every combination.

use std::ffi::OsString;
use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::absolute;
use crate::{
    Config, Kind, Layer, STORED_FILE, Scope, Setting, Source, Stack, USER_FILE, UserFiles,
    WORKSPACE_FILE, all, setting,
};

/// A value for each source; of truth values and words, some are the same.
fn values(setting: &Setting) -> Vec<Value> {
    let numbered = |n: usize| -> Value {
        match &setting.kind {
            Kind::Boolean => n.is_multiple_of(2).into(),
            Kind::Number { least, most } => (least + (most - least) * (n + 1) as f64 / 8.0).into(),
            Kind::Integer { least, .. } | Kind::Milliseconds { least, .. } => {
                (least + n as u64 + 1).into()
            }
            Kind::Text | Kind::Program => format!("text{n}").into(),
            Kind::Texts => json!([format!("text{n}")]),
            Kind::Choice(words) => words[n % words.len()].name.into(),
            Kind::Path | Kind::PathOrNone => absolute(&format!("path{n}")).into(),
            Kind::Url(schemes) => format!("{}://host{n}/v1", schemes[0]).into(),
            Kind::Variable => format!("NAME{n}").into(),
            Kind::Tables(_) => {
                json!([{ "name": format!("text{n}"), "kind": "ollama", "model": "m" }])
            }
        }
    };
    (0..6).map(numbered).collect()
}

/// As on the command line and in the environment.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) => as_toml(value),
        other => other.to_string(),
    }
}

fn as_toml(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let items: Vec<_> = list.iter().map(as_toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(table) => {
            let pairs: Vec<_> = table
                .iter()
                .map(|(key, value)| format!("{key} = {}", as_toml(value)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

fn nested(key: &str, value: &Value) -> Value {
    key.rsplit('.')
        .fold(value.clone(), |inner, part| json!({ part: inner }))
}

/// The sources in `present`, each with its own value, in the order of their precedence.
fn stack(folder: &TempDir, setting: &Setting, values: &[Value], present: &[Source]) -> Stack {
    let value = |source: Source| {
        let index = Source::BY_PRECEDENCE.iter().position(|it| *it == source)?;
        present.contains(&source).then(|| &values[index])
    };
    let root = folder.path().join("root");
    fs::create_dir_all(&root).unwrap();
    let file = |source, path: std::path::PathBuf| {
        let text = value(source).map(|it| format!("{} = {}\n", setting.key, as_toml(it)));
        match text {
            Some(text) => fs::write(&path, text).unwrap(),
            None => drop(fs::remove_file(&path)),
        }
        path
    };
    let files = UserFiles {
        user: Some(file(Source::UserFile, folder.path().join(USER_FILE))),
        stored: Some(file(Source::Stored, folder.path().join(STORED_FILE))),
    };
    file(Source::WorkspaceFile, root.join(WORKSPACE_FILE));
    let arguments: Vec<String> = value(Source::CommandLine)
        .map(|it| format!("{}={}", setting.key, as_text(it)))
        .into_iter()
        .collect();
    let variables: Vec<(OsString, OsString)> = value(Source::Environment)
        .map(|it| (setting.variable().into(), as_text(it).into()))
        .into_iter()
        .collect();
    let mut stack = Stack::new(
        Layer::from_arguments(&arguments),
        Layer::from_environment(variables),
        files,
    );
    if let Some(value) = value(Source::Editor) {
        stack.set_editor(&nested(setting.key, value));
    }
    stack.set_roots(&[root]);
    stack
}

fn check_all_presences(setting: &Setting) {
    let folder = TempDir::new().unwrap();
    let values = values(setting);
    for bits in 0..1_u32 << Source::BY_PRECEDENCE.len() {
        let present: Vec<Source> = Source::BY_PRECEDENCE
            .into_iter()
            .enumerate()
            .filter(|(index, _)| bits & (1 << index) != 0)
            .map(|(_, source)| source)
            .collect();
        let stack = stack(&folder, setting, &values, &present);
        let file = folder.path().join("root/a.ts");
        let counts = |source: &Source| setting.scope == Scope::Workspace || source.is_the_users();
        let allowed: Vec<Source> = present.iter().copied().filter(counts).collect();

        let said = stack.explain(setting, Some(&file));
        let sources: Vec<Source> = said.iter().map(|(source, _)| *source).collect();
        let mut expected = allowed.clone();
        expected.extend(setting.default.value().map(|_| Source::Default));
        assert_eq!(sources, expected, "{} by {present:?}", setting.key);

        let alone: Vec<Source> = allowed.first().copied().into_iter().collect();
        let wanted = match alone.first() {
            Some(source) => {
                let index = Source::BY_PRECEDENCE
                    .iter()
                    .position(|it| it == source)
                    .unwrap();
                assert_eq!(said[0].1.value, values[index], "{}", setting.key);
                let argument = format!("{}={}", setting.key, as_text(&values[index]));
                let layer = Layer::from_arguments(&[argument]);
                assert_eq!(layer.problems, [], "{}", setting.key);
                let none = Layer::empty(Source::Environment);
                Stack::new(layer, none, UserFiles::default())
                    .config(None)
                    .as_ref()
                    .clone()
            }
            None => Config::default(),
        };
        assert_eq!(
            **stack.config(Some(&file)),
            wanted,
            "{} by {present:?}",
            setting.key
        );
        let refused = present.len() - allowed.len();
        assert_eq!(stack.problems().is_empty(), refused == 0, "{present:?}");
    }
}

#[test]
fn sources_count_in_their_order_in_all_combinations() {
    for setting in all() {
        check_all_presences(setting);
    }
}

#[test]
fn every_setting_reaches_the_struct() {
    let default = Config::default();
    for setting in all() {
        let values = values(setting);
        let different = values.iter().any(|value| {
            let argument = format!("{}={}", setting.key, as_text(value));
            let layer = Layer::from_arguments(&[argument]);
            let none = Layer::empty(Source::Environment);
            let stack = Stack::new(layer, none, UserFiles::default());
            **stack.config(None) != default
        });
        assert!(different, "{}", setting.key);
    }
}

#[test]
fn variables_are_named_after_their_settings_and_differ() {
    let tau = setting("inlineCompletion.tau").unwrap();
    assert_eq!(tau.variable(), "SYMPHONY_INLINE_COMPLETION_TAU");
    let mut names: Vec<String> = all().map(Setting::variable).collect();
    names.extend(all().filter_map(Setting::other_variable).map(str::to_owned));
    let n_names = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), n_names);
}

#[test]
fn older_variables_still_count_and_the_newer_ones_before_them() {
    let cache = |variables: &[(&str, &str)]| {
        let variables = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let layer = Layer::from_environment(variables);
        assert_eq!(layer.problems, []);
        layer
            .get("cache.directory")
            .map(|given| given.value.clone())
    };
    let (old, new) = (absolute("old"), absolute("new"));
    assert_eq!(cache(&[("SYMPHONY_CACHE_DIR", &old)]), Some(json!(old)));
    let both = [
        ("SYMPHONY_CACHE_DIR", &*old),
        ("SYMPHONY_CACHE_DIRECTORY", &*new),
    ];
    assert_eq!(cache(&both), Some(json!(new)));
    assert_eq!(cache(&[("SYMPHONY_CACHE_DIR", "")]), Some(json!("")));
}

#[test]
fn an_empty_variable_is_none_and_a_misspelt_one_is_told() {
    let variables = [
        ("SYMPHONY_LOG", ""),
        ("SYMPHONY_INLINE_COMPLETION_TAO", "0.1"),
        ("SYMPHONY_TEST", "1"),
        ("SYMPHONY_OF_SOMEONE_ELSE", "9"),
    ];
    let layer = Layer::from_environment(variables.map(|(a, b)| (a.into(), b.into())));
    let told: Vec<_> = layer.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "SYMPHONY_INLINE_COMPLETION_TAO: there is no setting `SYMPHONY_INLINE_COMPLETION_TAO`; \
             did you mean `SYMPHONY_INLINE_COMPLETION_TAU`?"
        ]
    );
    assert_eq!(layer.get("log.level"), None);
}

#[test]
fn each_folder_has_its_own_file_and_the_inner_one_counts() {
    let folder = TempDir::new().unwrap();
    let (outer, inner) = (folder.path().join("a"), folder.path().join("a/b"));
    fs::create_dir_all(&inner).unwrap();
    fs::write(outer.join(WORKSPACE_FILE), "inlineCompletion.tau = 0.1").unwrap();
    fs::write(inner.join(WORKSPACE_FILE), "[inlineCompletion]\ntau = 0.2").unwrap();
    let none = || Layer::empty(Source::CommandLine);
    let mut stack = Stack::new(none(), none(), UserFiles::default());
    stack.set_roots(&[outer.clone(), inner.clone()]);
    let tau =
        |stack: &Stack, path: &std::path::Path| stack.config(Some(path)).inline_completion.tau;
    assert_eq!(tau(&stack, &outer.join("x.ts")), 0.1);
    assert_eq!(tau(&stack, &inner.join("c/x.ts")), 0.2);
    assert_eq!(tau(&stack, &folder.path().join("x.ts")), 0.5);
    assert_eq!(stack.config(None).inline_completion.tau, 0.5);
    stack.set_roots(&[outer]);
    assert_eq!(tau(&stack, &inner.join("c/x.ts")), 0.1);
}

#[test]
fn the_file_of_a_workspace_that_is_not_trusted_is_not_read() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join(WORKSPACE_FILE),
        "inlineCompletion.tau = 0.1\n?",
    )
    .unwrap();
    let none = || Layer::empty(Source::CommandLine);
    let mut stack = Stack::new(none(), none(), UserFiles::default());
    stack.set_trusted(false);
    stack.set_roots(&[folder.path().to_owned()]);
    assert_eq!(stack.problems(), []);
    assert!(!stack.reload());
    stack.set_trusted(true);
    assert!(!stack.problems().is_empty());
    fs::write(
        folder.path().join(WORKSPACE_FILE),
        "inlineCompletion.tau = 0.1",
    )
    .unwrap();
    assert!(stack.reload());
    let file = folder.path().join("a.ts");
    assert_eq!(stack.config(Some(&file)).inline_completion.tau, 0.1);
    stack.set_trusted(false);
    assert_eq!(stack.config(Some(&file)).inline_completion.tau, 0.5);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStringExt as _;
    let value = OsString::from_vec(vec![b'/', 0xff]);
    let layer = Layer::from_environment([("SYMPHONY_LOG_FILE".into(), value)]);
    assert_eq!(layer.get("log.file"), None);
    assert_eq!(
        layer.problems[0].to_string(),
        "SYMPHONY_LOG_FILE: setting `log.file`: expected text in UTF-8, found other bytes"
    );
}
