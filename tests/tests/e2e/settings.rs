//! Settings from files, editors and the command line, in a running server and by `symphony config`.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use symphony_tests::{Document, LspClient, server_command};

use crate::support::{Folder, capabilities, has_words, initialize_params, open, wait_for_change};

const SOURCE: &str = "export function one() {}\none();\n";

/// A session whose user has her own files in `home`.
fn session(home: &Folder, roots: &[&Folder], capabilities: Value, options: Value) -> LspClient {
    let mut command = server_command();
    command.env("SYMPHONY_CONFIG_DIR", home.path("config"));
    command.env("SYMPHONY_STATE_DIR", home.path("state"));
    let mut client = LspClient::start(command).unwrap();
    let mut params = initialize_params(roots, capabilities);
    params["initializationOptions"] = options;
    client.initialize(params).unwrap();
    client
}

/// Whether declarations say how often they are referred to: the setting `codeLens.references`.
fn has_lenses(client: &mut LspClient, document: &Document) -> bool {
    let lenses = client
        .request("textDocument/codeLens", document.id_params())
        .unwrap();
    !lenses.is_null()
}

/// Waits for a message of this kind that contains all of `words`.
#[track_caller]
fn wait_for_message(client: &LspClient, method: &str, words: &[&str]) {
    client
        .wait_for(|inbox| {
            let mut all = inbox.notified(method);
            all.any(|it| has_words(it, words)).then_some(())
        })
        .unwrap();
}

fn count(client: &LspClient, method: &str, words: &[&str]) -> usize {
    let inbox = client.inbox();
    let all = inbox.notified(method);
    all.filter(|it| has_words(it, words)).count()
}

