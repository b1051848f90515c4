"""The policy: whether to ask, whom, how, and how long to wait.

`Policy.spread` is the hot path of an embedder, `Policy.flat` the same with a tuple, `Policy.decide` with names. All are
pure: no I/O, no clock, no randomness; what an object remembers of earlier calls (`_known`) only saves making the same
decision twice.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, TypeAlias

from conductor.ladders import REJECTIONS, SHORT_CONTEXT, TAU_STEPS, WHOLE_CONTEXT, steps_for
from conductor.offers import (
    ASKED_FOR,
    FAMILIAR,
    INVOKED,
    LEAST_USUAL,
    MODELS,
    MOST_USUAL,
    WORTH_IT,
    deciding_among,
    regime,
)
from conductor.tables import AS_EXPECTED, Row, Tables, by_situation, guarded, tables_of
from conductor.view import (
    LAYOUT,
    Decision,
    Kind,
    LayoutError,
    Numbers,
    State,
    View,
    decision_of,
)
from conductor.weights import N_SLOTS, Weights, cell_of, slot_of

MOST_KNOWN = 4096

# One of the numbers of a view, of which the layout says what it is.
_Number: TypeAlias = Any
# How the embedded model or the list of names is asked: the reason, from which time on nobody asks, the share of what it
# shows that is expected to be right, how far from that is still as expected, tau and its step, how much of the text,
# and the same for one that is right more or less often.
_Simple: TypeAlias = tuple[Any, ...]


class Policy:
    """A policy made from weights. Calling it is `decide`."""

    __slots__ = ("_known", "spread", "weights")

    # A view, each number an argument of its own: nothing is packed and unpacked again.
    spread: Callable[..., Numbers]

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.spread = _compiled(tables_of(weights), 1.0 / weights.prices.money_a_character)
        self._known: dict[Numbers, Decision] = {}

    def __call__(self, view: View) -> Decision:
        return self.decide(view)

    def decide(self, view: View) -> Decision:
        """What is to be done about `view`."""
        return self.named(self.spread(*view.numbers()))

    def named(self, numbers: Numbers) -> Decision:
        """The decision of a flat form that `flat` gave."""
        decision = self._known.get(numbers)
        if decision is None:
            decision = decision_of(numbers)
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[numbers] = decision
        return decision

    def flat(self, numbers: Numbers) -> Numbers:
        """The same in flat forms.

        Raises `LayoutError` if the numbers are no view.
        """
        return self.spread(*numbers)


def _compiled(tables: Tables, money: float) -> Callable[..., Numbers]:
    """The policy as one function whose tables are its own names.

    Nearly all questions are those of somebody who has nothing but the embedded model, and time: they are decided here,
    with a look-up and some comparisons, and as `offers`, which decides about all others, would. The layout says which
    numbers are whole, and a host keeps to it.
    """
    blank, followed = _simple(tables, 0), _simple(tables, 1)
    among = deciding_among(tables, money)

    def spread(
        layout: _Number = None, trigger: _Number = 0, surroundings: _Number = 0, prefix: _Number = 0,
        _prefix_chars: _Number = 0, suffix_chars: _Number = 0, typing_cps: _Number = 0, idle_ms: _Number = 0,
        accepted: _Number = 0, rejected: _Number = 0, _document_chars: _Number = 0, deadline_ms: _Number = 0,
        cost_left: _Number = 0, cost_share: _Number = 1, period_share: _Number = 1, n: _Number = -1,
        ident: _Number = None, kind: _Number = -1, state: _Number = 0, p50: _Number = 0, p95: _Number = 0,
        cost: _Number = 0, quality: _Number = 0, quality_n: _Number = 0, context: _Number = None, *more: _Number,
    ) -> Numbers:  # fmt: skip
        try:
            if n == 1 and layout == LAYOUT and not more:
                reason, most, expected, low, high, tau, step, tokens, others = (followed if suffix_chars else blank)[
                    trigger][surroundings][prefix][kind][state]  # fmt: skip
                if quality_n and not low <= quality_n * (quality - expected) / (quality_n + FAMILIAR) < high:
                    seen = (quality * quality_n / expected + FAMILIAR) / (quality_n + FAMILIAR)
                    _, most, _, _, _, tau, step, tokens, _ = others[regime(seen)]
                if p50 < most and p95 < deadline_ms and not cost:
                    if rejected >= REJECTIONS and accepted * 3 < rejected:
                        tau = TAU_STEPS[step + steps_for(accepted, rejected)]
                    return (
                        layout, 1, reason, 0, ident, -1, -1, tokens if tokens < context else context, 1, tau, 0,
                        deadline_ms, 0,
                    )  # fmt: skip
            rows = () if ident is None else (ident, kind, state, p50, p95, cost, quality, quality_n, context)
            return among(
                layout, trigger, surroundings, prefix, suffix_chars, typing_cps, idle_ms, accepted, rejected,
                deadline_ms, cost_left, cost_share, period_share, n, rows + more,
            )  # fmt: skip
        except LayoutError:
            raise
        except (ValueError, TypeError, IndexError, ArithmeticError) as error:
            raise LayoutError(f"not a view of layout {LAYOUT}: {error}") from error

    return spread


def _simple(tables: Tables, suffix_chars: int) -> tuple[Any, ...]:
    """By trigger, surroundings, prefix, kind and state."""

    def situation(trigger: int, where: int, prefix: int) -> tuple[Any, ...]:
        cell = cell_of(where, prefix, suffix_chars)
        return guarded([instrument(trigger, cell, kind) for kind in range(len(Kind))])

    def instrument(trigger: int, cell: int, kind: int) -> tuple[_Simple, ...]:
        by_state = [tables.rows[trigger][cell * N_SLOTS + slot_of(kind, it)] for it in (State.COLD, State.WARM)]
        # Models are waited for, or asked for several answers: not so simple. Nor is one that has failed.
        is_simple = kind * 2 < MODELS
        rows = [_simple_row(trigger, it, is_simple) for it in by_state]
        return guarded([*rows, _simple_row(trigger, by_state[0], is_simple=False)])

    return by_situation(situation)


def _simple_row(trigger: int, by_factor: tuple[Row, ...], is_simple: bool) -> _Simple:
    def of(it: Row) -> _Simple:
        if not is_simple:
            most = -inf
        elif trigger == INVOKED:
            most = inf
        else:
            most = _break_even(it)
        # Of what never is right there is no more and no less.
        quality = it.quality if it.quality > 0 else inf
        low, high = quality * (LEAST_USUAL - 1.0), quality * (MOST_USUAL - 1.0)
        tokens = SHORT_CONTEXT if it.is_short else WHOLE_CONTEXT
        reason = ASKED_FOR if trigger == INVOKED else WORTH_IT
        return (reason, most, it.quality, low, high, TAU_STEPS[it.tau], it.tau, tokens)

    others = tuple((*of(it), None) for it in by_factor)
    return (*of(by_factor[AS_EXPECTED]), others)


def _break_even(row: Row) -> float:
    """The time of an instrument from which on its answers are worth less than the wait for them."""
    if row.gain <= 0:
        return -inf
    return row.gain / (row.share * row.wait) if row.wait > 0 else inf
