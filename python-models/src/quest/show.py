"""`quest play`: a level for a person, step by step; with the policy `you`, the person plays."""

from __future__ import annotations

import sys
from collections.abc import Callable

from conductor import Decision, Kind, Prefix, Reason, State, Surroundings, Trigger, View, Weights
from conductor.weights import TAUS, Prices
from quest import callers, deciders, levels, session
from quest.levels import POLICIES, Level
from quest.puzzle import Board, Outcome, Puzzle
from quest.session import SOLVED_SHARE, Asked, Game

YOU = "you"
AFTER = {
    Prefix.BLANK: "at the beginning of a line",
    Prefix.WORD: "after a name",
    Prefix.MEMBER: "after a dot",
    Prefix.OPEN: "after an opening bracket or a comma",
    Prefix.ASSIGN: "after an operator",
    Prefix.OTHER: "after something else",
}
IN = {
    Surroundings.CODE: "code",
    Surroundings.STRING: "a string",
    Surroundings.COMMENT: "a comment",
    Surroundings.IMPORT: "an import",
}

Say = Callable[[str], None]


class Gone(Exception):
    """Whoever plays has stopped answering."""


def play(level: Level, name: str, weights: Weights, say: Say) -> None:
    """Plays a level, tells each step, and compares with the others in the end."""
    say(f"level {level.number}: {level.describe()}; {name} plays")
    try:
        if isinstance(level.game, Puzzle):
            result = _play_puzzle(level, level.game, name, weights, say)
        else:
            result = _play_session(level, level.game, name, weights, say)
    except Gone:
        say("\nnot finished")
        return
    say(f"\n{'solved' if result.is_solved else 'not solved'}, {result.share:.3f} of what the oracle gets; beside:")
    for other in POLICIES[:-1]:
        if other != name:
            beside = levels.play(level, other, weights)
            say(f"  {other:8} {beside.share:6.3f}  {'solved' if beside.is_solved else ''}".rstrip())


def _ask(question: str) -> str:
    print(question, end=" ", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise Gone
    return line.strip()


def _play_puzzle(level: Level, puzzle: Puzzle, name: str, weights: Weights, say: Say) -> levels.Result:
    say(f"Get fact {puzzle.goal}, for {puzzle.budget:.1f} at most. There already: {_facts(puzzle.start)}.")
    say("What a function needs, and how often it really works, has to be found out.\n")
    say("function  makes  costs  claims to work")
    for at, sign in enumerate(puzzle.signs):
        mark = "  <- the goal" if sign.makes == puzzle.goal else ""
        say(f"  f{at:<7} {sign.makes:4}  {sign.cost:5}  {sign.claimed:8.0%}{mark}")
    say("")

    def told(function: int, outcome: Outcome, board: Board) -> None:
        sign, missing = board.signs[function], board.tried[function].missing
        came = {Outcome.DONE: f"made {sign.makes}", Outcome.FAILED: "failed"}.get(
            outcome, "refused: something is missing"
        )
        if outcome is Outcome.REFUSED and missing is not None:
            came = f"refused: {missing} is missing"
        say(f"{board.calls:3}  f{function:<3} {came:30} {board.left:6.1f} left; there: {_facts(board.facts)}")

    caller = _person(say) if name == YOU else levels.caller(name, level, weights)
    share = callers.play(puzzle, caller, told)
    return levels.Result(share > 0, share)


def _facts(facts: frozenset[int] | set[int]) -> str:
    return ", ".join(map(str, sorted(facts)))


def _person(say: Say) -> callers.Caller:
    def choose(board: Board) -> int | None:
        able = board.affordable()
        while able:
            answer = _ask(f"which function ({', '.join(f'f{it}' for it in able)}; q gives up)?").removeprefix("f")
            if answer == "q":
                return None
            if answer.isdecimal() and int(answer) in able:
                return int(answer)
            say(f"there is no function {answer!r} that can be paid")
        return None

    return choose


def _play_session(level: Level, game: session.Session, name: str, weights: Weights, say: Say) -> levels.Result:
    prices = Prices()
    most = session.hindsight(game, prices)
    names = {it.id: _name(it.kind, it.state) for it in game.instruments}
    say(f"Somebody writes; at {len(game.places)} places it is decided who is asked, and how sure an answer has to be.")
    say(f"A kept answer brings its characters, a wrong one costs {prices.wrong:g}, and waiting a little.")
    who = (
        f"{it.id} is {names[it.id]} ({it.p50_ms:.0f} ms{f', costs {it.cost}' if it.cost else ''})"
        for it in game.instruments
    )
    say(f"There are: {'; '.join(who)}. Bar: {SOLVED_SHARE * most:.1f} characters.\n")

    def told(state: Game, view: View, decision: Decision, asked: Asked) -> None:
        whom = " + ".join(names[it] for it in (decision.instrument, *decision.fallbacks) if it >= 0)
        how = f"{whom}{' agree' if decision.consensus else ''}, tau {decision.tau:g}"
        if not decision.trigger:
            how = f"silent: {Reason(decision.reason).name.lower().replace('_', ' ')}"
        came = "nothing shown"
        if asked.answer is not None:
            came = f"{asked.answer.chars} characters {'kept' if asked.answer.is_right else 'wrong'}, {asked.ms:.0f} ms"
        place = f"{IN[Surroundings(view.surroundings)]}, {AFTER[Prefix(view.prefix)]}"
        say(f"{state.at:3}  {place:46} {how:34} {came:26} {asked.reward:+6.2f} {state.reward:7.1f}")

    policy = _person_decides(names) if name == YOU else levels.decider(name, level, weights)
    own = session.play(game, policy, prices, told)
    return levels.Result(most > 0 and own >= SOLVED_SHARE * most, own / most if most > 0 else 0.0)


def _name(kind: int, state: int) -> str:
    if kind == Kind.NAMES:
        return "the list of names"
    return "the model" if state == State.WARM else "the untaught model"


def _person_decides(names: dict[int, str]) -> session.Policy:
    def decide(view: View) -> Decision:
        able = [it.id for it in view.instruments if it.state != State.FAILED and it.cost <= view.cost_left]
        print(
            f"\nin {IN[Surroundings(view.surroundings)]}, {AFTER[Prefix(view.prefix)]}, "
            f"{view.suffix_chars} characters follow; {view.accepted} kept and {view.rejected} rejected lately"
            f"{', and you were asked for it' if view.trigger == Trigger.INVOKED else ''}",
            file=sys.stderr,
        )
        while able:
            whom = ", ".join(f"{it} {names[it]}" for it in able)
            words = _ask(f"whom, and how sure ({whom}; as `{able[0]} {TAUS[2]}`; nothing: be silent)?").split()
            if not words:
                break
            try:
                ident, tau = int(words[0]), float(words[1]) if len(words) > 1 else TAUS[2]
            except ValueError:
                continue
            if ident in able and 0 <= tau <= 1:
                return deciders.ask(view, ident, tau)
        return deciders.SILENT

    return decide
