"""Ladders: few different decisions, each easy to explain."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from conductor.weights import TAUS

DEBOUNCES = (0, 25, 50, 75, 100, 150, 200)
# An answer that takes so many times as long as 95 of 100 is given up.
PATIENCE = 4.0
DEADLINES = (50, 100, 200, 400, 800, 1500, 3000, 10000)
# With the last rung twice: a place beyond the ladder needs no test.
_DEADLINE_RUNGS = (*DEADLINES, DEADLINES[-1])
# How much of the text is given along at most: all of it, up to a hundred thousand characters, or what is near.
WHOLE_CONTEXT, SHORT_CONTEXT = 32768, 1024
# A token of code is some three to four characters; of the two the one that cuts off less.
CHARACTERS_A_TOKEN = 3
# Beyond the measured ones: for who rejected everything.
TAU_STEPS = (*TAUS, 0.9, 0.95)
# Weaker than these a mood is none: of the last sixteen suggestions.
REJECTIONS = 4
REJECTIONS_IN_A_ROW = 8
# Of somebody of whom nothing is known.
_UNKNOWN_GAP_MS = 100.0


def patience_for(p95: float) -> int:
    """When to give up an answer of which 95 of 100 come in `p95` ms."""
    return _DEADLINE_RUNGS[bisect_left(DEADLINES, PATIENCE * p95)]


def steps_for(accepted: float, rejected: float) -> int:
    """By how many steps tau is raised for somebody who rejects what is shown."""
    if rejected < REJECTIONS or accepted * 3 >= rejected:
        return 0
    return 2 if accepted == 0 and rejected >= REJECTIONS_IN_A_ROW else 1


def debounce_for(typing_cps: float, idle_ms: float, most: float) -> int:
    """Long enough that a key of somebody who types on comes first; nothing for somebody who has stopped."""
    gap = 1000.0 / typing_cps if typing_cps > 0 else _UNKNOWN_GAP_MS
    if idle_ms >= 2 * gap or most <= 0:
        return 0
    return DEBOUNCES[bisect_right(DEBOUNCES, gap if gap < most else most) - 1]
