"""Learning on from what the user accepted and rejected, locally: events in, weights out, nothing sent anywhere.

A host writes one line of JSON for each question that was answered, whether anything was shown or not:

    {"surroundings": 0, "prefix": 2, "suffix_chars": 0, "kind": 0, "state": 1, "tau": 0.5, "shown_chars": 14,
     "kept_chars": 14}

No text, no path and no time are in it. What was shown and not kept as a whole was wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from conductor.view import Kind, Prefix, State, Surroundings
from conductor.weights import PLANS, TAUS, Count, Weights, cell_of, slot_of

# One answer of this user says more about this user than one at a masked place of somebody's package. A guess.
WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Event:
    """What came of one question."""

    surroundings: int
    prefix: int
    suffix_chars: int
    kind: int
    state: int
    tau: float
    shown_chars: int
    kept_chars: int


_MOST = {"surroundings": max(Surroundings), "prefix": max(Prefix), "kind": max(Kind), "state": State.WARM, "tau": 1}


def read_events(text: str) -> tuple[list[Event], list[str]]:
    """The events of a file, and what is wrong with the lines that hold none."""
    events, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            events.append(_event(json.loads(line)))
        except (ValueError, RecursionError) as error:
            problems.append(f"line {number}: {error}")
    return events, problems


def _event(raw: object) -> Event:
    if not isinstance(raw, dict):
        raise ValueError(f"expected an object, found {type(raw).__name__}")
    values: list[float] = []
    for it in fields(Event):
        value = raw.get(it.name)
        types = (int, float) if it.name == "tau" else (int,)
        if isinstance(value, bool) or not isinstance(value, types) or not 0 <= value <= _MOST.get(it.name, 1 << 30):
            raise ValueError(f"{it.name}: {value!r}")
        values.append(value)
    return Event(*values)  # type: ignore[arg-type]


def learn(weights: Weights, events: Iterable[Event]) -> Weights:
    """The weights after `events`, whose order does not matter."""
    counts = [list(row) for row in weights.counts]
    n = 0
    for it in events:
        cell, plan = cell_of(it.surroundings, it.prefix, it.suffix_chars), plan_of(it)
        is_shown = it.shown_chars > 0
        is_right = is_shown and it.kept_chars >= it.shown_chars
        one = Count(1, float(is_shown), float(is_right), float(it.shown_chars if is_right else 0))
        counts[cell][plan] = counts[cell][plan].plus(one.times(WEIGHT))
        n += 1
    return replace(weights, counts=tuple(map(tuple, counts)), events=weights.events + n)


def plan_of(event: Event) -> int:
    """The plan that an event tells of: that of its instrument with the nearest tau."""
    slots = (slot_of(event.kind, event.state), slot_of(event.kind, State.WARM))
    own = [at for slot in slots for at, it in enumerate(PLANS) if it.slot == slot and it.other < 0 and not it.is_short]
    slot = PLANS[own[0]].slot
    return min((at for at in own if PLANS[at].slot == slot), key=lambda at: abs(TAUS[PLANS[at].tau] - event.tau))
