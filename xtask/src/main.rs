//! Chores: `cargo xtask <verb>`.
fn main() {}
