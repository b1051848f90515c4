"""Levels from real code: what is measured, what a policy sees of it, and that nobody beats hindsight."""

from __future__ import annotations

import dataclasses
import random

import pytest

import conductor
from conductor import Decision, Kind, State, Surroundings, View
from conductor.weights import FRESH, LEARNED, NAMES, PLANS, Prices
from quest import deciders, measured, session
from quest.measured import Answer, Place
from quest.session import SCENARIOS, WHOLE, Game, Session
from quest.text import is_right, prefix_of, surroundings_of

PRICES = Prices()


def levels(held_out: bool = False) -> list[Session]:
    pools = measured.for_levels(held_out)
    return [session.generate(at, pools, random.Random(at)) for at in range(len(SCENARIOS))]


def everybody(seed: int) -> list[session.Policy]:
    return [conductor.load(), deciders.static, deciders.greedy, deciders.at_random(random.Random(seed))]


def test_what_is_learned_from_levels_and_held_out_packages_share_no_file() -> None:
    groups = [
        {(it.corpus, it.file) for it in measured.training()},
        {(it.corpus, it.file) for pool in measured.for_levels(False).values() for it in pool},
        {(it.corpus, it.file) for pool in measured.for_levels(True).values() for it in pool},
    ]
    assert all(groups)
    assert not groups[0] & groups[1] and not groups[0] & groups[2] and not groups[1] & groups[2]
    assert {corpus for corpus, _ in groups[2]} == measured.HELD_OUT
    assert not {corpus for corpus, _ in groups[0]} & measured.HELD_OUT


def test_no_policy_decides_nonsense_or_beats_hindsight() -> None:
    for at, level in enumerate(levels() + levels(held_out=True)):
        most = session.hindsight(level, PRICES)
        for policy in everybody(at):

            def told(_: Game, view: View, decision: Decision, __: session.Asked) -> None:
                assert conductor.validate(decision, view) is None

            assert session.play(level, policy, PRICES, told) <= most + 1e-6


def test_answers_that_nobody_asked_for_change_no_decision() -> None:
    level = levels()[0]
    views: list[list[View]] = []
    for places in (
        level.places,
        tuple(dataclasses.replace(it, truth_chars=0, answers=it.answers[::-1]) for it in level.places),
    ):
        seen: list[View] = []
        game = Game(dataclasses.replace(level, places=places), PRICES)
        while not game.is_over():
            seen.append(game.view())
            game.step(deciders.SILENT)
        views.append(seen)
    assert views[0] == views[1]


def test_an_outage_and_a_purse_are_seen() -> None:
    outage, saving = (next(it for it in levels() if it.scenario.name == name) for name in ("outage", "saving"))
    states = []
    game = Game(outage, PRICES)
    while not game.is_over():
        states.append(game.view().instruments[0].state)
        game.step(deciders.SILENT)
    n = len(outage.places)
    assert (states[0], states[n // 2], states[-1]) == (State.WARM, State.FAILED, State.WARM)
    game = Game(saving, PRICES)
    while not game.is_over():
        game.step(deciders.static(game.view()))
    assert 0 <= game.left < saving.money


def place(*answers: tuple[int, int, Answer]) -> Place:
    """A place where the given slots and steps answer, and the others do not."""
    row = [Answer(0, False, 0.0, 10.0, -1)] * measured.N_COLUMNS
    for slot, step, answer in answers:
        row[measured.FIRST_OF[slot, False] + step] = answer
    return Place("x", 0, 0, 0, 0, 0, 100, 20, tuple(row))


def game_of(*places: Place) -> Game:
    instruments = tuple(session._instruments(False))
    triggers = (conductor.Trigger.AUTOMATIC,) * len(places)
    return Game(Session("x", SCENARIOS[4], places, triggers, instruments, 0), PRICES)


def ask(**changes: object) -> Decision:
    base = Decision(True, 0, False, 0, (), WHOLE, 1, 0.5, 0, 1500, 0)
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


RIGHT = Answer(12, True, 0.7, 20.0, 0)
WRONG = Answer(9, False, 0.6, 20.0, 1)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (ask(), 12 - 20 / 200),
        (ask(debounce_ms=100), 12 - 120 / 200),
        # Not probable enough, too late, or somebody who said nothing.
        (ask(tau=0.75), 0.0),
        (ask(deadline_ms=15), 0.0),
        (ask(instrument=2), 0.0),
        (ask(instrument=1), -5 - 20 / 200),
        (ask(instrument=2, fallbacks=(0,)), 12 - 30 / 200),
        # These two do not agree, and nonsense is nothing.
        (ask(fallbacks=(1,), consensus=True), 0.0),
        (ask(instrument=7), 0.0),
    ],
)
def test_the_reward_is_what_was_kept_less_the_wait_and_the_wrong(decision: Decision, expected: float) -> None:
    game = game_of(place((LEARNED, 2, RIGHT), (FRESH, 2, WRONG)))
    assert game.step(decision).reward == pytest.approx(expected)


def test_two_that_agree_are_shown_and_judged_as_one() -> None:
    game = game_of(place((LEARNED, 2, RIGHT), (FRESH, 2, RIGHT)), place())
    asked = game.step(ask(fallbacks=(1,), consensus=True))
    assert asked.answer == RIGHT
    first = game.view().instruments[0]
    assert (first.quality, first.quality_n, game.view().accepted) == (1.0, 1, 1)


def test_measured_plans_are_those_of_which_there_is_a_column() -> None:
    assert {PLANS[it].slot for it in measured.measured_plans()} == {LEARNED, FRESH, NAMES}
    assert all(len(it.answers) == measured.N_COLUMNS for it in measured.places())
    assert [Kind(it.kind) for it in session._instruments(False)] == [Kind.LOCAL, Kind.LOCAL, Kind.NAMES]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("  ", "BLANK"),
        ("  foo", "WORD"),
        ("a.b?.", "MEMBER"),
        ("f(a, ", "OPEN"),
        ("const x = ", "ASSIGN"),
        ("return ", "ASSIGN"),
        ("const ", "OTHER"),
        ("f() ", "OTHER"),
    ],
)
def test_what_is_before_the_cursor(before: str, expected: str) -> None:
    assert prefix_of(before).name == expected


def test_what_the_cursor_stands_in() -> None:
    text = "import { a,\n  b } from 'x';\nlet s = 'it\\'s'; // no\nf(`a\n${b}`)\n/* c */ d\n"
    kinds = surroundings_of(text)

    def at(part: str) -> Surroundings:
        return kinds[text.index(part) + 1]

    assert (at("{ a"), at("b }"), at("s ="), at("it\\'"), at("no")) == (3, 3, 0, 1, 2)
    assert (at("a\n$"), at("c *"), kinds[text.index("d\n")]) == (1, 2, 0)


@pytest.mark.parametrize(
    ("shown", "truth", "expected"),
    [
        ("foo", "foo(bar)", True),
        ("fo", "foo(bar)", False),
        ("foo(", "foo(bar)", True),
        ("", "x", False),
        ("y", "x", False),
    ],
)
def test_right_is_all_of_it_and_no_half_word(shown: str, truth: str, expected: bool) -> None:
    assert is_right(shown, truth) is expected
