//! A segment: an append-only file of records, behind a header that says what it is.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use super::medium::{Medium, read_at};

const MAGIC: [u8; 8] = *b"SYMPHLOG";
/// Of the layout of segments and records. A file with another one is set aside.
const VERSION: u32 = 1;

/// magic 8 | version u32 | segment u32 | salt 32 | check 16
pub(crate) const HEADER: u64 = 64;

/// An open segment file. Its length and what of it is needed are in the index.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) id: u32,
    pub(crate) file: File,
    pub(crate) salt: [u8; 32],
}

/// Why a file is no segment of ours.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// It cannot be read, or not as yet.
    Io(io::Error),
    /// Shorter than a header: the process ended while it made it, or is about to go on.
    Torn,
    /// Its header is of another version, or damaged.
    Header,
}

impl Segment {
    pub(crate) fn path(dir: &Path, id: u32) -> PathBuf {
        dir.join(format!("{id:08x}.seg"))
    }

    /// Makes the file with its header, and its name durable.
    pub(crate) fn create(medium: &dyn Medium, dir: &Path, id: u32) -> io::Result<Self> {
        let file = medium.create(&Self::path(dir, id))?;
        let salt = new_salt();
        medium.write(&file, &header(id, &salt), 0)?;
        medium.sync(&file)?;
        medium.sync_names(dir)?;
        Ok(Self { id, file, salt })
    }

    pub(crate) fn open(dir: &Path, id: u32, write: bool) -> Result<Self, Unusable> {
        let path = Self::path(dir, id);
        let file = OpenOptions::new()
            .read(true)
            .write(write)
            .open(path)
            .map_err(Unusable::Io)?;
        let mut bytes = [0; HEADER as usize];
        read_at(&file, &mut bytes, 0).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Unusable::Torn,
            _ => Unusable::Io(error),
        })?;
        let mut salt = [0; 32];
        salt.copy_from_slice(&bytes[16..48]);
        if bytes == header(id, &salt) {
            Ok(Self { id, file, salt })
        } else {
            Err(Unusable::Header)
        }
    }

    /// What is in the file from an offset on.
    pub(crate) fn read_from(&self, offset: u64) -> io::Result<Vec<u8>> {
        let length = self.file.metadata()?.len().saturating_sub(offset);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        read_at(&self.file, &mut bytes, offset)?;
        Ok(bytes)
    }

    pub(crate) fn read(&self, offset: u32, length: u32) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length as usize];
        read_at(&self.file, &mut bytes, u64::from(offset))?;
        Ok(bytes)
    }
}

/// The segments in a directory, by their names, in order.
pub(crate) fn segments(dir: &Path) -> io::Result<Vec<u32>> {
    let mut ids = Vec::new();
    for file in std::fs::read_dir(dir)? {
        let name = file?.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".seg"));
        ids.extend(id.and_then(|id| u32::from_str_radix(id, 16).ok()));
    }
    ids.sort_unstable();
    Ok(ids)
}

fn header(id: u32, salt: &[u8; 32]) -> [u8; HEADER as usize] {
    let mut bytes = [0; HEADER as usize];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12..16].copy_from_slice(&id.to_le_bytes());
    bytes[16..48].copy_from_slice(salt);
    let check = blake3::hash(&bytes[..48]);
    bytes[48..].copy_from_slice(&check.as_bytes()[..16]);
    bytes
}

/// Different in every segment, unknown to who makes values: the standard library's hash seeds come from the system's
/// random numbers.
fn new_salt() -> [u8; 32] {
    let mut salt = [0; 32];
    for (index, eight) in salt.chunks_exact_mut(8).enumerate() {
        let number = RandomState::new().hash_one((index, std::process::id()));
        eight.copy_from_slice(&number.to_le_bytes());
    }
    salt
}
