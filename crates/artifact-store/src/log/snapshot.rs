//! The index in a file, so that opening a directory reads this and only what was written after it.
//!
//! ```text
//! magic 8 | version u32 | segment u32, offset u64 (read on from here) | counts | kinds | segments | values | entries | blake3 32
//! ```
//! It is a copy of what the segments say: without it, or with a damaged one, they are read whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};

use super::index::{At, Entry, Held, Index, Value};
use super::medium::Medium;
use crate::{ArtifactId, Key, Quality};

const MAGIC: [u8; 8] = *b"SYMPHIDX";
const VERSION: u32 = 1;

/// Up to where a snapshot knows the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Position {
    pub(crate) segment: u32,
    pub(crate) offset: u64,
}

/// What a snapshot file is.
pub(crate) enum Found {
    Sound(Index, Position),
    Missing,
    /// Damaged, or of another version.
    Unusable,
}

fn path(dir: &Path) -> PathBuf {
    dir.join("index.snap")
}

pub(crate) fn read(dir: &Path) -> Found {
    match fs::read(path(dir)) {
        Ok(bytes) => match decode(&bytes) {
            Some((index, position)) => Found::Sound(index, position),
            None => Found::Unusable,
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Missing,
        Err(_) => Found::Unusable,
    }
}

/// Moves an unusable snapshot out of the way.
pub(crate) fn set_aside(dir: &Path) -> io::Result<()> {
    fs::rename(path(dir), dir.join("index.snap.aside"))
}

/// Puts a snapshot in place of the last one. What it speaks of must be durable.
pub(crate) fn write(medium: &dyn Medium, dir: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = dir.join("index.new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = medium.create(&new)?;
    medium.write(&file, bytes, 0)?;
    medium.sync(&file)?;
    drop(file);
    medium.rename(&new, &path(dir))?;
    medium.sync_names(dir)
}

pub(crate) fn encode(index: &Index, position: Position) -> Vec<u8> {
    let rows = index.values.len() * 48 + index.entries.len() * 96;
    let mut out = Out(Vec::with_capacity(rows + index.segments.len() * 28 + 1024));
    out.0.extend_from_slice(&MAGIC);
    out.u32(VERSION);
    out.u32(position.segment);
    out.u64(position.offset);
    let values = || {
        index
            .values
            .iter()
            .filter_map(|(id, value)| Some((id, value.at?)))
    };
    for count in [
        index.kinds.len(),
        index.segments.len(),
        values().count(),
        index.entries.len(),
    ] {
        out.u32(count as u32);
    }
    for kind in &index.kinds {
        out.u32(kind.len() as u32);
        out.0.extend_from_slice(kind.as_bytes());
    }
    for (id, held) in &index.segments {
        out.u32(*id);
        for bytes in [held.length, held.live, held.tombstones] {
            out.u64(bytes);
        }
    }
    for (id, at) in values() {
        out.0.extend_from_slice(id.as_bytes());
        out.at(at);
    }
    for (key, entry) in &index.entries {
        out.0.extend_from_slice(key.as_bytes());
        out.0.extend_from_slice(entry.id.as_bytes());
        out.at(entry.at);
        out.u32(u32::from(entry.kind) | u32::from(entry.used.load(Ordering::Relaxed)) << 16);
        out.u32(u32::from(entry.quality.good) | u32::from(entry.quality.bad) << 16);
        out.u64(entry.created);
    }
    let check = blake3::hash(&out.0);
    out.0.extend_from_slice(check.as_bytes());
    out.0
}

fn decode(bytes: &[u8]) -> Option<(Index, Position)> {
    let (body, check) = bytes.split_last_chunk::<32>()?;
    let mut rows = Rows(body);
    if rows.take::<8>()? != MAGIC || rows.u32()? != VERSION || blake3::hash(body) != *check {
        return None;
    }
    let position = Position {
        segment: rows.u32()?,
        offset: rows.u64()?,
    };
    let [kinds, segments, values, entries] =
        [rows.u32()?, rows.u32()?, rows.u32()?, rows.u32()?].map(|it| it as usize);
    let mut index = Index::default();
    for _ in 0..kinds {
        let length = rows.u32()? as usize;
        index
            .kinds
            .push(str::from_utf8(rows.bytes(length)?).ok()?.into());
    }
    for _ in 0..segments {
        let id = rows.u32()?;
        let [length, live, tombstones] = [rows.u64()?, rows.u64()?, rows.u64()?];
        let held = Held {
            segment: None,
            length,
            live,
            tombstones,
        };
        index.segments.insert(id, held);
    }
    index.values.reserve(values);
    for _ in 0..values {
        let id = ArtifactId::from_bytes(rows.take()?);
        let value = Value {
            at: Some(rows.at()?),
            references: 0,
            sound: false,
        };
        index.values.insert(id, value);
    }
    index.entries.reserve(entries);
    for _ in 0..entries {
        let key = Key::from_bytes(rows.take()?);
        let entry = rows.entry()?;
        index.values.entry(entry.id).or_default().references += 1;
        index.entries.insert(key, entry);
    }
    rows.0.is_empty().then_some((index, position))
}

struct Out(Vec<u8>);

impl Out {
    fn u32(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn u64(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn at(&mut self, at: At) {
        for number in [at.segment, at.offset, at.length] {
            self.u32(number);
        }
    }
}

struct Rows<'a>(&'a [u8]);

impl<'a> Rows<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn at(&mut self) -> Option<At> {
        Some(At {
            segment: self.u32()?,
            offset: self.u32()?,
            length: self.u32()?,
        })
    }

    fn entry(&mut self) -> Option<Entry> {
        let id = ArtifactId::from_bytes(self.take()?);
        let at = self.at()?;
        let (kind, quality) = (self.u32()?, self.u32()?);
        Some(Entry {
            id,
            at,
            kind: kind as u16,
            used: AtomicU8::new((kind >> 16) as u8),
            quality: Quality {
                good: quality as u16,
                bad: (quality >> 16) as u16,
            },
            created: self.u64()?,
        })
    }
}
