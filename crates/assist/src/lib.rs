//! AI features above the language model and below the server: what is offered, and when.
//!
//! Texts and byte offsets in, plain values out; no editor protocol, no async runtime.

pub mod inline;
