"""Generated puzzles: they can be solved, nothing hidden is seen, and nobody beats the bound."""

from __future__ import annotations

import dataclasses
import random

from hypothesis import given
from hypothesis import strategies as st

import conductor
from quest import callers, puzzle
from quest.puzzle import Board, Outcome, Puzzle, Secret, Sign

WEIGHTS = conductor.load().weights.calls or (1.0,) * len(callers.FEATURES)
SEEDS = st.integers(0, 10**6)
SIZES = st.integers(1, 10)


def made(size: int, seed: int) -> Puzzle:
    return puzzle.generate(size, random.Random(seed))


def everybody(seed: int) -> list[callers.Caller]:
    return [
        callers.trained(WEIGHTS),
        callers.at_random(random.Random(seed)),
        callers.greedy,
        callers.static(),
    ]


@given(SIZES, SEEDS)
def test_a_seed_makes_one_puzzle_and_it_can_be_solved(size: int, seed: int) -> None:
    it = made(size, seed)
    assert it == made(size, seed)
    assert 0 < it.least < it.budget
    assert it.goal not in it.start


@given(SIZES, SEEDS)
def test_nobody_beats_the_one_who_knows_everything(size: int, seed: int) -> None:
    it = made(size, seed)
    for caller in everybody(seed):
        share = callers.play(it, caller)
        assert 0 <= share <= 1 + 1e-9


@given(SIZES, SEEDS)
def test_what_is_hidden_changes_no_move_before_it_is_found_out(size: int, seed: int) -> None:
    it = made(size, seed)
    rng = random.Random(seed)
    # The same signs with other secrets: as long as the same came of the calls, the moves are the same.
    swapped = dataclasses.replace(it, secrets=tuple(rng.sample(it.secrets, len(it.secrets))))
    for one, two in zip(everybody(seed), everybody(seed), strict=True):
        a, b = puzzle.start(it), puzzle.start(swapped)
        for _ in range(60):
            move = one(a)
            assert move == two(b)
            if move is None or puzzle.call(it, a, move) != puzzle.call(swapped, b, move) or a != b:
                break


def test_a_board_holds_nothing_of_the_secrets() -> None:
    assert {it.name for it in dataclasses.fields(Board)} == {
        "signs", "goal", "budget", "left", "facts", "tried", "calls",
    }  # fmt: skip
    assert {it.name for it in dataclasses.fields(Sign)} == {"makes", "cost", "claimed"}


def chain() -> Puzzle:
    """1 is there; 2 needs 1, 3 (the goal) needs 2. The first maker of 2 fails once."""
    signs = (Sign(2, 4, 0.8), Sign(3, 8, 0.9), Sign(4, 1, 0.9))
    secrets = (
        Secret(frozenset({1}), False, 0.8, (False, True)),
        Secret(frozenset({2}), True, 0.9, (True,)),
        Secret(frozenset({3}), False, 0.9, (True,)),
    )
    return Puzzle(signs, secrets, frozenset({1}), 3, 30.0, 16.0)


def test_a_call_is_done_fails_or_is_refused_and_costs_what_it_says() -> None:
    it = chain()
    board = puzzle.start(it)
    assert puzzle.call(it, board, 1) is Outcome.REFUSED
    assert (board.left, board.tried[1].missing, board.tried[1].is_blocked) == (28.0, 2, True)
    assert (board.wanted(), board.open()) == ({2, 3}, [0, 2])
    assert puzzle.call(it, board, 0) is Outcome.FAILED
    assert puzzle.call(it, board, 0) is Outcome.DONE
    assert (board.left, board.facts, board.tried[1].is_blocked) == (20.0, {1, 2}, False)
    assert puzzle.call(it, board, 1) is Outcome.DONE
    assert (board.left, board.goal in board.facts) == (12.0, True)


def test_the_bound_counts_the_luck() -> None:
    it = chain()
    prices = [
        puzzle.cheapest(it.signs, it.secrets, it.start, it.goal, price) for price in (puzzle.lucky, puzzle.expected)
    ]
    assert prices == [4 * 2 + 8, 4 / 0.8 + 8 / 0.9]


def test_who_asks_in_the_right_order_gets_all_of_it() -> None:
    order = iter((0, 0, 1))
    assert callers.play(chain(), lambda _: next(order)) == 1.0
    assert callers.play(chain(), lambda _: None) == 0.0
