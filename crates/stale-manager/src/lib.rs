//! The Stale Manager knows what is no longer wanted, what is no longer true, and what may be forgotten.
