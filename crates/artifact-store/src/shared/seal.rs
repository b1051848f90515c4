//! What makes a value of the shared tier one's own: names and entries that only who knows the secret can make.
//!
//! ```text
//! encoding u8 | raw length u32 | lineage length u32 | tag [32] | lineage | value
//! ```
//! The tag is a keyed hash of the key that the entry answers and of all else in it. So who can write to the store can
//! neither make a value nor pass that of one key for another's. It is authenticated, not encrypted: who can read the
//! store can read the values, but finds them only by names that are keyed hashes as well.
//! All numbers are little-endian. The version of all this is in the names.

use bytes::{BufMut as _, Bytes, BytesMut};

use super::SharedError;
use crate::{Key, Lineage, log::VALUE_LIMIT};

const HEADER: usize = 9;
const TAG: usize = 32;
const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
/// From here on it is worth the time to make it shorter for the wire.
const COMPRESS_FROM: usize = 1 << 10;
/// Shorter ones can be guessed by who has an entry to try them on.
const SHORTEST: usize = 16;

/// What all machines know that share values, and nobody else. Forgets the text that it was made from.
#[derive(Clone)]
pub struct Secret {
    seal: [u8; 32],
    name: [u8; 32],
}

/// An entry that was found authentic.
pub(crate) struct Opened {
    pub(crate) value: Bytes,
    pub(crate) lineage: Lineage,
}

impl Secret {
    /// From a text of at least 16 bytes; white space around it does not count.
    ///
    /// # Errors
    /// If it is shorter.
    pub fn new(text: &str) -> Result<Self, SharedError> {
        let text = text.trim();
        if text.len() < SHORTEST {
            return Err(SharedError::ShortSecret);
        }
        let derive = |context| blake3::derive_key(context, text.as_bytes());
        Ok(Self {
            seal: derive("symphony 2026 shared tier seal"),
            name: derive("symphony 2026 shared tier name"),
        })
    }

    /// Under which name the entry of a key is kept.
    pub(crate) fn name(&self, key: &Key) -> String {
        let hex = blake3::keyed_hash(&self.name, key.as_bytes()).to_hex();
        // The folder keeps listings short where names are files.
        format!("v1/{}/{hex}", &hex[..2])
    }

    /// The entry of a value.
    pub(crate) fn seal(&self, key: &Key, lineage: &Lineage, value: &Bytes) -> Bytes {
        // Nothing in it can fail to be written to memory.
        let lineage = postcard::to_stdvec(lineage).unwrap_or_default();
        let packed = (value.len() >= COMPRESS_FROM)
            .then(|| zstd::bulk::compress(value, 1).ok())
            .flatten()
            .filter(|packed| packed.len() < value.len());
        let (encoding, payload) = match &packed {
            Some(packed) => (ZSTD, &packed[..]),
            None => (PLAIN, &value[..]),
        };
        let mut entry = BytesMut::with_capacity(HEADER + TAG + lineage.len() + payload.len());
        entry.put_u8(encoding);
        entry.put_u32_le(value.len() as u32);
        entry.put_u32_le(lineage.len() as u32);
        entry.put_bytes(0, TAG);
        entry.put_slice(&lineage);
        entry.put_slice(payload);
        let tag = self.tag(key, &entry[..HEADER], &entry[HEADER + TAG..]);
        entry[HEADER..HEADER + TAG].copy_from_slice(tag.as_bytes());
        entry.freeze()
    }

    /// What an entry says, if it was sealed for this key with this secret.
    pub(crate) fn open(&self, key: &Key, entry: &Bytes) -> Option<Opened> {
        let (header, rest) = entry.split_at_checked(HEADER)?;
        let (tag, body) = rest.split_first_chunk::<TAG>()?;
        // Compared in constant time.
        if self.tag(key, header, body) != *tag {
            return None;
        }
        // From here on it is what a holder of the secret has written.
        let number = |at: usize| Some(u32::from_le_bytes(*header.get(at..)?.first_chunk()?));
        let (raw_length, lineage_length) = (number(1)? as usize, number(5)? as usize);
        let (lineage, _) = body.split_at_checked(lineage_length)?;
        let payload = entry.slice(HEADER + TAG + lineage_length..);
        let value = match header[0] {
            PLAIN => payload,
            ZSTD if raw_length <= VALUE_LIMIT => {
                Bytes::from(zstd::bulk::decompress(&payload, raw_length).ok()?)
            }
            _ => return None,
        };
        let lineage = postcard::from_bytes(lineage).ok()?;
        Some(Opened { value, lineage })
    }

    fn tag(&self, key: &Key, header: &[u8], body: &[u8]) -> blake3::Hash {
        // Key and header are of one length each, and the header says where in the body the value begins.
        let mut hasher = blake3::Hasher::new_keyed(&self.seal);
        hasher.update(key.as_bytes()).update(header).update(body);
        hasher.finalize()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    const KEY: Key = Key::from_bytes([1; 32]);

    fn lineage() -> Lineage {
        Lineage::new(Kind::new("test"), "tests", "1", 1_000).parameter("a", "b")
    }

    #[test]
    fn entries_come_back_for_their_key_and_secret_only() {
        let ours = secret("a secret of the team");
        for value in [&b""[..], b"short", &b"export const a = 1;\n".repeat(1000)] {
            let value = Bytes::copy_from_slice(value);
            let entry = ours.seal(&KEY, &lineage(), &value);
            assert!(entry.len() <= value.len() + 100);
            let opened = ours.open(&KEY, &entry).unwrap();
            assert_eq!((opened.value, opened.lineage), (value, lineage()));
            assert!(ours.open(&Key::from_bytes([2; 32]), &entry).is_none());
            let theirs = secret("a secret of the others");
            assert!(theirs.open(&KEY, &entry).is_none());
            assert_ne!(theirs.name(&KEY), ours.name(&KEY));
        }
    }

    #[test]
    fn no_changed_or_cut_entry_opens() {
        let secret = secret("a secret of the team");
        let sound = secret.seal(&KEY, &lineage(), &Bytes::from(vec![7; 2_000]));
        for at in 0..sound.len() {
            let mut changed = sound.to_vec();
            changed[at] ^= 0x10;
            assert!(secret.open(&KEY, &changed.into()).is_none(), "byte {at}");
            assert!(secret.open(&KEY, &sound.slice(..at)).is_none(), "cut {at}");
        }
    }

    #[test]
    fn a_secret_is_long_enough_and_shows_nothing() {
        assert!(matches!(
            Secret::new("  short  "),
            Err(SharedError::ShortSecret)
        ));
        let padded = secret("\n a secret of the team\n");
        assert_eq!(padded.name(&KEY), secret("a secret of the team").name(&KEY));
        assert_eq!(format!("{padded:?}"), "Secret(..)");
    }
}
