"""The levels: the same for the same seed, on every machine. Odd ones are generated puzzles, even ones real code.

Those made for `held_out` are all from packages that training never saw.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from conductor.policy import Policy
from conductor.weights import Prices, Weights
from quest import callers, deciders, measured, puzzle, session
from quest.puzzle import Puzzle
from quest.session import SOLVED_SHARE, Session

POLICIES = ("trained", "random", "greedy", "static", "oracle")
LARGEST = 10


@dataclass(frozen=True, slots=True)
class Level:
    """A numbered puzzle or session."""

    number: int
    seed: int
    game: Puzzle | Session

    def describe(self) -> str:
        """One line for a person."""
        if isinstance(self.game, Puzzle):
            n_facts = len({it.makes for it in self.game.signs} | self.game.start)
            return f"puzzle: {len(self.game.signs)} functions, {n_facts} facts, budget {self.game.budget:.0f}"
        return f"code: {self.game.corpus}, {len(self.game.places)} places, {self.game.scenario.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a policy made of a level: whether it is solved, and the share of what the oracle gets."""

    is_solved: bool
    share: float


def make(number: int, seed: int, held_out: bool = False) -> Level:
    """A level, from 1 on."""
    rng = random.Random(f"{'held-out' if held_out else 'level'}:{seed}:{number}")
    if number % 2 and not held_out:
        size = min(LARGEST, (number + 1) // 2)
        return Level(number, seed, puzzle.generate(size, rng))
    at = number - 1 if held_out else number // 2 - 1
    return Level(number, seed, session.generate(at, measured.for_levels(held_out), rng))


def caller(name: str, level: Level, weights: Weights) -> callers.Caller:
    """Who plays a puzzle under a name of `POLICIES`."""
    if name == "random":
        return callers.at_random(random.Random(f"random:{level.seed}:{level.number}"))
    if name == "static":
        return callers.static()
    return callers.greedy if name == "greedy" else callers.trained(weights.calls)


def decider(name: str, level: Level, weights: Weights) -> session.Policy:
    """Who plays a session under a name of `POLICIES`."""
    others: dict[str, Callable[[], session.Policy]] = {
        "random": lambda: deciders.at_random(random.Random(f"random:{level.seed}:{level.number}")),
        "static": lambda: deciders.static,
        "greedy": lambda: deciders.greedy,
    }
    return others[name]() if name in others else Policy(weights)


def play(level: Level, name: str, weights: Weights) -> Result:
    """Plays a level."""
    game = level.game
    if isinstance(game, Puzzle):
        share = 1.0 if name == "oracle" else callers.play(game, caller(name, level, weights))
        return Result(share > 0, share)
    # What counts is the same for all, whatever prices somebody's weights hold.
    prices = Prices()
    most = session.hindsight(game, prices)
    own = most if name == "oracle" else session.play(game, decider(name, level, weights), prices)
    return Result(most > 0 and own >= SOLVED_SHARE * most, own / most if most > 0 else 0.0)
