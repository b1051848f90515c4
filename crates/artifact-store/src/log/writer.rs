//! The one who appends: commands become records, in batches, and the index learns of them once they are written.

use std::fs::File;
use std::io;
use std::sync::{Arc, PoisonError};

use super::Shared;
use super::index::{At, Index};
use super::queue::{Command, Work};
use super::record::{self, Packed, Put, Record};
use super::recovery::Loaded;
use super::segment::{self, Segment};
use super::snapshot::{self, Position};
use crate::memory::Held;
use crate::uniform::{UniformMap, UniformSet};
use crate::{ArtifactId, Key, Lineage, Outcome, Quality};

/// A buffer of records is written when it has grown to this.
const BUFFER: usize = 1 << 20;

pub(crate) struct Writer {
    pub(super) shared: Arc<Shared>,
    /// Held as long as this writes; the system lets go of it when the process ends.
    _lock: File,
    active: Option<Active>,
    pub(super) next: u32,
    pub(super) batch: Batch,
    since_snapshot: u64,
    snapshot_bytes: u64,
    unsynced: bool,
}

/// The segment that is appended to.
struct Active {
    segment: Arc<Segment>,
    length: u64,
}

/// Records that are encoded for the active segment, but not written.
#[derive(Default)]
pub(super) struct Batch {
    buffer: Vec<u8>,
    /// Offset in the segment and length of each.
    places: Vec<(u64, u32)>,
    values: UniformSet<ArtifactId>,
    keys: UniformSet<Key>,
    /// Values that lose an entry when this is applied, and may go with it.
    loosened: UniformSet<ArtifactId>,
}

/// What a put finds.
#[derive(Default)]
struct Known {
    same_entry: bool,
    quality: Quality,
    value: Option<(At, Arc<Segment>)>,
    sound: bool,
    replaced: Option<ArtifactId>,
}

impl Writer {
    /// Goes on behind what recovery found: in the last segment, without its torn tail, or in a new one if its middle is
    /// damaged.
    pub(crate) fn new(shared: Arc<Shared>, lock: File, loaded: &Loaded) -> io::Result<Self> {
        let Position { segment, offset } = loaded.position;
        let last = shared
            .read_index()
            .segments
            .get(&segment)
            .and_then(|it| it.segment.clone());
        let active = match last {
            Some(last) if offset < shared.segment_limit => {
                let length = last.file.metadata()?.len();
                if length > offset {
                    last.file.set_len(offset)?;
                    last.file.sync_data()?;
                }
                (length >= offset).then_some(Active {
                    segment: last,
                    length: offset,
                })
            }
            _ => None,
        };
        Ok(Self {
            shared,
            _lock: lock,
            active,
            next: loaded.next,
            batch: Batch::default(),
            since_snapshot: 0,
            snapshot_bytes: 0,
            unsynced: false,
        })
    }

    /// Does all of `work`. Whether it is durable.
    pub(crate) fn run(&mut self, work: &Work) -> io::Result<bool> {
        for command in &work.commands {
            match command {
                Command::Put {
                    key, held, lineage, ..
                } => self.put(*key, held, lineage)?,
                Command::Remove { key, .. } => self.remove(*key)?,
                Command::Score(key, outcome) => self.score(key, *outcome)?,
                Command::Damaged(id) => self.shared.write_index().lose(id),
                Command::Clear => self.clear()?,
            }
        }
        self.commit()?;
        if work.sync || work.stop {
            self.sync()?;
        }
        self.tidy_up()?;
        if work.stop && self.since_snapshot > 0 || self.snapshot_is_due() {
            self.snapshot()?;
        }
        Ok(!self.unsynced)
    }

    fn put(&mut self, key: Key, held: &Held, lineage: &Lineage) -> io::Result<()> {
        let id = held.id;
        if self.batch.loosened.contains(&id) || self.batch.keys.contains(&key) {
            self.commit()?;
        }
        let known = self.known(&key, &id);
        let mut there = known.sound || self.batch.values.contains(&id);
        if let (false, Some((at, segment))) = (there, known.value) {
            there = self.prove(&id, at, &segment);
        }
        if there && known.same_entry {
            return Ok(());
        }
        if !there {
            let packed = Packed::new(held.bytes.clone(), self.shared.compress_from);
            self.append(&Record::Value {
                id,
                stored: packed.stored(),
            })?;
            self.batch.values.insert(id);
        }
        let encoded = postcard::to_stdvec(lineage).map_err(io::Error::other)?;
        let put = Put {
            key,
            id,
            quality: known.quality,
            created: lineage.created,
            kind: &lineage.kind,
            lineage: &encoded,
        };
        self.append(&Record::Entry(put))?;
        self.batch.loosened.extend(known.replaced);
        self.batch.keys.insert(key);
        Ok(())
    }

    fn known(&self, key: &Key, id: &ArtifactId) -> Known {
        let index = self.shared.read_index();
        let mut known = Known::default();
        if let Some(entry) = index.entries.get(key) {
            known.same_entry = entry.id == *id;
            if known.same_entry {
                known.quality = entry.quality;
            } else {
                known.replaced = Some(entry.id);
            }
        }
        if let Some(value) = index.values.get(id) {
            known.sound = value.sound && value.at.is_some();
            known.value = value.at.and_then(|at| {
                let segment = index.segments.get(&at.segment)?.segment.clone()?;
                Some((at, segment))
            });
        }
        known
    }

