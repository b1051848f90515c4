//! Benchmarks: `cargo bench -p symphony-benches`. Timing belongs here and never into a test.
