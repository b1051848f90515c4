//! Function Quest as a child process: found as the Conductor finds its Python and its package, run from wherever the user is,
//! and nothing of that folder is imported. Training and learning on happen there, never on the thread that decides.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::load::LoadError;
use crate::probe::{end, interpreter, read};
use crate::{Journal, Options, find};

const SCRIPT: &str = include_str!("quest.py");
/// For the last words of a process whose output has ended.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Why Function Quest cannot be run, or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum QuestError {
    /// There is no Python, or none that has the package; in words.
    #[error("{0}")]
    NoPython(String),
    /// The package `conductor` is there, and `quest` is not beside it.
    #[error("there is no package `quest` in {}", .0.display())]
    NoQuest(PathBuf),
    /// The process does not start.
    #[error("{} does not start: {}", .0.display(), .1)]
    Start(PathBuf, #[source] std::io::Error),
    /// It took longer than it may, and was ended.
    #[error("it was not done after {0:?}")]
    Late(Duration),
    /// It failed; its status, and its last words.
    #[error("it failed ({0}): {1}")]
    Failed(String, String),
}

impl From<LoadError> for QuestError {
    fn from(error: LoadError) -> Self {
        QuestError::NoPython(error.to_string())
    }
}

/// Function Quest, found.
#[derive(Debug, Clone, PartialEq)]
pub struct Quest {
    executable: PathBuf,
    folder: PathBuf,
}

impl Quest {
    /// Looks for Python and the package as a Conductor with these options does. Starts a process, and waits for it.
    ///
    /// # Errors
    /// There is no Python that can run it, or no package.
    pub fn find(options: &Options) -> Result<Self, QuestError> {
        let package = find::package(options);
        let python = find::python(options);
        let found = interpreter(&python, package.as_deref(), options.probe_limit)?;
        let folder = found.package.parent().unwrap_or(Path::new("."));
        if !folder.join("quest").join("__init__.py").is_file() {
            return Err(QuestError::NoQuest(folder.to_owned()));
        }
        Ok(Self {
            executable: found.executable,
            folder: folder.to_owned(),
        })
    }

    /// The process that runs it with `arguments`, not started yet. It has the current folder, so that paths are the user's.
    #[must_use]
    pub fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(&self.executable);
        command
            .args(["-B", "-c", SCRIPT])
            .arg(&self.folder)
            .args(arguments);
        command
    }

    /// Learns on from the events of `journal`, in a process of low priority; what it says of that. Waits for it up to `limit`:
    /// only for a thread that has nothing else to do. A Conductor that is started afterwards finds the weights at
    /// [`Journal::weights`].
    ///
    /// # Errors
    /// It does not start, fails or takes longer.
    pub fn learn(&self, journal: &Journal, limit: Duration) -> Result<String, QuestError> {
        let own = [
            OsStr::new("train"),
            OsStr::new("--own"),
            OsStr::new("--idle"),
        ];
        let mut command = self.command(own);
        command.arg("--state").arg(journal.folder());
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = command.spawn();
        let mut child =
            started.map_err(|error| QuestError::Start(self.executable.clone(), error))?;
        let output = child.stdout.take().map(read);
        let errors = child.stderr.take().map(read);
        let output = output.and_then(|it| it.recv_timeout(limit).ok());
        let Some(output) = output else {
            end(&mut child);
            return Err(QuestError::Late(limit));
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
        // Its output has ended, so it is ending.
        let status = child.wait();
        if status.as_ref().is_ok_and(std::process::ExitStatus::success) {
            return Ok(text(output));
        }
        let errors = errors.and_then(|it| it.recv_timeout(LAST_WORDS).ok());
        let status = status.map_or_else(|error| error.to_string(), |it| it.to_string());
        Err(QuestError::Failed(status, text(errors.unwrap_or_default())))
    }
}
