//! Extensions: programs of their own that the server starts, talks to, fences in and ends.

pub mod host;
mod launch;
mod loaded;
pub mod manifest;
mod model_id;
mod quarantine;
mod sandbox;
pub mod sdk;
mod supervisor;
pub mod template;
pub mod wire;

pub use launch::launch;
pub use loaded::{Content, Loaded};
pub use model_id::{ModelId, ModelIdError};
pub use quarantine::{MAX_CRASHES, Quarantine, Record};
pub use sandbox::{Support, support};
pub use supervisor::Supervisor;
