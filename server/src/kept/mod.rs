//! What is kept between two starts, so that the second reads no unchanged file: summaries by the content of a file, lists
//! of what the files of a folder held, and the index of the language model.
//!
//! Each value is named by everything that it follows from, the sources of this build included. So nothing is ever out of
//! date; what is not there, or was damaged, is made again.

mod files;
mod model;

use std::path::Path;
use std::time::{Duration, SystemTime};

use symphony_pit::Pit;
use symphony_pit::store::{ArtifactId, Error, Key, KeyBuilder, Kind, Lineage, Store};
use symphony_summary::Lowered;
use symphony_syntax::Language;

pub(crate) use files::{KnownFile, KnownFiles};
pub(crate) use model::Told;

const SUMMARY: Kind = Kind::new("summary");
const FILES: Kind = Kind::new("files");
const MODEL: Kind = Kind::new("model");
const MODEL_PART: Kind = Kind::new("model-part");
/// How the values of this module are put together; what the lowering and the model do is in the fingerprints.
const SCHEMA: u32 = 1;
/// What it takes to make a summary: 23 to 49 MB of text a second, in files of 9 KB (measured 2026-11): at least this.
const SUMMARY_WORTH: Duration = Duration::from_micros(200);
/// Names what a summary follows from beside the text.
const SUMMARY_FINGERPRINT: &str = env!("SYMPHONY_SUMMARY_FINGERPRINT");
/// Names what the model's index follows from beside the texts.
const MODEL_FINGERPRINT: &str = env!("SYMPHONY_MODEL_FINGERPRINT");

/// A hash of a text.
pub(crate) type ContentHash = [u8; 32];

/// The hash of a text.
pub(crate) fn content_hash(text: &str) -> ContentHash {
    *blake3::hash(text.as_bytes()).as_bytes()
}

/// What is kept. Cloning is cheap.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    store: Store,
}

impl Kept {
    /// In the store of the Pit.
    pub(crate) fn new(pit: &Pit) -> Self {
        Self {
            store: pit.store().clone(),
        }
    }

    /// The summary of a text that was summarised before, on this machine.
    pub(crate) fn summary(&self, content: &ContentHash, language: Language) -> Option<Lowered> {
        let artifact = self.store.get(&summary_key(content, language))?;
        Lowered::from_bytes(artifact.bytes())
    }

    /// The summaries of texts that were summarised before, on this machine or on one that shares what it knows. May wait
    /// for what is shared, once for all.
    pub(crate) fn summaries(&self, wanted: &[(ContentHash, Language)]) -> Vec<Option<Lowered>> {
        let keys: Vec<Key> = wanted.iter().map(|it| summary_key(&it.0, it.1)).collect();
        let found = self.store.get_shared(&keys, SUMMARY_WORTH).into_iter();
        found.map(|it| Lowered::from_bytes(it?.bytes())).collect()
    }

    /// Keeps the summary of a text, for other machines too. Alone of all that is kept: it follows from the text and nothing
    /// else, whereas a list of files or a model is of one folder on one machine.
    pub(crate) fn keep_summary(
        &self,
        content: &ContentHash,
        language: Language,
        lowered: &Lowered,
    ) {
        let key = summary_key(content, language);
        let kept = self
            .store
            .put_shared(key, lowered.to_bytes(), lineage(SUMMARY));
        told(kept, SUMMARY);
    }

    /// What was last known of the files of a folder.
    pub(crate) fn files(&self, folder: &Path) -> KnownFiles {
        let artifact = self.store.get(&files_key(folder));
        artifact
            .and_then(|it| KnownFiles::from_bytes(folder, it.bytes()))
            .unwrap_or_default()
    }

    /// Keeps what is known of the files of a folder.
    pub(crate) fn keep_files(&self, folder: &Path, files: &KnownFiles) {
        self.put(files_key(folder), FILES, files.to_bytes(folder));
    }

    /// Waits until all that was kept survives a crash.
    pub(crate) fn flush(&self) {
        if let Err(error) = self.store.flush() {
            tracing::debug!(%error, "not kept for the next start");
        }
    }

    fn put(&self, key: Key, kind: Kind, value: Vec<u8>) {
        told(self.store.put(key, value, lineage(kind)), kind);
    }
}

fn lineage(kind: Kind) -> Lineage {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let created = now.map_or(0, |it| it.as_secs());
    Lineage::new(kind, "symphony", env!("CARGO_PKG_VERSION"), created)
}

fn told(kept: Result<ArtifactId, Error>, kind: Kind) {
    // Without it the next start takes as long as this one.
    if let Err(error) = kept {
        tracing::debug!(%error, kind = kind.name(), "not kept");
    }
}

fn summary_key(content: &ContentHash, language: Language) -> Key {
    KeyBuilder::new(SUMMARY, SCHEMA)
        .part("sources", SUMMARY_FINGERPRINT.as_bytes())
        .part("language", format!("{language:?}").as_bytes())
        .part("text", content)
        .finish()
}

fn files_key(folder: &Path) -> Key {
    KeyBuilder::new(FILES, SCHEMA)
        .part("folder", folder.as_os_str().as_encoded_bytes())
        .finish()
}
