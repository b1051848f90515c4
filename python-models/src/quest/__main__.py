"""`python -m quest {list,play,train,score,learn}`: the same output for the same arguments, always."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import conductor
from conductor import Decision, Kind, Reason, View, Weights, WeightsError
from quest import callers, levels, session
from quest.learn import learn, read_events
from quest.levels import POLICIES, Level
from quest.puzzle import Board, Outcome, Puzzle
from quest.session import SOLVED_SHARE, Asked, Game
from quest.train import GENERATIONS, train


def say(text: str) -> None:
    """To standard output, the same bytes on every platform."""
    sys.stdout.write(text + "\n")


def main(arguments: list[str] | None = None) -> int:
    """The command line; gives the exit status."""
    options = _parser().parse_args(arguments)
    try:
        weights = conductor.load(options.weights).weights if options.verb != "train" else Weights.empty()
        {"list": _list, "play": _play, "train": _train, "score": _score, "learn": _learn}[options.verb](
            options, weights
        )
    except (OSError, WeightsError) as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quest", description=__doc__)
    parser.set_defaults(weights=None)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, help_text in (("list", "the levels"), ("score", "all policies beside each other")):
        verb = verbs.add_parser(name, help=help_text)
        verb.add_argument("--levels", type=_range, default=range(1, 21), help="from 1 on, as 1-20 or 7")
        _common(verb)
    verb = verbs.add_parser("play", help="one level, step by step")
    verb.add_argument("--level", type=int, required=True, choices=range(1, 1000), metavar="N")
    verb.add_argument("--policy", choices=POLICIES[:-1], default="trained")
    _common(verb)
    verb = verbs.add_parser("train", help="makes the weights")
    verb.add_argument("--seed", type=int, default=1)
    verb.add_argument("--generations", type=int, default=GENERATIONS, help=argparse.SUPPRESS)
    verb.add_argument("--out", type=Path, required=True, help="where the weights go")
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
    level = levels.make(options.level, options.seed, options.held_out)
    say(f"level {level.number}: {level.describe()}; {options.policy} plays")
    if isinstance(level.game, Puzzle):
        _play_puzzle(level, level.game, options.policy, weights)
    else:
        _play_session(level, level.game, options.policy, weights)
    result = levels.play(level, options.policy, weights)
    say(f"{'solved' if result.is_solved else 'not solved'}, {result.share:.3f} of what the oracle gets")


def _play_puzzle(level: Level, puzzle: Puzzle, name: str, weights: Weights) -> None:
    say(f"there: {sorted(puzzle.start)}, goal: {puzzle.goal}")

    def told(function: int, outcome: Outcome, board: Board) -> None:
        sign, missing = board.signs[function], board.tried[function].missing
        hint = f", {missing} is missing" if outcome is Outcome.REFUSED and missing is not None else ""
        what = f"f{function} (makes {sign.makes}, costs {sign.cost}, claims {sign.claimed:.2f})"
        say(f"{board.calls:3}  {what:44} {outcome.name.lower()}{hint}; {board.left:.1f} left")

    callers.play(puzzle, levels.caller(name, level, weights), told)


def _play_session(level: Level, game: session.Session, name: str, weights: Weights) -> None:
    names = {it.id: f"{Kind(it.kind).name.lower()} {it.id}" for it in game.instruments}

    def told(state: Game, _: View, decision: Decision, asked: Asked) -> None:
        whom = " + ".join(names[it] for it in (decision.instrument, *decision.fallbacks) if it >= 0)
        how = f"{whom}{' agree' if decision.consensus else ''}, tau {decision.tau}"
        if not decision.trigger:
            how = f"silent: {Reason(decision.reason).name.lower()}"
        came = "nothing"
        if asked.answer is not None:
            came = f"{asked.answer.chars} characters, {'kept' if asked.answer.is_right else 'wrong'}, {asked.ms:.0f} ms"
        say(f"{state.at:3}  {how:44} {came}; {asked.reward:+.2f}, {state.reward:.1f} in all")

    session.play(game, levels.decider(name, level, weights), weights.prices, told)


def _train(options: argparse.Namespace, _: Weights) -> None:
    weights = train(options.seed, options.generations, lambda it: print(it, file=sys.stderr, flush=True))
    options.out.write_text(weights.to_json(), encoding="utf-8", newline="\n")


def _learn(options: argparse.Namespace, weights: Weights) -> None:
    events, problems = read_events(options.events.read_text(encoding="utf-8", errors="replace"))
    for it in problems:
        print(f"left out: {it}", file=sys.stderr)
    learned = learn(weights, events)
    options.out.write_text(learned.to_json(), encoding="utf-8", newline="\n")
    say(f"{len(events)} events learned, {len(problems)} lines left out")


if __name__ == "__main__":
    sys.exit(main())
