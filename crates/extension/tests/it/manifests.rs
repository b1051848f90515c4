//! Manifests: what is taken, and what each mistake is told as.

use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;
use symphony_extension::manifest::{Capabilities, Kind, Limits, Manifest, Runtime};

const SMALL: &str =
    "name = \"echo\"\nversion = \"1.2.3\"\nkind = \"instrument\"\nentry = \"echo\"\n";

fn mistakes(text: &str) -> String {
    Manifest::parse(text).unwrap_err().to_string()
}

#[test]
fn a_small_manifest_may_nothing() {
    let manifest = Manifest::parse(SMALL).unwrap();
    assert_eq!(manifest.name, "echo");
    assert_eq!(manifest.version.to_string(), "1.2.3");
    assert_eq!(manifest.kind, Kind::Instrument);
    assert_eq!(manifest.entry.runtime(), Runtime::Native);
    assert_eq!(manifest.capabilities, Capabilities::default());
    assert_eq!(manifest.limits, Limits::default());
    assert_eq!(manifest.limits.connections, 0);
}

#[test]
fn everything_that_can_be_declared_is_read() {
    let text = r#"
        name = "all-of-it"
        version = "0.1.0-alpha.1+build"
        kind = "operator"
        entry = ["./bin/run.py", "--quiet"]

        [capabilities]
        read = ["data", "/opt/models"]
        write = ["cache"]
        connect = [443, 8080]
        exec = ["/usr/bin/git"]
        environment = ["HOME", "HTTPS_PROXY"]

        [limits]
        memory_mib = 1024
        cpu_seconds = 60
        open_files = 32
        connections = 2
        timeout_ms = 1500
    "#;
    let manifest = Manifest::parse(text).unwrap();
    assert_eq!(manifest.entry.program, PathBuf::from("bin/run.py"));
    assert_eq!(manifest.entry.arguments, ["--quiet"]);
    assert_eq!(manifest.entry.runtime(), Runtime::Python);
    let capabilities = Capabilities {
        read: vec!["data".into(), "/opt/models".into()],
        write: vec!["cache".into()],
        connect: vec![443, 8080],
        exec: vec!["/usr/bin/git".into()],
        environment: vec!["HOME".to_owned(), "HTTPS_PROXY".to_owned()],
    };
    assert_eq!(manifest.capabilities, capabilities);
    let limits = Limits {
        memory: 1 << 30,
        cpu_seconds: Some(60),
        open_files: 32,
        connections: 2,
        timeout: Duration::from_millis(1500),
    };
    assert_eq!(manifest.limits, limits);
}

#[test]
fn all_mistakes_are_told_with_their_places() {
    let text = r#"name = "Echo!"
version = "one"
kind = "addon"
entry = ["../../bin/sh"]

[capabilities]
read = ["data", "../x", "~/x", "/"]
connect = [0]
exec = ["git"]
environment = ["A=B", "LD_PRELOAD"]

[limits]
memory_mib = 1
connections = 0
timeout_ms = 0
"#;
    let expected = "\
1:8: `name` is 1 to 64 small letters, digits and `-`, and begins with none
2:11: `version` is no semantic version: unexpected character 'o' while parsing major version number
4:9: `entry` is a path below the manifest's folder, without `..`
7:17: `read` takes no `..`
7:25: `read` takes paths as they are: nothing is put in for `~` or `$`
7:32: `read` does not take the whole disk
8:12: `connect` is a list of ports from 1 to 65535
9:9: `exec` takes absolute paths: nothing is looked up
10:16: `environment` takes names of letters, digits and `_`
10:23: `LD_PRELOAD` would change what is started
13:14: `memory_mib` is from 16 to 1048576
14:15: `connections` is 0, and `connect` has ports
15:14: `timeout_ms` is from 1 to 3600000";
    assert_eq!(mistakes(text), expected);
}

#[test]
fn what_is_no_manifest_is_told_where() {
    let cases = [
        ("", "1:1: missing field `name`"),
        (
            "name = \n",
            "1:8: string values must be quoted, expected literal string",
        ),
        (
            "name = 7",
            "1:8: invalid type: integer `7`, expected a string",
        ),
        (
            "name = \"a\"\nversion = \"1.0.0\"\nkind = \"model\"\nentry = \"a\"",
            "3:8: unknown variant `model`, expected one of `instrument`, `operator`, `addon`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(mistakes(text), expected, "{text:?}");
    }
    let unknown = format!("{SMALL}[limits]\n\"\u{e4}\" = 3\n");
    assert!(
        mistakes(&unknown).starts_with("6:1: unknown field"),
        "{}",
        mistakes(&unknown)
    );
    let misspelt = format!("{SMALL}[limits]\nmemory = 3\n");
    let expected = "6:1: unknown field `memory`, expected one of `memory_mib`, `cpu_seconds`, `open_files`, `connections`, `timeout_ms`";
    assert_eq!(mistakes(&misspelt), expected);
    let entry = SMALL
        .replace("\"echo\"\n", "{ a = 1 }\n")
        .replace("name = { a = 1 }", "name = \"a\"");
    assert_eq!(
        mistakes(&entry),
        "4:9: a program, or a list of a program and its arguments"
    );
}

#[test]
fn connections_follow_the_ports() {
    let with = |more: &str| Manifest::parse(&format!("{SMALL}{more}"));
    let manifest = with("[capabilities]\nconnect = [443]\n").unwrap();
    assert_eq!(manifest.limits.connections, 8);
    let error = with("[limits]\nconnections = 3\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "6:15: `connections` without ports in `connect`"
    );
}

proptest! {
    #[test]
    fn any_text_is_a_manifest_or_a_mistake_with_a_place(text in "(?s).{0,200}") {
        if let Err(error) = Manifest::parse(&text) {
            prop_assert!(!error.0.is_empty());
            for it in &error.0 {
                prop_assert!(it.line >= 1 && it.column >= 1 && it.line <= text.split('\n').count());
            }
        }
    }
}
