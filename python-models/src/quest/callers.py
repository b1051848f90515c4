"""Who plays generated puzzles: the trained policy, and those that it has to beat. Each sees no more than a `Board`."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import fsum
from operator import mul

from quest.belief import NEVER, Belief, bits
from quest.puzzle import MOST_CALLS, REFUSAL_SHARE, Board, Outcome, Puzzle, call, start

# The next call, of those that can be paid; `None` gives up.
Caller = Callable[[Board], int | None]

FEATURES = (
    "what its refusals cost",
    "what its calls cost that bring the goal no nearer",
    "is the next step of the cheapest way",
)
# From where the search for their weights begins.
FIRST_GUESS = (-1.0, -1.0, 0.3)
# What is hidden is guessed so often.
WORLDS = 12
# What seems never to work is called again so often, at most: a hundred times.
LEAST_CHANGES = 0.01


@dataclass(slots=True)
class Prospect:
    """What calling a function brought in the worlds that were guessed."""

    refused: int = 0
    succeeded: float = 0.0
    wasted: float = 0.0
    steps: int = 0


def features(board: Board) -> list[tuple[int, tuple[float, ...]]]:
    """What is to be expected of each function that may bring something new, but of those that are sure to be refused.

    A call is made again until something comes of it, if only a refusal: so its cost is that of all of these calls.
    """
    tried = board.tried
    open_ones = [it for it in board.open() if tried[it].missing is None or tried[it].missing in board.facts]
    if len(open_ones) < 2:
        # Nothing to choose.
        return [(it, (0.0,) * len(FEATURES)) for it in open_ones]
    prospects, n = prospects_of(board, Belief(board, random.Random(board.calls)), open_ones)
    mean_cost = sum(it.cost for it in board.signs) / len(board.signs)
    rows: list[tuple[int, tuple[float, ...]]] = []
    for it in open_ones:
        sign, prospect = board.signs[it], prospects[it]
        refusal = prospect.refused / n
        changes = max(LEAST_CHANGES, refusal + prospect.succeeded / n)
        row = (
            REFUSAL_SHARE * sign.cost * refusal / mean_cost / changes,
            prospect.wasted / n / mean_cost / changes,
            prospect.steps / n / changes,
        )
        rows.append((it, row))
    return rows


def prospects_of(board: Board, belief: Belief, functions: list[int]) -> tuple[dict[int, Prospect], int]:
    """What the calls of some functions bring, summed over guesses at the hidden, and how many guesses these are."""
    prospects = {it: Prospect() for it in functions}
    facts, n = bits(board.facts), 0
    for world in belief.likely(WORLDS):
        least, on_way = belief.way(world, facts)
        if least == NEVER:
            continue
        n += 1
        gains: dict[int, float] = {}
        for it in functions:
            if world.needs[it] & ~facts:
                prospects[it].refused += 1
                continue
            makes, reliability = board.signs[it].makes, world.reliabilities[it]
            if makes not in gains:
                gains[makes] = least - belief.way(world, facts | 1 << makes)[0]
            prospects[it].succeeded += reliability
            prospects[it].wasted += board.signs[it].cost - reliability * gains[makes]
            prospects[it].steps += it in on_way
    return prospects, max(1, n)


def trained(weights: tuple[float, ...]) -> Caller:
    """The function with the highest score; of equal ones the first."""

    def choose(board: Board) -> int | None:
        best, best_score = None, float("-inf")
        for at, row in features(board):
            score = fsum(map(mul, weights, row))
            if score > best_score:
                best, best_score = at, score
        return best

    return choose


def at_random(rng: random.Random) -> Caller:
    """Any function that makes something new."""

    def choose(board: Board) -> int | None:
        open_ones = [it for it in board.affordable() if board.signs[it].makes not in board.facts]
        return rng.choice(open_ones) if open_ones else None

    return choose


def greedy(board: Board) -> int | None:
    """The most promise for its price now: the goal if it may work, else anything new, never what was just refused."""
    best, best_score = None, float("-inf")
    for at in board.open():
        sign = board.signs[at]
        score = sign.claimed / sign.cost + (1000.0 if sign.makes == board.goal else 0.0)
        if score > best_score:
            best, best_score = at, score
    return best


def static() -> Caller:
    """The order in which the functions are listed, again and again, without those that have done their work."""
    place = -1

    def choose(board: Board) -> int | None:
        nonlocal place
        open_ones = [it for it in board.affordable() if board.signs[it].makes not in board.facts]
        if not open_ones:
            return None
        place = next((it for it in open_ones if it > place), open_ones[0])
        return place

    return choose


def play(puzzle: Puzzle, caller: Caller, told: Callable[[int, Outcome, Board], None] | None = None) -> float:
    """What a player is worth on a puzzle: of what the one who knows everything has left, its share; 0 unless solved."""
    board = start(puzzle)
    while board.goal not in board.facts and board.calls < MOST_CALLS:
        function = caller(board)
        if function is None or puzzle.signs[function].cost > board.left:
            return 0.0
        outcome = call(puzzle, board, function)
        if told is not None:
            told(function, outcome, board)
    if board.goal not in board.facts:
        return 0.0
    # Who solves it with the last coin has solved it.
    return max(0.01, board.left / (puzzle.budget - puzzle.least))
