//! The embedded language model: what text probably follows the cursor?
//!
//! An n-gram model over tokens with three scopes (project, directory, file) and a copy level, kept
//! in suffix arrays. It knows nothing but the texts it is given: no editor protocol, no file
//! system, no syntax tree, no clock. `symphony-assist` decides what of its answers to show.

mod builtin;
mod copy;
mod decode;
mod file;
mod index;
mod lex;
mod mixture;
mod model;
mod predict;
mod spacing;
mod train;
mod vocab;
mod weights;

pub use decode::{Completion, Cut, Query};
pub use file::FileState;
pub use model::{Change, Model, Options, Stats};
pub use train::Trainer;
pub use weights::{Manner, Weights};
