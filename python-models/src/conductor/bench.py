"""`python -m conductor.bench`: what a decision costs. The only code of the package with a clock."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from time import perf_counter_ns
from typing import Any

from conductor import Candidate, aggregate, load
from conductor.samples import typical_views


def quantiles(run: Callable[[Any], object], inputs: Sequence[object], n: int) -> tuple[float, float, float]:
    """p50, p99 and mean of `n` calls, in microseconds, without what reading the clock costs."""
    times = []
    for it in islice(cycle(inputs), 1000):
        run(it)
    for it in islice(cycle(inputs), n):
        start = perf_counter_ns()
        run(it)
        times.append(perf_counter_ns() - start)
    empty = []
    for _ in range(1000):
        start = perf_counter_ns()
        empty.append(perf_counter_ns() - start)
    clock = sorted(empty)[500]
    times.sort()
    p50, p99, mean = ((it - clock) / 1000 for it in (times[n // 2], times[n * 99 // 100], sum(times) / n))
    return p50, p99, mean


def main() -> None:
    """Prints one line for each form of the question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=100_000, help="calls of each")
    options = parser.parse_args()
    policy = load()
    print(f"{'what':42} {'n':>8} {'p50 us':>8} {'p99 us':>8} {'mean us':>8}")
    for count in (1, 2, 4, 8):
        row(f"flat, {count} instruments", policy.flat, [it.numbers() for it in typical_views(count)], options.n)
    row("decide, 1 instrument, View to Decision", policy.decide, typical_views(1), options.n)
    rng = random.Random(1)
    for count in (2, 8, 32):
        circles = [
            [Candidate(rng.randrange(4), rng.random(), rng.randrange(4), rng.random() * 9) for _ in range(count)]
            for _ in range(64)
        ]
        row(f"aggregate, {count} candidates", aggregate, circles, options.n // 10)


def row(what: str, run: Callable[[Any], object], inputs: Sequence[object], n: int) -> None:
    """Measures and prints."""
    p50, p99, mean = quantiles(run, inputs, n)
    print(f"{what:42} {n:8} {p50:8.2f} {p99:8.2f} {mean:8.2f}")


if __name__ == "__main__":
    main()