    /// Reads a value that another put will rely on, the first time.
    fn prove(&self, id: &ArtifactId, at: At, segment: &Segment) -> bool {
        let read = segment.read(at.offset, at.length);
        let sound = read.is_ok_and(|record| record::value_of(record, *id).is_some());
        let mut index = self.shared.write_index();
        if sound {
            index
                .values
                .entry(*id)
                .and_modify(|value| value.sound = true);
        } else {
            index.lose(id);
        }
        sound
    }

    fn remove(&mut self, key: Key) -> io::Result<()> {
        let id = self
            .shared
            .read_index()
            .entries
            .get(&key)
            .map(|entry| entry.id);
        if id.is_some() || self.batch.keys.contains(&key) {
            self.append(&Record::Tombstone(key))?;
            // A later put may be of the value that goes with this key.
            self.commit()?;
        }
        Ok(())
    }

    /// An entry is written anew with its new quality.
    fn score(&mut self, key: &Key, outcome: Outcome) -> io::Result<()> {
        self.commit()?;
        let found = self.shared.read_index().find_entry(key);
        let Some((at, segment)) = found else {
            return Ok(());
        };
        let bytes = segment.read(at.offset, at.length)?;
        match Record::parse(&bytes, &segment.salt, u64::from(at.offset)) {
            Some((Record::Entry(put), _)) => {
                let quality = put.quality.after(outcome);
                self.append(&Record::Entry(Put { quality, ..put }))
            }
            _ => Ok(()),
        }
    }

    /// Encodes a record; full buffers are written, full segments left.
    pub(super) fn append(&mut self, record: &Record<'_>) -> io::Result<()> {
        if self.batch.buffer.len() >= BUFFER {
            self.commit()?;
        }
        let length = self
            .active
            .as_ref()
            .map(|it| it.length + self.batch.buffer.len() as u64);
        if length.is_none_or(|length| length >= self.shared.segment_limit) {
            self.rotate()?;
        }
        if let Some(active) = &self.active {
            let salt = &active.segment.salt;
            let place = record.encode(salt, active.length, &mut self.batch.buffer);
            self.batch.places.push(place);
        }
        Ok(())
    }

    /// Writes what is encoded, then shows it to the index.
    pub(super) fn commit(&mut self) -> io::Result<()> {
        let Some(active) = &mut self.active else {
            return Ok(());
        };
        if self.batch.places.is_empty() {
            return Ok(());
        }
        let Batch { buffer, places, .. } = &self.batch;
        self.shared
            .medium
            .write(&active.segment.file, buffer, active.length)?;
        let mut index = self.shared.write_index();
        for &(offset, length) in places {
            let start = (offset - active.length) as usize;
            let at = At {
                segment: active.segment.id,
                offset: offset as u32,
                length,
            };
            if let Some(record) = Record::decode(&buffer[start..start + length as usize]) {
                index.apply(at, &record);
            }
        }
        drop(index);
        active.length += buffer.len() as u64;
        self.since_snapshot += buffer.len() as u64;
        self.unsynced = true;
        self.batch.clear();
        Ok(())
    }

    /// Leaves the active segment for a new one.
    fn rotate(&mut self) -> io::Result<()> {
        self.commit()?;
        self.sync()?;
        let segment = Segment::create(&*self.shared.medium, &self.shared.dir, self.next)?;
        self.next += 1;
        let segment = Arc::new(segment);
        self.shared.write_index().attach(segment.clone());
        self.active = Some(Active {
            segment,
            length: segment::HEADER,
        });
        Ok(())
    }

    /// Waits until all that is written is on the disk.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        if let (true, Some(active)) = (self.unsynced, &self.active) {
            self.shared.medium.sync(&active.segment.file)?;
        }
        self.unsynced = false;
        Ok(())
    }

    pub(super) fn active_id(&self) -> Option<u32> {
        self.active.as_ref().map(|active| active.segment.id)
    }

    fn snapshot_is_due(&self) -> bool {
        self.since_snapshot > (self.shared.segment_limit / 2).max(2 * self.snapshot_bytes)
    }

    fn snapshot(&mut self) -> io::Result<()> {
        self.sync()?;
        let Some(active) = &self.active else {
            return Ok(());
        };
        let position = Position {
            segment: active.segment.id,
            offset: active.length,
        };
        let bytes = snapshot::encode(&self.shared.read_index(), position);
        snapshot::write(&*self.shared.medium, &self.shared.dir, &bytes)?;
        self.snapshot_bytes = bytes.len() as u64;
        self.since_snapshot = 0;
        Ok(())
    }

    /// Throws everything out, what was set aside too.
    fn clear(&mut self) -> io::Result<()> {
        self.commit()?;
        self.active = None;
        self.unsynced = false;
        self.since_snapshot = 0;
        *self
            .shared
            .index
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Index::default();
        for file in std::fs::read_dir(&self.shared.dir)? {
            let path = file?.path();
            let ours = path
                .extension()
                .is_some_and(|it| it == "seg" || it == "snap");
            if ours || path.extension().is_some_and(|it| it == "aside") {
                std::fs::remove_file(path)?;
            }
        }
        self.shared.medium.sync_names(&self.shared.dir)
    }
}

impl Batch {
    fn clear(&mut self) {
        self.buffer.clear();
        self.places.clear();
        self.values.clear();
        self.keys.clear();
        self.loosened.clear();
    }
}

/// Keys of a segment's live entries and whether each is worth keeping.
pub(super) type Worth = UniformMap<ArtifactId, f32>;
