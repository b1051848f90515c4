"""The Circle of Experts: the rows are those of the Arbitration Engine's own tests."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor import Answer, Because, Candidate, Validity, aggregate, vote

BROKEN, UNCHECKED, PARSES, RESOLVES = Validity

# Validity, quality, answer, milliseconds, trust.
Row = tuple[Validity, float, int, int, int]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([(BROKEN, 0.9, 1, 1, 0)], None),
        ([(BROKEN, 0.99, 1, 1, 0), (PARSES, 0.1, 2, 9, 0)], (1, Because.ONLY, 1)),
        (
            [(BROKEN, 0.9, 1, 1, 0), (BROKEN, 0.9, 1, 1, 0), (PARSES, 0.5, 1, 1, 0), (PARSES, 0.6, 2, 1, 0)],
            (3, Because.QUALITY, 1),
        ),
        ([(UNCHECKED, 0.9, 1, 1, 0), (RESOLVES, 0.2, 2, 9, 0)], (1, Because.VALIDITY, 1)),
        ([(RESOLVES, 0.5, 1, 1, 0), (RESOLVES, 0.8, 2, 9, 0)], (1, Because.QUALITY, 1)),
        ([(PARSES, 0.5, 1, 1, 0), (PARSES, 0.5, 2, 9, 1)], (1, Because.SOURCE, 1)),
        ([(PARSES, 0.5, 1, 5, 0), (PARSES, 0.5, 2, 4, 0)], (1, Because.LATENCY, 1)),
        ([(PARSES, 0.5, 1, 5, 0), (PARSES, 0.5, 2, 5, 0)], (0, Because.FIRST, 1)),
        (
            [(RESOLVES, 0.8, 1, 1, 0), (RESOLVES, 0.5, 2, 1, 0), (RESOLVES, 0.5, 2, 1, 0)],
            (1, Because.AGREEMENT, 2),
        ),
        (
            [(RESOLVES, 0.8, 1, 1, 0), (RESOLVES, 0.05, 2, 1, 0), (RESOLVES, 0.05, 2, 1, 0)],
            (0, Because.QUALITY, 1),
        ),
        ([(PARSES, 0.3, 1, 5, 0), (PARSES, 0.6, 1, 9, 0)], (1, Because.ONLY, 2)),
        ([(PARSES, math.nan, 1, 5, 0), (PARSES, 0.1, 2, 9, 0)], (1, Because.QUALITY, 1)),
    ],
)
def test_each_step_decides_before_the_next(rows: list[Row], expected: tuple[int, Because, int] | None) -> None:
    circle = [Candidate(answer, quality, validity, ms, trust) for validity, quality, answer, ms, trust in rows]
    choice = aggregate(circle)
    assert (choice and (choice.index, choice.because, choice.agreeing)) == expected


def test_what_came_too_late_has_no_voice_and_a_lonely_answer_may_be_too_little() -> None:
    circle = [Candidate(1, 0.9, RESOLVES, 300), Candidate(2, 0.3, RESOLVES, 20), Candidate(3, 0.2, RESOLVES, 20)]
    choice = aggregate(circle, deadline_ms=100)
    assert choice is not None and choice.index == 1
    assert aggregate(circle, deadline_ms=100, least_agreeing=2) is None


def test_one_voice_is_believed_as_it_says_and_two_more() -> None:
    one = aggregate([Candidate(1, 0.6, PARSES, 1)])
    two = aggregate([Candidate(1, 0.6, PARSES, 1), Candidate(1, 0.6, PARSES, 1)])
    assert one is not None and math.isclose(one.confidence, 0.6)
    assert two is not None and two.confidence > 0.9


CANDIDATES = st.builds(
    Candidate,
    answer=st.integers(0, 5),
    quality=st.floats(allow_nan=True),
    validity=st.sampled_from(list(Validity)),
    latency_ms=st.floats(0, 1000),
    trust=st.integers(0, 3),
)


@given(st.lists(CANDIDATES, max_size=64))
def test_nothing_broken_is_taken_and_nothing_checked_less_far(circle: list[Candidate]) -> None:
    choice = aggregate(circle)
    valid = [it.validity for it in circle if it.validity > BROKEN]
    if choice is None:
        assert not valid
    else:
        assert circle[choice.index].validity == max(valid)
        assert 0 <= choice.confidence <= 1


def answer(text: str, instrument: int, probability: float | None, quality: float = 0.5) -> Answer:
    return Answer(text, instrument, True, True, probability, quality, 5)


def test_an_instrument_that_repeats_itself_has_one_voice() -> None:
    again = vote([answer("a", 0, 0.6), answer("b", 1, 0.5), answer("b", 1, 0.4)])
    assert again is not None and (again.index, again.agreeing) == (0, 1)
    others = vote([answer("a", 0, 0.6), answer("b", 1, 0.5), answer("b", 2, 0.4)])
    assert others is not None and (others.index, others.because, others.agreeing) == (1, Because.AGREEMENT, 2)


def test_who_gives_no_probability_is_believed_as_often_as_it_was_right() -> None:
    choice = vote([answer("a", 0, None, 0.7), answer("b", 1, 0.6, 0.9)])
    assert choice is not None and (choice.index, choice.because) == (0, Because.QUALITY)


def test_what_does_not_resolve_is_never_taken() -> None:
    assert vote([Answer("a", 0, True, False, 0.9, 0.9, 5), Answer("b", 1, False, None, 0.9, 0.9, 5)]) is None
