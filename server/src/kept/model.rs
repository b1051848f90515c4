//! The language model's index between two starts: in parts, so that it is never in memory twice.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use symphony_lm::Model;
use symphony_pit::store::{Key, KeyBuilder};

use super::{ContentHash, Kept, MODEL, MODEL_FINGERPRINT, MODEL_PART, SCHEMA};

/// Large enough that there are few parts, small enough that one is nothing beside the model.
const PART_BYTES: usize = 1 << 20;

/// The texts that the model was told of, taken or not, by the names it knows them under.
pub(crate) type Told = FxHashMap<String, ContentHash>;

/// What is written under the folders: the parts hold the index.
#[derive(Serialize, Deserialize)]
struct Written {
    told: Vec<(String, ContentHash)>,
    parts: Vec<[u8; 32]>,
}

impl Kept {
    /// Takes back what `model` had learned of these folders; what it was told of then.
    pub(crate) fn restore_model(&self, folders: &[PathBuf], model: &Model) -> Option<Told> {
        let artifact = self.store.get(&model_key(folders))?;
        let written: Written = postcard::from_bytes(artifact.bytes()).ok()?;
        let reader = Parts {
            kept: self,
            left: written.parts.into_iter(),
            part: io::Cursor::default(),
        };
        let restored = model.restore(reader);
        restored.then(|| written.told.into_iter().collect())
    }

    /// Keeps what `model` has learned of these folders.
    pub(crate) fn keep_model(&self, folders: &[PathBuf], model: &Model, told: &Told) {
        let mut writer = PartWriter {
            kept: self,
            part: Vec::with_capacity(PART_BYTES),
            written: Vec::new(),
        };
        if let Err(error) = model.write_to(&mut writer) {
            tracing::warn!(%error, "the language model is not kept");
            return;
        }
        writer.end_part();
        let mut told: Vec<_> = told
            .iter()
            .map(|(path, text)| (path.clone(), *text))
            .collect();
        told.sort_unstable();
        let written = Written {
            told,
            parts: writer.written,
        };
        // Nothing in it can fail to be written to memory.
        let bytes = postcard::to_stdvec(&written).unwrap_or_default();
        self.put(model_key(folders), MODEL, bytes);
    }
}

fn model_key(folders: &[PathBuf]) -> Key {
    let mut sorted: Vec<_> = folders
        .iter()
        .map(|it| it.as_os_str().as_encoded_bytes())
        .collect();
    sorted.sort_unstable();
    let start = KeyBuilder::new(MODEL, SCHEMA).part("sources", MODEL_FINGERPRINT.as_bytes());
    let folders = sorted.into_iter();
    folders
        .fold(start, |key, folder| key.part("folder", folder))
        .finish()
}

/// Parts are named by what they hold.
fn part_key(hash: &[u8; 32]) -> Key {
    KeyBuilder::new(MODEL_PART, SCHEMA)
        .part("hash", hash)
        .finish()
}

struct PartWriter<'a> {
    kept: &'a Kept,
    part: Vec<u8>,
    written: Vec<[u8; 32]>,
}

impl PartWriter<'_> {
    fn end_part(&mut self) {
        let part = std::mem::replace(&mut self.part, Vec::with_capacity(PART_BYTES));
        let hash = *blake3::hash(&part).as_bytes();
        self.written.push(hash);
        self.kept.put(part_key(&hash), MODEL_PART, part);
    }
}

impl Write for PartWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART_BYTES {
            self.end_part();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Parts<'a> {
    kept: &'a Kept,
    left: std::vec::IntoIter<[u8; 32]>,
    part: io::Cursor<Vec<u8>>,
}

impl Read for Parts<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.part.fill_buf()?.is_empty() {
            let Some(next) = self.left.next() else {
                return Ok(0);
            };
            let artifact = self.kept.store.get(&part_key(&next));
            let artifact = artifact.ok_or(io::ErrorKind::NotFound)?;
            self.part = io::Cursor::new(artifact.bytes().to_vec());
        }
        self.part.read(buffer)
    }
}
