"""Levels from real code: somebody writes, and at each masked place a policy decides what is asked and shown.

What the instruments answered, how long it took and whether it was right is measured (`measured.py`). A policy sees a
`View` and nothing of that; it learns what came of its decisions as a host does: by the quality and the times of each
instrument, and by what was accepted lately.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from conductor import Candidate, Decision, Instrument, Kind, State, Trigger, Validity, View, aggregate, validate
from conductor.ladders import CHARACTERS_A_TOKEN
from conductor.weights import FRESH, LEARNED, NAMES, TAUS, Prices
from quest.measured import Answer, Place, training

# The bar: of what hindsight would have gained, a third.
SOLVED_SHARE = 1 / 3
N_PLACES = 60
INVOKED_SHARE = 0.1
RECENT = 16
# The last answers of an instrument say how fast it is, and what was expected counts as much as some of them: it is not
# given up for a slow start. One that did not come in time took at least that time. The server has the same numbers.
ANSWERS, EXPECTED = 64, 16
# The document as a whole.
WHOLE = 1 << 20
SLOTS = (LEARNED, FRESH, NAMES)
Policy = Callable[[View], Decision]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Under what conditions somebody writes."""

    name: str
    # Who is there, by number: the model that learned the workspace, one that did not, the list of names.
    there: tuple[int, ...] = (0, 2)
    deadline_ms: float = 1500.0
    # When the first one is out of order, as shares of the level.
    outage: tuple[float, float] = (0.0, 0.0)
    # A call costs its expected time, a millisecond one; for so much of the level there is money.
    money: float | None = None


SCENARIOS = (
    Scenario("usual"),
    Scenario("hurried", there=(0, 1, 2), deadline_ms=40.0),
    Scenario("nothing learned yet", there=(1, 2)),
    Scenario("outage", there=(0, 1, 2), outage=(1 / 3, 2 / 3)),
    Scenario("circle", there=(0, 1, 2)),
    Scenario("saving", there=(0, 1, 2), money=0.5),
)


@dataclass(frozen=True, slots=True)
class Session:
    """A level."""

    corpus: str
    scenario: Scenario
    places: tuple[Place, ...]
    triggers: tuple[Trigger, ...]
    instruments: tuple[Instrument, ...]
    money: int


@dataclass(slots=True)
class Asked:
    """What came of one decision."""

    slot: int = -1
    ident: int = -1
    answer: Answer | None = None
    ms: float = 0.0
    cost: int = 0
    reward: float = 0.0
    # How long each took that was asked.
    took: list[tuple[int, float]] = field(default_factory=list)


def generate(number: int, pools: dict[str, list[Place]], rng: random.Random) -> Session:
    """A level; `number` goes through the scenarios, the rest is drawn."""
    scenario = SCENARIOS[number % len(SCENARIOS)]
    corpus = rng.choice(sorted(pools))
    pool = pools[corpus]
    chosen = sorted(rng.sample(range(len(pool)), min(N_PLACES, len(pool))))
    triggers = tuple(Trigger.INVOKED if rng.random() < INVOKED_SHARE else Trigger.AUTOMATIC for _ in chosen)
    instruments = tuple(it for it in _instruments(scenario.money is not None) if it.id in scenario.there)
    money = int(len(chosen) * (scenario.money or 0.0) * sum(it.cost for it in instruments[:1]))
    return Session(corpus, scenario, tuple(pool[it] for it in chosen), triggers, instruments, money)


def _instruments(have_a_price: bool) -> list[Instrument]:
    """Who there is, with the times that were measured where one may learn."""
    rows = []
    for ident, slot in enumerate(SLOTS):
        times = sorted(it.answer(slot, 0).ms for it in training())
        p50, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
        kind, state = (Kind.NAMES if slot == NAMES else Kind.LOCAL), (State.COLD if slot == FRESH else State.WARM)
        rows.append(Instrument(ident, kind, state, p50, p95, round(p50) if have_a_price else 0, 0.0, 0, WHOLE))
    return rows


