"""The smoke test of Helix: runs it in tmux inside the editors' root, types, and reads the screen.

Owns its tmux server, under a socket of its own, and ends it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from shared import EDITORS, Place, Skip, Stage, check_root, in_root, wait_until

CONFIG = """\
theme = "default"
[editor]
auto-pairs = false
auto-completion = false
idle-timeout = 0
gutters = ["diagnostics", "spacer", "line-numbers", "spacer"]
[editor.lsp]
display-messages = true
"""


class Screen:
    """A terminal with one program in it."""

    def __init__(self, command: list[str], history: Path) -> None:
        self.socket = f"symphony-smoke-{os.getpid()}"
        self.history = history
        self.tmux("new-session", "-d", "-x", "180", "-y", "50", *command)
        # The screen of a program that died at once is worth reading.
        self.tmux("set-option", "-g", "remain-on-exit", "on")
        self.tmux("set-option", "-s", "escape-time", "0")

    def tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self.socket, "-f", "/dev/null", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def keys(self, *names: str) -> None:
        self.tmux("send-keys", *names)

    def type(self, text: str) -> None:
        # A last `;` would end the tmux command; hexadecimal has no such character.
        self.tmux("send-keys", "-H", *(f"{byte:x}" for byte in text.encode()))

    def escape(self, left: Callable[[], bool]) -> None:
        """Presses Escape and waits for its effect: with a key close behind it, it would be that key with Alt."""
        self.keys("Escape")
        wait_until("the effect of Escape", left)

    def mode(self, name: str) -> bool:
        return re.search(rf"^ {name} ", self.read(), re.MULTILINE) is not None

    def read(self) -> str:
        return self.tmux("capture-pane", "-p")

    def keep(self, title: str) -> None:
        with self.history.open("a") as history:
            history.write(f"==== {title}\n{self.read()}\n")

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], capture_output=True)


def test(stage: Stage, root: Path) -> list[str]:
    check_root(root, "hx")
    if shutil.which("tmux") is None:
        raise Skip("the program tmux is missing")
    config = stage.folder / "config/helix"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(CONFIG)
    shutil.copy(EDITORS / "helix/languages.toml", config)
    history = stage.out / "helix-screens.txt"
    history.unlink(missing_ok=True)
    screen = Screen(in_root(root, stage.folder, "hx", "-v", "--working-dir", "/mnt/workspace", f"/mnt/workspace/{stage.plan.file}"), history)
    checks = Checks(screen)
    try:
        drive(screen, stage, checks)
    except TimeoutError as error:
        checks.lines.append(f"fail the keys reach the editor: {error}")
        screen.keep(checks.lines[-1])
    finally:
        screen.close()
        for log in (stage.folder / "home").rglob("helix.log"):
            shutil.copy(log, stage.out / "helix.log")
    return checks.lines


class Checks:
    """Collects the `pass` and `fail` lines, and keeps the screen at each of them."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lines: list[str] = []

    def see(self, what: str, condition: Callable[[], object], seconds: float = 20.0) -> bool:
        try:
            wait_until(what, condition, seconds)
            self.lines.append(f"pass {what}")
            return True
        except TimeoutError as error:
            self.lines.append(f"fail {what}: {error}")
            return False
        finally:
            self.screen.keep(self.lines[-1])


def drive(screen: Screen, stage: Stage, checks: Checks) -> None:
    plan = stage.plan
    if not checks.see(f"the file {plan.file} is open", lambda: plan.file in screen.read() and "NOR" in screen.read()):
        return
    checks.see("the outline has the file's names", lambda: outline(screen, plan.symbols), 40)
    close_picker(screen)

    screen.keys("g", "e", "o")
    screen.type(plan.syntax_error)
    screen.escape(lambda: screen.mode("NOR"))
    # The line's gutter: the mark of an error, then the number.
    marked = re.compile(rf"^\s*●\s+\d+\s.*{re.escape(plan.syntax_error)}", re.MULTILINE)
    checks.see("the syntax error is marked", lambda: marked.search(screen.read()))
    screen.keys("x", "d")
    checks.see("the mark goes when the error goes", lambda: plan.syntax_error not in screen.read() and "●" not in screen.read())

    accept_somewhere(screen, stage, checks)


def outline(screen: Screen, names: list[str]) -> bool:
    """Opens the symbol picker anew until it has the names: before the server is ready it has nothing to show."""
    close_picker(screen)
    screen.keys("Space", "s")
    try:
        wait_until("the names", lambda: all(re.search(rf"[│>]\s*\w*\s+{re.escape(it)}\b", screen.read()) for it in names), 3)
        return True
    except TimeoutError:
        return False


def close_picker(screen: Screen) -> None:
    if "┌" in screen.read():
        screen.escape(lambda: "┌" not in screen.read())


def accept_somewhere(screen: Screen, stage: Stage, checks: Checks) -> None:
    """Tries the places until the popup has the model's item, and accepts that."""
    for place in stage.plan.places:
        if begin_anew(screen, place):
            accept(screen, stage, checks, place)
            return
        screen.keep(f"no item at line {place.line}: {place.typed!r}")
        # One undo for the typing, one for the line that was taken out.
        screen.escape(lambda: screen.mode("NOR"))
        screen.keys("u", "u")
    checks.see("the popup has the model's item", lambda: False, 0)


def begin_anew(screen: Screen, place: Place) -> bool:
    """Types the start of the line and asks for completions; whether the model's item came."""
    screen.type(f":{place.line}")
    screen.keys("Enter")
    screen.keys("x", "d", "O")
    screen.type(place.typed)
    wait_until("the typed text", lambda: line_shows(screen, place.line, place.typed))
    before = set(screen.read().splitlines())
    screen.keys("C-x")
    try:
        return wait_until("the popup", lambda: popup_has(screen.read(), before, place), 6)
    except TimeoutError:
        return False


def accept(screen: Screen, stage: Stage, checks: Checks, place: Place) -> None:
    file = stage.workspace / stage.plan.file
    checks.see("the popup has the model's item", lambda: True)
    checks.see("Tab selects it", lambda: select(screen, place))
    # The documentation beside the popup says whose item it is.
    checks.see("the item is marked Symphony", lambda: "Symphony" in screen.read())
    screen.keys("Enter")
    screen.escape(lambda: screen.mode("NOR"))
    screen.type(":write")
    screen.keys("Enter")
    checks.see("Enter puts it into the file", lambda: place.original in map(str.strip, file.read_text().split("\n")[place.line - 1 : place.line]))


def line_shows(screen: Screen, number: int, text: str) -> bool:
    """Whether the line with this number, after its gutter, starts with `text`."""
    return re.search(rf"^.{{0,3}}\s*{number}\s+{re.escape(text)}", screen.read(), re.MULTILINE) is not None


def popup_has(screen: str, before: set[str], place: Place) -> bool:
    """Whether a row of the screen has changed and has the rest of the line: the popup covers what was there."""
    rest = place.original[len(place.typed) :].strip()
    return any(rest[:30] in row for row in screen.splitlines() if row not in before)


def select(screen: Screen, place: Place) -> bool:
    """Goes down the popup by one; Helix shows the selected item in the line itself."""
    screen.keys("Tab")
    try:
        return wait_until("the preview", lambda: line_shows(screen, place.line, place.original), 1)
    except TimeoutError:
        return False
