//! Extensions: programs of their own that the server starts, talks to, fences in and ends.

pub mod wire;
