"""What follows from the weights, computed once: for each situation and slot the best way to ask, and what it is worth.

Everything that does not depend on the view's continuous numbers is decided here, so that the policy itself is a few
look-ups. Situations with few observations borrow from similar ones.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple

from conductor.view import Prefix, Surroundings, Trigger
from conductor.weights import FRESH, LEARNED, N_CELLS, N_SLOTS, PLANS, REMOTE, SERVER, After, Count, Weights

# So many observations of a situation weigh as much as what is known of similar ones; chosen on training places, each
# package or half of the files left out in turn (840 sessions: 53.8 % solved; with 100, 600, 1500: 51.0, 53.0, 50.4).
BORROWED = 300.0
# And so many as much as what is believed before anything is known.
BELIEVED = 12.0

# Of a fallback: standard errors that are taken off its mean, and the variance of one suggestion.
DOUBT = 1.5
PRIOR_VARIANCE = 50.0

# What is believed of an instrument before anything is known of it: of one question, as `Count`. Wild guesses: a model
# that needs the network is a large one.
PRIOR = {LEARNED: Count(1, 0.35, 0.26, 2.6), FRESH: Count(1, 0.2, 0.13, 1.2)}
PRIOR_NAMES = Count(1, 0.3, 0.12, 0.8)
PRIOR_SERVER = Count(1, 0.6, 0.39, 6.0)
PRIOR_REMOTE = Count(1, 0.7, 0.5, 9.0)
PRIOR_AGREE = Count(1, 0.15, 0.12, 1.1)
# Of tau: at a higher step less is shown, and more of it is right.
PRIOR_SHOWN = (1.5, 1.2, 1.0, 0.75, 0.45)
PRIOR_RIGHT = (1.1, 1.05, 1.0, 0.85, 0.56)


# How right an instrument has been here, of what is expected: the rows of `Tables` are for these.
FACTORS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
AS_EXPECTED = FACTORS.index(1.0)
# Where money is short: a question must be worth as much as the worst of the best 100, 90, .. 0 % of questions.
N_QUANTILES = 11


class Row(NamedTuple):
    """The best way to ask an instrument of one slot in one situation."""

    # Characters that it saves, less what wrong ones cost.
    gain: float
    # The share of what is shown that is expected to be right.
    quality: float
    # Its time, as a share of the instrument's.
    share: float
    # Characters that a millisecond costs: nobody waits for what is not shown.
    wait: float
    tau: int
    is_short: bool


class Tables(NamedTuple):
    """All of it, by trigger where that matters, and then by `cell * N_SLOTS + slot`."""

    # By `FACTORS`.
    rows: tuple[tuple[tuple[Row, ...], ...], ...]
    # The best with a short context, for those who are in a hurry.
    quick: tuple[tuple[Row, ...], ...]
    # By cell: two that have to agree.
    agree: tuple[tuple[Row, ...], ...]
    # By surroundings, the slot asked first and the one asked then; `None` where nothing is known.
    after: tuple[tuple[float | None, ...], ...]
    # By slot: what the questions are worth, in quantiles.
    quantiles: tuple[tuple[float, ...], ...]


def by_situation(of: Callable[[int, int, int], Any]) -> tuple[Any, ...]:
    """Something by trigger, surroundings and prefix."""
    return guarded([
        guarded([guarded([of(trigger, where, prefix) for prefix in range(len(Prefix))])
                 for where in range(len(Surroundings))])
        for trigger in range(len(Trigger))
    ])  # fmt: skip


def guarded(rows: list[Any]) -> tuple[Any, ...]:
    """With nothing behind, which is what a number just below zero finds: whatever looks in there gets a `TypeError`."""
    return (*rows, *(None for _ in rows))


def tables_of(weights: Weights) -> Tables:
    """What follows from `weights`."""
    means = _means(weights)
    rows, quick, agree = [], [], []
    for trigger in Trigger:
        wrong = weights.prices.wrong_invoked if trigger is Trigger.INVOKED else weights.prices.wrong
        by_factor = [
            [[_row(weights, mean, plan, wrong, factor) for plan, mean in enumerate(it)] for it in means]
            for factor in FACTORS
        ]
        usual = by_factor[AS_EXPECTED]
        places = [(cell, slot) for cell in range(N_CELLS) for slot in range(N_SLOTS)]
        rows.append(tuple(tuple(_best(weights, it[cell], slot) for it in by_factor) for cell, slot in places))
        quick.append(tuple(_best(weights, usual[cell], slot, only_short=True) for cell, slot in places))
        agree.append(tuple(_best(weights, it, LEARNED, must_agree=True) for it in usual))
    after = tuple(
        tuple(_at_least(it) if it.asked else None for row in by_slot for it in row) for by_slot in weights.after
    )
    return Tables(tuple(rows), tuple(quick), tuple(agree), after, _quantiles(weights, rows[Trigger.AUTOMATIC]))


def _at_least(after: After) -> float:
    """What a fallback is worth with some certainty: the mean less one and a half of its standard error.

    Asking someone else is one more chance to be wrong, so the doubt counts against it.
    """
    mean = after.characters / (after.asked + BELIEVED)
    spread = (
        max(0.0, after.squares / after.asked - (after.characters / after.asked) ** 2) + PRIOR_VARIANCE / after.asked
    )
    return mean - DOUBT * sqrt(spread / after.asked)


def _quantiles(weights: Weights, rows: tuple[tuple[Row, ...], ...]) -> tuple[tuple[float, ...], ...]:
    """What questions are worth, as often as they are asked."""
    often = [max((it.asked for it in row), default=0.0) + 0.01 for row in weights.counts]
    found = []
    for slot in range(N_SLOTS):
        gains = sorted((rows[cell * N_SLOTS + slot][AS_EXPECTED].gain, often[cell]) for cell in range(N_CELLS))
        total, seen, at = sum(often), 0.0, 0
        quantiles = []
        for step in range(N_QUANTILES):
            while at < N_CELLS - 1 and seen + gains[at][1] < total * step / (N_QUANTILES - 1):
                seen += gains[at][1]
                at += 1
            quantiles.append(gains[at][0])
        found.append(tuple(quantiles))
    return tuple(found)


def prior(plan: int) -> Count:
    """What is believed of a plan before anything is known."""
    it = PLANS[plan]
    if it.other >= 0:
        base = PRIOR_AGREE
    elif it.slot in (SERVER, REMOTE):
        base = PRIOR_SERVER if it.slot == SERVER else PRIOR_REMOTE
    else:
        base = PRIOR.get(it.slot, PRIOR_NAMES)
    shown = min(1.0, base.shown * PRIOR_SHOWN[it.tau])
    right = min(shown, base.right * PRIOR_RIGHT[it.tau])
    return Count(1, shown, right, base.right_chars * PRIOR_RIGHT[it.tau])


def _means(weights: Weights) -> list[list[Count]]:
    """What a plan brings in a situation: a mean of what was seen there, in similar ones, anywhere, and the prior."""
    means: list[list[Count]] = [[] for _ in range(N_CELLS)]
    for plan in range(len(PLANS)):
        column = [row[plan] for row in weights.counts]
        anywhere = _blend(_sum(column), prior(plan), BELIEVED)
        for cell, own in enumerate(column):
            # Similar: the same before the cursor and the same after it, whatever it stands in.
            similar = _blend(_sum([it for at, it in enumerate(column) if at % 12 == cell % 12]), anywhere, BORROWED)
            means[cell].append(_blend(own, similar, BORROWED))
    return means


def _sum(counts: list[Count]) -> Count:
    total = Count()
    for it in counts:
        total = total.plus(it)
    return total


def _blend(own: Count, borrowed: Count, weight: float) -> Count:
    total = own.asked + weight
    rest = zip(own[1:], borrowed[1:], strict=True)
    return Count(1, *((mine + weight * other) / total for mine, other in rest))


def _row(weights: Weights, mean: Count, plan: int, wrong: float, factor: float) -> Row:
    # An instrument that is right more seldom than expected is so at every tau.
    right = min(mean.shown, mean.right * factor)
    length = mean.right_chars / mean.right if mean.right > 0 else 0.0
    gain = right * length - wrong * (mean.shown - right)
    quality = mean.right / mean.shown if mean.shown > 0 else 0.0
    first = next(at for at, it in enumerate(PLANS) if it.slot == PLANS[plan].slot)
    whole, own = weights.plan_ms[first], weights.plan_ms[plan]
    share = min(1.0, own / whole) if whole > 0 and own > 0 else 1.0
    wait = mean.shown / weights.prices.ms_a_character
    return Row(gain, quality, share, wait, PLANS[plan].tau, PLANS[plan].is_short)


def _best(weights: Weights, rows: list[Row], slot: int, must_agree: bool = False, only_short: bool = False) -> Row:
    """Of the plans of one slot the one worth most; a slot without plans is asked as its warm neighbour."""

    def of(wanted: int) -> list[int]:
        return [
            at
            for at, it in enumerate(PLANS)
            if it.slot == wanted and (it.other >= 0) == must_agree and it.is_short >= only_short
        ]

    own = of(slot)
    if not own and not (only_short and any(it.slot == slot for it in PLANS)):
        own = of(slot | 1)
    if not own:
        return _best(weights, rows, slot)

    def worth(at: int) -> float:
        return rows[at].gain - weights.plan_ms[at] * rows[at].wait

    return rows[max(own, key=lambda at: (worth(at), -at))]
