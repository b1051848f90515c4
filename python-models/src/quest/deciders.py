"""Who plays levels from real code, beside the trained policy: those that it has to beat."""

from __future__ import annotations

import random
from collections.abc import Callable

from conductor import Decision, Reason, State, Trigger, View
from conductor.weights import TAUS

SILENT = Decision(False, Reason.NO_INSTRUMENT, False, -1, (), 0, 0, 1.0, 0, 0, 0)
# What the server does without a Conductor.
STATIC_TAU = 0.5


def ask(view: View, ident: int, tau: float, fallbacks: tuple[int, ...] = ()) -> Decision:
    """Asks an instrument of the view, at once and with all the text that it reads."""
    by_id = {it.id: it for it in view.instruments}
    reason = Reason.ASKED_FOR if view.trigger == Trigger.INVOKED else Reason.WORTH_IT
    cost = sum(by_id[it].cost for it in (ident, *fallbacks))
    context = by_id[ident].context_tokens
    return Decision(True, reason, False, ident, fallbacks, context, 1, tau, 0, view.deadline_ms, cost)


def _working(view: View) -> list[int]:
    return [it.id for it in view.instruments if it.state != State.FAILED and it.cost <= view.cost_left]


def static(view: View) -> Decision:
    """The first instrument at the default tau, always."""
    first = view.instruments[0].id
    return ask(view, first, STATIC_TAU) if first in _working(view) else SILENT


def greedy(view: View) -> Decision:
    """As many characters as possible: whoever was right most often, at the lowest tau, and then the next.

    Of whom nothing is known half is believed to be right.
    """
    ranked = sorted(
        (it for it in view.instruments if it.id in _working(view) and it.p50_ms <= view.deadline_ms),
        key=lambda it: (-(it.quality * it.quality_n + 1) / (it.quality_n + 2), it.id),
    )
    chain: list[int] = []
    left = view.cost_left
    for it in ranked[:3]:
        if it.cost <= left:
            chain.append(it.id)
            left -= it.cost
    return ask(view, chain[0], TAUS[0], tuple(chain[1:])) if chain else SILENT


def at_random(rng: random.Random) -> Callable[[View], Decision]:
    """Any instrument at any tau, or silence."""

    def decide(view: View) -> Decision:
        ident = rng.choice([*_working(view), -1])
        return SILENT if ident < 0 else ask(view, ident, rng.choice(TAUS))

    return decide
