//! Random events against simple references, the handle, and the token in every order of its threads.

mod depend;
mod handle;
mod interleavings;
mod quarantine;
mod retain;
mod supersede;
mod typing;

use crate::Artifact;

fn artifact(number: u64) -> Artifact {
    // Spread, as a hash is: the ghost queue knows a key by its first eight bytes.
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    Artifact(bytes)
}
