//! What a hostile workspace, an editor and a careless user may not set.

use serde_json::json;

use super::{absolute, layer, path, problems};
use crate::{Fault, Layer, Scope, Source, all};

#[test]
fn a_workspace_file_that_sets_what_is_run_reached_or_paid_is_refused_by_name() {
    let text = r#"
[conductor]
python = "/tmp/evil/python"
policy = "/tmp/evil.py"
library = "evil.so"
enabled = false

[[instruments]]
name = "evil"
kind = "openai"
url = "https://evil.example/v1"
key = "sk-stolen"
executable = "/tmp/evil/server"

[cost]
limit = 1000

[cache]
directory = "/tmp/evil"

[log]
file = "/tmp/evil.log"

[inlineCompletion]
tau = 0.9
"#;
    let layer = layer(text, Source::WorkspaceFile);
    assert_eq!(layer.get("inlineCompletion.tau").unwrap().value, json!(0.9));
    let refused: Vec<(String, String)> = layer
        .problems
        .iter()
        .map(|problem| match &problem.fault {
            Fault::NotByWorkspace { key } => (problem.place.to_string(), key.clone()),
            other => panic!("{other:?}"),
        })
        .collect();
    let place = |line: usize, column: usize| format!("{}:{line}:{column}", path().display());
    for (expected, line, column) in [
        ("conductor.python", 3, 1),
        ("conductor.policy", 4, 1),
        ("conductor.library", 5, 1),
        ("conductor.enabled", 6, 1),
        ("instruments", 8, 3),
        ("instruments[0].url", 11, 1),
        ("instruments[0].key", 12, 1),
        ("instruments[0].executable", 13, 1),
        ("cost.limit", 16, 1),
        ("cache.directory", 19, 1),
        ("log.file", 22, 1),
    ] {
        let wanted = (place(line, column), expected.to_owned());
        assert!(
            refused.contains(&wanted),
            "{wanted:?} is not in {refused:#?}"
        );
    }
    for key in [
        "conductor.python",
        "instruments",
        "cost.limit",
        "cache.directory",
    ] {
        assert_eq!(layer.get(key), None, "{key}");
    }
    let told = layer.problems[0].to_string();
    assert!(
        told.starts_with(
            "symphony.toml:3:1: setting `conductor.python` is refused: a workspace cannot set it"
        ),
        "{told}"
    );
}

#[test]
fn no_setting_of_the_user_is_taken_from_a_workspace_or_an_editor() {
    for setting in all().filter(|it| it.scope == Scope::User) {
        let text = format!("{} = 1", setting.key);
        let file = layer(&text, Source::WorkspaceFile);
        let editor = Layer::from_json(&json!({ setting.key: 1 }));
        for layer in [file, editor] {
            assert_eq!(layer.get(setting.key), None);
            let told = layer.problems[0].to_string();
            assert!(told.contains(&format!("`{}`", setting.key)), "{told}");
        }
    }
}

#[test]
fn what_names_a_program_an_address_a_file_or_a_key_is_the_users() {
    use crate::Kind;
    for setting in all() {
        let is_dangerous = matches!(
            setting.kind,
            Kind::Path
                | Kind::PathOrNone
                | Kind::Program
                | Kind::Url(_)
                | Kind::Variable
                | Kind::Texts
                | Kind::Tables(_)
        );
        assert!(
            !is_dangerous || setting.scope == Scope::User,
            "{}",
            setting.key
        );
    }
}

#[test]
fn keys_do_not_belong_into_files_and_are_not_repeated() {
    let secret = "sk-1234567890abcdef";
    let table = |more: &str| {
        format!(
            "[[instruments]]\nname = \"a\"\nkind = \"openai\"\nurl = \"https://a.example/v1\"\nmodel = \"m\"\n{more}\n"
        )
    };
    let server = format!(
        "[[instruments]]\nname = \"a\"\nkind = \"llama-server\"\nexecutable = \"llama-server\"\nmodelFile = '{}'\narguments = [\"--api-key\", \"{secret}\"]\n",
        absolute("m.gguf")
    );
    for text in [
        table(&format!("key = \"{secret}\"")),
        table(&format!("apiKey = \"{secret}\"")),
        table(&format!("api_key = \"{secret}\"")),
        table(&format!("token = \"{secret}\"")),
        table(&format!("keyEnv = \"{secret}\"")),
        table(&format!("keyring = \"{secret}\"")),
        table(&format!("proxy = \"http://me:{secret}@proxy.example\"")),
        table("").replace("https://a", &format!("https://{secret}@a")),
        table("").replace("/v1", &format!("/v1?key={secret}")),
        server,
        format!("key = \"{secret}\""),
        format!("[inlineCompletion]\ntoken = \"{secret}\""),
    ] {
        let read = layer(&text, Source::UserFile);
        let list = read.get("instruments").map(|given| given.value.clone());
        assert!(list.is_none_or(|list| list == json!([])), "{text}");
        let told = problems(&text, Source::UserFile).join("\n");
        assert!(!told.is_empty() && !told.contains(secret), "{text}\n{told}");
    }
    let told = problems(&table(&format!("key = \"{secret}\"")), Source::UserFile);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("symphony.toml:6:1: `instruments[0].key` is refused: "),
        "{}",
        told[0]
    );
    assert!(
        told[0].contains("`keyEnv`") && told[0].contains("`keyring`"),
        "{}",
        told[0]
    );
}

