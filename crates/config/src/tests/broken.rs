//! Files that are not as they should be: what is told, and that nothing else is lost.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;

use super::{layer, problems};
use crate::{Config, Layer, SettingsFile, Source, Stack, USER_FILE, UserFiles};

struct File {
    _folder: TempDir,
    path: PathBuf,
}

impl File {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(USER_FILE);
        Self {
            _folder: folder,
            path,
        }
    }

    /// What is told of a file of these bytes, behind its name.
    fn told(&self, bytes: &[u8]) -> Vec<String> {
        fs::write(&self.path, bytes).unwrap();
        let mut file = SettingsFile::new(self.path.clone(), Source::UserFile);
        file.reload();
        told(&file, &self.path)
    }
}

fn told(file: &SettingsFile, path: &Path) -> Vec<String> {
    let name = path.display().to_string();
    let problems = file.problems().iter();
    problems
        .map(|it| it.to_string().strip_prefix(&name).unwrap().to_owned())
        .collect()
}

#[test]
fn marks_and_line_ends_do_not_matter() {
    let file = File::new();
    for text in [
        "",
        "\u{feff}",
        "# nothing\r\n",
        "\u{feff}inlineCompletion.tau = 0.25\r\n[codeLens]\r\nreferences = true\r\n",
    ] {
        assert_eq!(file.told(text.as_bytes()), [] as [&str; 0], "{text:?}");
    }
    let mut read = SettingsFile::new(file.path.clone(), Source::UserFile);
    read.reload();
    let value = |key| read.layer().get(key).map(|it| it.value.clone());
    assert_eq!(value("inlineCompletion.tau"), Some(json!(0.25)));
    assert_eq!(value("codeLens.references"), Some(json!(true)));
    assert_eq!(
        file.told("\u{feff}[inlineCompletion]\r\ntau = 2\r\n".as_bytes()),
        [":2:7: setting `inlineCompletion.tau`: expected a number from 0 to 1, found 2"]
    );
}

#[test]
fn what_is_no_text_is_told_with_its_place() {
    let file = File::new();
    assert_eq!(
        file.told(b"[codeLens]\nreferences = \"\xff\""),
        [":2:15: the file is not UTF-8 from here on"]
    );
    let utf16: Vec<u8> = "\u{feff}a = 1"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        file.told(&utf16),
        [":1:1: the file is not UTF-8 from here on; it looks like UTF-16: save it as UTF-8"]
    );
    assert!(file.told(b"a = \"\0\"")[0].starts_with(":1:6: "));
}

#[test]
fn huge_files_and_deep_ones_are_refused() {
    let file = File::new();
    let huge = "# comment\n".repeat(50_000);
    assert_eq!(
        file.told(huge.as_bytes()),
        [": the file is larger than 262144 bytes, so it is not read"]
    );
    for deep in [
        "a.".repeat(100_000) + "b = 1",
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("[{}b]", "a.".repeat(100_000)),
    ] {
        assert!(!file.told(deep.as_bytes()).is_empty());
    }
    let many: String = (0..1000).map(|n| format!("zzz{n} = 1\n")).collect();
    let told = file.told(many.as_bytes());
    assert_eq!(told.len(), 51);
    assert_eq!(told[50], ": and 950 more problems");
}

#[test]
fn a_folder_in_place_of_the_file_is_told_and_no_file_is_nothing() {
    let file = File::new();
    let mut missing = SettingsFile::new(file.path.clone(), Source::UserFile);
    assert!(!missing.reload());
    assert_eq!(missing.problems(), []);
    fs::create_dir(&file.path).unwrap();
    assert!(missing.reload());
    assert_eq!(told(&missing, &file.path), [": this is not a file"]);
    let below = file.path.join("x").join("y.toml");
    assert!(!SettingsFile::new(below, Source::UserFile).reload());
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_device_hold_nothing_up() {
    let file = File::new();
    let made = std::process::Command::new("mkfifo")
        .arg(&file.path)
        .status();
    if made.is_ok_and(|it| it.success()) {
        let mut pipe = SettingsFile::new(file.path.clone(), Source::WorkspaceFile);
        pipe.reload();
        assert_eq!(told(&pipe, &file.path), [": this is not a file"]);
        fs::remove_file(&file.path).unwrap();
    }
    std::os::unix::fs::symlink("/dev/zero", &file.path).unwrap();
    let mut device = SettingsFile::new(file.path.clone(), Source::WorkspaceFile);
    device.reload();
    assert_eq!(told(&device, &file.path), [": this is not a file"]);
}

#[test]
fn every_error_of_the_syntax_is_told_and_a_broken_file_says_nothing() {
    let text = "[inlineCompletion]\nenabled = \ntau = 0.1\ntau = 0.2\n[codeLens\n";
    let told = problems(text, Source::UserFile);
    let places: Vec<_> = told
        .iter()
        .map(|it| it.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "symphony.toml:2:11",
            "symphony.toml:4:1",
            "symphony.toml:5:10"
        ],
        "{told:#?}"
    );
    assert!(told[1].contains("duplicate key"), "{told:#?}");
}

