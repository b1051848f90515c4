//! The package's own vectors, through the library, with each Python of this machine.

use std::fs;

use serde_json::Value;
use symphony_conductor::{Conductor, Decision, View};

use crate::fixture::{PYTHON, alone, options, package, pythons, ready};

#[test]
fn each_python_decides_as_the_vectors_say() {
    let all = pythons();
    if all.is_empty() {
        eprintln!("skipped: there is no Python 3.10 or later");
    }
    for python in all {
        let name = "vectors::replay";
        let told = alone(name, &[(PYTHON, python.as_os_str())], None, || {});
        let told = told.expect("this is not the test of that name").stderr;
        let told = String::from_utf8_lossy(&told).into_owned();
        let line = told.lines().find(|it| it.contains("decisions"));
        eprintln!("{}: {}", python.display(), line.unwrap_or_default());
        assert!(line.is_some(), "{told}");
    }
}

/// What the test above runs, once for each Python; alone it has nothing to do.
#[test]
fn replay() {
    if std::env::var_os(PYTHON).is_none() {
        return;
    }
    let conductor = Conductor::start(options());
    let health = ready(&conductor);
    let text = fs::read(package().join("conductor/vectors.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&text).unwrap();
    let numbers = |it: &Value| -> Vec<f64> {
        let numbers = it.as_array().unwrap().iter();
        numbers.map(|it| it.as_f64().unwrap()).collect()
    };
    let mut n = 0;
    for case in vectors["cases"].as_array().unwrap() {
        let Some(expected) = case.get("decision") else {
            continue;
        };
        let view = View::from_numbers(&numbers(&case["view"])).unwrap();
        let (decision, source) = conductor.decide(&view);
        assert!(source.is_python(), "{source:?}: {:?}", conductor.health());
        let expected = Decision::from_numbers(&numbers(expected)).unwrap();
        assert_eq!(decision, expected, "{view:?}");
        n += 1;
    }
    assert!(n >= 300);
    assert_eq!(conductor.health().counts.python, n);
    eprintln!("{n} decisions in {}", health.python.unwrap());
}
