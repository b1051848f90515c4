//! From the files of a directory to an index, whatever state they were left in.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::index::{At, Index};
use super::record;
use super::segment::{self, Segment, Unusable, segments};
use super::snapshot::{self, Found, Position};

/// What was found in a directory.
pub(crate) struct Loaded {
    pub(crate) index: Index,
    /// Up to where the log has been read.
    pub(crate) position: Position,
    /// The number of the next new segment.
    pub(crate) next: u32,
    pub(crate) set_aside: u64,
}

/// Reads a directory. Who may `write` also moves unusable files aside and removes what a compaction left behind.
pub(crate) fn load(dir: &Path, write: bool) -> io::Result<Loaded> {
    let (mut index, covered, mut set_aside) = read_snapshot(dir, write)?;
    index.keep_unreferenced = true;
    let mut position = covered;
    let ids = segments(dir)?;
    for &id in &ids {
        if id < covered.segment && !index.segments.contains_key(&id) {
            if write {
                fs::remove_file(Segment::path(dir, id))?;
            }
            continue;
        }
        match Segment::open(dir, id, write) {
            Ok(segment) => {
                let segment = Arc::new(segment);
                index.attach(segment.clone());
                if id >= covered.segment {
                    let from = if id == covered.segment {
                        covered.offset
                    } else {
                        segment::HEADER
                    };
                    position = follow(&mut index, &segment, from)?;
                }
            }
            Err(Unusable::Torn) if write => fs::remove_file(Segment::path(dir, id))?,
            Err(Unusable::Header) if write => {
                let path = Segment::path(dir, id);
                fs::rename(&path, path.with_extension("seg.aside"))?;
                set_aside += 1;
            }
            Err(Unusable::Torn | Unusable::Header) => {}
            Err(Unusable::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(Unusable::Io(error)) => return Err(error),
        }
    }
    let unread = index
        .segments
        .iter()
        .filter(|(_, held)| held.segment.is_none());
    let unread: Vec<u32> = unread.map(|(id, _)| *id).collect();
    index.forget(&unread);
    if write {
        index.prune();
    }
    let last = ids.last().copied().unwrap_or_default();
    let next = last.max(covered.segment) + 1;
    Ok(Loaded {
        index,
        position,
        next,
        set_aside,
    })
}

/// Takes in what a segment has from an offset on. How far it is whole.
pub(crate) fn follow(index: &mut Index, segment: &Segment, from: u64) -> io::Result<Position> {
    let bytes = segment.read_from(from)?;
    let scanned = record::scan(&bytes, &segment.salt, from, |offset, length, record| {
        let offset = offset as u32;
        index.apply(
            At {
                segment: segment.id,
                offset,
                length,
            },
            &record,
        );
    });
    Ok(Position {
        segment: segment.id,
        offset: scanned.end,
    })
}

fn read_snapshot(dir: &Path, write: bool) -> io::Result<(Index, Position, u64)> {
    Ok(match snapshot::read(dir) {
        Found::Sound(index, position) => (index, position, 0),
        Found::Unusable if write => {
            snapshot::set_aside(dir)?;
            (Index::default(), Position::default(), 1)
        }
        Found::Unusable | Found::Missing => Default::default(),
    })
}

/// What came since `position`, for who follows another process's writing.
pub(crate) fn catch_up(dir: &Path, index: &mut Index, position: Position) -> io::Result<Position> {
    let ids = segments(dir)?;
    let mut position = position;
    let from = position.segment;
    for &id in ids.iter().filter(|id| **id >= from) {
        let known = index
            .segments
            .get(&id)
            .and_then(|held| held.segment.clone());
        let segment = match known {
            Some(segment) => segment,
            None => match Segment::open(dir, id, false) {
                Ok(segment) => Arc::new(segment),
                // Its header is being written, then it is the last one and the next time tells; or it has gone.
                Err(_) => continue,
            },
        };
        let from = if id == position.segment {
            position.offset
        } else {
            segment::HEADER
        };
        index.attach(segment.clone());
        position = follow(index, &segment, from.max(segment::HEADER))?;
    }
    let gone: Vec<u32> = index
        .segments
        .keys()
        .filter(|id| !ids.contains(id))
        .copied()
        .collect();
    index.forget(&gone);
    Ok(position)
}
