"""Whether a decision makes sense: what a host carries out has passed here, whoever decided."""

from __future__ import annotations

from conductor.view import MAX_FALLBACKS, Decision, Reason, State, View

MOST_CANDIDATES = 8
MOST_DEBOUNCE_MS = 1000


def validate(decision: Decision, view: View) -> str | None:
    """Why `decision` cannot be carried out for `view`, as one clause; `None` if it can."""
    for name, value in (("tau", decision.tau), ("deadline_ms", decision.deadline_ms), ("cost_cap", decision.cost_cap)):
        if not isinstance(value, int | float) or value != value:
            return f"{name} is no number: {value!r}"
    if not 0 <= decision.tau <= 1:
        return f"tau is {decision.tau}, not from 0 to 1"
    asks = decision.reason in (Reason.WORTH_IT, Reason.ASKED_FOR)
    if decision.reason not in Reason.__members__.values() or asks != decision.trigger:
        return f"trigger is {decision.trigger}, and the reason {decision.reason}"
    if not decision.trigger:
        idle = (decision.instrument, decision.fallbacks, decision.consensus) == (-1, (), False)
        return None if idle else "it is silent, and names instruments"
    return _whom(decision, view) or _how(decision, view)


def _whom(decision: Decision, view: View) -> str | None:
    there = {it.id: it for it in view.instruments}
    asked = (decision.instrument, *decision.fallbacks)
    for ident in asked:
        if ident not in there:
            return f"there is no instrument {ident}"
        if there[ident].state == State.FAILED:
            return f"instrument {ident} has failed"
    if len(set(asked)) != len(asked):
        return f"an instrument is named twice: {asked}"
    if len(decision.fallbacks) > MAX_FALLBACKS:
        return f"there are {len(decision.fallbacks)} fallbacks, and {MAX_FALLBACKS} at most"
    if decision.consensus and len(asked) < 2:
        return "a consensus of one"
    least = there[decision.instrument].cost
    if decision.consensus:
        least = sum(there[it].cost for it in asked)
    if decision.cost_cap < least:
        return f"cost_cap is {decision.cost_cap}, and the calls cost {least}"
    most = there[decision.instrument].context_tokens
    if not 0 <= decision.context_tokens <= most:
        return f"context_tokens is {decision.context_tokens}, not from 0 to {most}"
    return None


def _how(decision: Decision, view: View) -> str | None:
    if decision.cost_cap > view.cost_left:
        return f"cost_cap is {decision.cost_cap}, and {view.cost_left} is left"
    if not 1 <= decision.candidates <= MOST_CANDIDATES:
        return f"candidates is {decision.candidates}, not from 1 to {MOST_CANDIDATES}"
    if not 0 <= decision.debounce_ms <= MOST_DEBOUNCE_MS:
        return f"debounce_ms is {decision.debounce_ms}, not from 0 to {MOST_DEBOUNCE_MS}"
    if not 0 < decision.deadline_ms <= view.deadline_ms:
        return f"deadline_ms is {decision.deadline_ms}, not above 0 and up to {view.deadline_ms}"
    if decision.debounce_ms >= decision.deadline_ms:
        return f"debounce_ms is {decision.debounce_ms}, and deadline_ms {decision.deadline_ms}"
    return None
