//! What the server itself needs: settings, TypeScript's libraries, a place to keep things, and Python.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use symphony_conductor::{Conductor, State};
use symphony_config::{Config, Fault, Problem, Stack};
use symphony_pit::store::{DiskState, Store};
use symphony_project::typescript_lib;

use super::report::Finding;
use crate::pit::store_options;
use crate::settings::conductor_options;

/// Beyond this a Python that loads is one that does not.
const PYTHON_PATIENCE: Duration = Duration::from_secs(30);

/// What is wrong with settings; else which files there are.
pub(super) fn settings(stack: &Stack) -> Vec<Finding> {
    const TOPIC: &str = "settings";
    let problems = stack.problems();
    if problems.is_empty() {
        let files: Vec<_> = stack
            .files()
            .map(|file| {
                let said = if file.exists() { "" } else { " (not there)" };
                format!("{}{said}", file.path().display())
            })
            .collect();
        return vec![Finding::good(TOPIC, files.join("\n"))];
    }
    let finding = |problem: &Problem| {
        let remedy = remedy(&problem.fault);
        match problem.is_warning() {
            true => Finding::warning(TOPIC, problem.to_string(), remedy),
            false => Finding::broken(TOPIC, problem.to_string(), remedy),
        }
    };
    problems.iter().map(finding).collect()
}

fn remedy(fault: &Fault) -> &'static str {
    match fault {
        Fault::Syntax { .. } | Fault::NotUtf8 { .. } => {
            "mend the file; until then nothing in it counts"
        }
        Fault::Unknown { .. } => {
            "correct or remove it; `symphony config explain` lists all settings"
        }
        Fault::NotByWorkspace { .. } => {
            "remove it from the workspace; if you want it, put it into your own symphony.toml"
        }
        Fault::Secret { .. } => "remove it, and replace the key: others may have read it",
        Fault::TooLarge { .. } | Fault::NotAFile | Fault::Unreadable { .. } => {
            "make it a file that you can read, or remove it"
        }
        _ => "correct it; `symphony config explain KEY` says what a setting takes",
    }
}

/// The library files of TypeScript.
pub(super) fn typescript(folder: &Path) -> Finding {
    const TOPIC: &str = "TypeScript's libraries";
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent);
    match typescript_lib(folder, beside) {
        Some(lib) => Finding::good(TOPIC, lib.display().to_string()),
        None => {
            let found = match without_libraries(folder) {
                Some(typescript) => {
                    format!("{} has none, as of version 7", typescript.display())
                }
                None => format!(
                    "not found from {} upwards, nor beside the program",
                    folder.display()
                ),
            };
            Finding::warning(
                TOPIC,
                format!("{found}: names such as `Promise` are unknown"),
                "install `typescript@6` in the workspace or a folder above it, or the library files beside the program",
            )
        }
    }
}

/// A TypeScript that is there and has no library files of its own.
fn without_libraries(folder: &Path) -> Option<PathBuf> {
    let packages = folder
        .ancestors()
        .map(|it| it.join("node_modules").join("typescript"));
    packages.into_iter().find(|it| it.is_dir())
}

/// The cache directory and the store in it.
pub(super) fn cache(cache: Option<PathBuf>) -> Vec<Finding> {
    const TOPIC: &str = "cache";
    let Some(dir) = cache else {
        let found = "nothing is kept: every start reads the whole workspace";
        return vec![Finding::note(TOPIC, found).advise(
            "unset cache.directory, --cache-dir or SYMPHONY_CACHE_DIR if you did not mean it",
        )];
    };
    let shown = dir.display();
    if let Err(error) = writable(&dir) {
        return vec![Finding::broken(
            TOPIC,
            format!("{shown} cannot be written: {error}"),
            "make it writable, or set cache.directory to another folder",
        )];
    }
    let writable = Finding::good(TOPIC, format!("{shown} is writable"));
    vec![writable, store(dir)]
}

fn writable(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    // Goes when it is dropped.
    tempfile::tempfile_in(dir).map(drop)
}

fn store(dir: PathBuf) -> Finding {
    const TOPIC: &str = "store";
    let folder = dir.join("store").display().to_string();
    let store = Store::open(store_options(Some(dir)));
    let disk = store.stats().disk;
    let size = format!(
        "{} artifacts, {:.1} MB",
        disk.entries,
        disk.bytes as f64 / 1e6
    );
    match disk.state {
        DiskState::Writing => Finding::good(TOPIC, format!("opens; {size}")),
        DiskState::Following => Finding::good(TOPIC, format!("opens; a server uses it; {size}")),
        DiskState::None => Finding::note(TOPIC, "not on disk"),
        DiskState::ReadOnly(reason) => Finding::warning(
            TOPIC,
            format!("can only be read: {reason}"),
            format!("make {folder} writable and its disk less full"),
        ),
        DiskState::Off(reason) => Finding::broken(
            TOPIC,
            format!("does not open: {reason}"),
            format!("remove {folder}: what was in it will be made again"),
        ),
    }
}

/// The policy in Python.
pub(super) fn conductor(config: &Config) -> Finding {
    const TOPIC: &str = "Conductor";
    let Some(options) = conductor_options(config) else {
        return Finding::note(TOPIC, "conductor.enabled is false: rules in Rust decide");
    };
    let named = options.python.as_ref();
    let python = named.map_or_else(|| "Python".to_owned(), |it| it.display().to_string());
    let health = Conductor::start(options).wait_until_loaded(PYTHON_PATIENCE);
    if health.state == State::Ready {
        let version = health.python.unwrap_or(python);
        return Finding::good(TOPIC, format!("{version} decides"));
    }
    let reason = health
        .reason
        .unwrap_or_else(|| format!("{python} does not come back"));
    let settings = &config.conductor;
    let asked_for = settings.python.is_some()
        || settings.package.is_some()
        || settings.library.is_some()
        || settings.weights.is_some()
        || settings.policy.is_some();
    let found = format!("{reason}; rules in Rust decide instead");
    if asked_for {
        let remedy = "correct the settings conductor.*; `symphony config explain conductor.python` says where they come from";
        Finding::broken(TOPIC, found, remedy)
    } else {
        let remedy = "install CPython 3.10 or later and for it the package `symphony-models`, or name where it is by \
                      conductor.python and conductor.package; or set conductor.enabled to false";
        Finding::warning(TOPIC, found, remedy)
    }
}
