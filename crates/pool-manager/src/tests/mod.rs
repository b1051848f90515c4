//! Random events against what must always hold, the handle with instruments that are not there, and the mark of a lost one in every
//! order of threads.

mod breaker;
mod handle;
mod interleavings;
mod machine;
mod predict;
mod table;
