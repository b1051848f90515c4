//! The schema says what the reader of settings does, and every setting is described.

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

use super::layer;
use crate::{Config, Kind, SECTIONS, SchemaOf, Scope, Setting, Source, all, docs, schema};

fn fields() -> impl Iterator<Item = &'static Setting> {
    all().flat_map(|setting| match &setting.kind {
        Kind::Tables(tables) => tables.fields.iter(),
        _ => std::slice::from_ref(setting).iter(),
    })
}

/// What a schema has against a value.
fn errors(schema: Value, value: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", schema).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    schemas
        .validate(value, index)
        .err()
        .map(|it| it.to_string())
}

/// Whether both take a file, or neither does.
fn check(of: SchemaOf, text: &str, is_good: bool) {
    let value: Value = toml::from_str(text).unwrap();
    let errors = errors(schema(of), &value);
    assert_eq!(errors.is_none(), is_good, "{text}: {errors:?}");
    let source = match of {
        SchemaOf::User => Source::UserFile,
        SchemaOf::Workspace => Source::WorkspaceFile,
    };
    assert_eq!(layer(text, source).problems.is_empty(), is_good, "{text}");
}

#[test]
fn the_schema_and_the_reader_agree() {
    let instrument =
        "[[instruments]]\nname = 'a'\nkind = 'openai'\nurl = 'https://a.example/v1'\nmodel = 'm'\n";
    for (text, is_good) in [
        ("", true),
        ("inlineCompletion.tau = 0.5", true),
        ("inlineCompletion.tau = 1", true),
        ("inlineCompletion.tau = 1.5", false),
        ("inlineCompletion.tau = '1'", false),
        ("inlineCompletion.debounce = 10", true),
        ("inlineCompletion.debounce = 10.0", true),
        ("inlineCompletion.debounce = -1", false),
        ("inlineCompletion = 1", false),
        ("inlineCompletion.other = 1", false),
        ("other = 1", false),
        ("cost.period = 'day'", true),
        ("cost.period = 'year'", false),
        ("cache.directory = ''", true),
        ("conductor.python = ''", false),
        ("conductor.python = 'python3'", true),
        ("instruments = []", true),
        ("instruments = {}", false),
        (instrument, true),
        (&instrument.replace("name = 'a'", ""), false),
        (&instrument.replace("https:", "ftp:"), false),
        (&format!("{instrument}keyEnv = 'A_KEY'"), true),
        (&format!("{instrument}keyEnv = 'sk-1'"), false),
        (&format!("{instrument}key = 'sk-1'"), false),
        (&format!("{instrument}contextTokens = 1"), false),
    ] {
        check(SchemaOf::User, text, is_good);
    }
    check(SchemaOf::Workspace, "inlineCompletion.tau = 0.5", true);
    check(SchemaOf::Workspace, "conductor.python = 'python3'", false);
    check(SchemaOf::Workspace, "instruments = []", false);
}

#[test]
fn defaults_pass_the_schema() {
    for setting in fields() {
        if let Some(default) = setting.default.value() {
            let schema = Value::Object(crate::schema::of_kind(&setting.kind));
            assert_eq!(errors(schema, &default), None, "{}", setting.key);
        }
    }
    assert_eq!(Config::default().inline_completion.tau, None);
    assert!(Config::default().conductor.enabled);
    assert_eq!(Config::default().cost.limit, None);
}

#[test]
fn everything_is_described_in_sentences() {
    let abouts = fields().map(|it| (it.key, it.about()));
    let sections = SECTIONS.iter().map(|it| (it.name, it.about()));
    for (key, about) in abouts.chain(sections) {
        assert!(
            about.ends_with('.') && !about.contains("  "),
            "{key}: {about}"
        );
    }
    let reference = docs::reference();
    for setting in fields() {
        let name = setting.key;
        assert!(reference.contains(&format!("**`{name}`**")), "{name}");
    }
}

#[test]
fn editors_offer_what_they_may_set() {
    let offered: Vec<String> = docs::vscode_properties(1)
        .into_iter()
        .map(|it| it.0)
        .collect();
    let wanted: Vec<String> = all()
        .filter(|it| it.scope == Scope::Workspace)
        .map(|it| format!("symphony.{}", it.key))
        .collect();
    assert_eq!(offered, wanted);
    let (_, tau) = &docs::vscode_properties(1)[1];
    assert_eq!(tau["order"], json!(2));
    assert_eq!(tau["maximum"], json!(1.0));
}
