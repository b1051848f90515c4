//! One record of a segment: how it is written, and how it is known to be whole.
//!
//! ```text
//! magic u32 | kind u8 | encoding u8 | 0 u16 | payload length u32 | raw length u32 | check u64 | payload | zeros to 8
//! ```
//! The check is the start of a blake3 hash, keyed with the segment's salt, of the record's offset, its header and its
//! payload. So bytes that look like a record because a value holds a copy of one are not taken for one, wherever
//! they stand. All numbers are little-endian.

use bytes::Bytes;

use crate::{ArtifactId, Key, Quality};

const MAGIC: u32 = 0x5343_a17e;
const HEADER: usize = 24;
const ALIGN: usize = 8;

/// The largest value. A segment's offsets are 32 bits.
pub(crate) const VALUE_LIMIT: usize = 1 << 30;

const VALUE: u8 = 1;
const ENTRY: u8 = 2;
const TOMBSTONE: u8 = 3;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Record<'a> {
    /// The bytes of a value.
    Value { id: ArtifactId, stored: Stored<'a> },
    /// A key's value and where it comes from.
    Entry(Put<'a>),
    /// A key has none any more.
    Tombstone(Key),
}

/// A value as it is on disk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stored<'a> {
    encoding: u8,
    raw_length: u32,
    bytes: &'a [u8],
}

/// An entry as it is on disk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Put<'a> {
    pub(crate) key: Key,
    pub(crate) id: ArtifactId,
    pub(crate) quality: Quality,
    pub(crate) created: u64,
    pub(crate) kind: &'a str,
    /// A `Lineage`, encoded.
    pub(crate) lineage: &'a [u8],
}

/// A value as it will be on disk: compressed if that takes an eighth off it.
pub(crate) enum Packed {
    Plain(Bytes),
    Zstd { raw_length: u32, bytes: Vec<u8> },
}

impl Packed {
    pub(crate) fn new(bytes: Bytes, compress_from: usize) -> Self {
        if bytes.len() >= compress_from.max(64)
            && let Ok(packed) = zstd::bulk::compress(&bytes, 1)
            && packed.len() < bytes.len() - bytes.len() / 8
        {
            return Self::Zstd {
                raw_length: bytes.len() as u32,
                bytes: packed,
            };
        }
        Self::Plain(bytes)
    }

    pub(crate) fn stored(&self) -> Stored<'_> {
        match self {
            Self::Plain(bytes) => Stored {
                encoding: PLAIN,
                raw_length: bytes.len() as u32,
                bytes,
            },
            Self::Zstd { raw_length, bytes } => Stored {
                encoding: ZSTD,
                raw_length: *raw_length,
                bytes,
            },
        }
    }
}

