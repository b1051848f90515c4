//! Extensions that crash again and again are not started any more, until they change or someone says so.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Content;

/// So many crashes in a row and an extension is in quarantine.
pub const MAX_CRASHES: usize = 5;

/// The crashes of one extension since it last ended as it was asked to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What it was when it crashed; another is innocent.
    content: String,
    /// How it crashed, the last one last.
    crashes: Vec<String>,
}

impl Record {
    /// One more crash of what has this content; whether that was one too many.
    pub fn crashed(&mut self, content: Content, reason: &str) -> bool {
        let content = content.to_string();
        if self.content != content {
            *self = Self {
                content,
                crashes: Vec::new(),
            };
        }
        self.crashes.push(reason.to_owned());
        self.crashes.len() == MAX_CRASHES
    }

    /// It ended as it was asked to.
    pub fn ended_well(&mut self) {
        self.crashes.clear();
    }

    /// How many crashes, and how the last one was, if what has this content is in quarantine.
    #[must_use]
    pub fn verdict(&self, content: Content) -> Option<(usize, &str)> {
        let same = self.content == content.to_string();
        let n_crashes = self.crashes.len();
        let last = self
            .crashes
            .last()
            .filter(|_| same && n_crashes >= MAX_CRASHES)?;
        Some((n_crashes, last))
    }
}

/// The records of all extensions, kept in a file.
#[derive(Debug, Clone)]
pub struct Quarantine {
    file: PathBuf,
}

impl Quarantine {
    /// Kept in `file`, which need not be there yet.
    #[must_use]
    pub fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// An extension's record. A file that cannot be read accuses nobody.
    #[must_use]
    pub fn record(&self, name: &str) -> Record {
        self.all().remove(name).unwrap_or_default()
    }

    /// Keeps an extension's record.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn keep(&self, name: &str, record: Record) -> io::Result<()> {
        let mut all = self.all();
        all.insert(name.to_owned(), record);
        all.retain(|_, record| !record.crashes.is_empty());
        self.write(&all)
    }

    /// Lets an extension out; whether there was anything against it.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn release(&self, name: &str) -> io::Result<bool> {
        let mut all = self.all();
        let had = all.remove(name).is_some();
        if had {
            self.write(&all)?;
        }
        Ok(had)
    }

    fn all(&self) -> BTreeMap<String, Record> {
        let bytes = fs::read(&self.file).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn write(&self, all: &BTreeMap<String, Record>) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        // Whole or not at all, also when two processes write.
        let own = format!("{}.tmp", std::process::id());
        let own: &Path = &self.file.with_extension(own);
        fs::write(own, serde_json::to_vec_pretty(all)?)?;
        fs::rename(own, &self.file)
    }
}
