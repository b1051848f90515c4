//! What is really started for an entry: itself, or the interpreter that is installed here.
//!
//! Nothing of an extension runs outside its fence, so a virtual environment in its folder is taken only if it leads to the
//! Python that the host would take anyway.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex};

use super::{HostOptions, StartError, lock};
use crate::loaded::Loaded;
use crate::manifest::Runtime;

/// A program, and what it cannot start without.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) read: Vec<PathBuf>,
    pub(super) execute: Vec<PathBuf>,
    pub(super) environment: Vec<(&'static str, &'static str)>,
}

/// What an interpreter says about itself: its program first, then the folders that it reads.
type Places = Vec<PathBuf>;

/// By the command that was asked: asking takes as long as starting one.
static KNOWN: LazyLock<Mutex<HashMap<PathBuf, Places>>> = LazyLock::new(Mutex::default);

const ASK_PYTHON: &[&str] = &[
    "-I",
    "-c",
    "import sys; print(sys.executable, sys.prefix, sys.base_prefix, sep='\\n')",
];
const ASK_NODE: &[&str] = &["-p", "process.execPath"];

impl Program {
    pub(super) fn of(loaded: &Loaded, options: &HostOptions) -> Result<Self, StartError> {
        let entry = &loaded.manifest.entry;
        let file = loaded.folder.join(&entry.program);
        if !file.is_file() {
            let told = format!("the entry {} is not there", entry.program.display());
            return Err(StartError::Missing(told));
        }
        let mut program = match entry.runtime() {
            Runtime::Native => native(&file)?,
            Runtime::Python => python(loaded, options)?,
            Runtime::Node => node(options)?,
        };
        if entry.runtime() != Runtime::Native {
            program.arguments.push(file.to_string_lossy().into_owned());
        }
        program.arguments.extend(entry.arguments.iter().cloned());
        Ok(program)
    }
}

fn native(file: &Path) -> io::Result<Program> {
    let mut execute = vec![file.to_owned()];
    // A script's interpreter is started with it.
    let mut start = [0; 256];
    let n_bytes = io::Read::read(&mut std::fs::File::open(file)?, &mut start)?;
    let start = String::from_utf8_lossy(&start[..n_bytes]);
    if let Some(line) = start.strip_prefix("#!").and_then(|it| it.lines().next()) {
        execute.extend(line.split_whitespace().next().map(PathBuf::from));
    }
    Ok(Program {
        path: file.to_owned(),
        execute,
        ..Program::default()
    })
}

fn python(loaded: &Loaded, options: &HostOptions) -> Result<Program, StartError> {
    let command = options.python.clone();
    let command = command.unwrap_or_else(|| "python3".into());
    let mut places = places(&command, ASK_PYTHON, "Python")?;
    let host = places[0].clone();
    let real = host.canonicalize()?;
    let own = loaded.folder.join(".venv").join("bin").join("python");
    if own.exists() {
        if own.canonicalize()? != real {
            let told = format!(
                "the extension's .venv was not made by {}: make it anew, or say which Python to take",
                host.display()
            );
            return Err(StartError::Missing(told));
        }
        places[0] = own;
    }
    Ok(Program {
        path: places[0].clone(),
        // Its messages must not wait in a buffer, and its folder is not its to write.
        arguments: vec!["-u".to_owned(), "-B".to_owned()],
        read: places.split_off(1),
        execute: vec![real],
        environment: vec![("PYTHONUTF8", "1")],
    })
}

fn node(options: &HostOptions) -> Result<Program, StartError> {
    let command = options.node.clone().unwrap_or_else(|| "node".into());
    let path = places(&command, ASK_NODE, "Node")?.swap_remove(0);
    let real = path.canonicalize()?;
    Ok(Program {
        path,
        execute: vec![real],
        ..Program::default()
    })
}

/// Asks an interpreter where it really is: what the search path names may be a script that chooses one.
fn places(command: &Path, ask: &[&str], name: &str) -> Result<Places, StartError> {
    if let Some(places) = lock(&KNOWN).get(command) {
        return Ok(places.clone());
    }
    let missing = |why: &str| StartError::Missing(format!("{name} ({}) {why}", command.display()));
    let output = Command::new(command)
        .args(ask)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing(&format!("cannot be started: {error}")))?;
    let told = String::from_utf8_lossy(&output.stdout);
    let places: Places = told.lines().map(PathBuf::from).collect();
    let is_there = places
        .first()
        .is_some_and(|it| it.is_absolute() && it.is_file());
    if !output.status.success() || !is_there {
        return Err(missing("does not say where it is"));
    }
    lock(&KNOWN).insert(command.to_owned(), places.clone());
    Ok(places)
}
