"""`python -m quest {list,play,train,score,learn}`: the same output for the same arguments, always."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import conductor
from conductor import Weights, WeightsError
from quest import levels, show
from quest.learn import learn, learn_own, read_events, write_whole
from quest.levels import POLICIES
from quest.session import SOLVED_SHARE
from quest.train import GENERATIONS, train

# Where a host keeps events, if it says so.
STATE_VARIABLE = "SYMPHONY_CONDUCTOR_DIR"
# How far behind others somebody stands who works while nobody waits.
IDLE = 10


def say(text: str) -> None:
    """To standard output, the same bytes on every platform."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def progress(text: str) -> None:
    """To standard error: how far it is, and what was left out."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line; gives the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.verb == "train" and not options.own and options.out is None:
        parser.error("train: either --out or --own is needed")
    if options.verb == "train" and options.own and options.state is None:
        parser.error(f"train --own: --state or {STATE_VARIABLE} is needed")
    try:
        weights = conductor.load(options.weights).weights if options.verb != "train" else Weights.empty()
        {"list": _list, "play": _play, "train": _train, "score": _score, "learn": _learn}[options.verb](
            options, weights
        )
    except BrokenPipeError:
        # Whoever read has seen enough; nothing is left to be said at the end either.
        sys.stdout = None
        return 1
    except KeyboardInterrupt:
        return 130
    except (OSError, WeightsError) as error:
        progress(f"failed: {error}")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quest", description="Function Quest: levels for policies, and training")
    parser.set_defaults(weights=None)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, help_text in (("list", "the levels"), ("score", "all policies beside each other")):
        verb = verbs.add_parser(name, help=help_text)
        verb.add_argument("--levels", type=_range, default=range(1, 21), help="from 1 on, as 1-20 or 7")
        _common(verb)
    verb = verbs.add_parser("play", help="one level, step by step")
    verb.add_argument("--level", type=int, required=True, choices=range(1, 1000), metavar="N")
    verb.add_argument("--policy", choices=(*POLICIES[:-1], show.YOU), default="trained", help="`you`: you are asked")
    _common(verb)
    verb = verbs.add_parser("train", help="makes the weights")
    verb.add_argument("--seed", type=int, default=1)
    verb.add_argument("--generations", type=int, default=GENERATIONS, help=argparse.SUPPRESS)
    verb.add_argument("--out", type=Path, help="where the weights go")
    verb.add_argument(
        "--own", action="store_true", help="learn on from your own choices, kept in the folder of --state"
    )
    state = os.environ.get(STATE_VARIABLE)
    verb.add_argument("--state", type=Path, default=Path(state) if state else None, help="the folder of your choices")
    verb.add_argument("--idle", action="store_true", help=argparse.SUPPRESS)
    verb = verbs.add_parser("learn", help="learns on from what was accepted and rejected")
    verb.add_argument("--events", type=Path, required=True, help="one JSON object a line, see quest/learn.py")
    verb.add_argument("--weights", help="what to learn on from; those of the package by default")
    verb.add_argument("--out", type=Path, required=True, help="where the weights go")
    return parser


def _common(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seed", type=int, default=1)
    verb.add_argument("--held-out", action="store_true", help="levels from packages that training never saw")
    verb.add_argument("--weights", help="those of the package by default")


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    numbers = range(int(first), int(last or first) + 1)
    if not numbers or numbers[0] < 1 or numbers[-1] > 999:
        raise argparse.ArgumentTypeError(f"no levels: {text}")
    return numbers


def _list(options: argparse.Namespace, _: Weights) -> None:
    for number in options.levels:
        say(f"{number:3}  {levels.make(number, options.seed, options.held_out).describe()}")


def _score(options: argparse.Namespace, weights: Weights) -> None:
    say(f"weights: {weights.command or 'none'}, levels {weights.levels_sha256[:16] or 'none'}, {weights.events} events")
    say(f"solved: a puzzle within its budget, code with {SOLVED_SHARE:.0%} of what hindsight gains")
    say("per level: the share of what the oracle gets; * is solved\n")
    say("".join([f"{'level':56}", *(f"{it:>10}" for it in POLICIES)]))
    results: dict[str, list[levels.Result]] = {it: [] for it in POLICIES}
    for number in options.levels:
        if sys.stderr.isatty() and not sys.stdout.isatty():
            progress(f"level {number} of {options.levels[-1]}")
        level = levels.make(number, options.seed, options.held_out)
        cells = []
        for name in POLICIES:
            result = levels.play(level, name, weights)
            results[name].append(result)
            cells.append(f"{result.share:8.3f} {'*' if result.is_solved else ' '}")
        say("".join([f"{f'{number:3}  {level.describe()}':56}", *cells]))
    n = len(options.levels)
    solved = (f"{100 * sum(it.is_solved for it in results[name]) / n:8.1f} %" for name in POLICIES)
    reward = (f"{sum(it.share for it in results[name]) / n:8.3f}  " for name in POLICIES)
    say("".join([f"\n{'solved':56}", *solved]))
    say("".join([f"{'reward, mean share of the oracle':56}", *reward]))


def _play(options: argparse.Namespace, weights: Weights) -> None:
    show.play(levels.make(options.level, options.seed, options.held_out), options.policy, weights, say)


def _train(options: argparse.Namespace, _: Weights) -> None:
    if options.own:
        _train_own(options)
        return
    weights = train(options.seed, options.generations, progress)
    write_whole(options.out, weights.to_json())


def _train_own(options: argparse.Namespace) -> None:
    if options.idle and hasattr(os, "nice"):
        os.nice(IDLE)
    n, problems = learn_own(options.state)
    for it in problems:
        progress(f"left out: {it}")
    say(f"{n} events learned, {len(problems)} lines left out" if n else f"there are no events in {options.state}")


def _learn(options: argparse.Namespace, weights: Weights) -> None:
    events, problems = read_events(options.events.read_text(encoding="utf-8", errors="replace"))
    for it in problems:
        progress(f"left out: {it}")
    write_whole(options.out, learn(weights, events).to_json())
    say(f"{len(events)} events learned, {len(problems)} lines left out")


if __name__ == "__main__":
    sys.exit(main())