impl Record<'_> {
    /// Appends the record to `out`, whose start is at `base` in a segment with this salt. The record's offset and length.
    pub(crate) fn encode(&self, salt: &[u8; 32], base: u64, out: &mut Vec<u8>) -> (u64, u32) {
        let start = out.len();
        let offset = base + start as u64;
        let (kind, encoding, raw_length) = match self {
            Self::Value { stored, .. } => (VALUE, stored.encoding, stored.raw_length),
            Self::Entry(_) => (ENTRY, PLAIN, 0),
            Self::Tombstone(_) => (TOMBSTONE, PLAIN, 0),
        };
        out.extend_from_slice(&MAGIC.to_le_bytes());
        out.extend_from_slice(&[kind, encoding, 0, 0]);
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&raw_length.to_le_bytes());
        out.extend_from_slice(&[0; 8]);
        match self {
            Self::Value { id, stored } => {
                out.extend_from_slice(id.as_bytes());
                out.extend_from_slice(stored.bytes);
            }
            Self::Entry(put) => put.encode(out),
            Self::Tombstone(key) => out.extend_from_slice(key.as_bytes()),
        }
        let payload = (out.len() - start - HEADER) as u32;
        out[start + 8..start + 12].copy_from_slice(&payload.to_le_bytes());
        let check = check(salt, offset, &out[start..]);
        out[start + 16..start + 24].copy_from_slice(&check);
        out.resize(out.len().next_multiple_of(ALIGN), 0);
        (offset, (out.len() - start) as u32)
    }

    /// The whole record at the start of `bytes`, which is at `offset` in a segment with this salt, and its length.
    pub(crate) fn parse<'a>(
        bytes: &'a [u8],
        salt: &[u8; 32],
        offset: u64,
    ) -> Option<(Record<'a>, u32)> {
        let header = bytes.get(..HEADER)?;
        if number(header, 0)? != MAGIC {
            return None;
        }
        let payload = number(header, 8)? as usize;
        let end = HEADER.checked_add(payload)?;
        let length = end.checked_next_multiple_of(ALIGN)?;
        let whole = bytes.get(..length)?;
        if whole[16..24] != check(salt, offset, &whole[..end]) {
            return None;
        }
        Some((Record::decode(whole)?, length as u32))
    }

    /// What a whole record says. Only for what was checked, or has just been encoded.
    pub(crate) fn decode(whole: &[u8]) -> Option<Record<'_>> {
        let header = whole.get(..HEADER)?;
        let end = HEADER.checked_add(number(header, 8)? as usize)?;
        let payload = whole.get(HEADER..end)?;
        let record = match header[4] {
            VALUE => {
                let (id, rest) = payload.split_first_chunk()?;
                let stored = Stored {
                    encoding: header[5],
                    raw_length: number(header, 12)?,
                    bytes: rest,
                };
                Record::Value {
                    id: ArtifactId::from_bytes(*id),
                    stored,
                }
            }
            ENTRY => Record::Entry(Put::decode(payload)?),
            TOMBSTONE => Record::Tombstone(Key::from_bytes(payload.try_into().ok()?)),
            _ => return None,
        };
        Some(record)
    }
}

/// The value in a record that was read because `id` should be in it; checked by the id alone, which is stronger than
/// the record's own check.
pub(crate) fn value_of(record: Vec<u8>, id: ArtifactId) -> Option<Bytes> {
    let header = record.get(..HEADER)?;
    let payload = number(header, 8)? as usize;
    let raw_length = number(header, 12)? as usize;
    let (encoding, start) = (header[5], HEADER + 32);
    let end = HEADER.checked_add(payload)?;
    let value = match encoding {
        PLAIN => Bytes::from(record).slice_checked(start, end)?,
        ZSTD if raw_length <= VALUE_LIMIT => {
            let packed = record.get(start..end)?;
            Bytes::from(zstd::bulk::decompress(packed, raw_length).ok()?)
        }
        _ => return None,
    };
    (ArtifactId::of(&value) == id).then_some(value)
}

trait SliceChecked: Sized {
    fn slice_checked(&self, start: usize, end: usize) -> Option<Self>;
}

impl SliceChecked for Bytes {
    fn slice_checked(&self, start: usize, end: usize) -> Option<Self> {
        (start <= end && end <= self.len()).then(|| self.slice(start..end))
    }
}

impl<'a> Put<'a> {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.key.as_bytes());
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.quality.good.to_le_bytes());
        out.extend_from_slice(&self.quality.bad.to_le_bytes());
        out.extend_from_slice(&self.created.to_le_bytes());
        let kind = &self.kind[..self.kind.floor_char_boundary(255)];
        out.push(kind.len() as u8);
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(self.lineage);
    }

    fn decode(payload: &'a [u8]) -> Option<Self> {
        let (key, rest) = payload.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (good, rest) = rest.split_first_chunk()?;
        let (bad, rest) = rest.split_first_chunk()?;
        let (created, rest) = rest.split_first_chunk()?;
        let (&[kind], rest) = rest.split_first_chunk()?;
        let (kind, lineage) = rest.split_at_checked(usize::from(kind))?;
        Some(Self {
            key: Key::from_bytes(*key),
            id: ArtifactId::from_bytes(*id),
            quality: Quality {
                good: u16::from_le_bytes(*good),
                bad: u16::from_le_bytes(*bad),
            },
            created: u64::from_le_bytes(*created),
            kind: str::from_utf8(kind).ok()?,
            lineage,
        })
    }
}

fn check(salt: &[u8; 32], offset: u64, record: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new_keyed(salt);
    hasher.update(&offset.to_le_bytes());
    hasher.update(&record[..16]);
    hasher.update(&record[HEADER..]);
    let mut check = [0; 8];
    hasher.finalize_xof().fill(&mut check);
    check
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?.first_chunk()?;
    Some(u32::from_le_bytes(*four))
}