#[test]
fn an_unknown_setting_is_told_with_what_may_be_meant() {
    let text = "inline_completion.tau = 1\n[inlineCompletion]\ntua = 1\n[codelens]\nreferences = true\n[zzz]\na = 1\n";
    assert_eq!(
        problems(text, Source::WorkspaceFile),
        [
            "symphony.toml:1:1: there is no setting `inline_completion`; did you mean `inlineCompletion.tau`?",
            "symphony.toml:3:1: there is no setting `inlineCompletion.tua`; did you mean `inlineCompletion.tau`?",
            "symphony.toml:4:2: there is no setting `codelens`; did you mean `codeLens.references`?",
            "symphony.toml:6:2: there is no setting `zzz`",
        ]
    );
    let told = problems("\"a\\u001b[31m\\nb\" = 1", Source::WorkspaceFile);
    assert!(!told[0].contains(['\u{1b}', '\n']), "{told:?}");
}

#[test]
fn paths_that_depend_on_where_the_editor_was_started_are_refused() {
    for text in [
        "conductor.python = './python'",
        "conductor.python = 'venv/bin/python'",
        "conductor.policy = 'policy.py'",
        "conductor.policy = ''",
        "conductor.policy = '~other/policy.py'",
        "cache.directory = '.cache'",
        "log.file = \"a\\u0000b\"",
    ] {
        let layer = layer(text, Source::UserFile);
        assert_eq!(layer.problems.len(), 1, "{text}");
    }
    let home = std::env::home_dir().unwrap();
    let taken = layer(
        "log.file = '~/a.log'\nconductor.python = 'python3.12'",
        Source::UserFile,
    );
    assert_eq!(taken.problems, []);
    assert_eq!(
        taken.get("log.file").unwrap().value,
        json!(home.join("a.log"))
    );
    assert_eq!(
        taken.get("conductor.python").unwrap().value,
        json!("python3.12")
    );
}

#[test]
fn an_instrument_is_taken_whole_or_not_at_all() {
    let text = r#"
[[instruments]]
name = "good"
kind = "ollama"
model = "m"

[[instruments]]
name = "no-price"
kind = "ollama"
model = "m"
pricePerMillionInput = "much"

[[instruments]]
kind = "openai"

[[instruments]]
name = "incomplete"
kind = "openai"
url = "https://a.example/v1"

[[instruments]]
name = "good"
kind = "ollama"
model = "other"

[[instruments]]
name = "both"
kind = "llama-server"
url = "http://127.0.0.1:8080"
executable = "llama-server"

[[instruments]]
name = "scheme"
kind = "ollama"
model = "m"
url = "file:///etc/passwd"

[[instruments]]
name = "unknown"
kind = "ollama"
model = "m"
maxToken = 1
"#;
    let layer = layer(text, Source::UserFile);
    let names: Vec<_> = layer
        .get("instruments")
        .unwrap()
        .value
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].clone())
        .collect();
    assert_eq!(names, ["good", "unknown"]);
    let told: Vec<_> = layer.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "symphony.toml:11:24: setting `instruments[1].pricePerMillionInput`: expected a number from 0 to 1000000, found \"much\"",
            "symphony.toml:13:1: setting `instruments[2]`: an instrument needs `name`",
            "symphony.toml:18:1: setting `instruments[3].kind`: an instrument of kind \"openai\" needs `model`",
            "symphony.toml:21:1: setting `instruments[4].name`: there is another instrument of this name",
            "symphony.toml:28:1: setting `instruments[5].kind`: an instrument of kind \"llama-server\" needs either `url`, where one runs, or `executable`, to start one",
            "symphony.toml:30:1: setting `instruments[5].executable`: `executable` needs `modelFile`",
            "symphony.toml:36:7: setting `instruments[6].url`: expected an address that begins with http:// or https://, found \"file:///etc/passwd\"",
            "symphony.toml:42:1: there is no setting `instruments[7].maxToken`; did you mean `maxTokens`?",
        ]
    );
}
