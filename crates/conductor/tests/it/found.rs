//! Where Python, the package and the library are found without a setting.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use symphony_conductor::{Conductor, Options, State};
use tempfile::TempDir;

use crate::fixture::{
    PATIENCE, PYTHON, found, library, options, package, python, ready, view, with_python,
};

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
            python: Some(inside),
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

/// As it is handed out: everything in the folder of the program, whose name is not plain.
#[test]
fn all_that_lies_beside_the_program() {
    let Some(python) = found() else {
        eprintln!("skipped: there is no Python 3.10 or later");
        return;
    };
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("Größe und 名前");
    fs::create_dir(&place).unwrap();
    let program = place.join(env::current_exe().unwrap().file_name().unwrap());
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    fs::copy(library(), place.join(library().file_name().unwrap())).unwrap();
    copy(
        &package().join("conductor"),
        &place.join("python").join("conductor"),
    );
    let name = "found::inside";
    let mut command = Command::new(&program);
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]);
    command.env(INSIDE, &place).env(PYTHON, python);
    // A workspace is no place to look for it.
    command.env_remove("PYTHONPATH").current_dir(folder.path());
    let output = command.output().unwrap();
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, errors) = (told(&output.stdout), told(&output.stderr));
    assert!(
        output.status.success() && out.contains("1 passed"),
        "{out}\n{errors}"
    );
    assert!(errors.contains("decided beside the program"), "{errors}");
}

/// Set in the process below: the folder of the program.
const INSIDE: &str = "CONDUCTOR_TEST_INSIDE";

/// What the copy of this program runs; alone it has nothing to do.
#[test]
fn inside() {
    let Some(place) = env::var_os(INSIDE) else {
        return;
    };
    let conductor = Conductor::start(Options {
        python: Some(python()),
        deadline: PATIENCE,
        ..Options::default()
    });
    ready(&conductor);
    assert!(conductor.decide(&view()).1.is_python());
    let folder = env::current_exe().unwrap().canonicalize().unwrap();
    assert!(folder.starts_with(Path::new(&place).canonicalize().unwrap()));
    eprintln!("decided beside the program");
}

/// The files of a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
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
            python: Some(python),
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
