//! Imports before and after.
