//! Pythons of this machine, options for them, and tests in processes of their own: there is one Python in a process.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use symphony_conductor::{Conductor, Health, Instrument, Options, State, View};
use tempfile::TempDir;

/// Set in the process that a test starts for itself: the test's name.
const ALONE: &str = "CONDUCTOR_TEST_ALONE";
/// The Python of a test; without it the first one that is found.
pub(crate) const PYTHON: &str = "CONDUCTOR_TEST_PYTHON";
/// Far longer than anything takes: what must not depend on how busy the machine is.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Runs `body` in a process of its own, which is this test once more, with `changes` to its environment. What that process
/// printed; none in that process itself.
pub(crate) fn alone(
    name: &str,
    changes: &[(&str, &OsStr)],
    folder: Option<&Path>,
    body: impl FnOnce(),
) -> Option<Output> {
    if env::var(ALONE).as_deref() == Ok(name) {
        body();
        return None;
    }
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]);
    command.env(ALONE, name).envs(changes.iter().copied());
    command.stdin(Stdio::null());
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    let output = command.output().unwrap();
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, errors) = (told(&output.stdout), told(&output.stderr));
    assert!(output.status.success(), "{name}: {out}\n{errors}");
    assert!(out.contains("1 passed"), "{name} is no test: {out}");
    Some(output)
}

/// Runs `body` in a process of its own, with a Python; says so where there is none.
pub(crate) fn with_python(name: &str, body: impl FnOnce()) -> Option<Output> {
    let Some(python) = found() else {
        eprintln!("skipped: there is no Python 3.10 or later");
        return None;
    };
    alone(name, &[(PYTHON, python.as_os_str())], None, body)
}

/// The Python that was set, or the first one there is.
pub(crate) fn found() -> Option<PathBuf> {
    let set = env::var_os(PYTHON).map(PathBuf::from);
    set.or_else(|| candidates().find(|it| executable(it).is_some()))
}

/// All Pythons that are new enough, each once.
pub(crate) fn pythons() -> Vec<PathBuf> {
    let mut all: Vec<(PathBuf, String)> = Vec::new();
    for python in candidates() {
        if let Some(executable) = executable(&python)
            && !all.iter().any(|(_, other)| *other == executable)
        {
            all.push((python, executable));
        }
    }
    all.into_iter().map(|(python, _)| python).collect()
}

/// What may be a Python: by name, and those of pyenv.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let named = folders.into_iter().map(|it| it.join("python3"));
    let home = env::var_os("HOME").map(|it| PathBuf::from(it).join(".pyenv"));
    let pyenv = env::var_os("PYENV_ROOT").map(PathBuf::from).or(home);
    let versions = pyenv.and_then(|it| fs::read_dir(it.join("versions")).ok());
    let installed = versions.into_iter().flatten().flatten();
    let installed = installed.map(|it| it.path().join("bin").join("python3"));
    named.chain(installed).filter(|it| it.is_file())
}

/// What a Python calls itself, if it is new enough.
fn executable(python: &Path) -> Option<String> {
    let say = "import sys, os; print(os.path.realpath(sys.executable)) if sys.version_info >= (3, 10) else sys.exit(1)";
    let output = Command::new(python).args(["-c", say]).output().ok()?;
    let is_new = output.status.success();
    is_new.then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub(crate) fn python() -> PathBuf {
    found().expect("a test that needs one has looked")
}

pub(crate) fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python-models/src")
}

/// What cargo has built beside this test.
pub(crate) fn library() -> PathBuf {
    let name = format!(
        "{}symphony_conductor_py{}",
        env::consts::DLL_PREFIX,
        env::consts::DLL_SUFFIX
    );
    env::current_exe().unwrap().with_file_name(name)
}

/// The package's policy, with all the time of the world.
pub(crate) fn options() -> Options {
    Options {
        python: Some(python()),
        package: Some(package()),
        library: Some(library()),
        deadline: PATIENCE,
        stuck_after: PATIENCE,
        ..Options::default()
    }
}

/// A Conductor whose policy is `code`, and the folder that holds it.
pub(crate) fn with_policy(code: &str, change: impl FnOnce(&mut Options)) -> (Conductor, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("policy.py");
    fs::write(&file, code).unwrap();
    let mut options = Options {
        policy: Some(file),
        ..options()
    };
    change(&mut options);
    let conductor = Conductor::start(options);
    ready(&conductor);
    (conductor, folder)
}

/// Waits until Python is there.
pub(crate) fn ready(conductor: &Conductor) -> Health {
    let health = conductor.wait_until_loaded(PATIENCE);
    assert_eq!(health.state, State::Ready, "{health:?}");
    health
}

/// A question to which the embedded model can answer.
pub(crate) fn view() -> View {
    View {
        prefix_chars: 12,
        idle_ms: 80.0,
        document_chars: 9000,
        deadline_ms: 150.0,
        cost_share: 1.0,
        period_share: 1.0,
        instruments: vec![Instrument {
            state: symphony_conductor::Availability::Warm,
            p50_ms: 4.0,
            p95_ms: 15.0,
            context_tokens: 1 << 20,
            ..Instrument::default()
        }],
        ..View::default()
    }
}
