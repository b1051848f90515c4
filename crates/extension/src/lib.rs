//! Extensions: programs of their own that the server starts, talks to, fences in and ends.

pub mod manifest;
mod model_id;
pub mod wire;

pub use model_id::{ModelId, ModelIdError};