#[test]
fn files_are_read_again_when_they_change_and_broken_ones_keep_what_they_said() {
    let (home, root) = (Folder::new(&[]), Folder::new(&[]));
    let mut client = session(&home, &[&root], capabilities(), json!(null));
    let document = root.document("a.ts", SOURCE);
    open(&mut client, &document);
    assert!(!has_lenses(&mut client, &document));

    // Not even the folder was there.
    home.write("config/symphony.toml", "codeLens.references = true\n");
    wait_for_change(&client, 1);
    assert!(has_lenses(&mut client, &document));

    home.write("config/symphony.toml", "[codeLens]\nreferences = \n");
    let told = ["symphony.toml:2:14: "];
    wait_for_message(&client, "window/showMessage", &told);
    assert!(has_lenses(&mut client, &document));

    // What is wrong is told once, as long as it is wrong.
    home.write("config/symphony.toml", "[codeLens]\nreferences = \n\n\n?");
    wait_for_message(&client, "window/showMessage", &["symphony.toml:5:"]);
    assert_eq!(count(&client, "window/showMessage", &told), 1);
    assert!(has_lenses(&mut client, &document));

    home.write("config/symphony.toml", "inlineCompletion.tau = 0.9\n");
    wait_for_change(&client, 2);
    assert!(!has_lenses(&mut client, &document));

    home.write("state/settings.toml", "codeLens.references = true\n");
    wait_for_change(&client, 3);
    assert!(has_lenses(&mut client, &document));

    root.write(".symphony.toml", "codeLens.references = false\n");
    wait_for_change(&client, 4);
    assert!(!has_lenses(&mut client, &document));
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn a_hostile_workspace_gets_nothing_but_what_does_no_harm() {
    let home = Folder::new(&[]);
    let hostile = Folder::new(&[(
        ".symphony.toml",
        "codeLens.references = true\n[conductor]\npython = \"/tmp/evil\"\n[[instruments]]\nname = \"evil\"\nkind = \"openai\"\nurl = \"https://evil.example\"\nkey = \"sk-evil\"\n",
    )]);
    let other = Folder::new(&[]);
    let mut client = session(&home, &[&hostile, &other], capabilities(), json!(null));
    for (key, place) in [
        ("`conductor.python`", ".symphony.toml:3:1: "),
        ("`instruments[0].url`", ".symphony.toml:7:1: "),
        ("`instruments[0].key`", ".symphony.toml:8:1: "),
    ] {
        wait_for_message(&client, "window/showMessage", &[key, place, "is refused"]);
    }
    assert_eq!(count(&client, "window/showMessage", &["sk-evil"]), 0);
    // What does no harm counts, and only in the folder whose file says it.
    let inside = hostile.document("a.ts", SOURCE);
    let outside = other.document("a.ts", SOURCE);
    open(&mut client, &inside);
    open(&mut client, &outside);
    assert!(has_lenses(&mut client, &inside));
    assert!(!has_lenses(&mut client, &outside));
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn an_editor_may_not_set_what_is_the_users() {
    let (home, root) = (Folder::new(&[]), Folder::new(&[]));
    let options =
        json!({ "conductor": { "python": "/tmp/evil" }, "codeLens": { "references": true } });
    let mut client = session(&home, &[&root], capabilities(), options);
    let told = ["`conductor.python` is not taken from the editor"];
    wait_for_message(&client, "window/showMessage", &told);
    let document = root.document("a.ts", SOURCE);
    open(&mut client, &document);
    assert!(has_lenses(&mut client, &document));
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn the_file_of_a_workspace_that_is_not_trusted_waits_for_trust() {
    let home = Folder::new(&[]);
    let root = Folder::new(&[(".symphony.toml", "codeLens.references = true\n?")]);
    // A client that says its settings by itself.
    let mut plain = capabilities();
    plain["workspace"]["configuration"] = json!(false);
    let mut client = session(&home, &[&root], plain, json!({ "trusted": false }));
    let document = root.document("a.ts", SOURCE);
    open(&mut client, &document);
    assert!(!has_lenses(&mut client, &document));
    assert_eq!(count(&client, "window/showMessage", &[".symphony.toml"]), 0);
    let trusted = json!({ "settings": { "symphony": { "trusted": true } } });
    client.notify("workspace/didChangeConfiguration", trusted);
    wait_for_message(&client, "window/showMessage", &[".symphony.toml:2:1: "]);
    root.write(".symphony.toml", "codeLens.references = true\n");
    wait_for_change(&client, 1);
    assert!(has_lenses(&mut client, &document));
    assert_eq!(client.shutdown().unwrap(), 0);
}

/// A terminal in a folder, with a home of its own.
struct Terminal {
    home: Folder,
    root: Folder,
}

impl Terminal {
    fn new(files: &[(&str, &str)]) -> Self {
        Self {
            home: Folder::new(&[]),
            root: Folder::new(files),
        }
    }

    fn run(&self, words: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(server_command().get_program())
            .args(words)
            .current_dir(self.root.path(""))
            .env("SYMPHONY_CONFIG_DIR", self.home.path("config"))
            .env("SYMPHONY_STATE_DIR", self.home.path("state"))
            .env("SYMPHONY_EXTENSIONS_DIR", self.home.path("extensions"))
            .env("SYMPHONY_CACHE_DIR", self.home.path("cache"))
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    #[track_caller]
    fn says(&self, words: &[&str], variables: &[(&str, &str)]) -> String {
        let output = self.run(words, variables);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn explain_shows_every_source_and_which_one_counts() {
    let files = [(
        ".symphony.toml",
        "[inlineCompletion]\ntau = 0.4\ndebounce = 1.5\n\n[conductor]\npython = \"x\"\n",
    )];
    let terminal = Terminal::new(&files);
    terminal
        .home
        .write("config/symphony.toml", "inlineCompletion.tau = 0.3\n");
    terminal.says(&["config", "set", "inlineCompletion.tau", "0.2"], &[]);
    let key = "inlineCompletion.tau";
    let variables = [("SYMPHONY_INLINE_COMPLETION_TAU", "0.6")];
    let set = [
        "config",
        "explain",
        key,
        "--set",
        "inlineCompletion.tau=0.7",
    ];
    let said = terminal.says(&set, &variables);
    let rows = [
        ("command line", "0.7", "command line  <- counts"),
        ("environment", "0.6", "SYMPHONY_INLINE_COMPLETION_TAU"),
        ("workspace file", "0.4", ".symphony.toml:2:1"),
        ("user file", "0.3", "symphony.toml:1:"),
        ("stored", "0.2", "settings.toml:2:1"),
        ("default", "none", ""),
    ];
    for (source, value, place) in rows {
        let mut lines = said.lines();
        let row = lines
            .find(|it| it.trim_start().starts_with(source))
            .unwrap();
        assert!(row.contains(value) && row.contains(place), "{row}\n{said}");
    }
    assert!(said.starts_with("inlineCompletion.tau = 0.7\n"), "{said}");
    let less = terminal.says(&["config", "explain", key], &variables);
    assert!(less.starts_with("inlineCompletion.tau = 0.6\n"), "{less}");
    terminal.says(&["config", "explain"], &[]);
    let refused = terminal.says(&["config", "explain", "conductor.python"], &[]);
    assert!(
        refused.contains(".symphony.toml:6:1: setting `conductor.python` is refused"),
        "{refused}"
    );
    let wrong = terminal.says(
        &["config", "explain", "--json", "inlineCompletion.debounce"],
        &[],
    );
    let wrong: Value = serde_json::from_str(&wrong).unwrap();
    assert_eq!(wrong["value"], Value::Null);
    assert_eq!(wrong["notTaken"].as_array().unwrap().len(), 1, "{wrong}");
    let unknown = terminal.run(&["config", "explain", "inlineCompletion.tua"], &[]);
    assert!(text(&unknown.stderr).contains("did you mean inlineCompletion.tau?"));
}

#[test]
fn what_is_set_counts_until_it_is_unset() {
    let terminal = Terminal::new(&[]);
    let tau = |terminal: &Terminal| {
        let said = terminal.says(
            &["config", "explain", "--json", "inlineCompletion.tau"],
            &[],
        );
        let said: Value = serde_json::from_str(&said).unwrap();
        said["value"].clone()
    };
    terminal.says(&["config", "set", "inlineCompletion.tau", "0.25"], &[]);
    assert_eq!(tau(&terminal), 0.25);
    let refused = terminal.run(&["config", "set", "inlineCompletion.tau", "25"], &[]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("expected a number from 0 to 1, found 25"));
    terminal
        .home
        .write("config/symphony.toml", "inlineCompletion.tau = 0.75\n");
    let said = terminal.says(&["config", "set", "inlineCompletion.tau", "0.5"], &[]);
    assert!(
        said.contains("but 0.75 counts, from the user file: "),
        "{said}"
    );
    terminal.home.remove("config/symphony.toml");
    terminal.says(&["config", "unset", "inlineCompletion.tau"], &[]);
    assert_eq!(tau(&terminal), Value::Null);
}

#[test]
fn check_tells_places_and_fails() {
    let terminal = Terminal::new(&[
        (".symphony.toml", "codelens = 1\n"),
        ("other.toml", "cost.limit = 1\n"),
    ]);
    let warned = terminal.says(&["config", "check"], &[]);
    assert!(
        warned.contains(".symphony.toml:1:1: warning: there is no setting `codelens`"),
        "{warned}"
    );
    assert_eq!(
        terminal.says(&["config", "check", "other.toml"], &[]),
        "no problems\n"
    );
    terminal.root.write(".symphony.toml", "cost.limit = 1\n");
    let failed = terminal.run(&["config", "check"], &[]);
    assert!(!failed.status.success());
    assert!(text(&failed.stdout).contains(".symphony.toml:1:6: setting `cost.limit` is refused"));
    assert!(text(&failed.stderr).contains("there is 1 problem"));
    let schema: Value = serde_json::from_str(&terminal.says(&["config", "schema"], &[])).unwrap();
    assert!(schema["properties"]["instruments"].is_object());
}

/// What `doctor --json` finds about a topic, as state and words.
fn found(report: &Value, topic: &str) -> Vec<(String, String)> {
    let findings = report["findings"].as_array().unwrap().iter();
    let word = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    findings
        .filter(|it| it["topic"] == topic)
        .map(|it| {
            (
                word(it, "state"),
                format!("{} -> {}", word(it, "found"), word(it, "remedy")),
            )
        })
        .collect()
}

#[test]
fn doctor_says_what_is_broken_and_what_to_do() {
    let terminal = Terminal::new(&[]);
    let off = ["--set", "conductor.enabled=false"];
    let doctor = |variables: &[(&str, &str)]| {
        let output = terminal.run(&[&["doctor", "--json"], &off[..]].concat(), variables);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.success(), report)
    };
    let (good, report) = doctor(&[]);
    assert!(good, "{report:#}");
    assert_eq!(report["broken"], 0);
    for topic in [
        "settings",
        "TypeScript's libraries",
        "cache",
        "store",
        "Conductor",
        "instruments",
        "sandbox",
        "extensions",
        "program",
        "editors",
    ] {
        assert!(
            !found(&report, topic).is_empty(),
            "{topic} is not in {report:#}"
        );
    }
    let plain = terminal.says(&[&["doctor"], &off[..]].concat(), &[]);
    assert!(plain.contains("nothing is broken"), "{plain}");

    let missing = Path::new("nowhere").join("model.gguf");
    let missing = terminal.root.path(missing.to_str().unwrap());
    let instruments = format!(
        "cost.limit = 0\n[[instruments]]\nname = \"a\"\nkind = \"openai\"\nurl = \"https://a.example/v1\"\nmodel = \"m\"\nkeyEnv = \"NO_SUCH_KEY_OF_OURS\"\n\
         [[instruments]]\nname = \"b\"\nkind = \"llama-server\"\nexecutable = \"no-such-program-of-ours\"\nmodelFile = '{}'\n\
         [[instruments]]\nname = \"c\"\nkind = \"ollama\"\nmodel = \"m\"\nurl = \"http://127.0.0.1:1\"\n\
         [[instruments]]\nname = \"d\"\nkind = \"ollama\"\nmodel = \"m\"\nurl = \"https://d.example\"\npricePerMillionInput = 1\n\
         [[instruments]]\nname = \"e\"\nkind = \"extension\"\nextension = \"none\"\n\
         [[instruments]]\nname = \"f\"\nkind = \"ollama\"\nmodel = \"m\"\nurl = \"https://f.example\"\n",
        missing.display()
    );
    terminal.home.write("config/symphony.toml", &instruments);
    terminal
        .home
        .write("extensions/odd/extension.toml", "name = 1");
    // A file where the cache should be.
    terminal.home.write("file", "");
    let file = terminal.home.path("file");
    let (good, report) = doctor(&[("SYMPHONY_CACHE_DIR", file.to_str().unwrap())]);
    assert!(!good);
    let instruments = found(&report, "instruments");
    let states: Vec<&str> = instruments.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(
        states,
        ["broken", "broken", "broken", "warning", "broken", "ok"],
        "{instruments:#?}"
    );
    assert!(
        instruments[0].1.contains("NO_SUCH_KEY_OF_OURS"),
        "{instruments:#?}"
    );
    assert!(
        instruments[2]
            .1
            .contains("nothing listens at http://127.0.0.1:1"),
        "{instruments:#?}"
    );
    assert_eq!(found(&report, "cache")[0].0, "broken");
    assert!(
        found(&report, "extensions")
            .iter()
            .any(|it| it.0 == "broken")
    );
    terminal.home.write("config/symphony.toml", "[codeLens\n");
    let (good, report) = doctor(&[]);
    assert!(!good);
    assert!(
        found(&report, "settings")[0]
            .1
            .contains("symphony.toml:1:10: "),
        "{report:#}"
    );
}

#[test]
fn doctor_says_why_there_is_no_python() {
    let terminal = Terminal::new(&[]);
    let report = |set: &str| -> (bool, Value) {
        let output = terminal.run(&["doctor", "--json", "--set", set], &[]);
        (
            output.status.success(),
            serde_json::from_slice(&output.stdout).unwrap(),
        )
    };
    let (good, asked_for) = report("conductor.python=no-such-python-of-ours");
    assert!(!good);
    let (state, words) = &found(&asked_for, "Conductor")[0];
    assert_eq!(state, "broken");
    assert!(words.contains("no-such-python-of-ours"), "{words}");
}
