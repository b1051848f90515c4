"""Learning on from what the user accepted and rejected, locally: events in, weights out, nothing sent anywhere.

`learn_own` learns from all events that a host has kept, on from the weights of the package: to do it again changes
nothing.
A host writes one line of JSON for each question that was answered, whether anything was shown or not:

    {"surroundings": 0, "prefix": 2, "suffix_chars": 0, "kind": 0, "state": 1, "tau": 0.5, "shown_chars": 14,
     "kept_chars": 14}

No text, no path and no time are in it. What was shown and not kept as a whole was wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import conductor
from conductor.view import Kind, Prefix, State, Surroundings
from conductor.weights import PLANS, TAUS, Count, Weights, cell_of, slot_of

# One answer of this user says more about this user than one at a masked place of somebody's package. A guess.
WEIGHT = 4.0
# In a host's folder: the events, the oldest first, and what is learned from them.
EVENTS = ("events.1.jsonl", "events.jsonl")
WEIGHTS = "weights.json"


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
        cell = cell_of(it.surroundings, it.prefix, it.suffix_chars)
        is_shown = it.shown_chars > 0
        is_right = is_shown and it.kept_chars >= it.shown_chars
        one = Count(1, float(is_shown), float(is_right), float(it.shown_chars if is_right else 0))
        for plan in plans_of(it):
            counts[cell][plan] = counts[cell][plan].plus(one.times(WEIGHT))
        n += 1
    return replace(weights, counts=tuple(map(tuple, counts)), events=weights.events + n)


def plans_of(event: Event) -> list[int]:
    """The plans that an event tells of: what was shown is shown at a lower tau, what was not is at no higher one."""
    plan = PLANS[plan_of(event)]
    steps = range(plan.tau + 1) if event.shown_chars > 0 else range(plan.tau, len(TAUS))
    # How much of the text was given along is not told, and seldom matters: both are learned.
    return [at for at, it in enumerate(PLANS) if it.slot == plan.slot and it.other < 0 and it.tau in steps]


def plan_of(event: Event) -> int:
    """The plan that an event tells of: that of its instrument with the nearest tau."""
    slots = (slot_of(event.kind, event.state), slot_of(event.kind, State.WARM))
    own = [at for slot in slots for at, it in enumerate(PLANS) if it.slot == slot and it.other < 0 and not it.is_short]
    slot = PLANS[own[0]].slot
    return min((at for at in own if PLANS[at].slot == slot), key=lambda at: abs(TAUS[PLANS[at].tau] - event.tau))


def learn_own(folder: Path) -> tuple[int, list[str]]:
    """Learns from the events in `folder` and puts the weights there; how many there were, and what was left out.

    Whoever reads the weights meanwhile sees the old ones or the new ones, whole.
    """
    events: list[Event] = []
    problems: list[str] = []
    for name in EVENTS:
        path = folder / name
        if path.is_file():
            found, wrong = read_events(path.read_text(encoding="utf-8", errors="replace"))
            events += found
            problems += [f"{name}, {it}" for it in wrong]
    if events:
        write_whole(folder / WEIGHTS, learn(conductor.load().weights, events).to_json())
    return len(events), problems


def write_whole(path: Path, text: str) -> None:
    """Writes a file in place of another one: nobody ever sees a part of it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
