"""Who plays generated puzzles: the trained policy, and those that it has to beat. Each sees no more than a `Board`."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from math import exp
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
    "is the next step of the cheapest way to the goal that is known",
    "is probably not refused",
    "was refused without a word",
)
# How many facts functions need, each as often as any other: as training puzzles show it.
NEEDS = (1, 1, 2, 2, 3)
# Of claims and truths, as training puzzles show them.
TRUTHS = (0.95, 0.8, 0.6, 0.4)
CLAIM_SPREAD = 0.15
DEAD, CLAIM_OF_DEAD = 0.05, 0.9
LEAST_RELIABILITY = 0.001


def features(board: Board) -> list[tuple[int, tuple[float, ...]]]:
    """What is known of each function that may bring something new, but of those that are sure to be refused."""
    wanted, left = board.wanted(), board.left
    prices = [_price(board, at) for at in range(len(board.signs))]
    open_ones = [at for at in board.open() if board.tried[at].missing is None or board.tried[at].missing in board.facts]
    # The best to each fact.
    best: dict[int, float] = {}
    for at in open_ones:
        makes = board.signs[at].makes
        best[makes] = min(best.get(makes, prices[at][0]), prices[at][0])
    n_makes = len({it.makes for it in board.signs} | board.facts)
    there = len(board.facts) / n_makes
    has_wanted = not wanted.isdisjoint(best)
    chances = [_chance(board, at, n_makes) for at in range(len(board.signs))]
    next_steps = _next_steps(board, prices, chances)
    rows: list[tuple[int, tuple[float, ...]]] = []
    for at in open_ones:
        sign, tried, (price, reliability) = board.signs[at], board.tried[at], prices[at]
        is_new = not (tried.done or tried.failed or tried.refused)
        is_wanted = sign.makes in wanted
        row = (
            1.0 if sign.makes == board.goal else 0.0,
            1.0 if is_wanted else 0.0,
            1.0 if has_wanted and not is_wanted else 0.0,
            min(1.0, tried.refused / 4),
            sign.cost / left,
            reliability,
            min(1.0, tried.failed / 8),
            1.0 if is_new else 0.0,
            there if is_new else 0.0,
            1.0 if tried.missing in board.facts else 0.0,
            min(1.0, price / best[sign.makes] / 4),
            1.0 if at in next_steps else 0.0,
            chances[at],
            1.0 if tried.refused and tried.missing is None else 0.0,
        )
        rows.append((at, row))
    return rows


def _price(board: Board, at: int) -> tuple[float, float]:
    """What a function costs until it succeeds, and how reliable it seems."""
    sign, tried = board.signs[at], board.tried[at]
    reliability = _reliability(sign.claimed, tried.done, tried.failed)
    return sign.cost / reliability, reliability


@cache
def _reliability(claimed: float, done: int, failed: int) -> float:
    """What is to be expected of a function that claims so much, and did and failed so often.

    Claims are about right, but one function in some twenty never works, and claims much.
    """
    total = success = 0.0
    for truth in TRUTHS:
        likely = exp(-(((claimed - truth) / CLAIM_SPREAD) ** 2) / 2) * truth**done * (1 - truth) ** failed
        total += likely
        success += likely * truth
    if not done:
        total += DEAD * len(TRUTHS) * exp(-(((claimed - CLAIM_OF_DEAD) / CLAIM_SPREAD) ** 2) / 2)
    return max(LEAST_RELIABILITY, success / total) if total > 0 else LEAST_RELIABILITY


def _chance(board: Board, at: int, n_facts: int) -> float:
    """How probably a function is not refused: that all it needs is there, as far as refusals have told."""
    tried = board.tried[at]
    if tried.done or tried.failed:
        return 1.0
    known = len(tried.named)
    if not tried.named <= board.facts:
        return 0.0
    there, others = len(board.facts) - known, n_facts - 1 - known
    now = _all_there(there, others, known)
    if not tried.refused or tried.missing is not None:
        return now
    # It was refused with so much there, so it needs something beyond that.
    then = _all_there(min(there, tried.facts_then - known), others, known)
    return (now - then) / (1 - then) if then < 1 else 0.0


@cache
def _all_there(there: int, others: int, known: int) -> float:
    """How probably all further needs of a function are among the facts that are there, of all others."""
    total = 0.0
    for needs in NEEDS:
        share = 1.0
        for at in range(needs - known):
            share *= max(0, there - at) / max(1, others - at)
        total += share
    return total / len(NEEDS)


def _next_steps(board: Board, prices: list[tuple[float, float]], chances: list[float]) -> set[int]:
    """What can be called at once of the cheapest way to the goal, as far as refusals have told what is needed."""
    unknown = sum(price for price, _ in prices) / len(prices)
    needs = [it.named - board.facts for it in board.tried]
    never = float("inf")
    cost = dict.fromkeys(board.facts, 0.0)
    way: dict[int, int] = {}
    # Facts are few: as often as a fact can become cheaper by another.
    for _ in range(len(needs)):
        is_same = True
        for at, (price, _) in enumerate(prices):
            tried = board.tried[at]
            if tried.is_blocked and tried.missing is None:
                continue
            total = price + unknown * (1 - chances[at]) + sum(cost.get(it, never) for it in needs[at])
            makes = board.signs[at].makes
            if total < cost.get(makes, never):
                cost[makes], way[makes], is_same = total, at, False
        if is_same:
            break
    steps, left, seen = set(), [board.goal], set()
    while left:
        fact = left.pop()
        if fact in seen or fact in board.facts or fact not in way:
            continue
        seen.add(fact)
        steps.add(way[fact])
        left.extend(needs[way[fact]])
    return steps


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