class Game:
    """A level while it is played."""

    def __init__(self, session: Session, prices: Prices) -> None:
        self.session, self.prices = session, prices
        self.at, self.left, self.reward = 0, session.money, 0.0
        self.judged: dict[int, tuple[int, int]] = {}
        self.took: dict[int, list[float]] = {}
        self.recent: list[bool] = []

    def is_over(self) -> bool:
        return self.at == len(self.session.places)

    def view(self) -> View:
        """All that a policy sees of the next place."""
        session, place = self.session, self.session.places[self.at]
        first, last = (share * len(session.places) for share in session.scenario.outage)
        instruments = []
        for it in session.instruments:
            kept, n = self.judged.get(it.id, (0, 0))
            state = State.FAILED if it.id == 0 and first <= self.at < last else it.state
            p50_ms, p95_ms = self._times(it)
            quality = kept / n if n else 0.0
            known = replace(it, state=state, p50_ms=p50_ms, p95_ms=p95_ms, quality=quality, quality_n=n)
            instruments.append(known)
        return View(
            trigger=session.triggers[self.at],
            surroundings=place.surroundings,
            prefix=place.prefix,
            prefix_chars=place.prefix_chars,
            suffix_chars=place.suffix_chars,
            typing_cps=1000.0 / self.prices.ms_a_character,
            idle_ms=100.0,
            accepted=sum(self.recent),
            rejected=len(self.recent) - sum(self.recent),
            document_chars=place.document_chars,
            deadline_ms=session.scenario.deadline_ms,
            cost_left=self.left,
            cost_share=self.left / session.money if session.money else 1.0,
            period_share=1 - self.at / len(session.places) if session.money else 1.0,
            instruments=tuple(instruments),
        )

    def _times(self, it: Instrument) -> tuple[float, float]:
        """The time in which half of its answers come, and 95 of 100."""
        took = sorted(self.took.get(it.id, []))
        n, last = len(took), len(took) - 1
        if not took:
            return it.p50_ms, it.p95_ms
        p50_ms, p95_ms = took[math.ceil(last * 0.5)], took[math.ceil(last * 0.95)]
        weight = n + EXPECTED
        return (n * p50_ms + EXPECTED * it.p50_ms) / weight, (n * p95_ms + EXPECTED * it.p95_ms) / weight

    def step(self, decision: Decision) -> Asked:
        """Carries out a decision; nonsense is nothing."""
        view = self.view()
        asked = Asked() if validate(decision, view) else carry_out(decision, view, self.session.places[self.at])
        asked.reward = reward(asked, view, self.prices)
        self.at += 1
        self.left -= asked.cost
        self.reward += asked.reward
        for ident, ms in asked.took:
            self.took[ident] = [*self.took.get(ident, []), ms][-ANSWERS:]
        if asked.answer is not None:
            kept, n = self.judged.get(asked.ident, (0, 0))
            self.judged[asked.ident] = kept + asked.answer.is_right, n + 1
            self.recent = [*self.recent, asked.answer.is_right][-RECENT:]
        return asked


def carry_out(decision: Decision, view: View, place: Place) -> Asked:
    """What a host does with a decision, with measured answers in the place of instruments."""
    asked = Asked(ms=decision.debounce_ms)
    if not decision.trigger:
        return asked
    by_id = {it.id: it for it in view.instruments}
    chain = [by_id[it] for it in (decision.instrument, *decision.fallbacks)]
    if decision.consensus:
        return _vote(decision, chain, place)
    for it in chain:
        if asked.cost + it.cost > decision.cost_cap:
            break
        answer = _ask(decision, it, place)
        asked.cost += it.cost
        asked.ms += answer.ms
        is_late = asked.ms > decision.deadline_ms
        asked.took.append((it.id, decision.deadline_ms if is_late else answer.ms))
        if is_late:
            asked.ms = decision.deadline_ms
            break
        if _is_shown(decision, it, answer):
            asked.slot, asked.ident, asked.answer = SLOTS[it.id], it.id, answer
            break
    return asked


