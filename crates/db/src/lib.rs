//! One sentence on what this crate owns.
