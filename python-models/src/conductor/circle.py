"""The Circle of Experts: of several answers the one that most speaks for.

The same steps as the Arbitration Engine's `choose`: how far an answer was checked, how much speaks for it, who is
surer, who is trusted more, who was first. What speaks for an answer is a vote: everybody who gives it adds the
logarithm of the odds to be right. `vote` is what a host does with texts, and has a twin in Rust (`symphony-assist`,
`circle`): both replay `circle.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import exp, log

# How many wrong answers there are for a right one; a wild guess, the Arbitration Engine's.
WRONG_ANSWERS = 100.0


class Validity(IntEnum):
    """How far an answer was checked; the later the better."""

    BROKEN = 0
    UNCHECKED = 1
    PARSES = 2
    RESOLVES = 3


class Because(IntEnum):
    """What decided between the answer taken and the best different one."""

    ONLY = 0
    VALIDITY = 1
    QUALITY = 2
    AGREEMENT = 3
    SOURCE = 4
    LATENCY = 5
    FIRST = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several answers."""

    # A fingerprint of what it says: equal answers have equal ones.
    answer: int
    # How probably it is right.
    quality: float
    validity: int
    latency_ms: float
    trust: float = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One of several answers, as a host has it."""

    text: str
    # Whose it is: the number in the pool.
    instrument: int
    # Whether the file parses with it, and all its names resolve; `None`: nobody looked.
    parses: bool | None
    resolves: bool | None
    # As the instrument says; `None`: it does not say, and its quality is taken.
    probability: float | None
    # The share of what the instrument showed that was kept.
    quality: float
    latency_ms: float

    def validity(self) -> Validity:
        """How far it was checked."""
        if self.parses is False or self.resolves is False:
            return Validity.BROKEN
        if self.parses is None:
            return Validity.UNCHECKED
        return Validity.PARSES if self.resolves is None else Validity.RESOLVES


@dataclass(frozen=True, slots=True)
class Choice:
    """Which answer is taken, and why."""

    index: int
    because: Because
    # How many gave the same answer, this one included.
    agreeing: int
    # How probably it is right, if the experts are independent; they seldom are.
    confidence: float


def _voice(quality: float) -> float:
    quality = min(0.999, max(0.001, quality)) if quality == quality else 0.001
    return max(0.0, log(quality * WRONG_ANSWERS / (1.0 - quality)))


def aggregate(
    candidates: Sequence[Candidate], deadline_ms: float = float("inf"), least_agreeing: int = 1
) -> Choice | None:
    """The answer to take of those that came in time; `None` if there is none on which so many agree."""
    return _choose(candidates, range(len(candidates)), deadline_ms, least_agreeing)


def vote(answers: Sequence[Answer], deadline_ms: float = float("inf"), least_agreeing: int = 1) -> Choice | None:
    """The same of texts. What an instrument says several times is said once, with its surest voice."""
    numbers: dict[str, int] = {}
    candidates = [
        Candidate(
            answer=numbers.setdefault(it.text, len(numbers)),
            quality=it.quality if it.probability is None else it.probability,
            # Of an unknown quality or time nothing can be said.
            validity=it.validity() if it.quality == it.quality else Validity.BROKEN,
            latency_ms=it.latency_ms,
            trust=it.quality,
        )
        for it in answers
    ]
    return _choose(candidates, [it.instrument for it in answers], deadline_ms, least_agreeing)


def _choose(
    candidates: Sequence[Candidate], experts: Sequence[int], deadline_ms: float, least_agreeing: int
) -> Choice | None:
    voices: dict[int, float] = {}
    # By answer and expert: the surest voice.
    said: dict[tuple[int, int], int] = {}
    for index, it in enumerate(candidates):
        if it.validity > Validity.BROKEN and it.latency_ms <= deadline_ms:
            voices[index] = _voice(it.quality)
            before = said.get((it.answer, experts[index]))
            if before is None or voices[index] > voices[before]:
                said[it.answer, experts[index]] = index
    support: dict[int, float] = {}
    agreeing: dict[int, int] = {}
    for index in sorted(said.values()):
        answer = candidates[index].answer
        support[answer] = support.get(answer, 0.0) + voices[index]
        agreeing[answer] = agreeing.get(answer, 0) + 1

    def standing(index: int) -> tuple[float, ...]:
        it = candidates[index]
        return (it.validity, support[it.answer], voices[index], it.trust, -it.latency_ms, -index)

    winner = max(voices, key=standing, default=None)
    if winner is None or agreeing[candidates[winner].answer] < least_agreeing:
        return None
    answer = candidates[winner].answer
    rest = (it for it in voices if candidates[it].answer != answer)
    other = max(rest, key=standing, default=None)
    because = Because.ONLY if other is None else _because(standing(winner), standing(other))
    # In the scale of the largest: a sum of many voices is beyond what a float holds.
    top = max(support.values())
    others = sum(exp(it - top) for it in support.values())
    confidence = exp(support[answer] - top) / (others + WRONG_ANSWERS * exp(-top))
    return Choice(winner, because, agreeing[answer], confidence)


def _because(ours: tuple[float, ...], theirs: tuple[float, ...]) -> Because:
    validity, support, voice, trust, latency, _ = (a != b for a, b in zip(ours, theirs, strict=True))
    if validity:
        return Because.VALIDITY
    if support:
        # With agreement only if the voice alone would not have done.
        return Because.QUALITY if ours[2] > theirs[2] else Because.AGREEMENT
    if voice:
        return Because.QUALITY
    return Because.SOURCE if trust else Because.LATENCY if latency else Because.FIRST
