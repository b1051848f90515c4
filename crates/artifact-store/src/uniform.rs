//! Hash tables over hashes: a blake3 hash is spread evenly already, so its first eight bytes are its hash code.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Takes the last 64 bits written as they are. Only for keys that are hashes.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Uniform(u64);

impl Hasher for Uniform {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

pub(crate) type BuildUniform = BuildHasherDefault<Uniform>;
pub(crate) type UniformMap<K, V> = HashMap<K, V, BuildUniform>;
pub(crate) type UniformSet<K> = HashSet<K, BuildUniform>;
