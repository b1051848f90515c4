"""What a policy sees, and what it answers: frozen, of plain numbers, so that a host in another language can fill it.

The order of the fields here *is* the layout of the flat form; `schema.json` is generated from it. Nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any

# Of both flat forms; a host with another number must not call.
LAYOUT = 1

Numbers = tuple[float, ...]


class Trigger(IntEnum):
    """Why there is a question."""

    AUTOMATIC = 0
    INVOKED = 1


class Surroundings(IntEnum):
    """What the cursor stands in."""

    CODE = 0
    STRING = 1
    COMMENT = 2
    IMPORT = 3


class Prefix(IntEnum):
    """What is before the cursor in its line."""

    BLANK = 0
    WORD = 1
    MEMBER = 2
    OPEN = 3
    ASSIGN = 4
    OTHER = 5


class Kind(IntEnum):
    """What sort of instrument it is."""

    LOCAL = 0
    NAMES = 1
    SERVER = 2
    REMOTE = 3


class State(IntEnum):
    """What an instrument can do at once. A local model is cold while it has not learned the workspace."""

    COLD = 0
    WARM = 1
    FAILED = 2


class Reason(IntEnum):
    """Why it was decided so; the first two ask, the others are silent."""

    WORTH_IT = 0
    ASKED_FOR = 1
    NO_INSTRUMENT = 2
    NO_TIME = 3
    NO_BUDGET = 4
    NOT_WORTH_IT = 5


def _number(
    doc: str, *, least: float = 0, most: float | None = None, unit: str = "", names: type[IntEnum] | None = None
) -> Any:  # noqa: ANN401 - what `field` is for a type checker
    if names is not None:
        most = max(names)
    return field(metadata={"doc": doc, "least": least, "most": most, "unit": unit, "names": names})


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something that can be asked. Cost and identity are the Pool Manager's."""

    id: int = _number("its number in the pool", most=63)
    kind: int = _number("what sort it is", names=Kind)
    state: int = _number("what it can do at once", names=State)
    p50_ms: float = _number("expected time until the answer, a start included", unit="ms")
    p95_ms: float = _number("in 95 of 100 cases not more", unit="ms")
    cost: int = _number("of one call", unit="millionths of money")
    quality: float = _number("share of what it showed that was kept", most=1)
    quality_n: int = _number("on how many that rests; 0: nothing is known")
    context_tokens: int = _number("the most that it reads", unit="tokens")

    def numbers(self) -> Numbers:
        """The flat form. Spelt out, here and below: ten times as fast as going by the names of the fields."""
        return (
            self.id,
            self.kind,
            self.state,
            self.p50_ms,
            self.p95_ms,
            self.cost,
            self.quality,
            self.quality_n,
            self.context_tokens,
        )


