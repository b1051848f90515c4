"""What the policy decides, and that it never decides nonsense."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

import conductor
from conductor import Decision, Instrument, Kind, LayoutError, Policy, Prefix, Reason, State, Trigger, View, Weights
from conductor.offers import deciding_among
from conductor.samples import LOCAL_CONTEXT, any_views, local
from conductor.schema import broken_views
from conductor.tables import tables_of
from conductor.view import VIEW_FIELDS, VIEW_HEAD

# In the flat form of a view; nothing depends on them.
UNSEEN = [1 + VIEW_FIELDS.index(it) for it in ("prefix_chars", "document_chars")]
UNTRAINED = Policy(Weights.empty())
SHIPPED = conductor.load()
AMONG = {
    it: deciding_among(tables_of(it.weights), 1.0 / it.weights.prices.money_a_character) for it in (UNTRAINED, SHIPPED)
}


def view(**changes: object) -> View:
    base = View(
        trigger=Trigger.AUTOMATIC,
        surroundings=0,
        prefix=Prefix.MEMBER,
        prefix_chars=12,
        suffix_chars=0,
        typing_cps=5.0,
        idle_ms=40.0,
        accepted=0,
        rejected=0,
        document_chars=6000,
        deadline_ms=1500.0,
        cost_left=0,
        cost_share=1.0,
        period_share=1.0,
        instruments=(local(),),
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


def remote(ident: int, **changes: object) -> Instrument:
    base = Instrument(ident, Kind.REMOTE, State.WARM, 300.0, 900.0, 100, 0.0, 0, 8000)
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


def numbers_of(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(int(low), int(high)) | st.floats(low, high)


INSTRUMENTS = st.builds(
    Instrument,
    id=st.integers(0, 63),
    kind=st.sampled_from(list(Kind)),
    state=st.sampled_from(list(State)),
    p50_ms=numbers_of(0, 20000),
    p95_ms=numbers_of(0, 60000),
    cost=st.integers(0, 10000),
    quality=st.floats(0, 1),
    quality_n=st.integers(0, 10**6),
    context_tokens=st.integers(0, 10**6),
)
VIEWS = st.builds(
    View,
    trigger=st.sampled_from(list(Trigger)),
    surroundings=st.integers(0, 3),
    prefix=st.integers(0, 5),
    prefix_chars=st.integers(0, 1000),
    suffix_chars=st.integers(0, 1000),
    typing_cps=numbers_of(0, 50),
    idle_ms=numbers_of(0, 10**7),
    accepted=st.integers(0, 16),
    rejected=st.integers(0, 16),
    document_chars=st.integers(0, 10**9),
    deadline_ms=numbers_of(0, 60000),
    cost_left=st.integers(0, 10**9),
    cost_share=st.floats(0, 1),
    period_share=st.floats(0, 1),
    instruments=st.lists(INSTRUMENTS, max_size=8, unique_by=lambda it: it.id).map(tuple),
)


@pytest.mark.parametrize("policy", [UNTRAINED, SHIPPED], ids=["untrained", "shipped"])
@given(it=VIEWS)
def test_no_view_leads_to_nonsense_and_both_forms_agree(policy: Policy, it: View) -> None:
    decision = policy(it)
    assert conductor.validate(decision, it) is None
    assert conductor.decision_of(policy.flat(it.numbers())) == decision
    assert conductor.view_of(it.numbers()) == it
    assert decision.numbers() == policy.flat(it.numbers())


@pytest.mark.parametrize("policy", [UNTRAINED, SHIPPED], ids=["untrained", "shipped"])
@given(it=VIEWS, one=INSTRUMENTS)
def test_what_is_simple_is_decided_as_all_else_is(policy: Policy, it: View, one: Instrument) -> None:
    # Of a hundred answers the slowest of 95 is no faster than that of 50.
    one = dataclasses.replace(one, p95_ms=max(one.p50_ms, one.p95_ms))
    numbers = dataclasses.replace(it, instruments=(one,)).numbers()
    head = [number for at, number in enumerate(numbers[:VIEW_HEAD]) if at not in UNSEEN]
    assert policy.flat(numbers) == AMONG[policy](*head, numbers[VIEW_HEAD:])


@given(st.lists(st.integers(-2, 70) | st.floats() | st.none() | st.just("x"), max_size=40))
def test_numbers_that_are_no_view_are_refused_or_decided(numbers: list[float]) -> None:
    for head in ([], [1, 0, 0, 0, 0, 0]):
        try:
            SHIPPED.flat((*head, *numbers))
        except LayoutError:
            continue


@pytest.mark.parametrize("numbers", broken_views())
def test_each_way_to_be_no_view_is_refused(numbers: tuple[float, ...]) -> None:
    with pytest.raises(LayoutError):
        SHIPPED.flat(numbers)


@pytest.mark.parametrize("policy", [UNTRAINED, SHIPPED], ids=["untrained", "shipped"])
def test_with_the_embedded_model_alone_it_asks_at_once_and_pays_nothing(policy: Policy) -> None:
    decision = policy(view())
    assert (decision.trigger, decision.reason, decision.instrument) == (True, Reason.WORTH_IT, 0)
    assert (decision.debounce_ms, decision.cost_cap, decision.candidates) == (0, 0, 1)
    assert (decision.fallbacks, decision.consensus) == ((), False)
    assert 0 < decision.deadline_ms <= 1500


@pytest.mark.parametrize(
    ("instruments", "changes", "reason"),
    [
        ((), {}, Reason.NO_INSTRUMENT),
        ((local(State.FAILED),), {}, Reason.NO_INSTRUMENT),
        ((dataclasses.replace(local(), p50_ms=4000.0),), {}, Reason.NO_TIME),
        ((remote(1),), {"cost_left": 99}, Reason.NO_BUDGET),
        ((remote(1, p50_ms=1400.0, cost=40000),), {"cost_left": 50000}, Reason.NOT_WORTH_IT),
    ],
)
def test_it_is_silent_for_a_reason(
    instruments: tuple[Instrument, ...], changes: dict[str, int], reason: Reason
) -> None:
    decision = SHIPPED(view(instruments=instruments, **changes))
    assert (decision.trigger, decision.reason) == (False, reason)


def test_who_asks_gets_an_answer_that_nobody_else_would_get() -> None:
    dear = remote(1, p50_ms=1400.0, cost=40000)
    decision = SHIPPED(view(instruments=(dear,), cost_left=50000, trigger=Trigger.INVOKED))
    assert (decision.instrument, decision.reason, decision.debounce_ms) == (1, Reason.ASKED_FOR, 0)


def test_an_instrument_with_a_price_waits_for_a_pause_in_typing() -> None:
    typing = view(instruments=(remote(1, quality=0.8, quality_n=500),), cost_left=1000)
    assert UNTRAINED(typing).debounce_ms == 200
    assert UNTRAINED(dataclasses.replace(typing, typing_cps=10.0)).debounce_ms == 100
    assert UNTRAINED(dataclasses.replace(typing, idle_ms=500.0)).debounce_ms == 0


def test_what_is_known_of_an_instrument_counts_more_the_more_is_known() -> None:
    good = remote(2, quality=0.9, quality_n=400, cost=0)
    bad = remote(1, quality=0.05, quality_n=400, cost=0)
    decision = UNTRAINED(view(instruments=(bad, good)))
    assert decision.instrument == 2
    assert UNTRAINED(view(instruments=(bad,))).reason != Reason.WORTH_IT


def test_who_rejects_everything_is_asked_for_more_certainty() -> None:
    calm, annoyed, angry = (SHIPPED(view(rejected=it)).tau for it in (0, 5, 12))
    assert calm < annoyed < angry
    assert SHIPPED(view(rejected=5, accepted=5)).tau == calm


def test_who_asks_gets_a_circle_of_two_comparable_models() -> None:
    pair = (remote(1), remote(2))
    decision = UNTRAINED(view(instruments=pair, cost_left=1000, trigger=Trigger.INVOKED))
    assert (decision.consensus, decision.instrument, decision.fallbacks) == (True, 1, (2,))
    assert (decision.candidates, decision.cost_cap) == (1, 200)
    alone = UNTRAINED(view(instruments=pair, cost_left=150, trigger=Trigger.INVOKED))
    assert (alone.consensus, alone.candidates, alone.cost_cap) == (False, 1, 100)
    rich = UNTRAINED(view(instruments=pair[:1], cost_left=1000, trigger=Trigger.INVOKED))
    assert (rich.consensus, rich.candidates, rich.cost_cap) == (False, 3, 300)


def test_a_fallback_fits_into_the_time_and_the_money_that_are_left() -> None:
    pair = (remote(1), remote(2))
    assert UNTRAINED(view(instruments=pair, cost_left=200)).fallbacks == (2,)
    assert UNTRAINED(view(instruments=pair, cost_left=199)).fallbacks == ()
    assert UNTRAINED(view(instruments=pair, cost_left=200, deadline_ms=599.0)).fallbacks == ()


def test_the_context_fits_the_document_and_the_instrument() -> None:
    small = UNTRAINED(view(document_chars=1000))
    large = UNTRAINED(view(document_chars=60000))
    limited = UNTRAINED(view(document_chars=10**7, instruments=(remote(1, context_tokens=3000),), cost_left=100))
    assert (small.context_tokens, large.context_tokens, limited.context_tokens) == (32768, 32768, 3000)


def test_equal_views_lead_to_equal_decisions_whatever_came_before() -> None:
    views = any_views(200)
    fresh = [conductor.load()(it) for it in views[:20]]
    policy = conductor.load()
    for it in reversed(views):
        policy(it)
    assert [policy(it) for it in views[:20]] == fresh


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tau": 1.5}, "tau is 1.5, not from 0 to 1"),
        ({"tau": float("nan")}, "tau is no number: nan"),
        ({"instrument": 9}, "there is no instrument 9"),
        ({"fallbacks": (0,)}, "an instrument is named twice: (0, 0)"),
        ({"fallbacks": (3,)}, "instrument 3 has failed"),
        ({"consensus": True}, "a consensus of one"),
        ({"candidates": 0}, "candidates is 0, not from 1 to 8"),
        ({"debounce_ms": -1}, "debounce_ms is -1, not from 0 to 1000"),
        ({"deadline_ms": 0}, "deadline_ms is 0, not above 0 and up to 1500.0"),
        ({"deadline_ms": 5000}, "deadline_ms is 5000, not above 0 and up to 1500.0"),
        ({"debounce_ms": 60, "deadline_ms": 50}, "debounce_ms is 60, and deadline_ms 50"),
        ({"cost_cap": 5}, "cost_cap is 5, and 0 is left"),
        (
            {"context_tokens": LOCAL_CONTEXT + 1},
            f"context_tokens is {LOCAL_CONTEXT + 1}, not from 0 to {LOCAL_CONTEXT}",
        ),
        ({"trigger": False}, "trigger is False, and the reason 0"),
        ({"reason": 17}, "trigger is True, and the reason 17"),
        ({"trigger": False, "reason": Reason.NO_TIME}, "it is silent, and names instruments"),
        ({"fallbacks": (1, 2, 4)}, "there are 3 fallbacks, and 2 at most"),
        ({"fallbacks": (2,), "consensus": True, "instrument": 1}, "cost_cap is 0, and the calls cost 200"),
    ],
)
def test_nonsense_is_refused_with_a_reason(changes: dict[str, object], expected: str) -> None:
    others = (remote(1), remote(2), remote(3, state=State.FAILED), remote(4))
    question = view(instruments=(local(), *others))
    decision: Decision = dataclasses.replace(SHIPPED(view()), **changes)  # type: ignore[arg-type]
    assert conductor.validate(decision, question) == expected


def test_money_that_goes_faster_than_time_is_kept_for_the_better_places() -> None:
    priced = dataclasses.replace(local(), cost=5)
    steady = view(instruments=(priced,), cost_left=1000, cost_share=0.5, period_share=0.5)
    assert SHIPPED(steady).reason == Reason.WORTH_IT
    poor = dataclasses.replace(steady, prefix=Prefix.BLANK, cost_share=0.2, period_share=0.9)
    assert SHIPPED(poor).reason == Reason.NO_BUDGET
    assert SHIPPED(dataclasses.replace(poor, trigger=Trigger.INVOKED)).trigger
    free = dataclasses.replace(poor, instruments=(local(),))
    assert SHIPPED(free).reason == Reason.WORTH_IT


def test_an_instrument_that_would_come_too_late_gives_way_to_one_in_time() -> None:
    slow = dataclasses.replace(local(), p50_ms=90.0, p95_ms=400.0)
    fast = dataclasses.replace(local(State.COLD), id=1, p50_ms=5.0, p95_ms=20.0)
    pair = view(instruments=(slow, fast), prefix=Prefix.BLANK, deadline_ms=100.0)
    assert SHIPPED(dataclasses.replace(pair, deadline_ms=1500.0)).instrument == 0
    assert SHIPPED(pair).instrument == 1


def test_numbers_outside_their_ranges_are_refused_where_they_divide_by_nothing() -> None:
    priced = dataclasses.replace(local(), cost=5)
    with pytest.raises(LayoutError):
        SHIPPED.flat(view(instruments=(priced,), cost_left=9, cost_share=-1.0, period_share=0.0).numbers())
