//! Names of values: what they are (`ArtifactId`) and what they answer (`Key`).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The text is no hash of 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("read a hash: it has 64 hexadecimal digits")]
pub struct ParseIdError;

macro_rules! hash_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name([u8; 32]);

        impl $name {
            /// From the bytes of the hash.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes of the hash.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                let [a, b, c, d, e, f, g, h, ..] = self.0;
                state.write_u64(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                blake3::Hash::from_bytes(self.0).to_hex().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let hex = blake3::Hash::from_bytes(self.0).to_hex();
                write!(f, "{}({})", stringify!($name), &hex[..12])
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let hash = blake3::Hash::from_hex(text).map_err(|_| ParseIdError)?;
                Ok(Self(*hash.as_bytes()))
            }
        }
    };
}

hash_type! {
    /// What a value is: the blake3 hash of its bytes.
    ArtifactId
}

hash_type! {
    /// What a value answers: the blake3 hash of everything that the answer depends on.
    Key
}

impl ArtifactId {
    /// The id of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

/// What sort of artifact a key or a value is: `summary`, `manifest`, `completion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(&'static str);

impl Kind {
    /// A kind by its short name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// Builds a [`Key`] of named parts. Each name and each part goes in with its length before it, so two lists of parts give
/// the same key only if they are the same list.
#[derive(Clone)]
pub struct KeyBuilder(Box<blake3::Hasher>);

impl KeyBuilder {
    /// A key of this kind; `schema` is the version of the value's encoding.
    #[must_use]
    pub fn new(kind: Kind, schema: u32) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("symphony 2026 artifact store key");
        update(&mut hasher, kind.name().as_bytes());
        hasher.update(&schema.to_le_bytes());
        Self(Box::new(hasher))
    }

    /// Names one more thing that the value depends on. Order counts.
    #[must_use]
    pub fn part(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        update(&mut self.0, name.as_bytes());
        update(&mut self.0, bytes.as_ref());
        self
    }

    /// The key.
    #[must_use]
    pub fn finish(self) -> Key {
        Key(*self.0.finalize().as_bytes())
    }
}

fn update(hasher: &mut blake3::Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: Kind = Kind::new("summary");

    #[test]
    fn parts_do_not_run_together() {
        let key = |parts: &[(&str, &str)]| {
            let builder = KeyBuilder::new(SUMMARY, 1);
            let builder = parts
                .iter()
                .fold(builder, |it, (name, part)| it.part(name, part));
            builder.finish()
        };
        let keys = [
            key(&[]),
            key(&[("a", "bc")]),
            key(&[("ab", "c")]),
            key(&[("abc", "")]),
            key(&[("a", "b"), ("c", "")]),
            key(&[("a", ""), ("b", "c")]),
            KeyBuilder::new(SUMMARY, 2).finish(),
            KeyBuilder::new(Kind::new("summar"), 1).finish(),
        ];
        for (index, one) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(one), "{index}");
        }
        assert_eq!(keys[1], key(&[("a", "bc")]));
    }

    #[test]
    fn hashes_are_written_and_read_as_hexadecimal() {
        let id = ArtifactId::of(b"one");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("one".parse::<Key>(), Err(ParseIdError));
    }
}
