"""The policy for whatever can be asked: what each instrument has to offer, who is asked first, and who then.

What one instrument needs is spelt out in the loop, and few functions are called there: each call costs as much as ten
steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conductor.ladders import SHORT_CONTEXT, TAU_STEPS, WHOLE_CONTEXT, debounce_for, patience_for, steps_for
from conductor.tables import AS_EXPECTED, Tables, by_situation, guarded
from conductor.view import (
    INSTRUMENT_WIDTH,
    LAYOUT,
    MAX_FALLBACKS,
    Kind,
    LayoutError,
    Numbers,
    Reason,
    State,
    Trigger,
)
from conductor.weights import FRESH, LEARNED, N_SLOTS, cell_of, slot_of

# Enumerations as plain numbers: a member costs a look-up each time.
AUTOMATIC, INVOKED = int(Trigger.AUTOMATIC), int(Trigger.INVOKED)
WORTH_IT, ASKED_FOR = int(Reason.WORTH_IT), int(Reason.ASKED_FOR)
NO_INSTRUMENT, NO_TIME = int(Reason.NO_INSTRUMENT), int(Reason.NO_TIME)
NO_BUDGET, NOT_WORTH_IT = int(Reason.NO_BUDGET), int(Reason.NOT_WORTH_IT)
# Of the embedded model: with what it learned from the workspace, and without.
BOTH = 1 << FRESH | 1 << LEARNED
# The first slot of those that can give several answers to one question.
MODELS = 2 * Kind.SERVER

# So many judgements of an instrument weigh as much as what is expected of it. A guess.
FAMILIAR = 100.0
# As right as expected, to the nearest of `FACTORS`.
LEAST_USUAL, MOST_USUAL = 0.875, 1.125
# Below this an instrument answers before the next key: waiting for it first helps nobody.
AT_ONCE_MS = 30.0
SAMPLES_WHEN_INVOKED = 3
# What an unmeasured fallback is worth, of what it would be worth if it were asked first. A guess.
UNMEASURED_AFTER = 0.5
NEVER = -1e12

# Nothing is asked, by reason.
SILENT = tuple((LAYOUT, 0, int(reason), 0, -1, -1, -1, 0, 0, 1.0, 0, 0, 0) for reason in Reason)

# An instrument that could be asked: worth, number, slot, time, p95, cost, context, row.
_Offer = tuple[float, int, int, float, float, int, int, tuple[Any, ...]]


def deciding_among(tables: Tables, money: float) -> Callable[..., Numbers]:
    """A function that decides about a view of which the rows of the instruments come last, as one tuple.

    `money` is what a millionth costs, in characters. For what is no view it raises `LayoutError` or what an index does.
    """
    # And by what follows: the rows by kind and state, and that of an agreement.
    cells = by_situation(
        lambda trigger, where, prefix: tuple(
            _situation(tables, trigger, cell_of(where, prefix, after)) for after in (0, 1)
        )
    )
    quantiles = tables.quantiles

    def decide(
        layout: int, trigger: int, surroundings: int, prefix: int, suffix_chars: int, typing_cps: float, idle_ms: float,
        accepted: int, rejected: int, deadline_ms: float, cost_left: int, cost_share: float,
        period_share: float, n: int, rows: tuple[Any, ...],
    ) -> Numbers:  # fmt: skip
        if layout != LAYOUT or len(rows) != n * INSTRUMENT_WIDTH:
            raise LayoutError(f"not a view of layout {LAYOUT}: {layout}, {n} instruments in {len(rows)} numbers")
        kinds, agree, after = cells[trigger][surroundings][prefix][1 if suffix_chars else 0]
        best: _Offer | None = None
        # Who asked wants something, however little it is worth.
        best_worth = 0.0 if trigger == AUTOMATIC else NEVER
        others: list[_Offer] = []
        reason = NO_INSTRUMENT
        # Which of the two states of the embedded model is there, as bits.
        local = 0
        by_instrument = zip(*(iter(rows),) * INSTRUMENT_WIDTH, strict=True)
        for ident, kind, state, p50, p95, cost, quality, quality_n, context in by_instrument:
            slot, usual, quick, row = kinds[kind][state]
            if row is None:
                continue
            gain, expected, share, wait, _, _ = row
            if quality_n and expected > 0:
                seen = (quality * quality_n / expected + FAMILIAR) / (quality_n + FAMILIAR)
                if seen < LEAST_USUAL or seen >= MOST_USUAL:
                    gain, _, share, wait, _, _ = row = usual[regime(seen)]
            time = p50 * share
            if cost > cost_left or time >= deadline_ms:
                if reason == NO_INSTRUMENT:
                    reason = NO_BUDGET if cost > cost_left else NO_TIME
                continue
            reason = NOT_WORTH_IT
            worth = gain - time * wait
            if cost:
                worth -= cost * money
            if p95 * share > deadline_ms:
                row, time, worth = _in_a_hurry(row, quick, p50, p95, deadline_ms, cost * money)
            if slot < 2:
                local |= 1 << slot
            if worth > best_worth:
                if best is not None:
                    others.append(best)
                best = (worth, ident, slot, time, p95, cost, context, row)
                best_worth = worth
            else:
                others.append((worth, ident, slot, time, p95, cost, context, row))
        votes = 0
        if others and (local == BOTH or trigger == INVOKED):
            together = _agreement(trigger, agree, deadline_ms, cost_left, best, others, best_worth, money)
            if together is not None:
                best, others, votes = together[0], [together[1]], 1
        if best is None:
            return SILENT[reason]
        _, ident, slot, time, p95, cost, context, row = best
        first = second = -1
        if cost and cost_share < period_share and trigger == AUTOMATIC:
            if best_worth < _reserve(quantiles[slot], cost_share / period_share):
                return SILENT[NO_BUDGET]
        elif others:
            first, second, p95, cost = _fallbacks(after, best, others, votes, deadline_ms, cost_left, money)
        _, _, _, wait, step, is_short = row
        debounce = 0
        # The embedded model costs nothing and is not waited for, unless the wait costs less than a call in vain.
        if trigger == AUTOMATIC and (cost or (slot >= MODELS and time > AT_ONCE_MS)):
            debounce = debounce_for(typing_cps, idle_ms, deadline_ms - time - 2)
            if slot < MODELS and cost * money < wait * debounce:
                debounce = 0
        candidates = 1
        if trigger == INVOKED and slot >= MODELS and not votes and cost * SAMPLES_WHEN_INVOKED <= cost_left:
            candidates = SAMPLES_WHEN_INVOKED
            cost *= candidates
        tokens = SHORT_CONTEXT if is_short else WHOLE_CONTEXT
        patience = deadline_ms
        # Somebody is given up only who keeps a server busy, or others waiting.
        if cost or slot >= MODELS or first >= 0:
            patience = min(float(patience_for(p95) + debounce), deadline_ms)
        return (
            LAYOUT, 1, WORTH_IT if trigger == AUTOMATIC else ASKED_FOR, votes, ident, first, second,
            tokens if tokens < context else context, candidates, TAU_STEPS[step + steps_for(accepted, rejected)],
            debounce, patience, cost,
        )  # fmt: skip

    return decide


def _reserve(quantiles: tuple[float, ...], pace: float) -> float:
    """What a question must be worth when money goes faster than time: with half of it, that of the better half.

    The fourth power, so that little is wasted before the pace is found.
    """
    return quantiles[int((1.0 - pace**4) * (len(quantiles) - 1))]


def _agreement(
    trigger: int,
    row: tuple[Any, ...],
    deadline_ms: float,
    cost_left: float,
    best: _Offer | None,
    others: list[_Offer],
    best_worth: float,
    money: float,
) -> tuple[_Offer, _Offer] | None:
    """Two that are worth more if only that is shown on which they agree: the Circle of Experts."""
    offers = [*others, best] if best is not None else others
    by_slot = {it[2]: it for it in offers}
    learned, fresh = by_slot.get(LEARNED), by_slot.get(FRESH)
    if learned is not None and fresh is not None:
        time, cost = max(learned[3], fresh[3]), learned[5] + fresh[5]
        worth = row[0] - time * row[3] - cost * money
        if worth > best_worth and cost <= cost_left and time + 1 <= deadline_ms:
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
    after: tuple[float | None, ...],
    best: _Offer,
    others: list[_Offer],
    votes: int,
    deadline_ms: float,
    cost_left: float,
    money: float,
) -> tuple[int, int, float, int]:
    """Who is asked next, the time in which 95 of 100 answers are there, and what all calls cost."""
    _, _, slot, time, p95, cost, _, _ = best
    if votes:
        return others[0][1], -1, max(p95, others[0][4]), cost + others[0][5]
    ranked = []
    place = slot * N_SLOTS
    for it in others:
        known = after[place + it[2]]
        worth = UNMEASURED_AFTER * it[0] if known is None else known - it[5] * money
        if worth > 0:
            ranked.append((-worth, it[1], it))
    if not ranked:
        return -1, -1, p95, cost
    if len(ranked) > 1:
        ranked.sort()
    found = []
    for _, ident, it in ranked:
        if time + it[3] <= deadline_ms and cost + it[5] <= cost_left:
            found.append(ident)
            time, p95, cost = time + it[3], p95 + it[4], cost + it[5]
            if len(found) == MAX_FALLBACKS:
                return found[0], found[1], p95, cost
    return found[0] if found else -1, -1, p95, cost


def _situation(tables: Tables, trigger: int, cell: int) -> tuple[Any, ...]:
    """By kind and state: the slot, the rows by factor, that of who is in a hurry, the usual, or `None` if it failed."""

    def instrument(kind: int, state: int) -> tuple[Any, ...]:
        slot = slot_of(kind, state)
        at = cell * N_SLOTS + slot
        usual = tuple(map(tuple, tables.rows[trigger][at]))
        own, quick = usual[AS_EXPECTED], tuple(tables.quick[trigger][at])
        return (slot, usual, own if quick == own else quick, own)

    failed = (-1, (), (), None)
    rows = [guarded([instrument(kind, State.COLD), instrument(kind, State.WARM), failed]) for kind in range(len(Kind))]
    return guarded(rows), tuple(tables.agree[trigger][cell]), tables.after[cell // 12]


def regime(share: float) -> int:
    """How right an instrument has been, of what is expected: the nearest place in `FACTORS`."""
    if share < 0.625:
        return 0 if share < 0.125 else 1 if share < 0.375 else 2
    return 3 if share < 0.875 else 4 if share < 1.125 else 5 if share < 1.375 else 6


def _in_a_hurry(
    usual: tuple[Any, ...], quick: tuple[Any, ...], p50: float, p95: float, deadline_ms: float, price: float
) -> tuple[tuple[Any, ...], float, float]:
    """Of asking as usual and with a short context what is worth more, when the usual way may come too late."""
    time = p50 * usual[2]
    worth = (usual[0] - time * usual[3]) * _in_time(time, p95 * usual[2], deadline_ms) - price
    if quick is usual:
        return usual, time, worth
    time_short = p50 * quick[2]
    worth_short = (quick[0] - time_short * quick[3]) * _in_time(time_short, p95 * quick[2], deadline_ms) - price
    return (quick, time_short, worth_short) if worth_short > worth else (usual, time, worth)


def _in_time(time: float, late: float, deadline_ms: float) -> float:
    """How probably an answer comes in time, by the median and the time in which 95 of 100 come."""
    if late <= deadline_ms:
        return 0.95
    share = 0.5 + 0.45 * (deadline_ms - time) / (late - time) if late > time else 0.5
    return share if share > 0 else 0.0
