"""Who plays generated puzzles: the trained policy, and those that it has to beat. Each sees no more than a `Board`."""

from __future__ import annotations

import random
from collections.abc import Callable
from operator import mul

from quest.puzzle import MOST_CALLS, Board, Outcome, Puzzle, call, start

# The next call, of those that can be paid; `None` gives up.
Caller = Callable[[Board], int | None]

FEATURES = (
    "makes the goal",
    "makes what is known to be wanted",
    "makes something else while there is something wanted to try",
    "refusals",
    "cost, of what is left",
    "reliability, as claimed and as seen",
    "failures",
    "was never tried",
    "was never tried, and much is there",
    "what it missed is there",
    "times as dear as the best way to the same",
)


def features(board: Board) -> list[tuple[int, tuple[float, ...]]]:
    """What is known of each function that may bring something new."""
    wanted, left = board.wanted(), board.left
    # Expected cost of each function, and of the best to each fact.
    prices: dict[int, tuple[float, float]] = {}
    best: dict[int, float] = {}
    for at in board.open():
        sign, tried = board.signs[at], board.tried[at]
        reliability = (2 * sign.claimed + tried.done) / (2 + tried.done + tried.failed)
        price = sign.cost / reliability
        prices[at] = price, reliability
        best[sign.makes] = min(best.get(sign.makes, price), price)
    n_makes = len({it.makes for it in board.signs} | board.facts)
    there = len(board.facts) / n_makes
    has_wanted = not wanted.isdisjoint(best)
    rows: list[tuple[int, tuple[float, ...]]] = []
    for at, (price, reliability) in prices.items():
        sign, tried = board.signs[at], board.tried[at]
        is_new = not (tried.done or tried.failed or tried.refused)
        is_wanted = sign.makes in wanted
        row = (
            1.0 if sign.makes == board.goal else 0.0,
            1.0 if is_wanted else 0.0,
            1.0 if has_wanted and not is_wanted else 0.0,
            min(1.0, tried.refused / 4),
            sign.cost / left,
            reliability,
            min(1.0, tried.failed / 4),
            1.0 if is_new else 0.0,
            there if is_new else 0.0,
            1.0 if tried.missing in board.facts else 0.0,
            min(1.0, price / best[sign.makes] / 4),
        )
        rows.append((at, row))
    return rows


def trained(weights: tuple[float, ...]) -> Caller:
    """The function with the highest score; of equal ones the first."""

    def choose(board: Board) -> int | None:
        best, best_score = None, float("-inf")
        for at, row in features(board):
            score = sum(map(mul, weights, row))
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
