//! Where there is no Python, or none that can be used: the fallback decides, and it is said why.

use std::fs;
use std::path::Path;
use std::time::Duration;

use symphony_conductor::{Conductor, Decide, Fallback, Options, Source, State, Why};
use tempfile::TempDir;

use crate::fixture::{
    PATIENCE, PYTHON, alone, found, library, options, package, ready, view, with_python,
};

/// The fallback decides about everything, because of something that these words tell.
fn is_unavailable(options: Options, words: &[&str]) {
    let conductor = Conductor::start(options);
    let health = conductor.wait_until_loaded(PATIENCE);
    assert_eq!(health.state, State::Unavailable, "{health:?}");
    let reason = health.reason.unwrap();
    for word in words {
        assert!(reason.contains(word), "{word}: {reason}");
    }
    eprintln!("{reason}");
    let expected = Fallback::default().decide(&view());
    assert!(expected.trigger);
    for _ in 0..3 {
        let (decision, source) = conductor.decide(&view());
        assert_eq!(decision, expected);
        assert_eq!(source, Source::Fallback(Why::Unavailable));
    }
    assert_eq!(conductor.health().counts.of(Why::Unavailable), 3);
}

/// A program that is taken for a Python.
#[cfg(unix)]
fn pretender(folder: &Path, script: &str) -> Options {
    use std::os::unix::fs::PermissionsExt;
    let python = folder.join("python3");
    fs::write(&python, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    Options {
        python: Some(python),
        ..Options::default()
    }
}

/// One that says this of itself, beside what is fine.
#[cfg(unix)]
fn says(folder: &Path, what: &[(&str, serde_json::Value)]) -> Options {
    let mut about = serde_json::json!({
        "implementation": "cpython", "version": [3, 11, 7], "has_gil": true, "executable": "/python3",
        "prefix": "/python", "library": null, "package": "/package", "layout": 1, "error": null,
    });
    for (name, value) in what {
        about[name] = value.clone();
    }
    let options = pretender(folder, &format!("echo '{about}'"));
    Options {
        library: Some(library()),
        ..options
    }
}

#[test]
fn no_python_at_all() {
    let folder = TempDir::new().unwrap();
    let options = Options {
        python: Some(folder.path().join("python3")),
        ..Options::default()
    };
    is_unavailable(options, &["there is no", "python3"]);
}

#[test]
fn a_python_whose_home_is_broken() {
    let name = "absent::a_python_whose_home_is_broken";
    // Found before its home is broken.
    let Some(python) = found() else {
        eprintln!("skipped: there is no Python 3.10 or later");
        return;
    };
    let broken = [
        ("PYTHONHOME", "/nowhere".as_ref()),
        (PYTHON, python.as_os_str()),
    ];
    alone(name, &broken, None, || {
        is_unavailable(options(), &["does not start", "exit status: 1"]);
    });
}

#[cfg(unix)]
#[test]
fn a_python_without_a_shared_library() {
    let folder = TempDir::new().unwrap();
    is_unavailable(says(folder.path(), &[]), &["/python has no shared library"]);
}

#[cfg(unix)]
#[test]
fn a_library_that_is_none() {
    let folder = TempDir::new().unwrap();
    let library = folder.path().join("libpython3.11.so");
    fs::write(&library, "text").unwrap();
    let library = serde_json::Value::from(library.to_str().unwrap());
    let options = says(folder.path(), &[("library", library)]);
    is_unavailable(options, &["libpython3.11.so does not open"]);
}

#[cfg(unix)]
#[test]
fn pythons_that_are_not_ours() {
    for (what, value, words) in [
        ("version", serde_json::json!([3, 9, 1]), "Python 3.9.1"),
        ("implementation", "pypy".into(), "pypy"),
        ("has_gil", false.into(), "with its lock"),
    ] {
        let folder = TempDir::new().unwrap();
        is_unavailable(
            says(folder.path(), &[(what, value)]),
            &[words, "cannot be used"],
        );
    }
}

#[cfg(unix)]
#[test]
fn a_python_that_is_killed_while_it_is_asked() {
    let folder = TempDir::new().unwrap();
    let options = pretender(folder.path(), "echo half an ans\nkill -9 $$");
    is_unavailable(options, &["does not start", "signal: 9"]);
}

#[cfg(unix)]
#[test]
fn a_python_that_says_nothing() {
    let folder = TempDir::new().unwrap();
    let options = Options {
        probe_limit: Duration::from_millis(50),
        ..pretender(folder.path(), "exec tail -f /dev/null")
    };
    is_unavailable(options, &["said nothing for 50ms"]);
}

#[cfg(unix)]
#[test]
fn a_python_that_never_stops_talking() {
    let folder = TempDir::new().unwrap();
    let options = pretender(folder.path(), "exec yes");
    is_unavailable(options, &["does not start"]);
}

/// A folder with a package `conductor` of this code.
fn other_package(code: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("conductor")).unwrap();
    fs::write(folder.path().join("conductor/__init__.py"), code).unwrap();
    folder
}

#[test]
fn a_package_of_another_layout() {
    with_python("absent::a_package_of_another_layout", || {
        let package = other_package("LAYOUT = 2\n");
        let options = Options {
            package: Some(package.path().to_owned()),
            ..options()
        };
        is_unavailable(options, &["layout Some(2), not 1"]);
    });
}

#[test]
fn a_package_that_breaks() {
    with_python("absent::a_package_that_breaks", || {
        let package = other_package("raise RuntimeError('broken')\n");
        let options = Options {
            package: Some(package.path().to_owned()),
            ..options()
        };
        is_unavailable(options, &["no package", "RuntimeError: broken"]);
    });
}

#[test]
fn no_package() {
    with_python("absent::no_package", || {
        let folder = TempDir::new().unwrap();
        let options = Options {
            package: Some(folder.path().to_owned()),
            ..options()
        };
        is_unavailable(options, &["no package", "ModuleNotFoundError"]);
    });
}

#[test]
fn a_policy_that_does_not_load() {
    with_python("absent::a_policy_that_does_not_load", || {
        let folder = TempDir::new().unwrap();
        let policy = folder.path().join("policy.py");
        fs::write(&policy, "1 +\n").unwrap();
        let options = Options {
            policy: Some(policy),
            ..options()
        };
        is_unavailable(options, &["does not load", "SyntaxError", "policy.py"]);
    });
}

/// The current folder may be a workspace: nothing in it runs, though Python looks there first if it is let.
#[test]
fn modules_of_the_current_folder_do_not_run() {
    let name = "absent::modules_of_the_current_folder_do_not_run";
    let workspace = TempDir::new().unwrap();
    for module in [
        "conductor",
        "json",
        "sysconfig",
        "os",
        "encodings",
        "bisect",
    ] {
        let code = "open('ran', 'w').close()\nraise SystemExit(3)\n";
        fs::write(workspace.path().join(format!("{module}.py")), code).unwrap();
    }
    let Some(python) = found() else {
        eprintln!("skipped: there is no Python 3.10 or later");
        return;
    };
    let python = [(PYTHON, python.as_os_str())];
    alone(name, &python, Some(workspace.path()), || {
        // One process, one Python: first what fails before it is opened, then what works.
        is_unavailable(
            Options {
                package: None,
                ..options()
            },
            &["no package"],
        );
        let conductor = Conductor::start(Options {
            package: Some(package().canonicalize().unwrap()),
            ..options()
        });
        ready(&conductor);
        assert!(conductor.decide(&view()).1.is_python());
    });
    assert!(!workspace.path().join("ran").exists());
}
