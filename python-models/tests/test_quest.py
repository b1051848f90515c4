"""The command line and training: the same bytes for the same arguments, and better than what it has to beat."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import conductor
from conductor import Kind, Prefix, State, Surroundings
from conductor.weights import PLANS, Weights
from quest import levels
from quest.__main__ import main
from quest.learn import WEIGHT, Event, learn, learn_own, plan_of, plans_of, read_events
from quest.levels import POLICIES
from quest.measured import training
from quest.train import digest, train, training_puzzles

SHIPPED = conductor.load().weights


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_the_score_is_the_same_bytes_twice(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("score", "--levels", "1-6", "--seed", "1")
    first = output(capsys, *arguments)
    assert first == output(capsys, *arguments)
    assert all(name in first for name in POLICIES)


@pytest.mark.parametrize(
    "verb", [("list",), ("list", "--held-out"), ("play", "--level", "1"), ("play", "--level", "2")]
)
def test_each_verb_says_the_same_twice(capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]) -> None:
    assert output(capsys, *verb) == output(capsys, *verb) != ""


def test_training_gives_the_same_bytes_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # All of them take minutes.
    monkeypatch.setattr("quest.train.A_GENERATION_PLAYS", 5)
    texts = []
    for name, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        out = tmp_path / name
        assert main(["train", "--seed", seed, "--generations", "1", "--out", str(out)]) == 0
        texts.append(out.read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_the_shipped_weights_say_what_they_were_made_of() -> None:
    assert SHIPPED.levels_sha256 == digest(training(), training_puzzles(SHIPPED.seed))
    # All but the long search: what follows from the places alone.
    again = train(SHIPPED.seed, generations=0)
    assert (again.counts, again.after, again.plan_ms) == (SHIPPED.counts, SHIPPED.after, SHIPPED.plan_ms)


# What is reached with seed 1, in percent of the levels; it may only rise. The aim is 80 for both.
FLOORS = {"levels": 80, "held-out": 95}


@pytest.mark.parametrize("which", FLOORS)
def test_trained_earns_more_than_the_others_and_solves_what_it_solved_before(which: str) -> None:
    solved = dict.fromkeys(POLICIES, 0)
    reward = dict.fromkeys(POLICIES, 0.0)
    for number in range(1, 21):
        level = levels.make(number, 1, which == "held-out")
        for name in POLICIES:
            result = levels.play(level, name, SHIPPED)
            solved[name] += result.is_solved
            reward[name] += result.share
    others = ("random", "greedy", "static")
    assert all(reward["trained"] > reward[it] for it in others), reward
    assert all(solved["trained"] > solved[it] for it in others), solved
    assert solved["trained"] * 100 / 20 >= FLOORS[which], solved


def test_trained_solves_four_levels_of_five_in_the_mean_of_five_seeds() -> None:
    results = [
        levels.play(levels.make(number, seed), "trained", SHIPPED) for seed in range(1, 6) for number in range(1, 21)
    ]
    assert sum(it.is_solved for it in results) >= 0.8 * len(results)


def event(**changes: object) -> dict[str, object]:
    return {
        "surroundings": 0, "prefix": 2, "suffix_chars": 0, "kind": 0, "state": 1, "tau": 0.5, "shown_chars": 14,
        "kept_chars": 14, **changes,
    }  # fmt: skip


def test_events_are_learned_in_any_order_and_change_what_is_decided() -> None:
    # Shown, however sure one had to be.
    wrong = Event(0, Prefix.MEMBER, 0, Kind.LOCAL, State.WARM, 0.8, 14, 0)
    right = Event(0, Prefix.WORD, 0, Kind.LOCAL, State.WARM, 0.5, 30, 30)
    many = [wrong] * 400 + [right] * 3
    learned = learn(SHIPPED, many)
    assert learned.to_json() == learn(learn(SHIPPED, many[200:]), many[:200]).to_json()
    assert learned.events == 403
    from test_decide import view

    before, after = conductor.Policy(SHIPPED)(view()), conductor.Policy(learned)(view())
    assert before != after
    assert learn(SHIPPED, []) == SHIPPED


def test_an_event_tells_of_the_tau_beyond_which_it_would_have_been_the_same() -> None:
    shown = Event(0, Prefix.MEMBER, 0, Kind.LOCAL, State.WARM, 0.5, 14, 0)
    silent = Event(0, Prefix.MEMBER, 0, Kind.LOCAL, State.WARM, 0.5, 0, 0)
    both = ("learned", "learned, short context")
    assert {PLANS[it].name for it in plans_of(shown)} == {f"{it} {tau}" for it in both for tau in (0.2, 0.35, 0.5)}
    assert {PLANS[it].name for it in plans_of(silent)} == {f"{it} {tau}" for it in both for tau in (0.5, 0.65, 0.8)}
    names = Event(0, Prefix.MEMBER, 0, Kind.NAMES, State.WARM, 0.5, 0, 0)
    assert [PLANS[it].name for it in plans_of(names)] == ["names"]


def test_own_events_are_learned_once_however_often_it_is_done(tmp_path: Path) -> None:
    assert learn_own(tmp_path) == (0, [])
    assert not (tmp_path / "weights.json").exists()
    (tmp_path / "events.1.jsonl").write_text(json.dumps(event()) + "\n", encoding="utf-8")
    (tmp_path / "events.jsonl").write_text(json.dumps(event()) + "\n{", encoding="utf-8")
    n, problems = learn_own(tmp_path)
    assert (n, len(problems)) == (2, 1)
    once = (tmp_path / "weights.json").read_bytes()
    learn_own(tmp_path)
    assert (tmp_path / "weights.json").read_bytes() == once
    assert sorted(it.name for it in tmp_path.iterdir()) == ["events.1.jsonl", "events.jsonl", "weights.json"]
    policy, note = conductor.load_refined(str(tmp_path / "weights.json"))
    assert (policy.weights.events, note) == (2, None)


def test_weights_that_did_not_grow_from_ours_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    assert conductor.load_refined(str(path))[1] is None
    path.write_text(Weights.empty().to_json(), encoding="utf-8")
    policy, note = conductor.load_refined(str(path))
    assert policy.weights == SHIPPED and note is not None and "grew from others" in note
    path.write_text("{", encoding="utf-8")
    policy, note = conductor.load_refined(str(path))
    assert policy.weights == SHIPPED and note is not None and "no weights" in note


@pytest.mark.parametrize(
    ("level", "answers", "expected"),
    [
        ("1", "f1\n77\n2\n", "solved, "),
        ("1", "q\n", "not solved, 0.000"),
        ("1", "", "not finished"),
        ("2", "0 0.5\nwhat\n\n" + "0\n" * 80, "of what the oracle gets"),
        ("2", "0\n", "not finished"),
    ],
)
def test_a_person_may_play(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, level: str, answers: str, expected: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    assert expected in output(capsys, "play", "--level", level, "--policy", "you")


EVENTS = st.builds(
    Event,
    surroundings=st.sampled_from(list(Surroundings)),
    prefix=st.sampled_from(list(Prefix)),
    suffix_chars=st.integers(0, 80),
    kind=st.sampled_from(list(Kind)),
    state=st.sampled_from([State.COLD, State.WARM]),
    tau=st.floats(0, 1),
    shown_chars=st.integers(0, 200),
    kept_chars=st.integers(0, 200),
)


@given(st.lists(EVENTS, max_size=30))
def test_whatever_happened_the_weights_stay_weights(events: list[Event]) -> None:
    learned = learn(Weights.empty(), events)
    assert Weights.from_json(learned.to_json()) == learned
    total = sum(count.asked for row in learned.counts for count in row)
    assert total == WEIGHT * sum(len(plans_of(it)) for it in events)


def test_an_event_tells_of_the_plan_with_the_nearest_tau() -> None:
    names = [PLANS[plan_of(Event(0, 0, 0, kind, state, tau, 1, 1))].name for kind, state, tau in (
        (0, 1, 0.55), (0, 0, 0.9), (1, 0, 0.5), (2, 0, 0.2), (3, 1, 0.8))]  # fmt: skip
    assert names == ["learned 0.5", "fresh 0.8", "names", "server 0.2", "remote 0.8"]


def test_lines_that_hold_no_event_are_told_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [event(), {**event(), "tau": 2}, event(kind="x"), event(shown_chars=True), [1]]
    text = "\n".join([*map(json.dumps, lines), "{", "", json.dumps(event(kept_chars=0))])
    events, problems = read_events(text)
    assert (len(events), len(problems)) == (2, 5)
    assert problems[0] == "line 2: tau: 2"
    file, out = tmp_path / "events.jsonl", tmp_path / "weights.json"
    file.write_text(text, encoding="utf-8")
    assert main(["learn", "--events", str(file), "--out", str(out)]) == 0
    assert capsys.readouterr().out == "2 events learned, 5 lines left out\n"
    assert conductor.load(str(out)).weights.events == 2


def test_weights_that_are_none_end_in_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--weights", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err.startswith("failed: failed to read the weights")
