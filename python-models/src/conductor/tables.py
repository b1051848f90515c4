"""What follows from the weights, computed once: for each situation and slot the best way to ask, and what it is worth.

Everything that does not depend on the view's continuous numbers is decided here, so that the policy itself is a few
look-ups. Situations with few observations borrow from similar ones.
"""

from __future__ import annotations

from typing import NamedTuple

from conductor.view import Trigger
from conductor.weights import FRESH, LEARNED, N_CELLS, N_SLOTS, PLANS, REMOTE, SERVER, Count, Weights

# So many observations of a situation weigh as much as what is known of similar ones; chosen on training places.
BORROWED = 12.0

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


class Row(NamedTuple):
    """The best way to ask an instrument of one slot in one situation."""

    # Characters that it saves, less what wrong ones cost.
    gain: float
    # By how much the gain rises if all that is shown is right, not none.
    swing: float
    # The share of what is shown that is expected to be right.
    quality: float
    # Its time, as a share of the instrument's.
    share: float
    tau: int
    is_short: bool


class Tables(NamedTuple):
    """All of it. `rows[trigger][cell * N_SLOTS + slot]`, `agree[trigger][cell]`, `after[slot * N_SLOTS + slot]`."""

    rows: tuple[tuple[Row, ...], ...]
    agree: tuple[tuple[Row, ...], ...]
    after: tuple[float | None, ...]


def tables_of(weights: Weights) -> Tables:
    """What follows from `weights`."""
    means = _means(weights)
    rows, agree = [], []
    for trigger in Trigger:
        wrong = weights.prices.wrong_invoked if trigger is Trigger.INVOKED else weights.prices.wrong
        by_cell = [[_row(weights, mean, plan, wrong) for plan, mean in enumerate(row)] for row in means]
        rows.append(tuple(_best(weights, it, slot, False) for it in by_cell for slot in range(N_SLOTS)))
        agree.append(tuple(_best(weights, it, LEARNED, True) for it in by_cell))
    after = tuple(it.characters / (it.asked + BORROWED) if it.asked else None for row in weights.after for it in row)
    return Tables(tuple(rows), tuple(agree), after)


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
        anywhere = _blend(_sum(column), prior(plan))
        for cell, own in enumerate(column):
            # Similar: the same before the cursor and the same after it, whatever it stands in.
            similar = _blend(_sum([it for at, it in enumerate(column) if at % 12 == cell % 12]), anywhere)
            means[cell].append(_blend(own, similar))
    return means


def _sum(counts: list[Count]) -> Count:
    total = Count()
    for it in counts:
        total = total.plus(it)
    return total


def _blend(own: Count, borrowed: Count) -> Count:
    total = own.asked + BORROWED
    rest = zip(own[1:], borrowed[1:], strict=True)
    return Count(1, *((mine + BORROWED * other) / total for mine, other in rest))


def _row(weights: Weights, mean: Count, plan: int, wrong: float) -> Row:
    gain = mean.right_chars - wrong * (mean.shown - mean.right)
    quality = mean.right / mean.shown if mean.shown > 0 else 0.0
    length = mean.right_chars / mean.right if mean.right > 0 else 0.0
    first = next(at for at, it in enumerate(PLANS) if it.slot == PLANS[plan].slot)
    whole, own = weights.plan_ms[first], weights.plan_ms[plan]
    share = min(1.0, own / whole) if whole > 0 and own > 0 else 1.0
    return Row(gain, mean.shown * (length + wrong), quality, share, PLANS[plan].tau, PLANS[plan].is_short)


def _best(weights: Weights, rows: list[Row], slot: int, is_agreement: bool) -> Row:
    """Of the plans of one slot the one worth most; a slot without plans is asked as its warm neighbour."""
    warm = slot | 1
    own = [at for at, it in enumerate(PLANS) if it.slot == slot and (it.other >= 0) == is_agreement]
    own = own or [at for at, it in enumerate(PLANS) if it.slot == warm and (it.other >= 0) == is_agreement]

    def worth(at: int) -> float:
        return rows[at].gain - weights.plan_ms[at] / weights.prices.ms_a_character

    return rows[max(own, key=lambda at: (worth(at), -at))]
