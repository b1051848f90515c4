"""The layout of the flat forms and cases to replay, as JSON for hosts in other languages.

`python -m conductor.schema` writes the files beside this one; a test fails when they are out of date.
"""

from __future__ import annotations

import json
from dataclasses import Field, asdict, fields
from pathlib import Path
from typing import Any

from conductor.circle import vote
from conductor.load import load
from conductor.policy import Policy
from conductor.samples import any_circles, any_views
from conductor.view import DECISION_WIDTH, LAYOUT, MAX_FALLBACKS, Decision, Instrument, LayoutError, Numbers, View

SCHEMA_FILE = "schema.json"
VECTORS_FILE = "vectors.json"
CIRCLE_FILE = "circle.json"
N_VECTORS = 300
N_CIRCLES = 200


def schema() -> dict[str, object]:
    """Both layouts: each number in its order, with its type, range, unit and names."""
    view = [it for it in fields(View) if it.name != "instruments"]
    return {
        "layout": LAYOUT,
        "view": [
            _first(),
            *(_number(it) for it in view),
            {"name": "n_instruments", "type": "int", "doc": "so many instruments follow", "least": 0, "most": 64},
        ],
        "instrument": [_number(it) for it in fields(Instrument)],
        "decision": [_first(), *(row for it in fields(Decision) for row in _decided(it))],
    }


def _first() -> dict[str, object]:
    return {"name": "layout", "type": "int", "doc": "the layout", "least": LAYOUT, "most": LAYOUT}


def _decided(it: Field[Any]) -> list[dict[str, object]]:
    row = _number(it)
    if it.name != "fallbacks":
        return [row]
    return [{**row, "name": f"fallback_{at}", "type": "int"} for at in range(MAX_FALLBACKS)]


def _number(it: Field[Any]) -> dict[str, object]:
    data = it.metadata
    row: dict[str, object] = {"name": it.name, "type": str(it.type), "doc": data["doc"], "least": data["least"]}
    if data["most"] is not None:
        row["most"] = int(data["most"])
    if data["unit"]:
        row["unit"] = data["unit"]
    if data["names"]:
        row["names"] = {member.name.lower(): int(member) for member in data["names"]}
    return row


def vectors(policy: Policy) -> list[dict[str, object]]:
    """Views and what `policy` decides about them; the last ones are no views."""
    cases: list[dict[str, object]] = []
    for view in any_views(N_VECTORS):
        numbers = plain(view.numbers())
        cases.append({"view": numbers, "decision": plain(policy.flat(numbers))})
    for broken in broken_views():
        try:
            policy.flat(broken)
        except LayoutError:
            cases.append({"view": broken, "error": LayoutError.__name__})
    return cases


def circle() -> list[dict[str, object]]:
    """Answers of several instruments, and which one is taken."""
    cases: list[dict[str, object]] = []
    for at, answers in enumerate(any_circles(N_CIRCLES)):
        deadline_ms, least_agreeing = (200.0, 1000.0)[at % 2], (1, 1, 2)[at % 3]
        choice = vote(answers, deadline_ms, least_agreeing)
        taken = None if choice is None else {**asdict(choice), "because": choice.because.name.lower()}
        asked = {"deadline_ms": deadline_ms, "least_agreeing": least_agreeing}
        cases.append({"answers": [asdict(it) for it in answers], **asked, "choice": taken})
    return cases


def broken_views() -> list[Numbers]:
    """Numbers that are no view, in each of the ways that are refused."""
    numbers = plain(any_views(1)[0].numbers())
    broken = [(), (LAYOUT,), numbers[:-1], (*numbers, 0), (LAYOUT + 1, *numbers[1:])]
    for at, bad in ((1, 2), (1, -1), (2, 4), (2, -1), (3, 6), (3, -1), (15, -1), (15, 2), (17, 9), (17, -1), (18, -1)):
        broken.append((*numbers[:at], bad, *numbers[at + 1 :]))
    return broken


def plain(numbers: Numbers) -> Numbers:
    """Without enumerations: as they are on the wire."""
    return tuple(int(it) if isinstance(it, int) else it for it in numbers)


def to_json(head: dict[str, object], rows: dict[str, list[Any]]) -> str:
    """JSON with one row a line."""
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for key, values in rows.items():
        inner = ",\n".join(f"  {json.dumps(it)}" for it in values)
        lines.append(f" {json.dumps(key)}: [\n{inner}\n ]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def files() -> dict[str, str]:
    """The files, by name."""
    policy = load()
    parts: dict[str, Any] = schema()
    head = {"layout": parts.pop("layout"), "decision_width": DECISION_WIDTH}
    return {
        SCHEMA_FILE: to_json(head, parts),
        VECTORS_FILE: to_json({"layout": LAYOUT}, {"cases": vectors(policy)}),
        CIRCLE_FILE: to_json({}, {"cases": circle()}),
    }


def main() -> None:
    """Writes the files."""
    for name, text in files().items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
