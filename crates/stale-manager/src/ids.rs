//! Names of what the Stale Manager is told about. They mean nothing to it.

/// An open document; a number of the caller's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(pub u64);

/// A job that was registered; given out by the handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// What a job does: jobs of one kind supersede each other, jobs of different kinds never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobKind(pub u16);

/// The key of an artifact: a cryptographic hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Artifact(pub [u8; 32]);

/// What an artifact is; purged together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ArtifactKind(pub u16);

/// Something that an artifact read: the text of a file, the signature of a declaration, a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dependency {
    /// What sort of thing it is; a number of the caller's choice.
    pub domain: u64,
    /// Which of them.
    pub id: u64,
}

/// What a dependency was like when it was read: a hash of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 16]);

impl From<[u8; 32]> for Fingerprint {
    /// The first half of a longer hash: 128 bits keep accidents away.
    fn from(hash: [u8; 32]) -> Self {
        let [first, ..] = hash.as_chunks::<16>().0 else {
            return Self([0; 16]);
        };
        Self(*first)
    }
}