@dataclass(frozen=True, slots=True)
class View:
    """All that a policy knows of a question."""

    trigger: int = _number("why there is a question", names=Trigger)
    surroundings: int = _number("what the cursor stands in", names=Surroundings)
    prefix: int = _number("what is before the cursor in its line", names=Prefix)
    prefix_chars: int = _number("before the cursor in its line, without the indentation", unit="characters")
    suffix_chars: int = _number("after the cursor in its line, without blanks at the end", unit="characters")
    typing_cps: float = _number("of the last ten keys; 0: unknown", unit="characters per second")
    idle_ms: float = _number("since the last edit", unit="ms")
    accepted: int = _number("of the last sixteen suggestions", most=16)
    rejected: int = _number("of the last sixteen suggestions", most=16)
    document_chars: int = _number("length of the document", unit="characters")
    deadline_ms: float = _number("an answer after that is read by nobody", unit="ms")
    cost_left: int = _number("what may still be spent", unit="millionths of money")
    cost_share: float = _number("of the period's money, the share that is left; 1 without a limit", most=1)
    period_share: float = _number("of that period, the share that is to come; 1 without a limit", most=1)
    instruments: tuple[Instrument, ...] = ()

    def numbers(self) -> Numbers:
        """The flat form."""
        rows: Numbers = ()
        for it in self.instruments:
            rows += it.numbers()
        return (
            LAYOUT,
            self.trigger,
            self.surroundings,
            self.prefix,
            self.prefix_chars,
            self.suffix_chars,
            self.typing_cps,
            self.idle_ms,
            self.accepted,
            self.rejected,
            self.document_chars,
            self.deadline_ms,
            self.cost_left,
            self.cost_share,
            self.period_share,
            len(self.instruments),
            *rows,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about a question."""

    trigger: bool = _number("whether anything is asked at all", most=1)
    reason: int = _number("why", names=Reason)
    consensus: bool = _number("ask the instrument and the fallbacks together, and let them vote", most=1)
    instrument: int = _number("who is asked; -1: nobody", least=-1, most=63)
    fallbacks: tuple[int, ...] = _number(
        "who is asked when it has no answer; two numbers, -1: nobody", least=-1, most=63
    )
    context_tokens: int = _number("how much of the text is given along", unit="tokens")
    candidates: int = _number("how many answers are asked for", most=8)
    tau: float = _number("the least probability of what is shown", most=1)
    debounce_ms: int = _number("how long to wait for another key first", most=1000, unit="ms")
    deadline_ms: float = _number("when to give up, from the question on", unit="ms")
    cost_cap: int = _number("the most that all calls together may cost", unit="millionths of money")

    def numbers(self) -> Numbers:
        """The flat form."""
        first, second = (*self.fallbacks, -1, -1)[:MAX_FALLBACKS]
        return (
            LAYOUT,
            int(self.trigger),
            self.reason,
            int(self.consensus),
            self.instrument,
            first,
            second,
            self.context_tokens,
            self.candidates,
            self.tau,
            self.debounce_ms,
            self.deadline_ms,
            self.cost_cap,
        )


MAX_FALLBACKS = 2
VIEW_FIELDS = tuple(it.name for it in fields(View) if it.name != "instruments")
INSTRUMENT_FIELDS = tuple(it.name for it in fields(Instrument))
VIEW_HEAD = 1 + len(VIEW_FIELDS) + 1
INSTRUMENT_WIDTH = len(INSTRUMENT_FIELDS)
DECISION_WIDTH = len(fields(Decision)) + MAX_FALLBACKS


class LayoutError(ValueError):
    """A flat form that is none: the host and this package do not agree."""


def view_of(numbers: Numbers) -> View:
    """The view of a flat form."""
    if len(numbers) < VIEW_HEAD or numbers[0] != LAYOUT:
        raise LayoutError(f"expected a view of layout {LAYOUT}, found {len(numbers)} numbers that begin {numbers[:1]}")
    n = int(numbers[VIEW_HEAD - 1])
    if n < 0 or len(numbers) != VIEW_HEAD + n * INSTRUMENT_WIDTH:
        raise LayoutError(f"{n} instruments do not make {len(numbers)} numbers")
    instruments = tuple(
        Instrument(*numbers[at : at + INSTRUMENT_WIDTH])  # type: ignore[arg-type]
        for at in range(VIEW_HEAD, len(numbers), INSTRUMENT_WIDTH)
    )
    return View(*numbers[1 : VIEW_HEAD - 1], instruments)  # type: ignore[arg-type, call-arg]


def decision_of(numbers: Numbers) -> Decision:
    """The decision of a flat form."""
    if len(numbers) != DECISION_WIDTH or numbers[0] != LAYOUT:
        raise LayoutError(f"expected a decision of layout {LAYOUT}, found {len(numbers)} numbers")
    _, trigger, reason, consensus, instrument, first, second, context, candidates, tau, debounce, deadline, cap = (
        numbers
    )
    return Decision(
        trigger=bool(trigger),
        reason=int(reason),
        consensus=bool(consensus),
        instrument=int(instrument),
        fallbacks=tuple(int(it) for it in (first, second) if it >= 0),
        context_tokens=int(context),
        candidates=int(candidates),
        tau=tau,
        debounce_ms=int(debounce),
        deadline_ms=deadline,
        cost_cap=int(cap),
    )
