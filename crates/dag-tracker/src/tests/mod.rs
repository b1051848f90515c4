//! What the tracker promises, by example and against a simple reference.

mod edges;
mod model;
mod random_graph;
mod reference;
mod resume;
mod tracker;
mod validation;
