//! Checkpoints: what of a graph need not be done again after a restart.
//!
//! A node with a key has a record: either *done* with its output, or *partial* with whatever a long job saved of its own.
//! The first byte tells them apart.

use bytes::{BufMut, Bytes, BytesMut};

use crate::JobKey;

const PARTIAL: u8 = 0;
const DONE: u8 = 1;

/// Where checkpoints are kept. The Pit keeps them in the Artifact Store.
///
/// Calls come from workers, and from the owner of the tracker for inline nodes: they should take microseconds. A record
/// that was lost costs a repetition, so neither method can fail.
pub trait Checkpoints: Send + Sync {
    /// What was saved last under this key, unchanged.
    fn load(&self, key: JobKey) -> Option<Bytes>;
    /// Keeps `record` under this key instead of what is there.
    fn save(&self, key: JobKey, record: Bytes);
}

/// Keeps nothing: every graph begins from the start.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCheckpoints;

impl Checkpoints for NoCheckpoints {
    fn load(&self, _: JobKey) -> Option<Bytes> {
        None
    }

    fn save(&self, _: JobKey, _: Bytes) {}
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saved {
    Nothing,
    Partial(Bytes),
    Done(Bytes),
}

pub(crate) fn load(checkpoints: &dyn Checkpoints, key: JobKey) -> Saved {
    let Some(mut record) = checkpoints.load(key) else {
        return Saved::Nothing;
    };
    match record.first() {
        Some(&DONE) => Saved::Done(record.split_off(1)),
        Some(&PARTIAL) => Saved::Partial(record.split_off(1)),
        // Written by somebody else: as good as nothing.
        _ => Saved::Nothing,
    }
}

pub(crate) fn save_done(checkpoints: &dyn Checkpoints, key: JobKey, output: &Bytes) {
    checkpoints.save(key, record(DONE, output));
}

pub(crate) fn save_partial(checkpoints: &dyn Checkpoints, key: JobKey, state: &Bytes) {
    checkpoints.save(key, record(PARTIAL, state));
}

fn record(tag: u8, content: &Bytes) -> Bytes {
    let mut record = BytesMut::with_capacity(1 + content.len());
    record.put_u8(tag);
    record.put_slice(content);
    record.freeze()
}
