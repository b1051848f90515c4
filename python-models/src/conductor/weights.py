"""The weights of the policy: what was counted, of which plan, in which situation. A file of its own, versioned.

They are counts and not coefficients: what is learned later is added, in any order, with the same result. What follows
from them (`tables.py`) is computed when they are loaded. Reading the file is left to `load`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from conductor.view import Kind, Prefix, State, Surroundings, View

# A file with another number is refused.
SCHEMA = 1

TAUS = (0.2, 0.35, 0.5, 0.65, 0.8)


class Plan(NamedTuple):
    """One way to ask. `other` is the slot that has to agree, or -1."""

    name: str
    slot: int
    tau: int
    is_short: bool = False
    other: int = -1


def slot_of(kind: int, state: int) -> int:
    """Instruments of one slot are asked in the same ways."""
    return kind * 2 + state


N_SLOTS = 2 * len(Kind)
LEARNED = slot_of(Kind.LOCAL, State.WARM)
FRESH = slot_of(Kind.LOCAL, State.COLD)
NAMES = slot_of(Kind.NAMES, State.WARM)
SERVER = slot_of(Kind.SERVER, State.WARM)
REMOTE = slot_of(Kind.REMOTE, State.WARM)


def _plans() -> tuple[Plan, ...]:
    steps = tuple(enumerate(TAUS))
    return (
        *(Plan(f"learned {tau}", LEARNED, step) for step, tau in steps),
        *(Plan(f"learned, short context {tau}", LEARNED, step, is_short=True) for step, tau in steps),
        *(Plan(f"fresh {tau}", FRESH, step) for step, tau in steps),
        *(Plan(f"learned and fresh agree {tau}", LEARNED, step, other=FRESH) for step, tau in steps),
        Plan("names", NAMES, 0),
        *(Plan(f"server {tau}", SERVER, step) for step, tau in steps),
        *(Plan(f"remote {tau}", REMOTE, step) for step, tau in steps),
    )


PLANS = _plans()
N_CELLS = len(Surroundings) * len(Prefix) * 2


def cell_of(surroundings: int, prefix: int, suffix_chars: float) -> int:
    """The situation: what the cursor stands in, what is before it, whether something is after it in its line."""
    return (surroundings * 6 + prefix) * 2 + (suffix_chars > 0)


def cell_of_view(view: View) -> int:
    """The situation of a view."""
    return cell_of(view.surroundings, view.prefix, view.suffix_chars)


class Count(NamedTuple):
    """What came of a plan in a situation."""

    asked: float = 0
    shown: float = 0
    right: float = 0
    right_chars: float = 0

    def plus(self, other: Count) -> Count:
        return Count(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, factor: float) -> Count:
        return Count(*(round(it * factor, 6) for it in self))


class After(NamedTuple):
    """What a fallback was worth where the one asked first had nothing to say, in several packages."""

    asked: float = 0
    characters: float = 0
    # Of characters: how sure the mean is.
    squares: float = 0


class WeightsError(ValueError):
    """A file that holds no weights, or those of another version."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What is given for what, in characters: the one place where units meet."""

    # Reading and dismissing a wrong suggestion breaks a train of thought: a wild guess, one word typed.
    wrong: float = 5.0
    # Who asked looks at it anyway.
    wrong_invoked: float = 2.0
    # Somebody who types 5 characters a second writes one in the time.
    ms_a_character: float = 200.0
    money_a_character: float = 500.0


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned, and from what."""

    counts: tuple[tuple[Count, ...], ...]
    plan_ms: tuple[float, ...]
    # By surroundings, the slot asked first and the one asked then.
    after: tuple[tuple[tuple[After, ...], ...], ...]
    calls: tuple[float, ...] = ()
    prices: Prices = Prices()
    command: str = ""
    seed: int = 0
    levels_sha256: str = ""
    events: int = 0

    @staticmethod
    def empty() -> Weights:
        """Nothing was learned: everything is the prior."""
        counts = tuple(tuple(Count() for _ in PLANS) for _ in range(N_CELLS))
        slots = tuple(tuple(After() for _ in range(N_SLOTS)) for _ in range(N_SLOTS))
        after = tuple(slots for _ in Surroundings)
        return Weights(counts, tuple(0.0 for _ in PLANS), after)

    def grew_from(self, other: Weights) -> bool:
        """Whether these are `other` and what was learned since."""
        return (self.command, self.seed, self.levels_sha256) == (other.command, other.seed, other.levels_sha256)

    def to_json(self) -> str:
        """The file: the same bytes for the same weights."""
        counts = {
            str(cell): {str(plan): [_short(it) for it in count] for plan, count in enumerate(row) if count.asked}
            for cell, row in enumerate(self.counts)
            if any(it.asked for it in row)
        }
        after = [
            [where, first, second, *(_short(value) for value in it)]
            for where, rows in enumerate(self.after)
            for first, row in enumerate(rows)
            for second, it in enumerate(row)
            if it.asked
        ]
        head = {
            "schema": SCHEMA,
            "command": self.command,
            "seed": self.seed,
            "levels_sha256": self.levels_sha256,
            "events": self.events,
            "plans": [it.name for it in PLANS],
            "prices": {name: getattr(self.prices, name) for name in Prices.__slots__},
            "plan_ms": [_short(it) for it in self.plan_ms],
            "after": after,
            "calls": [_short(it) for it in self.calls],
        }
        lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
        cells = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in counts.items()]
        lines.append(' "counts": {' + "".join(["\n" + ",\n".join(cells) + "\n "] if cells else []) + "}")
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @staticmethod
    def from_json(text: str) -> Weights:
        """The weights of a file.

        Raises `WeightsError`, whatever the text is.
        """
        try:
            raw = json.loads(text)
            if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
                found = raw.get("schema") if isinstance(raw, dict) else type(raw).__name__
                raise WeightsError(f"expected weights of schema {SCHEMA}, found {found!r}")
            return _read(raw)
        except WeightsError:
            raise
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError) as error:
            raise WeightsError(f"no weights: {type(error).__name__}: {error}") from error


def _read(raw: dict[str, object]) -> Weights:
    if raw["plans"] != [it.name for it in PLANS]:
        raise WeightsError("the plans are not those of this version")
    empty = Weights.empty()
    counts = [list(row) for row in empty.counts]
    for cell, row in _mapping(raw["counts"]).items():
        for plan, numbers in _mapping(row).items():
            count = Count(*_numbers(numbers))
            if not 0 <= count.right <= count.shown <= count.asked or count.right_chars < 0:
                raise WeightsError(f"counts that cannot be: cell {cell}, plan {plan}: {list(count)}")
            counts[_place(cell, N_CELLS)][_place(plan, len(PLANS))] = count
    after = [[list(row) for row in rows] for rows in empty.after]
    for numbers in _list(raw["after"]):
        where, first, second, *rest = _numbers(numbers)
        rows = after[_place(where, len(Surroundings))]
        rows[_place(first, N_SLOTS)][_place(second, N_SLOTS)] = After(*rest)
    plan_ms = _numbers(raw["plan_ms"])
    if len(plan_ms) != len(PLANS):
        raise WeightsError(f"expected {len(PLANS)} latencies, found {len(plan_ms)}")
    prices = Prices(**{key: _numbers([value])[0] for key, value in _mapping(raw["prices"]).items()})
    if min(prices.ms_a_character, prices.money_a_character) <= 0 or min(prices.wrong, prices.wrong_invoked) < 0:
        raise WeightsError(f"prices that cannot be: {prices}")
    return Weights(
        counts=tuple(map(tuple, counts)),
        plan_ms=plan_ms,
        after=tuple(tuple(map(tuple, rows)) for rows in after),
        calls=_numbers(raw["calls"]),
        prices=prices,
        command=str(raw["command"]),
        seed=int(_numbers([raw["seed"]])[0]),
        levels_sha256=str(raw["levels_sha256"]),
        events=int(_numbers([raw["events"]])[0]),
    )


def _short(number: float) -> float:
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _place(value: object, end: int) -> int:
    place = int(str(value).removesuffix(".0"))
    if not 0 <= place < end:
        raise WeightsError(f"{place} is not below {end}")
    return place


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise WeightsError(f"expected an object, found {type(value).__name__}")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise WeightsError(f"expected a list, found {type(value).__name__}")
    return value


def _numbers(value: object) -> tuple[float, ...]:
    numbers = []
    for it in _list(value):
        if isinstance(it, bool) or not isinstance(it, int | float) or it != it or abs(it) > 1e12:
            raise WeightsError(f"expected a number, found {it!r}")
        numbers.append(it)
    return tuple(numbers)
