"""Generated puzzles: they can be solved, nothing hidden is seen, and nobody beats the bound."""

from __future__ import annotations

import copy
import dataclasses
import random
from math import fsum
from operator import mul

from hypothesis import given
from hypothesis import strategies as st

import conductor
from quest import belief, callers, puzzle
from quest.puzzle import Board, Outcome, Puzzle, Secret, Sign, Tried

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


@given(SIZES, SEEDS)
def test_a_belief_agrees_with_what_was_seen_and_the_truth_with_it(size: int, seed: int) -> None:
    it = made(size, seed)
    board, rng = puzzle.start(it), random.Random(seed)
    caller = callers.at_random(rng)
    for _ in range(20):
        move = caller(board)
        if move is None:
            break
        puzzle.call(it, board, move)
        seen = [belief.seen_of(tried) for tried in board.tried]
        assert all(belief.agrees(belief.bits(one.needs), two) for one, two in zip(it.secrets, seen, strict=True))
        for world in belief.Belief(board, rng).worlds(2):
            assert all(belief.agrees(one, two) for one, two in zip(world.needs, seen, strict=True))
            assert sorted(world.order) == list(range(len(world.order))) and world.order[-1] == it.goal


@given(SIZES, SEEDS)
def test_what_is_called_follows_from_the_board_alone(size: int, seed: int) -> None:
    it = made(size, seed)
    board, used = puzzle.start(it), callers.trained(WEIGHTS)
    for _ in range(6):
        move = used(board)
        if move is None:
            break
        again = copy.deepcopy(board)
        again.facts.clear()
        again.facts.update(sorted(board.facts, reverse=True))
        assert callers.trained(WEIGHTS)(again) == move and again == board
        puzzle.call(it, board, move)


def test_trained_solves_nineteen_of_twenty() -> None:
    puzzles = [made(1 + at % 10, at) for at in range(60)]
    assert sum(callers.play(it, callers.trained(WEIGHTS)) > 0 for it in puzzles) >= 57


def reliability(claimed: float, tried: Tried, n_facts: int) -> float:
    return fsum(map(mul, belief.RELIABILITIES, belief.chances(claimed, tried, n_facts)))


def test_what_claims_much_may_be_dead_until_it_has_worked() -> None:
    new, failed, worked = Tried(), Tried(failed=3), Tried(done=1, failed=3)
    few, many = 7, 8
    assert reliability(0.9, new, many) < 0.2 < 0.8 < reliability(0.9, new, few)
    assert reliability(0.9, failed, many) < 0.02 < 0.4 < reliability(0.9, worked, many)
    assert reliability(0.4, new, many) < reliability(0.7, new, many)
    # No function works after so many failures.
    assert reliability(0.4, Tried(failed=puzzle.DRAWS), few) == belief.TRUTH_OF_DEAD


@given(SIZES, SEEDS)
def test_the_budget_tells_which_worlds_are_likely(size: int, seed: int) -> None:
    it = made(size, seed)
    average = puzzle.cheapest(it.signs, it.secrets, it.start, it.goal, puzzle.expected)
    assert average is not None

    def off(worlds: list[belief.World]) -> float:
        costs = [guess.way(one, belief.bits(it.start))[0] for one in worlds]
        return sum(min(abs(cost / average - 1), 1.0) for cost in costs) / len(worlds)

    guess = belief.Belief(puzzle.start(it), random.Random(seed))
    likely = guess.likely(40)
    assert len(likely) == 40
    assert off(likely) <= off(guess.worlds(100)) + 0.05


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
    assert (board.tried[1].refusals, board.open()) == ([(frozenset({1}), 2)], [0, 2])
    assert puzzle.call(it, board, 0) is Outcome.FAILED
    assert puzzle.call(it, board, 0) is Outcome.DONE
    assert (board.left, board.facts, board.tried[1].is_blocked) == (20.0, {1, 2}, False)
    assert (board.tried[0].worked_with, board.tried[1].worked_with) == (frozenset({1}), None)
    assert puzzle.call(it, board, 1) is Outcome.DONE
    assert (board.left, board.goal in board.facts) == (12.0, True)


def test_the_way_is_the_cheapest_in_a_world() -> None:
    it = chain()
    board = puzzle.start(it)
    guess = belief.Belief(board, random.Random(1))
    sure = (1.0, 1.0, 1.0)
    world = belief.World((1, 2, 4, 3), (0b10, 0b100, 0b1000), sure, (4.0, 8.0, 1.0))
    assert guess.way(world, 0b10) == (12.0, frozenset({0, 1}))
    assert guess.way(world, 0b110) == (8.0, frozenset({1}))
    assert guess.way(world, 0b1000) == (0.0, frozenset())
    # No way: what the goal needs, only what comes after it makes.
    assert guess.way(dataclasses.replace(world, needs=(0b10000, 0b100, 0b100)), 0b10)[0] == belief.NEVER


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
