//! The embedded language model: what text probably follows the cursor?
//!
//! An n-gram model over tokens with three scopes (project, directory, file) and a copy level, kept
//! in suffix arrays. It knows nothing but the texts it is given: no editor protocol, no file
//! system, no syntax tree, no clock. `symphony-assist` decides what of its answers to show.
//!
//! A workspace is learned once with [`Model::build`] in the background, then kept up to date with
//! [`Model::update`] when a document is opened, saved, closed or changed on disk, and put in order
//! with [`Model::maintain`] in an idle moment. Requests ([`Model::complete`]) wait for none of this.
//! The open document's own text comes with the request; what the index has of it is left out.

mod builtin;
mod copy;
mod decode;
mod file;
mod index;
mod lex;
mod mixture;
mod model;
mod persist;
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
