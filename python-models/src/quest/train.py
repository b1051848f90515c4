"""Training: what came of each plan at places of real code is counted; how puzzles are played is searched for.

All of it follows from the seed, and nothing from the machine: the weights are the same bytes wherever they are made.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import astuple, replace
from math import fsum

from conductor.tables import AS_EXPECTED, Tables, tables_of
from conductor.view import Surroundings, Trigger
from conductor.weights import FRESH, LEARNED, N_CELLS, N_SLOTS, NAMES, PLANS, After, Count, Weights, cell_of
from quest import callers, puzzle
from quest.measured import Place, measured_plans, training
from quest.puzzle import Puzzle

SLOTS = (LEARNED, FRESH, NAMES)
# Fewer places of a package say nothing about it.
LEAST_OF_A_PACKAGE = 5
# The search for how to play puzzles: of each generation the best make the next.
N_PUZZLES = 400
GENERATIONS = 3
POPULATION = 10
BEST = 3
A_GENERATION_PLAYS = 100
FIRST_SPREAD = 0.25
LEAST_SPREAD = 0.05
# To solve it is what counts; cheaply is better.
THRIFT = 0.3


def train(seed: int, generations: int = GENERATIONS, told: Callable[[str], None] | None = None) -> Weights:
    """The weights of a seed."""
    places, puzzles = training(), training_puzzles(seed)
    weights = count(places)
    weights = replace(weights, after=count_after(places, weights, tables_of(weights)))
    return replace(
        weights,
        calls=search(puzzles, random.Random(f"search:{seed}"), generations, told),
        command=f"python -m quest train --seed {seed}",
        seed=seed,
        levels_sha256=digest(places, puzzles),
    )


def training_puzzles(seed: int) -> list[Puzzle]:
    """Puzzles of all sizes; none of them is a level."""
    return [puzzle.generate(1 + at % 10, random.Random(f"training:{seed}:{at}")) for at in range(N_PUZZLES)]


def digest(places: list[Place], puzzles: list[Puzzle]) -> str:
    """Of all that was learned from."""
    lines = [json.dumps(astuple(it)) for it in places]
    lines += [json.dumps([it.budget, it.least, it.goal, [astuple(sign) for sign in it.signs]]) for it in puzzles]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def count(places: list[Place]) -> Weights:
    """What came of each measured plan in each situation, and how long it took."""
    counts = [[Count() for _ in PLANS] for _ in range(N_CELLS)]
    total_ms = [0.0] * len(PLANS)
    for place in places:
        cell = cell_of(place.surroundings, place.prefix, place.suffix_chars)
        for plan in measured_plans():
            answer = place.answer_to(PLANS[plan])
            right = answer.is_right and answer.chars > 0
            one = Count(1, float(answer.chars > 0), float(right), float(answer.chars if right else 0))
            counts[cell][plan] = counts[cell][plan].plus(one)
            total_ms[plan] += answer.ms
    plan_ms = tuple(round(it / max(1, len(places)), 3) for it in total_ms)
    return replace(Weights.empty(), counts=tuple(map(tuple, counts)), plan_ms=plan_ms)


def count_after(places: list[Place], weights: Weights, tables: Tables) -> tuple[tuple[tuple[After, ...], ...], ...]:
    """What each fallback brought where the one asked first, as it would be asked, had nothing to show.

    An observation is the mean of a package: what holds in one of them only is no reason to expect it in the next.
    """
    gains: dict[tuple[int, int, int], dict[str, list[float]]] = {}
    rows, prices = tables.rows[Trigger.AUTOMATIC], weights.prices
    for place in places:
        cell = cell_of(place.surroundings, place.prefix, place.suffix_chars)
        for first in SLOTS:
            row = rows[cell * N_SLOTS + first][AS_EXPECTED]
            one = place.answer(first, row.tau, row.is_short)
            if one.chars:
                continue
            for second in SLOTS:
                two = place.answer(second, row.tau)
                gain = 0.0
                if two.chars:
                    gain = two.chars if two.is_right else -prices.wrong
                    gain -= (one.ms + two.ms) / prices.ms_a_character
                gains.setdefault((place.surroundings, first, second), {}).setdefault(place.corpus, []).append(gain)
    totals = [[[After() for _ in range(N_SLOTS)] for _ in range(N_SLOTS)] for _ in Surroundings]
    for (where, first, second), by_corpus in gains.items():
        means = [sum(it) / len(it) for it in by_corpus.values() if len(it) >= LEAST_OF_A_PACKAGE]
        characters, squares = (round(sum(it**power for it in means), 3) for power in (1, 2))
        totals[where][first][second] = After(len(means), characters, squares)
    return tuple(tuple(map(tuple, rows)) for rows in totals)


def search(
    puzzles: list[Puzzle], rng: random.Random, generations: int, told: Callable[[str], None] | None
) -> tuple[float, ...]:
    """How puzzles are played best: the mean of the best of many guesses, again and again (cross-entropy method)."""
    # What a call costs for nothing is known to count; how much, and what else does, is not.
    mean, spread = list(callers.FIRST_GUESS), [FIRST_SPREAD] * len(callers.FEATURES)
    for generation in range(generations):
        drawn = rng.sample(puzzles, A_GENERATION_PLAYS)
        guesses = [tuple(rng.gauss(m, s) for m, s in zip(mean, spread, strict=True)) for _ in range(POPULATION)]
        scored = sorted(((_worth(drawn, it), it) for it in guesses), reverse=True)
        best = [it for _, it in scored[:BEST]]
        mean = [fsum(column) / BEST for column in zip(*best, strict=True)]
        # Some of the first spread is kept for a while, or it settles too soon.
        extra = FIRST_SPREAD * 0.25 ** (generation + 1)
        spread = [
            max(LEAST_SPREAD, (fsum((it - m) ** 2 for it in column) / BEST) ** 0.5 + extra)
            for column, m in zip(zip(*best, strict=True), mean, strict=True)
        ]
        if told is not None:
            told(f"generation {generation + 1}: {scored[0][0] / A_GENERATION_PLAYS:.3f}")
    return tuple(round(it, 4) for it in mean)


def _worth(puzzles: list[Puzzle], weights: tuple[float, ...]) -> float:
    shares = [callers.play(it, callers.trained(weights)) for it in puzzles]
    return fsum((it > 0) + THRIFT * it for it in shares)
