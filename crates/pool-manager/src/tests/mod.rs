//! Random events against what must always hold, and the handle with instruments that are not there.

mod breaker;
mod handle;
mod machine;
mod predict;
mod table;
