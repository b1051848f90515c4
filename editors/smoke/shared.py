"""What every editor's smoke test needs: the plan of the edits, waiting on conditions, and running inside the editors' root.

Names no editor. A test's own checks are lines `pass WHAT` and `fail WHAT: WHY` on the standard output of its driver.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
EDITORS = Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {"node_modules", "dist", "build", ".git"}
DECLARATION = re.compile(
    r"^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?"
    r"(?:class|function|interface|enum|const|type)\*?\s+([A-Za-z_$][\w$]*)(?=[\s(<:={]|$)",
    re.MULTILINE,
)


class Skip(Exception):
    """The editor cannot be had here; the text says why."""


@dataclass(frozen=True)
class Place:
    """A line to take out and begin anew, after which the model should know how it goes on."""

    line: int
    """From 1."""
    typed: str
    original: str
    """The whole line without its indentation."""


@dataclass(frozen=True)
class Plan:
    """What is done to one file of the workspace; paths are relative to the workspace."""

    file: str
    symbols: list[str]
    lines: int
    syntax_error: str
    places: list[Place]

    def to_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass
class Stage:
    """One editor's test: its own copy of the workspace, the server, and where artifacts go."""

    folder: Path
    workspace: Path
    binary: Path
    out: Path
    plan: Plan


def sources(workspace: Path) -> list[Path]:
    """The sources of the four languages, in a stable order."""
    return sorted(
        path
        for path in workspace.rglob("*.[jt]s*")
        if path.suffix in {".ts", ".tsx", ".js", ".jsx"} and not path.name.endswith(".d.ts") and not SKIPPED_FOLDERS & set(path.relative_to(workspace).parts)
    )


def make_plan(workspace: Path) -> Plan:
    """Picks the file with the most lines that can be foretold from the same file.

    Raises Skip when no file has both an outline and such a line.
    """
    best: Plan | None = None
    for path in sources(workspace):
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = text.split("\n")
        symbols = list(dict.fromkeys(DECLARATION.findall(text)))
        if not 40 <= len(lines) <= 1500 or len(symbols) < 2 or not text.isascii():
            continue
        places = foretold_lines(lines)
        if places and (best is None or len(places) > len(best.places)):
            relative = path.relative_to(workspace).as_posix()
            best = Plan(relative, symbols[:3], len(lines), "const = ;", places)
    if best is None:
        raise Skip(f"no file of {workspace} has a repeated line to begin anew")
    return best


def foretold_lines(lines: list[str], most: int = 8) -> list[Place]:
    """Lines that follow the same line at least three times in the file, the most repeated first.

    Only those whose start goes on in one way throughout the file, so that there is a right answer.
    """
    stripped = [line.strip() for line in lines]
    pairs = Counter(pairwise(stripped))
    last = {pair: i for i, pair in enumerate(pairwise(stripped), start=1)}
    by_line: dict[str, list[Place]] = defaultdict(list)
    for (before, line), times in pairs.most_common():
        words = list(re.finditer(r"[A-Za-z_$][\w$]*", line))
        if times < 3 or not before or not 16 <= len(line) <= 90 or len(words) < 3 or re.match(r"[/*'\"`]", line):
            continue
        # Cut in the middle of the line, inside a word: where people pause, and where an unfinished word can be completed.
        cut = next((w for w in words[1:] if w.start() >= len(line) // 4 and len(w[0]) >= 4), None)
        if cut is None:
            continue
        typed = line[: cut.start() + 3]
        if all(other == line for other in stripped if other.startswith(typed)):
            by_line[line].append(Place(last[(before, line)] + 1, typed, line))
    return [places[0] for places in by_line.values()][:most]


def wait_until(what: str, condition: Callable[[], T | None], seconds: float = 30.0) -> T:
    """Polls until the condition holds; raises TimeoutError with `what` when it never did."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.05)


def in_root(root: Path, stage: Path, *command: str) -> list[str]:
    """The command line that runs `command` inside `root`, with `stage` at /mnt.

    The mounts live in a namespace of their own, which ends with the command: nothing is left to unmount, however it ends.
    """
    script = 'mount --bind "$1" "$2/mnt" && mount -t proc proc "$2/proc" && root=$2 && shift 2 && exec chroot "$root" "$@"'
    environment = ["PATH=/mnt/bin:/usr/bin:/bin", "HOME=/mnt/home", "LANG=C.UTF-8", "XDG_CONFIG_HOME=/mnt/config"]
    return ["unshare", "--mount", "sh", "-c", script, "sh", str(stage), str(root), "env", *environment, *command]


def check_root(root: Path, program: str) -> None:
    """Raises Skip unless `program` can run inside `root`."""
    if not (root / "usr/bin" / program).exists():
        raise Skip(f"{root} has no {program}")
    if shutil.which("unshare") is None:
        raise Skip("the program unshare is missing")
    probe = subprocess.run(["unshare", "--mount", "mount", "-t", "proc", "proc", root / "proc"], capture_output=True, text=True)
    if probe.returncode != 0:
        raise Skip(f"mounting is not allowed here: {probe.stderr.strip()}")


def run_driver(command: list[str], log: Path, seconds: float = 240.0) -> list[str]:
    """Runs a test driver and returns its `pass` and `fail` lines; a driver that dies or hangs is a failed check."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)
        output, end = done.stdout + done.stderr, f"exit status {done.returncode}" if done.returncode else ""
    except subprocess.TimeoutExpired as error:
        output = "".join(part.decode() if isinstance(part, bytes) else part or "" for part in (error.stdout, error.stderr))
        end = f"still running after {seconds:.0f} s"
    log.write_text(output)
    checks = [line for line in output.splitlines() if line.startswith(("pass ", "fail "))]
    if end or not checks:
        checks.append(f"fail the driver ran to its end: {end or 'no check was made'}, see {log}")
    return checks
