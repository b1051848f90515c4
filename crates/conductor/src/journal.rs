//! What came of suggestions, kept on this machine for learning on: one line of JSON for each, numbers only. No text, no path,
//! no time is in it, and nothing is sent anywhere. `python-models/src/quest/learn.py` reads it.
//!
//! Two files of bounded size: when the first is full it takes the place of the second, so the oldest events go. A line is
//! written at once and as a whole; one that a crash has cut off is closed by the next, and skipped by the reader. Several
//! processes may write: a lock on a file of its own is held for the length of an append.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::{Availability, Kind, Prefix, Surroundings};

/// Of each of the two files: some ten thousand events.
const MOST_BYTES: u64 = 1 << 20;

const EVENTS: &str = "events.jsonl";
const OLDER: &str = "events.1.jsonl";
const LOCK: &str = "events.lock";
const WEIGHTS: &str = "weights.json";

/// What came of one question that was answered, whether anything was shown or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// What the cursor stood in.
    pub surroundings: Surroundings,
    /// What was before it in its line.
    pub prefix: Prefix,
    /// Characters after it in its line.
    pub suffix_chars: u32,
    /// What sort of instrument answered.
    pub kind: Kind,
    /// What it could do at once when it was asked.
    pub state: Availability,
    /// The least probability of what was shown.
    pub tau: f64,
    /// The length of what was shown; 0: nothing was.
    pub shown_chars: u32,
    /// How much of it was kept: all of it where it was accepted.
    pub kept_chars: u32,
}

#[derive(Serialize)]
struct Line {
    surroundings: u8,
    prefix: u8,
    suffix_chars: u32,
    kind: u8,
    state: u8,
    tau: f64,
    shown_chars: u32,
    kept_chars: u32,
}

impl From<&Event> for Line {
    fn from(event: &Event) -> Self {
        Self {
            surroundings: event.surroundings as u8,
            prefix: event.prefix as u8,
            suffix_chars: event.suffix_chars,
            kind: event.kind as u8,
            state: event.state as u8,
            tau: event.tau,
            shown_chars: event.shown_chars,
            kept_chars: event.kept_chars,
        }
    }
}

/// Why an event was not kept.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// `tau` is no probability, or the instrument had failed: nothing that could be learned from.
    #[error("that is no event: {0:?}")]
    NoEvent(Event),
    /// The folder or a file in it cannot be written.
    #[error("{}: {}", .0.display(), .1)]
    Write(PathBuf, #[source] io::Error),
}

/// The events of this user, and the weights that were learned from them. Cheap to make; nothing is opened until something is
/// appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    folder: PathBuf,
    most_bytes: u64,
}

impl Journal {
    /// In a folder of its own below the user's state; it is made when it is needed.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            most_bytes: MOST_BYTES,
        }
    }

    /// The same, with files of another size.
    #[must_use]
    pub fn with_most_bytes(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The files of events, the newest first; they need not be there.
    #[must_use]
    pub fn files(&self) -> [PathBuf; 2] {
        [self.folder.join(EVENTS), self.folder.join(OLDER)]
    }

    /// Where learning on puts its weights: for [`crate::Options::refined`], whether they are there or not.
    #[must_use]
    pub fn weights(&self) -> PathBuf {
        self.folder.join(WEIGHTS)
    }

    /// Writes one event down. Waits for the disk and for other processes that do the same: not for a thread that must not wait.
    ///
    /// # Errors
    /// It is none, or the disk refuses.
    pub fn append(&self, event: &Event) -> Result<(), JournalError> {
        let has_tau = (0.0..=1.0).contains(&event.tau);
        if !has_tau || event.state == Availability::Failed {
            return Err(JournalError::NoEvent(*event));
        }
        let failed = |error| JournalError::Write(self.folder.clone(), error);
        let mut line = serde_json::to_vec(&Line::from(event)).map_err(|it| failed(it.into()))?;
        line.push(b'\n');
        self.write(&line).map_err(failed)
    }

    fn write(&self, line: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let lock = File::create(self.folder.join(LOCK))?;
        // Released when the file is closed, by a crash as well.
        lock.lock()?;
        let [newest, older] = self.files();
        let mut file = open(&newest)?;
        if file.metadata()?.len() + line.len() as u64 > self.most_bytes {
            drop(file);
            fs::rename(&newest, &older)?;
            file = open(&newest)?;
        }
        let mut bytes = Vec::with_capacity(line.len() + 1);
        if is_cut_off(&mut file)? {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(line);
        file.write_all(&bytes)
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    options.open(path)
}

/// Whether the last line has no end: whoever wrote it was ended meanwhile.
fn is_cut_off(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != [b'\n'])
}

#[cfg(test)]
mod tests {
    use std::thread;

    use tempfile::TempDir;

    use super::*;

    fn event(shown_chars: u32) -> Event {
        Event {
            surroundings: Surroundings::Comment,
            prefix: Prefix::Member,
            suffix_chars: 3,
            kind: Kind::Local,
            state: Availability::Warm,
            tau: 0.5,
            shown_chars,
            kept_chars: 0,
        }
    }

    fn lines(path: &Path) -> Vec<String> {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn events_are_lines_of_numbers() {
        let folder = TempDir::new().unwrap();
        let journal = Journal::new(folder.path().join("not there yet"));
        journal.append(&event(14)).unwrap();
        let expected = r#"{"surroundings":2,"prefix":2,"suffix_chars":3,"kind":0,"state":1,"tau":0.5,"shown_chars":14,"kept_chars":0}"#;
        assert_eq!(lines(&journal.files()[0]), [expected]);
        let odd = Event {
            tau: f64::NAN,
            ..event(1)
        };
        assert!(matches!(
            journal.append(&odd),
            Err(JournalError::NoEvent(_))
        ));
        assert_eq!(lines(&journal.files()[0]).len(), 1);
    }

    #[test]
    fn a_line_that_was_cut_off_spoils_no_other() {
        let folder = TempDir::new().unwrap();
        let journal = Journal::new(folder.path());
        journal.append(&event(1)).unwrap();
        let [newest, _] = journal.files();
        let mut file = open(&newest).unwrap();
        file.write_all(br#"{"surroundings":0,"pre"#).unwrap();
        journal.append(&event(2)).unwrap();
        let lines = lines(&newest);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].contains("\"shown_chars\":2"));
    }

    #[test]
    fn the_size_is_bounded_and_the_oldest_go() {
        let folder = TempDir::new().unwrap();
        let journal = Journal::new(folder.path()).with_most_bytes(1000);
        for shown in 0..200 {
            journal.append(&event(shown)).unwrap();
        }
        let [newest, older] = journal.files();
        for file in [&newest, &older] {
            assert!(fs::metadata(file).unwrap().len() <= 1000);
        }
        let all = [lines(&older), lines(&newest)].concat();
        let last = all.last().unwrap();
        assert!(last.contains("\"shown_chars\":199"), "{last}");
        assert!(all.len() >= 10, "{}", all.len());
    }

    #[test]
    fn several_write_at_once() {
        let folder = TempDir::new().unwrap();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let journal = Journal::new(folder.path());
                    for shown in 0..50 {
                        journal.append(&event(shown)).unwrap();
                    }
                });
            }
        });
        let lines = lines(&Journal::new(folder.path()).files()[0]);
        assert_eq!(lines.len(), 200);
        assert!(lines.iter().all(|it| it.ends_with('}')));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Journal::new(&file).append(&event(1)).unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
    }
}
