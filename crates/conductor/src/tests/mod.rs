//! Layout, vectors and the rules of a decision: what needs no Python.

mod layout;
mod rules;
