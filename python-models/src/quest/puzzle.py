"""Generated puzzles: functions with hidden preconditions and failures are called until the goal is there.

A player sees the `Board`: what each function makes, costs and claims, and what came of the calls so far. What a
function needs, and how reliable it really is, is in the `Puzzle`, which no player is given. The n-th call of a function
fails or not whoever makes it, so that players are compared on the same luck.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

# A refusal is cheap but not free: the call was made.
REFUSAL_SHARE = 0.25
# The bar: what the cheapest way costs on average, as much again for bad luck, and one refusal of each function for
# finding out what they need.
LUCK_FACTOR = 2.0
# A function that failed so often in the draws always fails from there on.
DRAWS = 12
MOST_CALLS = 400


class Outcome(IntEnum):
    """What came of a call."""

    DONE = 0
    FAILED = 1
    REFUSED = 2


@dataclass(frozen=True, slots=True)
class Sign:
    """What is written on a function."""

    makes: int
    cost: int
    # How reliable it says that it is; not quite true.
    claimed: float


@dataclass(frozen=True, slots=True)
class Secret:
    """What is not: the facts it needs, whether a refusal names one of them, and which calls of it succeed."""

    needs: frozenset[int]
    tells: bool
    reliability: float
    draws: tuple[bool, ...]

    def succeeds(self, call: int) -> bool:
        return call < len(self.draws) and self.draws[call]


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A level."""

    signs: tuple[Sign, ...]
    secrets: tuple[Secret, ...]
    start: frozenset[int]
    goal: int
    budget: float
    # What the cheapest way costs, the luck known: the bound that no player beats.
    least: float


@dataclass(slots=True)
class Tried:
    """What a player has seen of a function."""

    done: int = 0
    failed: int = 0
    refused: int = 0
    # Refused, and nothing has changed since: it will be again.
    is_blocked: bool = False
    # What the last refusal named.
    missing: int | None = None
    # What was there at each refusal, and what it named.
    refusals: list[tuple[frozenset[int], int | None]] = field(default_factory=list)
    # What was there when it was not refused first.
    worked_with: frozenset[int] | None = None


@dataclass(slots=True)
class Board:
    """All that a player sees."""

    signs: tuple[Sign, ...]
    goal: int
    budget: float
    left: float
    facts: set[int]
    tried: list[Tried] = field(default_factory=list)
    calls: int = 0

    def affordable(self) -> list[int]:
        """Functions that could be called with what is left."""
        return [at for at, it in enumerate(self.signs) if it.cost <= self.left]

    def open(self) -> list[int]:
        """Of those the ones that may bring something new: not what is there, nor what was just refused."""
        return [
            it for it in self.affordable() if self.signs[it].makes not in self.facts and not self.tried[it].is_blocked
        ]


def start(puzzle: Puzzle) -> Board:
    """The board before the first call."""
    tried = [Tried() for _ in puzzle.signs]
    return Board(puzzle.signs, puzzle.goal, puzzle.budget, puzzle.budget, set(puzzle.start), tried)


def call(puzzle: Puzzle, board: Board, function: int) -> Outcome:
    """Calls a function, pays for it and writes down what came of it."""
    sign, secret, tried = puzzle.signs[function], puzzle.secrets[function], board.tried[function]
    board.calls += 1
    missing = secret.needs - board.facts
    if missing:
        board.left -= sign.cost * REFUSAL_SHARE
        tried.refused += 1
        tried.is_blocked = True
        tried.missing = min(missing) if secret.tells else None
        tried.refusals.append((frozenset(board.facts), tried.missing))
        return Outcome.REFUSED
    board.left -= sign.cost
    if tried.worked_with is None:
        tried.worked_with = frozenset(board.facts)
    if not secret.succeeds(tried.done + tried.failed):
        tried.failed += 1
        return Outcome.FAILED
    tried.done += 1
    if sign.makes not in board.facts:
        board.facts.add(sign.makes)
        for it in board.tried:
            it.is_blocked = False
    return Outcome.DONE


def generate(size: int, rng: random.Random) -> Puzzle:
    """A puzzle that can be solved; the larger `size` (1 to 10), the more there is to find out."""
    while True:
        puzzle = _attempt(size, rng)
        if puzzle is not None:
            return puzzle


def _attempt(size: int, rng: random.Random) -> Puzzle | None:
    n_facts = 5 + size * 7 // 10
    # Facts have numbers that say nothing about their order.
    order = rng.sample(range(n_facts), n_facts)
    n_start = 1 + (size > 3)
    goal = order[-1]
    signs, secrets = [], []
    for rank in range(n_start, n_facts):
        for _ in range(rng.choice((1, 2, 2, 3))):
            n_needs = min(rank, rng.choice((1, 1, 2, 2, 3) if size > 2 else (1, 1, 2)))
            # Near ones first: chains, not stars.
            near = order[max(0, rank - 4) : rank]
            needs = frozenset(rng.sample(near, min(n_needs, len(near))))
            reliability = rng.choice((0.95, 0.8, 0.6, 0.4))
            if size > 4 and rng.random() < 0.1:
                reliability = 0.0
            claimed = min(0.99, max(0.05, reliability + rng.gauss(0, 0.15))) if reliability else 0.9
            cost = max(1, round(rng.uniform(2, 8) * (0.5 + reliability)))
            draws = tuple(rng.random() < reliability for _ in range(DRAWS))
            signs.append(Sign(order[rank], cost, round(claimed, 2)))
            secrets.append(Secret(needs, rng.random() < 0.6, reliability, draws))
    shuffled = rng.sample(range(len(signs)), len(signs))
    signs, secrets = [signs[it] for it in shuffled], [secrets[it] for it in shuffled]
    start_facts = frozenset(order[:n_start])
    average, least = (cheapest(tuple(signs), tuple(secrets), start_facts, goal, it) for it in (expected, lucky))
    if average is None or least is None:
        return None
    budget = LUCK_FACTOR * average + REFUSAL_SHARE * sum(it.cost for it in signs)
    if least >= budget:
        return None
    return Puzzle(tuple(signs), tuple(secrets), start_facts, goal, budget, least)


def expected(sign: Sign, secret: Secret) -> float | None:
    """What a function costs on average until it succeeds."""
    return sign.cost / secret.reliability if secret.reliability > 0 else None


def lucky(sign: Sign, secret: Secret) -> float | None:
    """What it costs with the luck that it will have."""
    fails = next((at for at, it in enumerate(secret.draws) if it), None)
    return None if fails is None else sign.cost * (fails + 1.0)


def cheapest(
    signs: tuple[Sign, ...],
    secrets: tuple[Secret, ...],
    facts: frozenset[int],
    goal: int,
    price_of: Callable[[Sign, Secret], float | None],
) -> float | None:
    """What the goal costs somebody who knows everything, if a function costs `price_of` until it succeeds."""
    prices = [price_of(sign, secret) for sign, secret in zip(signs, secrets, strict=True)]
    bits = [sum(1 << it for it in secret.needs) for secret in secrets]
    first = sum(1 << it for it in facts)
    # Each fact has to be made once only, so a state is the set of facts.
    queue, seen = [(0.0, first)], {first: 0.0}
    while queue:
        spent, state = heapq.heappop(queue)
        if state >> goal & 1:
            return spent
        if spent > seen[state]:
            continue
        for sign, needs, price in zip(signs, bits, prices, strict=True):
            after = state | 1 << sign.makes
            if price is None or after == state or needs & ~state:
                continue
            if spent + price < seen.get(after, float("inf")):
                seen[after] = spent + price
                heapq.heappush(queue, (spent + price, after))
    return None
