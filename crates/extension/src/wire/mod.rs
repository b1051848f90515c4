//! The wire: frames, and the messages in them. `docs/protocol.md` is the specification, and
//! `crates/extension/vectors/wire.json` holds the examples that every SDK passes.

mod decode;
mod encode;
mod frame;
mod message;
mod value;

pub use decode::MessageError;
pub use frame::{FrameBuffer, FrameError, MAX_FRAME, frame};
pub use message::{Code, Condition, Level, Message, RequestId};
pub use value::{Value, ValueError};

/// The versions of the protocol that this crate speaks, the best first.
pub const VERSIONS: &[u32] = &[1];
