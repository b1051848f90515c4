"""The entry of an embedder. The only module of the package that reads files, before the first decision."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from conductor.check import validate
from conductor.policy import Policy
from conductor.view import Decision, Numbers, View, view_of
from conductor.weights import Weights, WeightsError

# The weights that come with the package.
SHIPPED = "weights.json"
# More is no file of weights.
MOST_BYTES = 8 << 20


class PolicyError(Exception):
    """A policy of the user that cannot be loaded, or that decided nonsense. The message is for the user."""


def load(path: str | None = None) -> Policy:
    """The policy with the weights at `path`, or with those that come with the package.

    Raises `WeightsError` if they are not there, or are none.
    """
    return Policy(_weights(path))


def load_refined(path: str) -> tuple[Policy, str | None]:
    """The policy with weights that were learned on from those of this package, if they are there; else with those.

    Also why not, if they are there and are passed over. Raises `WeightsError` if the package's own are broken.
    """
    shipped = _weights(None)
    if not Path(path).exists():
        return Policy(shipped), None
    try:
        refined = _weights(path)
    except WeightsError as error:
        return Policy(shipped), f"the weights of the package are used, those in {path} cannot be: {error}"
    if not refined.grew_from(shipped):
        return Policy(shipped), f"the weights of the package are used, those in {path} grew from others"
    return Policy(refined), None


def _weights(path: str | None) -> Weights:
    try:
        source = resources.files("conductor") / SHIPPED if path is None else Path(path)
        with source.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise WeightsError(f"failed to read the weights: {error}") from error
    if len(text) > MOST_BYTES:
        raise WeightsError(f"more than {MOST_BYTES} bytes")
    return Weights.from_json(text.decode("utf-8", errors="replace"))


def load_user(path: str) -> Callable[[View], Decision]:
    """The function `decide` of the Python file at `path`. It runs that file: never give it a path from a workspace.

    Raises `PolicyError`.
    """
    spec = importlib.util.spec_from_file_location("conductor_user_policy", path)
    if spec is None or spec.loader is None:
        raise PolicyError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise PolicyError(f"failed to load {path}: {type(error).__name__}: {error}") from error
    decide = getattr(module, "decide", None)
    if not callable(decide):
        raise PolicyError(f"{path} has no function `decide`")
    return decide  # type: ignore[no-any-return]


def flat_of(decide: Callable[[View], Decision]) -> Callable[[Numbers], Numbers]:
    """A policy with names as one on flat forms. Slower than `Policy.flat`, and what it decides is checked.

    The result raises `LayoutError` for no view, `PolicyError` for no decision, and what `decide` raises.
    """

    def flat(numbers: Numbers) -> Numbers:
        view = view_of(numbers)
        decision = decide(view)
        if not isinstance(decision, Decision):
            raise PolicyError(f"expected a Decision, found {type(decision).__name__}")
        wrong = validate(decision, view)
        if wrong is not None:
            raise PolicyError(f"nonsense: {wrong}")
        return decision.numbers()

    return flat
