"""Views made up from a seed: for the benchmark, the vectors that a host replays, and tests."""

from __future__ import annotations

import random

from conductor.circle import Answer
from conductor.view import Instrument, Kind, Prefix, State, Surroundings, Trigger, View

LOCAL_CONTEXT = 1 << 20


def local(state: State = State.WARM) -> Instrument:
    """The embedded model as a host without settings describes it."""
    return Instrument(0, Kind.LOCAL, state, 4.0, 15.0, 0, 0.0, 0, LOCAL_CONTEXT)


def instrument(rng: random.Random, ident: int) -> Instrument:
    """Any instrument."""
    kind = rng.choice(list(Kind))
    slow = {Kind.LOCAL: 4, Kind.NAMES: 8, Kind.SERVER: 150, Kind.REMOTE: 500}[kind]
    p50 = round(slow * rng.uniform(0.5, 2), 1)
    cost = rng.randrange(20, 2000) if kind is Kind.REMOTE else 0
    state = rng.choices(list(State), (2, 7, 1))[0]
    n = rng.choice((0, rng.randrange(1, 200)))
    quality = round(rng.random(), 3) if n else 0.0
    context = LOCAL_CONTEXT if kind is Kind.LOCAL else rng.choice((2048, 8192, 128000))
    return Instrument(ident, kind, state, p50, round(p50 * rng.uniform(1, 4), 1), cost, quality, n, context)


def view(rng: random.Random, instruments: tuple[Instrument, ...]) -> View:
    """Any view."""
    accepted = rng.randrange(17)
    return View(
        trigger=rng.choices(list(Trigger), (4, 1))[0],
        surroundings=rng.choices(list(Surroundings), (7, 1, 1, 1))[0],
        prefix=rng.choice(list(Prefix)),
        prefix_chars=rng.randrange(60),
        suffix_chars=rng.choice((0, 0, 0, rng.randrange(1, 40))),
        typing_cps=rng.choice((0.0, round(rng.uniform(1, 12), 1))),
        idle_ms=round(rng.expovariate(1 / 200), 1),
        accepted=accepted,
        rejected=rng.randrange(17 - accepted),
        document_chars=int(rng.lognormvariate(9, 1)),
        deadline_ms=float(rng.choice((20, 100, 500, 1500, 10000))),
        cost_left=rng.choice((0, 500, 100000)),
        cost_share=rng.choice((1.0, round(rng.random(), 2))),
        period_share=rng.choice((1.0, round(rng.random(), 2))),
        instruments=instruments,
    )


def typical_views(count: int, n: int = 64) -> list[View]:
    """Views with `count` instruments that an editor would ask about, the embedded model first."""
    rng = random.Random(count)
    views = []
    for _ in range(n):
        rest = tuple(instrument(rng, ident) for ident in range(1, count))
        views.append(view(rng, (local(), *rest)))
    return views


def any_views(n: int) -> list[View]:
    """Views of all sorts, with no instruments to eight."""
    rng = random.Random(7)
    views = []
    for at in range(n):
        instruments = [instrument(rng, ident) for ident in rng.sample(range(64), rng.randrange(9))]
        views.append(view(rng, (local(),) if at % 4 == 0 else tuple(instruments)))
    return views


def any_circles(n: int) -> list[list[Answer]]:
    """Answers of all sorts, none to eight at a time, in which all that decides is equal now and then."""
    rng = random.Random(11)

    def answer() -> Answer:
        parses = rng.choices((None, True, False), (1, 4, 1))[0]
        resolves = rng.choices((None, True, False), (2, 4, 1))[0] if parses else None
        probability = rng.choice((None, 0.0, 0.5, 1.0, round(rng.random(), 3)))
        quality = rng.choice((0.0, 0.5, round(rng.random(), 3)))
        text = rng.choice(("a()", "b()", "c", "d.e", ""))
        return Answer(text, rng.randrange(4), parses, resolves, probability, quality, rng.choice((5.0, 50.0, 500.0)))

    return [[answer() for _ in range(rng.randrange(9))] for _ in range(n)]