/// What a scan found besides records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Scanned {
    /// Where the last whole record ends, or the scan's start.
    pub(crate) end: u64,
    /// Bytes before that which are in no whole record.
    pub(crate) damaged: u64,
}

/// Shows `visit` every whole record in `bytes`, which begin at `base` in their segment, with its offset and length. What is
/// between records is skipped.
pub(crate) fn scan<'a>(
    bytes: &'a [u8],
    salt: &[u8; 32],
    base: u64,
    mut visit: impl FnMut(u64, u32, Record<'a>),
) -> Scanned {
    let mut scanned = Scanned {
        end: base,
        damaged: 0,
    };
    let mut at = 0;
    while at + HEADER <= bytes.len() {
        let offset = base + at as u64;
        match Record::parse(&bytes[at..], salt, offset) {
            Some((record, length)) => {
                scanned.damaged += offset - scanned.end;
                scanned.end = offset + u64::from(length);
                at += length as usize;
                visit(offset, length, record);
            }
            None => at += ALIGN,
        }
    }
    scanned
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; 32] = [7; 32];

    fn value(bytes: &[u8]) -> (ArtifactId, Packed) {
        let packed = Packed::new(Bytes::copy_from_slice(bytes), 64);
        (ArtifactId::of(bytes), packed)
    }

    fn three() -> Vec<u8> {
        let (id, packed) = value(b"one");
        let mut out = Vec::new();
        Record::Value {
            id,
            stored: packed.stored(),
        }
        .encode(&SALT, 32, &mut out);
        let key = Key::from_bytes([1; 32]);
        let quality = Quality { good: 3, bad: 1 };
        let put = Put {
            key,
            id,
            quality,
            created: 5,
            kind: "test",
            lineage: b"lineage",
        };
        Record::Entry(put).encode(&SALT, 32, &mut out);
        Record::Tombstone(key).encode(&SALT, 32, &mut out);
        out
    }

    #[test]
    fn records_come_back() {
        let bytes = three();
        let mut found = Vec::new();
        let scanned = scan(&bytes, &SALT, 32, |_, length, record| {
            found.push((length, record))
        });
        assert_eq!(
            scanned,
            Scanned {
                end: 32 + bytes.len() as u64,
                damaged: 0
            }
        );
        assert_eq!(
            found
                .iter()
                .map(|(length, _)| *length as usize)
                .sum::<usize>(),
            bytes.len()
        );
        let [
            (_, Record::Value { .. }),
            (_, Record::Entry(put)),
            (_, Record::Tombstone(key)),
        ] = found[..]
        else {
            panic!("{found:?}");
        };
        assert_eq!(
            (put.kind, put.created, put.lineage),
            ("test", 5, &b"lineage"[..])
        );
        assert_eq!(put.key, key);
    }

    #[test]
    fn no_flipped_byte_is_taken_for_a_record() {
        let sound = three();
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x20;
            let mut n = 0;
            scan(&bytes, &SALT, 32, |_, _, _| n += 1);
            // Flipped padding harms nothing.
            assert!(n == 2 || (n == 3 && sound[at] == 0), "byte {at}: {n}");
        }
    }

    #[test]
    fn a_record_counts_at_its_own_place_only() {
        let bytes = three();
        let mut n = 0;
        scan(&bytes, &SALT, 40, |_, _, _| n += 1);
        scan(&bytes, &[8; 32], 32, |_, _, _| n += 1);
        assert_eq!(n, 0);
    }

    #[test]
    fn a_large_value_is_packed_and_comes_back() {
        let text = b"export const a = 1;\n".repeat(1000);
        let (id, packed) = value(&text);
        let mut out = Vec::new();
        Record::Value {
            id,
            stored: packed.stored(),
        }
        .encode(&SALT, 0, &mut out);
        assert!(out.len() < text.len() / 4, "{}", out.len());
        assert_eq!(value_of(out.clone(), id).as_deref(), Some(&text[..]));
        out[70] ^= 1;
        assert_eq!(value_of(out, id), None);
    }
}
