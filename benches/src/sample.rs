//! Durations of one operation, and the two percentiles that are asked of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;

/// The percentiles of one operation's times, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sample {
    /// How many times were measured.
    pub n: usize,
    /// The median, in nanoseconds.
    pub p50: f64,
    /// The 99th percentile, in nanoseconds.
    pub p99: f64,
}

impl Sample {
    /// The percentiles of `times`; all zero for no times at all.
    #[must_use]
    pub fn of(times: &[Duration]) -> Self {
        let nanoseconds = times.iter().map(|it| it.as_nanos() as f64).collect();
        Self::of_nanoseconds(nanoseconds)
    }

    fn of_nanoseconds(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let index = (times.len() as f64 * share) as usize;
            times.get(index.min(times.len().saturating_sub(1))).copied()
        };
        Self {
            n: times.len(),
            p50: at(0.5).unwrap_or_default(),
            p99: at(0.99).unwrap_or_default(),
        }
    }
}

/// Times each of `n` runs of an operation that takes microseconds or more, after a tenth of them as a warm-up.
pub fn each<R>(n: usize, mut operation: impl FnMut(usize) -> R) -> Sample {
    for index in 0..n / 10 {
        black_box(operation(index));
    }
    let mut times = Vec::with_capacity(n);
    for index in 0..n {
        let start = Instant::now();
        black_box(operation(index));
        times.push(start.elapsed());
    }
    Sample::of(&times)
}

/// Times an operation that takes nanoseconds, in rounds of `batch`: asking the clock costs more than the operation. The
/// percentiles are of the rounds' means, so `p99` hides single slow operations.
pub fn rounds<R>(rounds: usize, batch: usize, mut operation: impl FnMut(usize) -> R) -> Sample {
    let mut round = |first: usize| {
        let start = Instant::now();
        for index in first..first + batch {
            black_box(operation(index));
        }
        start.elapsed().as_nanos() as f64 / batch.max(1) as f64
    };
    for index in 0..rounds / 10 {
        round(index * batch);
    }
    let means = (0..rounds).map(|index| round(index * batch)).collect();
    let sample = Sample::of_nanoseconds(means);
    Sample {
        n: rounds * batch,
        ..sample
    }
}
