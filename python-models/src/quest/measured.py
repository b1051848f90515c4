"""What was measured of a real server at masked places of real packages (`measure.py` made it): numbers only.

Files are split, not places: what levels are made of shares no file with what is trained on, and held-out packages share
nothing with either.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from conductor.weights import FRESH, LEARNED, NAMES, PLANS, TAUS, Plan

FILE = "measurements.jsonl"
HELD_OUT = frozenset(("zod", "react-router", "yjs"))
N_STEPS = len(TAUS)
# Columns of a row after what a policy sees of the place.
HEAD = 8
FIRST_OF = {(LEARNED, False): 0, (LEARNED, True): N_STEPS, (FRESH, False): 2 * N_STEPS, (NAMES, False): 3 * N_STEPS}
N_COLUMNS = 3 * N_STEPS + 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking; nothing was shown if `chars` is 0."""

    chars: int
    is_right: bool
    probability: float
    ms: float
    # Equal texts at one place have equal numbers.
    text: int


@dataclass(frozen=True, slots=True)
class Place:
    """A masked place."""

    corpus: str
    file: int
    surroundings: int
    prefix: int
    prefix_chars: int
    suffix_chars: int
    document_chars: int
    truth_chars: int
    answers: tuple[Answer, ...]

    def answer(self, slot: int, step: int, is_short: bool = False) -> Answer:
        """What was answered to one who asked so."""
        first = FIRST_OF[slot, is_short and (slot, True) in FIRST_OF]
        return self.answers[first if slot == NAMES else first + step]

    def answer_to(self, plan: Plan) -> Answer:
        """What came of a plan; where two have to agree, nothing unless they do."""
        one = self.answer(plan.slot, plan.tau, plan.is_short)
        if plan.other < 0:
            return one
        other = self.answer(plan.other, plan.tau)
        ms = max(one.ms, other.ms)
        if one.chars and other.chars and one.text == other.text:
            return Answer(one.chars, one.is_right, max(one.probability, other.probability), ms, one.text)
        return Answer(0, False, 0.0, ms, -1)


def measured_plans() -> list[int]:
    """The plans of which measurements know something."""
    return [at for at, it in enumerate(PLANS) if it.slot in (LEARNED, FRESH, NAMES)]


@cache
def places() -> tuple[Place, ...]:
    """All that was measured."""
    text = (resources.files("quest") / FILE).read_text(encoding="utf-8")
    head, *rows = map(json.loads, text.splitlines())
    if head["schema"] != 1 or tuple(head["taus"]) != TAUS:
        raise ValueError(f"measurements of another version: {head}")
    return tuple(map(_place, rows))


def _place(row: list[object]) -> Place:
    answers = [_answer(it) for it in row[HEAD:]]
    if len(answers) != N_COLUMNS:
        raise ValueError(f"expected {N_COLUMNS} answers, found {len(answers)}")
    # Five questions that differ in tau only are the same work: the least of five times is what it takes on a machine
    # that does nothing else.
    for first in range(0, N_COLUMNS, N_STEPS):
        group = answers[first : first + N_STEPS]
        least = min(it.ms for it in group)
        answers[first : first + N_STEPS] = [
            Answer(it.chars, it.is_right, it.probability, least, it.text) for it in group
        ]
    return Place(*row[:HEAD], tuple(answers))  # type: ignore[arg-type, call-arg]


def _answer(value: object) -> Answer:
    if isinstance(value, list):
        chars, right, probability, ms, text = value
        return Answer(chars, bool(right), probability, ms, text)
    if not isinstance(value, int | float):
        raise ValueError(f"expected an answer, found {value!r}")
    return Answer(0, False, 0.0, value, -1)


def is_for_levels(file: int) -> bool:
    """Whether levels are made of a file, by its number in its package; else it is learned from."""
    return file % 3 == 2


def training() -> list[Place]:
    """What may be learned from."""
    return [it for it in places() if it.corpus not in HELD_OUT and not is_for_levels(it.file)]


def for_levels(held_out: bool) -> dict[str, list[Place]]:
    """What levels are made of, by package."""
    pools: dict[str, list[Place]] = {}
    for it in places():
        if it.corpus in HELD_OUT if held_out else it.corpus not in HELD_OUT and is_for_levels(it.file):
            pools.setdefault(it.corpus, []).append(it)
    return pools