def _ask(decision: Decision, it: Instrument, place: Place) -> Answer:
    step = max((at for at, tau in enumerate(TAUS) if tau <= decision.tau), default=0)
    is_short = decision.context_tokens * CHARACTERS_A_TOKEN < place.document_chars
    return place.answer(SLOTS[it.id], step, is_short)


def _is_shown(decision: Decision, it: Instrument, answer: Answer) -> bool:
    """The list of names knows no probability, and is shown or not by who decides to ask it."""
    return answer.chars > 0 and (it.kind == Kind.NAMES or answer.probability >= decision.tau)


def _vote(decision: Decision, chain: list[Instrument], place: Place) -> Asked:
    asked = Asked(ms=decision.debounce_ms, cost=sum(it.cost for it in chain))
    answers = [_ask(decision, it, place) for it in chain]
    circle = [
        Candidate(answer.text, answer.probability, Validity.PARSES, decision.debounce_ms + answer.ms)
        for it, answer in zip(chain, answers, strict=True)
        if _is_shown(decision, it, answer)
    ]
    for it, answer in zip(chain, answers, strict=True):
        is_late = decision.debounce_ms + answer.ms > decision.deadline_ms
        asked.took.append((it.id, decision.deadline_ms if is_late else answer.ms))
    asked.ms = min(decision.deadline_ms, asked.ms + max(it.ms for it in answers))
    choice = aggregate(circle, decision.deadline_ms, least_agreeing=2)
    if choice is not None:
        text = circle[choice.index].answer
        at = next(at for at, it in enumerate(answers) if it.text == text)
        asked.slot, asked.ident, asked.answer = SLOTS[chain[at].id], chain[at].id, answers[at]
    return asked


def reward(asked: Asked, view: View, prices: Prices) -> float:
    """Characters saved and kept, less latency and cost. Nobody waits for what is not shown."""
    total = -asked.cost / prices.money_a_character
    if asked.answer is not None:
        wrong = prices.wrong_invoked if view.trigger == Trigger.INVOKED else prices.wrong
        total += asked.answer.chars if asked.answer.is_right else -wrong
        total -= asked.ms / prices.ms_a_character
    return total


def hindsight(session: Session, prices: Prices) -> float:
    """What nobody beats: at each place the best of all single decisions, the answers known, within the money."""
    game = Game(session, prices)
    best: list[tuple[float, int]] = []
    for place in session.places:
        view = game.view()
        options = [carry_out(it, view, place) for it in all_decisions(view)]
        gains = [(reward(it, view, prices), it.cost) for it in options]
        best.append(max(gains, key=lambda it: (it[0], -it[1])))
        game.at += 1
    paid = sorted(((gain, cost) for gain, cost in best if cost and gain > 0), key=lambda it: -it[0] / it[1])
    total, left = sum(gain for gain, cost in best if not cost and gain > 0), float(session.money)
    for gain, cost in paid:
        # The last one in part: a bound, and simple.
        share = min(1.0, left / cost)
        total, left = total + gain * share, left - cost * share
    return total


def all_decisions(view: View) -> list[Decision]:
    """Each instrument that works, at each tau and with either context; and each pair of them."""
    working = [it for it in view.instruments if it.state != State.FAILED]
    deadline = view.deadline_ms
    found = []
    for tau in TAUS:
        for it in working:
            for context in (1024, WHOLE):
                base = Decision(True, 0, False, it.id, (), context, 1, tau, 0, deadline, it.cost)
                found.append(base)
                for other in working:
                    if other.id > it.id:
                        cost = it.cost + other.cost
                        found.append(replace(base, consensus=True, fallbacks=(other.id,), cost_cap=cost))
    return found


def play(
    session: Session, policy: Policy, prices: Prices, told: Callable[[Game, View, Decision, Asked], None] | None = None
) -> float:
    """What a policy is worth on a level: characters."""
    game = Game(session, prices)
    while not game.is_over():
        view = game.view()
        decision = policy(view)
        asked = game.step(decision)
        if told is not None:
            told(game, view, decision, asked)
    return game.reward
