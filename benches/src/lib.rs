//! What the benchmarks share: a figure beside its peer's, and how it is told.
//!
//! Run by `cargo xtask bench NAME`. Timing belongs here and never into a test; machines are noisy, so a figure is
//! a ratio to a peer that was measured in the same run wherever there is one.

mod arguments;
mod figure;
mod sample;
mod table;

pub use arguments::Arguments;
pub use figure::{Bound, Figure, Peer};
pub use sample::{Sample, each, rounds};
use table::table;