#[test]
fn wrong_values_cost_nothing_but_themselves() {
    let text = "inlineCompletion = { enabled = \"no\", tau = nan, debounce = 1.5 }\ncodeLens.references = true\ncost.period = 1979-05-27\ncost.limit = 99999999999999999999\ninstruments = [1, { name = 1 }]\n";
    let read = layer(text, Source::UserFile);
    assert_eq!(read.get("codeLens.references").unwrap().value, json!(true));
    assert_eq!(
        problems(text, Source::UserFile),
        [
            "symphony.toml:1:32: setting `inlineCompletion.enabled`: expected true or false, found \"no\"",
            "symphony.toml:1:44: setting `inlineCompletion.tau`: expected a number from 0 to 1, found NaN",
            "symphony.toml:1:60: setting `inlineCompletion.debounce`: expected milliseconds, an integer from 0 to 5000, found 1.5",
            "symphony.toml:3:15: setting `cost.period`: expected one of \"month\", \"week\", \"day\", found 1979-05-27",
            "symphony.toml:4:14: setting `cost.limit`: expected a number from 0 to 1000000, found 99999999999999999999",
            "symphony.toml:5:16: setting `instruments[0]`: expected a table, found 1",
            "symphony.toml:5:28: setting `instruments[1].name`: expected a text that is not empty, found 1",
            "symphony.toml:5:19: setting `instruments[1]`: an instrument needs `kind`",
        ]
    );
    assert_eq!(
        problems("inlineCompletion = 1\nlog = []\n", Source::UserFile),
        ["symphony.toml:1:20: setting `inlineCompletion`: expected a table of settings, found 1"]
    );
}

#[test]
fn a_file_that_breaks_keeps_what_it_said() {
    let file = File::new();
    fs::write(&file.path, "inlineCompletion.tau = 0.1\n").unwrap();
    let none = || Layer::empty(Source::CommandLine);
    let files = UserFiles {
        user: Some(file.path.clone()),
        stored: None,
    };
    let mut stack = Stack::new(none(), none(), files);
    let tau = |stack: &Stack| stack.config(None).inline_completion.tau.unwrap_or(0.5);
    assert_eq!(tau(&stack), 0.1);
    assert!(!stack.reload());

    fs::write(&file.path, "inlineCompletion.tau = \n").unwrap();
    assert!(stack.reload());
    assert_eq!(tau(&stack), 0.1);
    assert_eq!(stack.problems().len(), 1);
    fs::write(&file.path, b"\xff").unwrap();
    assert!(stack.reload());
    assert_eq!(tau(&stack), 0.1);
    assert_eq!(stack.problems().len(), 1);

    fs::write(&file.path, "inlineCompletion.tau = 0.3\n").unwrap();
    assert!(stack.reload());
    assert_eq!(tau(&stack), 0.3);
    assert_eq!(stack.problems(), []);
    fs::remove_file(&file.path).unwrap();
    assert!(stack.reload());
    assert_eq!(tau(&stack), 0.5);
}

#[test]
fn what_an_editor_sends_is_taken_as_far_as_it_is_right() {
    for value in [
        json!(null),
        json!({}),
        json!([]),
        json!({ "inlineCompletion": {} }),
        json!({ "inlineCompletion": [] }),
        json!({ "inlineCompletion": null, "codeLens": { "references": null } }),
        json!({ "server": { "path": "" }, "trace": { "server": "messages" }, "trusted": true }),
    ] {
        assert_eq!(
            Layer::from_json(&value),
            Layer::empty(Source::Editor),
            "{value}"
        );
    }
    let sent = json!({
        "inlineCompletion": { "enabled": "yes", "tau": 0.9, "debounce": 20.0 },
        "codeLens.references": true,
        "later": 1,
        "codeLens": 1,
    });
    let layer = Layer::from_json(&sent);
    let none = || Layer::empty(Source::CommandLine);
    let mut stack = Stack::new(none(), none(), UserFiles::default());
    stack.set_editor(&sent);
    let config = stack.config(None);
    let mut wanted = Config::default();
    wanted.inline_completion.tau = Some(0.9);
    wanted.inline_completion.debounce = Some(std::time::Duration::from_millis(20));
    wanted.code_lens.references = true;
    assert_eq!(**config, wanted);
    let mut told: Vec<_> = layer.problems.iter().map(ToString::to_string).collect();
    told.sort();
    assert_eq!(
        told,
        [
            "the editor's settings: setting `codeLens`: expected a table of settings, found 1",
            "the editor's settings: setting `inlineCompletion.enabled`: expected true or false, found \"yes\"",
            "the editor's settings: there is no setting `later`",
        ]
    );
    assert_eq!(Layer::from_json(&json!([1])).problems.len(), 1);
}

#[test]
fn wrong_arguments_are_told() {
    let arguments = [
        "tau=1",
        "inlineCompletion.tau",
        "inlineCompletion.tau=2",
        "instruments=[",
        "instruments=[{ name = 'a', kind = 'ollama', model = 'm' }]",
        "inlineCompletion.tau=0.3",
    ];
    let layer = Layer::from_arguments(&arguments.map(str::to_owned));
    let told: Vec<_> = layer.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[..3],
        [
            "command line: there is no setting `tau`; did you mean `inlineCompletion.tau`?",
            "command line: expected KEY=VALUE, found \"inlineCompletion.tau\"",
            "command line: setting `inlineCompletion.tau`: expected a number from 0 to 1, found 2",
        ]
    );
    assert_eq!(told.len(), 4);
    assert!(
        told[3].starts_with("command line: setting `instruments`: expected a list as in TOML; "),
        "{}",
        told[3]
    );
    assert_eq!(layer.get("inlineCompletion.tau").unwrap().value, json!(0.3));
    assert_eq!(layer.get("instruments").unwrap().value[0]["name"], "a");
}
