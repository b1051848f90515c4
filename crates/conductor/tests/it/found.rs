//! Where Python, the package and the library are found without a setting.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use symphony_conductor::{Conductor, Options, State};
use tempfile::TempDir;

use crate::fixture::{PATIENCE, options, package, python, ready, view, with_python};

/// As a wheel leaves it: the package is where Python looks for packages, in an environment of its own; the library is beside
/// the program, as it is beside this test.
#[test]
fn a_package_that_is_installed_in_an_environment() {
    let name = "found::a_package_that_is_installed_in_an_environment";
    with_python(name, || {
        let folder = TempDir::new().unwrap();
        let environment = folder.path().join("environment");
        let mut make = Command::new(python());
        make.args(["-m", "venv", "--without-pip"]).arg(&environment);
        if !make.status().unwrap().success() {
            eprintln!("skipped: this Python makes no environments");
            return;
        }
        install(&environment);
        let inside = match cfg!(windows) {
            true => environment.join("Scripts").join("python.exe"),
            false => environment.join("bin").join("python"),
        };
        let conductor = Conductor::start(Options {
            python: inside,
            package: None,
            library: None,
            ..options()
        });
        let health = ready(&conductor);
        assert!(conductor.decide(&view()).1.is_python(), "{health:?}");
    });
}

/// A line in a file of an environment's packages leads to ours.
fn install(environment: &Path) {
    let package = package().canonicalize().unwrap();
    let libraries = ["lib", "lib64", "Lib"].map(|it| environment.join(it));
    let inside = libraries.iter().filter_map(|it| fs::read_dir(it).ok());
    let folders = inside.flatten().flatten().map(|it| it.path());
    let packages = folders
        .map(|it| match it.ends_with("site-packages") {
            true => it,
            false => it.join("site-packages"),
        })
        .find(|it| it.is_dir())
        .unwrap();
    fs::write(packages.join("ours.pth"), package.to_str().unwrap()).unwrap();
}

/// Weights of the user's own take the place of the package's.
#[test]
fn weights_of_the_user() {
    with_python("found::weights_of_the_user", || {
        let weights = package().join("conductor").join("weights.json");
        let conductor = Conductor::start(Options {
            weights: Some(weights),
            ..options()
        });
        ready(&conductor);
        assert!(conductor.decide(&view()).1.is_python());
    });
}

#[test]
fn weights_that_are_none() {
    with_python("found::weights_that_are_none", || {
        let conductor = Conductor::start(Options {
            weights: Some(package().join("conductor").join("schema.json")),
            ..options()
        });
        let health = conductor.wait_until_loaded(PATIENCE);
        assert_eq!(health.state, State::Unavailable);
        let reason = health.reason.unwrap();
        assert!(reason.contains("WeightsError"), "{reason}");
    });
}

/// Those that are too old are refused by what they say, not by what they break.
#[test]
fn pythons_that_are_too_old() {
    let home = env::var_os("HOME").unwrap_or_default();
    let versions = Path::new(&home).join(".pyenv").join("versions");
    let mut n = 0;
    for python in fs::read_dir(versions).into_iter().flatten().flatten() {
        let name = python.file_name().into_string().unwrap();
        let python = python.path().join("bin").join("python");
        let minor = name.strip_prefix("3.").and_then(|it| it.split('.').next());
        let is_old = minor.is_some_and(|it| it.parse::<u32>().is_ok_and(|it| it < 10));
        if !(is_old && python.is_file()) {
            continue;
        }
        let conductor = Conductor::start(Options {
            python,
            package: Some(package()),
            ..Options::default()
        });
        let health = conductor.wait_until_loaded(PATIENCE);
        let reason = health.reason.unwrap();
        assert!(reason.contains("cannot be used"), "{reason}");
        eprintln!("{reason}");
        n += 1;
    }
    if n == 0 {
        eprintln!("skipped: there is no Python 3 before 3.10");
    }
}
