"""What a host relies on: the files that are generated, loading, and that nothing else is read."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import conductor
from conductor import Decision, LayoutError, PolicyError, View, WeightsError
from conductor.samples import any_views
from conductor.schema import VECTORS_FILE, files, plain
from conductor.view import DECISION_WIDTH, INSTRUMENT_WIDTH, VIEW_HEAD
from conductor.weights import PLANS, Count, Weights

PACKAGE = Path(conductor.__file__).parent
# Nobody imports these but the command line and an embedder before its first decision.
WITH_FILES = {"load.py", "schema.py", "bench.py"}
# All that a decision needs.
PURE = {"__future__", "bisect", "collections.abc", "dataclasses", "enum", "json", "math", "random", "typing"}


def test_the_generated_files_are_up_to_date() -> None:
    for name, text in files().items():
        assert (PACKAGE / name).read_bytes() == text.encode(), f"{name}: run `python -m conductor.schema`"


def test_the_vectors_replay() -> None:
    cases = json.loads((PACKAGE / VECTORS_FILE).read_text(encoding="utf-8"))["cases"]
    flat = conductor.load().flat
    for case in cases:
        if "error" in case:
            with pytest.raises(LayoutError):
                flat(tuple(case["view"]))
        else:
            assert flat(tuple(case["view"])) == tuple(case["decision"])
    kinds = {(case.get("error"), *case.get("decision", ())[1:4]) for case in cases}
    assert len(kinds) >= 8, "the vectors show few sorts of decisions"


def test_the_schema_has_a_row_for_each_number() -> None:
    schema = json.loads((PACKAGE / "schema.json").read_text(encoding="utf-8"))
    rows = {key: value for key, value in schema.items() if isinstance(value, list)}
    widths = {key: len(value) for key, value in rows.items()}
    assert widths == {"view": VIEW_HEAD, "instrument": INSTRUMENT_WIDTH, "decision": DECISION_WIDTH}
    assert all(row["type"] in ("int", "float", "bool") and row["doc"] for value in rows.values() for row in value)


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda it: it.name)
def test_what_decides_imports_nothing_with_io(path: Path) -> None:
    if path.name in WITH_FILES:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {it.module or "" for it in ast.walk(tree) if isinstance(it, ast.ImportFrom)}
    names |= {name.name for it in ast.walk(tree) if isinstance(it, ast.Import) for name in it.names}
    assert {it for it in names if not it.startswith("conductor")} <= PURE
    called = {it.func.id for it in ast.walk(tree) if isinstance(it, ast.Call) and isinstance(it.func, ast.Name)}
    assert not called & {"open", "print", "input", "exec", "eval", "__import__"}


def test_weights_come_back_as_they_were() -> None:
    text = (PACKAGE / "weights.json").read_text(encoding="utf-8")
    weights = Weights.from_json(text)
    assert weights.to_json() == text
    assert Weights.from_json(weights.to_json()) == weights


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"schema": 2}, "expected weights of schema 1, found 2"),
        ({"plans": []}, "the plans are not those of this version"),
        ({"counts": {"0": {"0": [1, 2, 0, 0]}}}, "counts that cannot be: cell 0, plan 0: [1, 2, 0, 0]"),
        ({"counts": {"99": {"0": [1, 1, 0, 0]}}}, "99 is not below 48"),
        ({"counts": []}, "expected an object, found list"),
        ({"plan_ms": [1]}, f"expected {len(PLANS)} latencies, found 1"),
        ({"prices": {"wrong": "much"}}, "expected a number, found 'much'"),
        ({"prices": {"ms_a_character": 0}}, "prices that cannot be"),
    ],
)
def test_weights_that_are_none_are_refused(tmp_path: Path, change: dict[str, object], expected: str) -> None:
    file = tmp_path / "weights.json"
    file.write_text(json.dumps({**json.loads(Weights.empty().to_json()), **change}), encoding="utf-8")
    with pytest.raises(WeightsError) as error:
        conductor.load(str(file))
    assert expected in str(error.value)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_refused_with_the_one_error(text: bytes | str) -> None:
    with pytest.raises(WeightsError):
        Weights.from_json(text if isinstance(text, str) else text.decode("latin-1"))


def test_weights_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="failed to read the weights"):
        conductor.load(str(tmp_path / "none.json"))


def test_counts_add_up_in_any_order() -> None:
    a, b = Count(1, 1, 0, 0), Count(2, 1, 1, 7.5)
    assert a.plus(b) == b.plus(a) == Count(3, 2, 1, 7.5)


def user(tmp_path: Path, body: str) -> str:
    file = tmp_path / "mine.py"
    file.write_text(f"from conductor import Decision, View, decide as ours\n{body}\n", encoding="utf-8")
    return str(file)


def test_a_policy_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    body = (
        "import dataclasses\ndef decide(view: View) -> Decision:\n    return dataclasses.replace(ours(view), tau=0.75)"
    )
    flat = conductor.flat_of(conductor.load_user(user(tmp_path, body)))
    question = any_views(1)[0]
    assert conductor.decision_of(flat(plain(question.numbers()))).tau == 0.75


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = ", "SyntaxError"),
        ("raise RuntimeError('no')", "RuntimeError: no"),
        ("decide = 3", "has no function `decide`"),
    ],
)
def test_a_policy_that_cannot_be_loaded_says_why(tmp_path: Path, body: str, expected: str) -> None:
    with pytest.raises(PolicyError, match=expected):
        conductor.load_user(user(tmp_path, body))


def test_nonsense_of_a_policy_of_the_user_is_refused() -> None:
    def nothing(_: View) -> Decision:
        return None  # type: ignore[return-value]

    def silly(view: View) -> Decision:
        return Decision(True, 0, False, 77, (), 1, 1, 0.5, 0, 10, 0) if view else conductor.decide(view)

    numbers = plain(any_views(1)[0].numbers())
    with pytest.raises(PolicyError, match="expected a Decision, found NoneType"):
        conductor.flat_of(nothing)(numbers)
    with pytest.raises(PolicyError, match="nonsense: there is no instrument 77"):
        conductor.flat_of(silly)(numbers)
