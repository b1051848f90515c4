//! A Python says, in a process of its own, what it is and whether it has our package. A Python that cannot even start ends
//! whatever process it is in, so nothing of it is opened before that worked.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde::Deserialize;

use crate::LAYOUT;
use crate::find::program_folder;
use crate::load::LoadError;

const SCRIPT: &str = include_str!("probe.py");
/// More is no answer.
const MOST_BYTES: u64 = 64 << 10;
/// For the last words of a process whose output has ended.
const LAST_WORDS: Duration = Duration::from_millis(200);
const OLDEST: [u32; 2] = [3, 10];

/// What a Python says of itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct About {
    implementation: String,
    version: [u32; 3],
    has_gil: bool,
    pub(crate) executable: PathBuf,
    prefix: PathBuf,
    library: Option<PathBuf>,
    package: Option<PathBuf>,
    layout: Option<u32>,
    error: Option<String>,
}

/// A Python that can be opened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Usable {
    /// What it is, for people.
    pub(crate) name: String,
    pub(crate) executable: PathBuf,
    pub(crate) libpython: PathBuf,
    /// The folder of our package, as it imports it.
    pub(crate) package: PathBuf,
}

/// Asks `python`, with `package` on its path.
pub(crate) fn probe(
    python: &Path,
    package: Option<&Path>,
    limit: Duration,
) -> Result<Usable, LoadError> {
    let about = ask(python, package, limit)?;
    usable(about)
}

/// A Python that can run our package in a process of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Interpreter {
    pub(crate) executable: PathBuf,
    /// The folder of the package `conductor`, as it imports it.
    pub(crate) package: PathBuf,
}

/// Asks `python` as [`probe`] does, for a process of its own: a Python without a library will do.
pub(crate) fn interpreter(
    python: &Path,
    package: Option<&Path>,
    limit: Duration,
) -> Result<Interpreter, LoadError> {
    let about = ask(python, package, limit)?;
    if about.short() < OLDEST {
        return Err(LoadError::WrongPython(about.name()));
    }
    Ok(Interpreter {
        package: about.package()?,
        executable: about.executable,
    })
}

impl About {
    fn short(&self) -> [u32; 2] {
        let [major, minor, _] = self.version;
        [major, minor]
    }

    /// What it is, for people.
    fn name(&self) -> String {
        let [major, minor, patch] = self.version;
        format!("Python {major}.{minor}.{patch}")
    }

    /// The folder of our package, if it is there and has our layout.
    fn package(&self) -> Result<PathBuf, LoadError> {
        if let Some(error) = &self.error {
            return Err(LoadError::NoPackage(error.clone()));
        }
        let folder = self.package.clone();
        let folder = folder.ok_or_else(|| LoadError::NoPackage("it has no folder".to_owned()))?;
        match self.layout {
            Some(LAYOUT) => Ok(folder),
            other => Err(LoadError::WrongLayout(other)),
        }
    }
}

fn usable(about: About) -> Result<Usable, LoadError> {
    let name = about.name();
    if about.implementation != "cpython" || about.short() < OLDEST || !about.has_gil {
        let what = format!("{} {name}", about.implementation);
        return Err(LoadError::WrongPython(what));
    }
    let package = about.package()?;
    let libpython = about.library.ok_or(LoadError::Static(about.prefix))?;
    Ok(Usable {
        name,
        executable: about.executable,
        libpython,
        package,
    })
}

fn ask(python: &Path, package: Option<&Path>, limit: Duration) -> Result<About, LoadError> {
    let mut command = Command::new(python);
    command.args(["-B", "-c", SCRIPT]).args(package);
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    // A Python that is chosen by the folder is not chosen by a workspace.
    if let Some(folder) = program_folder() {
        command.current_dir(folder);
    }
    let mut child = command
        .spawn()
        .map_err(|error| LoadError::NoPython(python.to_owned(), error))?;
    let output = child.stdout.take().map(read);
    let errors = child.stderr.take().map(read);
    let output = output.and_then(|it| it.recv_timeout(limit).ok());
    let Some(output) = output else {
        end(&mut child);
        return Err(LoadError::Silent(limit));
    };
    if let Ok(about) = serde_json::from_slice(&output) {
        end(&mut child);
        return Ok(about);
    }
    let errors = errors.and_then(|it| it.recv_timeout(LAST_WORDS).ok());
    let status = end(&mut child);
    let errors = errors.unwrap_or_default();
    let errors = String::from_utf8_lossy(&errors);
    let lines = errors.lines().filter(|it| !it.trim().is_empty());
    let told: Vec<&str> = lines.take(3).collect();
    Err(LoadError::Probe(status, told.join("; ")))
}

/// Ends a child that has said what it will say, and takes note of how it ended: one that is ending by itself ends its way.
pub(crate) fn end(child: &mut Child) -> String {
    // Fails if it has ended already.
    let _ = child.kill();
    match child.wait() {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}

/// All that comes, read by a thread that ends with the pipe.
pub(crate) fn read(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What cannot be read is as good as not said, and nobody waits if the time is over.
        let _ = (&mut pipe).take(MOST_BYTES).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}
