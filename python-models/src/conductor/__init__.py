"""The Conductor: Python decides about AI jobs, Rust does them.

Pure functions over frozen dataclasses of plain numbers; only `load` reads a file. See README.md, "For the host".
"""

from conductor.check import validate
from conductor.circle import Answer, Because, Candidate, Choice, Validity, aggregate, vote
from conductor.load import PolicyError, flat_of, load, load_refined, load_user
from conductor.policy import Policy
from conductor.view import (
    LAYOUT,
    Decision,
    Instrument,
    Kind,
    LayoutError,
    Numbers,
    Prefix,
    Reason,
    State,
    Surroundings,
    Trigger,
    View,
    decision_of,
    view_of,
)
from conductor.weights import Weights, WeightsError

__all__ = [
    "LAYOUT",
    "Answer",
    "Because",
    "Candidate",
    "Choice",
    "Decision",
    "Instrument",
    "Kind",
    "LayoutError",
    "Numbers",
    "Policy",
    "PolicyError",
    "Prefix",
    "Reason",
    "State",
    "Surroundings",
    "Trigger",
    "Validity",
    "View",
    "Weights",
    "WeightsError",
    "aggregate",
    "decide",
    "decision_of",
    "flat_of",
    "load",
    "load_refined",
    "load_user",
    "validate",
    "view_of",
    "vote",
]

_default: Policy | None = None


def decide(view: View) -> Decision:
    """What the policy that comes with the package decides. An embedder calls `load` once and keeps what it gives."""
    global _default
    if _default is None:
        _default = load()
    return _default.decide(view)
