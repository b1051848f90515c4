//! One file of settings: read, and read again when it has changed. What it said last counts as long as it is broken.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::layer::Layer;
use crate::problem::{Fault, Place, Position, Problem, Source};

/// Larger files are no settings: a workspace should not be able to keep the server busy with one.
const MOST_BYTES: u64 = 256 << 10;

/// A file of settings, which may be there or not.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    path: PathBuf,
    /// As it was read last: bytes, or why there are none.
    read: Option<Result<Vec<u8>, Fault>>,
    layer: Layer,
    /// What is wrong with the file as it is, if nothing of it can be taken.
    broken: Vec<Problem>,
}

impl SettingsFile {
    /// The file at `path`, not read yet.
    #[must_use]
    pub fn new(path: PathBuf, source: Source) -> Self {
        Self {
            path,
            read: None,
            layer: Layer::empty(source),
            broken: Vec::new(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it says, or said when it was whole the last time.
    #[must_use]
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Whether it was there when it was read last.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.read.is_some()
    }

    /// What is wrong with it as it is.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        if self.broken.is_empty() {
            &self.layer.problems
        } else {
            &self.broken
        }
    }

    /// Reads it; whether it is different from what was read before.
    pub fn reload(&mut self) -> bool {
        let read = match read(&self.path) {
            Ok(bytes) => Some(Ok(bytes)),
            Err(error) => match error {
                ReadError::Missing => None,
                ReadError::Fault(fault) => Some(Err(fault)),
            },
        };
        if read == self.read {
            return false;
        }
        self.read = read;
        self.broken.clear();
        let source = self.layer.source;
        let taken = match &self.read {
            None => Ok(Layer::empty(source)),
            Some(Err(fault)) => Err(vec![self.problem(None, fault.clone())]),
            Some(Ok(bytes)) => match text(bytes) {
                Ok(text) => Layer::from_toml(text, source, &self.path),
                Err((position, fault)) => Err(vec![self.problem(Some(position), fault)]),
            },
        };
        match taken {
            Ok(layer) => self.layer = layer,
            Err(problems) => self.broken = problems,
        }
        true
    }

    fn problem(&self, position: Option<Position>, fault: Fault) -> Problem {
        let path = self.path.clone();
        Problem {
            place: Place::File { path, position },
            fault,
        }
    }
}

enum ReadError {
    Missing,
    Fault(Fault),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            _ => Self::Fault(Fault::Unreadable {
                reason: error.to_string(),
            }),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    // First: opening a pipe would wait for whoever writes into it.
    if !fs::metadata(path)?.is_file() {
        return Err(ReadError::Fault(Fault::NotAFile));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(ReadError::Fault(Fault::TooLarge { most: MOST_BYTES }));
    }
    Ok(bytes)
}

/// The text, without the mark that some editors put before it.
fn text(bytes: &[u8]) -> Result<&str, (Position, Fault)> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let good = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            let maybe_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
            let position = Position::of(good, good.len());
            Err((position, Fault::NotUtf8 { maybe_utf16 }))
        }
    }
}
