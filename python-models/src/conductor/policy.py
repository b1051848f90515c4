"""The policy: whether to ask, whom, how, and how long to wait.

`Policy.flat` is the hot path of an embedder, `Policy.decide` the same with names. Both are pure: no I/O, no clock, no
randomness; what an object remembers of earlier calls (`_known`) only saves making the same decision twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from conductor.tables import AS_EXPECTED, FACTORS, Tables, tables_of
from conductor.view import (
    INSTRUMENT_WIDTH,
    LAYOUT,
    MAX_FALLBACKS,
    VIEW_HEAD,
    Decision,
    Kind,
    LayoutError,
    Numbers,
    Prefix,
    Reason,
    State,
    Surroundings,
    Trigger,
    View,
    decision_of,
)
from conductor.weights import FRESH, LEARNED, N_SLOTS, TAUS, Weights

# Enumerations as plain numbers: a member costs a look-up each time.
AUTOMATIC, INVOKED = int(Trigger.AUTOMATIC), int(Trigger.INVOKED)
FAILED = int(State.FAILED)
WORTH_IT, ASKED_FOR = int(Reason.WORTH_IT), int(Reason.ASKED_FOR)
NO_INSTRUMENT, NO_TIME = int(Reason.NO_INSTRUMENT), int(Reason.NO_TIME)
NO_BUDGET, NOT_WORTH_IT = int(Reason.NO_BUDGET), int(Reason.NOT_WORTH_IT)
# Of the embedded model: with what it learned from the workspace, and without.
BOTH = 1 << FRESH | 1 << LEARNED
# The first slot of those that can give several answers to one question.
MODELS = 2 * Kind.SERVER

# Ladders: few different decisions, each easy to explain.
DEBOUNCES = (0, 25, 50, 75, 100, 150, 200)
# An answer that takes so many times as long as 95 of 100 is given up.
PATIENCE = 4
DEADLINES = (50, 100, 200, 400, 800, 1500, 3000, 10000)
CONTEXTS = (512, 1024, 2048, 4096, 8192, 16384, 32768)
# With the last rung twice: a place beyond the ladder needs no test.
DEADLINE_RUNGS, CONTEXT_RUNGS = (*DEADLINES, DEADLINES[-1]), (*CONTEXTS, CONTEXTS[-1])
# Beyond the measured ones: for who rejected everything.
TAU_STEPS = (*TAUS, 0.9, 0.95)
SHORT_CONTEXT = 1024
# A token of code is some three to four characters; of the two the one that cuts off less.
CHARACTERS_A_TOKEN = 3
# So many judgements of an instrument weigh as much as what is expected of it. A guess.
FAMILIAR = 100.0
# Below this an instrument answers before the next key: waiting for it first helps nobody.
AT_ONCE_MS = 30.0
# Of somebody of whom nothing is known.
UNKNOWN_GAP_MS = 100.0
SAMPLES_WHEN_INVOKED = 3
# Weaker than these a mood is none: of the last sixteen suggestions.
REJECTIONS = 4
REJECTIONS_IN_A_ROW = 8
# What an unmeasured fallback is worth, of what it would be worth if it were asked first. A guess.
UNMEASURED_AFTER = 0.5
NEVER = -1e12
MOST_KNOWN = 4096

# Nothing is asked, by reason.
SILENT = tuple((LAYOUT, 0, int(reason), 0, -1, -1, -1, 0, 0, 1.0, 0, 0, 0) for reason in Reason)

# An instrument that could be asked: worth, number, slot, time, p95, cost, context, row.
_Offer = tuple[float, int, int, float, float, int, int, tuple[Any, ...]]


class Policy:
    """A policy made from weights. Calling it is `decide`."""

    __slots__ = ("_cells", "_known", "_money", "_quantiles", "weights")

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        tables = tables_of(weights)
        # By trigger, surroundings, prefix and what follows: the rows by kind and state, and that of an agreement.
        self._cells = tuple(
            tuple(
                tuple(tuple(_situation(tables, trigger, where * 12 + prefix * 2 + after) for after in (0, 1))
                      for prefix in range(len(Prefix)))
                for where in range(len(Surroundings))
            )
            for trigger in range(len(Trigger))
        )  # fmt: skip
        self._quantiles = tables.quantiles
        self._money = 1.0 / weights.prices.money_a_character
        self._known: dict[Numbers, Decision] = {}

    def __call__(self, view: View) -> Decision:
        return self.decide(view)

    def decide(self, view: View) -> Decision:
        """What is to be done about `view`."""
        return self.named(self.flat(view.numbers()))

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
        # The layout says which are whole numbers, and a host keeps to it.
        values: tuple[Any, ...] = numbers
        try:
            (
                layout, trigger, surroundings, prefix, _, suffix_chars, typing_cps, idle_ms, accepted, rejected,
                document_chars, deadline_ms, cost_left, cost_share, period_share, n,
            ) = values[:VIEW_HEAD]  # fmt: skip
            if layout != LAYOUT or len(numbers) != VIEW_HEAD + n * INSTRUMENT_WIDTH:
                raise LayoutError(f"not a view of layout {LAYOUT}: {len(numbers)} numbers, {n} instruments")
            if trigger < 0 or surroundings < 0 or prefix < 0:
                raise LayoutError(f"no such situation: {trigger}, {surroundings}, {prefix}")
            kinds, agree, after = self._cells[trigger][surroundings][prefix][suffix_chars > 0]
            money = self._money
            # Whole, as it is in the decision: less than one is no time.
            deadline_ms = int(deadline_ms)
            # Who asked wants something, however little it is worth.
            best_worth = 0.0 if trigger == AUTOMATIC else NEVER
            best: _Offer | None = None
            others: list[_Offer] = []
            reason = NO_INSTRUMENT
            # Which of the two states of the embedded model is there, as bits.
            local = 0
            for at in range(VIEW_HEAD, len(values), INSTRUMENT_WIDTH):
                ident, kind, state, p50, p95, cost, quality, quality_n, context = values[at : at + INSTRUMENT_WIDTH]
                if state == FAILED:
                    continue
                if kind < 0 or state < 0:
                    raise LayoutError(f"no such instrument: kind {kind}, state {state}")
                slot, usual, quick = kinds[kind][state]
                row = usual[AS_EXPECTED]
                if quality_n:
                    row = usual[_regime(quality, quality_n, row[1])]
                gain, _, share, wait, _, _ = row
                time = p50 * share
                if cost > cost_left or time >= deadline_ms:
                    if reason == NO_INSTRUMENT:
                        reason = NO_BUDGET if cost > cost_left else NO_TIME
                    continue
                reason = NOT_WORTH_IT
                worth = gain - time * wait - cost * money
                if p95 * share > deadline_ms:
                    row, time, worth = _in_a_hurry(row, quick, p50, p95, deadline_ms, cost * money)
                if slot < 2:
                    local |= 1 << slot
                offer = (worth, ident, slot, time, p95, cost, context, row)
                if worth > best_worth:
                    if best is not None:
                        others.append(best)
                    best, best_worth = offer, worth
                else:
                    others.append(offer)
            votes = False
            if others and (local == BOTH or trigger == INVOKED):
                together = self._agreement(trigger, agree, deadline_ms, cost_left, best, others, best_worth)
                if together is not None:
                    best, others, votes = together[0], [together[1]], True
            if best is None:
                return SILENT[reason]
            _, ident, slot, time, p95, cost, context, row = best
            first = second = -1
            if cost_share < period_share and cost > 0 and trigger == AUTOMATIC:
                if best_worth < self._reserve(slot, cost_share / period_share):
                    return SILENT[NO_BUDGET]
            elif others:
                first, second, p95, cost = self._fallbacks(after, best, others, votes, deadline_ms, cost_left)
            step = row[4]
            if rejected >= REJECTIONS and accepted * 3 < rejected:
                step += 2 if accepted == 0 and rejected >= REJECTIONS_IN_A_ROW else 1
            if row[5]:
                tokens = SHORT_CONTEXT
            else:
                tokens = CONTEXT_RUNGS[bisect_left(CONTEXTS, document_chars / CHARACTERS_A_TOKEN)]
            debounce = 0
            if trigger == AUTOMATIC and (cost > 0 or time > AT_ONCE_MS):
                debounce = _debounce(typing_cps, idle_ms, deadline_ms - time - 1)
                # The embedded model is waited for only if the wait costs less than a call in vain.
                if slot < MODELS and cost * money < row[3] * debounce:
                    debounce = 0
            candidates = 1
            if trigger == INVOKED and not votes and slot >= MODELS and cost * SAMPLES_WHEN_INVOKED <= cost_left:
                candidates = SAMPLES_WHEN_INVOKED
                cost *= candidates
            patience = DEADLINE_RUNGS[bisect_left(DEADLINES, PATIENCE * p95)] + debounce
            return (
                LAYOUT, 1, WORTH_IT if trigger == AUTOMATIC else ASKED_FOR, 1 if votes else 0, ident, first, second,
                tokens if tokens < context else context, candidates, TAU_STEPS[step], debounce,
                patience if patience < deadline_ms else deadline_ms, cost,
            )  # fmt: skip
        except LayoutError:
            raise
        except (ValueError, TypeError, IndexError, ArithmeticError) as error:
            raise LayoutError(f"not a view of layout {LAYOUT}: {error}") from error

    def _reserve(self, slot: int, pace: float) -> float:
        """What a question must be worth when money goes faster than time: with half of it, that of the better half.

        The fourth power, so that little is wasted before the pace is found.
        """
        quantiles = self._quantiles[slot]
        return quantiles[int((1.0 - pace**4) * (len(quantiles) - 1))]

    def _agreement(
        self,
        trigger: int,
        row: tuple[Any, ...],
        deadline_ms: float,
        cost_left: float,
        best: _Offer | None,
        others: list[_Offer],
        best_worth: float,
    ) -> tuple[_Offer, _Offer] | None:
        """Two that are worth more if only that is shown on which they agree: the Circle of Experts."""
        offers = [*others, best] if best is not None else others
        by_slot = {it[2]: it for it in offers}
        learned, fresh = by_slot.get(LEARNED), by_slot.get(FRESH)
        if learned is not None and fresh is not None:
            time, cost = max(learned[3], fresh[3]), learned[5] + fresh[5]
            worth = row[0] - time * row[3] - cost * self._money
            if worth > best_worth and cost <= cost_left and time < deadline_ms:
                p95 = max(learned[4], fresh[4])
                return (worth, learned[1], LEARNED, time, p95, cost - fresh[5], learned[6], row), fresh
        if trigger == INVOKED and best is not None and best[2] >= MODELS:
            # Nothing is measured of these: two that are about as good, and the user waits anyway.
            peers = [it for it in others if it[2] >= MODELS and it[0] >= 0.5 * best[0]]
            peer = max(peers, default=None, key=lambda it: (it[0], -it[1]))
            if peer is not None and peer[4] <= deadline_ms and best[5] + peer[5] <= cost_left:
                return best, peer
        return None

    def _fallbacks(
        self,
        after: tuple[float | None, ...],
        best: _Offer,
        others: list[_Offer],
        votes: bool,
        deadline_ms: float,
        cost_left: float,
    ) -> tuple[int, int, float, float]:
        """Who is asked next, the time in which 95 of 100 answers are there, and what all calls cost."""
        p95, cost = best[4], best[5]
        if votes:
            return others[0][1], -1, max(p95, others[0][4]), cost + others[0][5]
        time = best[3]
        found: list[int] = []
        ranked = []
        for it in others:
            known = after[best[2] * N_SLOTS + it[2]]
            worth = UNMEASURED_AFTER * it[0] if known is None else known - it[5] * self._money
            if worth > 0:
                ranked.append((-worth, it[1], it))
        for _, ident, it in sorted(ranked):
            if len(found) < MAX_FALLBACKS and time + it[3] <= deadline_ms and cost + it[5] <= cost_left:
                found.append(ident)
                time, p95, cost = time + it[3], p95 + it[4], cost + it[5]
        first, second = (*found, -1, -1)[:MAX_FALLBACKS]
        return first, second, p95, cost


def _situation(tables: Tables, trigger: int, cell: int) -> tuple[Any, ...]:
    rows = []
    for kind in range(len(Kind)):
        slots = (kind * 2, kind * 2 + 1)
        places = [(slot, cell * N_SLOTS + slot) for slot in slots]
        rows.append(tuple((slot, tables.rows[trigger][at], tables.quick[trigger][at]) for slot, at in places))
    return tuple(rows), tables.agree[trigger][cell], tables.after[cell // 12]


def _regime(quality: float, quality_n: float, expected: float) -> int:
    """How right an instrument has been, of what is expected: a place in `FACTORS`."""
    if expected <= 0:
        return AS_EXPECTED
    share = (quality * quality_n / expected + FAMILIAR) / (quality_n + FAMILIAR)
    place = int(share * 4 + 0.5)
    return place if place < len(FACTORS) else len(FACTORS) - 1


def _in_a_hurry(
    usual: tuple[Any, ...], quick: tuple[Any, ...], p50: float, p95: float, deadline_ms: float, price: float
) -> tuple[tuple[Any, ...], float, float]:
    """Of asking as usual and with a short context what is worth more, when either may come too late."""
    found = []
    for row in (usual, quick):
        time, late = p50 * row[2], p95 * row[2]
        in_time = 0.95 if late <= deadline_ms else max(0.0, 0.5 + 0.45 * (deadline_ms - time) / max(late - time, 1e-9))
        found.append(((row[0] - time * row[3]) * in_time - price, row, time))
    worth, row, time = max(found, key=lambda it: it[0])
    return row, time, worth


def _debounce(typing_cps: float, idle_ms: float, most: float) -> int:
    """Long enough that a key of somebody who types on comes first; nothing for somebody who has stopped."""
    gap = 1000.0 / typing_cps if typing_cps > 0 else UNKNOWN_GAP_MS
    if idle_ms >= 2 * gap or most <= 0:
        return 0
    return DEBOUNCES[bisect_right(DEBOUNCES, min(gap, most)) - 1]
