//! What the engine promises, by example and against a simple reference.

mod behaviour;
mod model;
mod reference;
