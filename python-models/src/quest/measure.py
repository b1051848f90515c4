"""`python -m quest.measure`: asks a real server about masked places of real packages, and keeps numbers only.

For each place: what a policy sees of it, and for each way to ask (`conductor.weights.PLANS`) what came: characters, all
of them right or not, probability, time, and which answers are equal. The files asked about are absent from what the
server can read. No text is kept. Times are of the machine and the build that were used; the first line names the build.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from conductor.ladders import CHARACTERS_A_TOKEN, SHORT_CONTEXT
from conductor.view import Surroundings
from conductor.weights import TAUS
from quest.measured import is_for_levels
from quest.text import TOKEN, WORD, WORD_BEFORE, is_right, prefix_of, surroundings_of

ENDINGS = (".ts", ".tsx", ".js")
LANGUAGES = {".ts": "typescript", ".tsx": "typescriptreact", ".js": "javascript"}
# Of the short context; the rest is after the cursor.
SHARE_BEFORE = 0.8
Message = dict[str, Any]
# Shown, right, probability, milliseconds, text.
Raw = tuple[int, int, float, float, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A masked place: the document without the truth, and the cursor where it was. A file is its number of all."""

    file: int
    path: str
    before: str
    after: str
    truth: str
    surroundings: int

    def line_before(self) -> str:
        return self.before[self.before.rfind("\n") + 1 :]

    def line_after(self) -> str:
        return self.after.split("\n", 1)[0]

    def short(self) -> Place:
        """With as much around it as a short context has, in whole lines."""
        most = SHORT_CONTEXT * CHARACTERS_A_TOKEN
        start = max(0, len(self.before) - int(most * SHARE_BEFORE))
        if start:
            start = self.before.find("\n", start) + 1 or self.before.rfind("\n") + 1
        end = self.after.find("\n", int(most * (1 - SHARE_BEFORE)))
        after = self.after if end < 0 else self.after[:end]
        return Place(self.file, self.path, self.before[start:], after, self.truth, self.surroundings)


class Server:
    """A language server over pipes, one question at a time."""

    def __init__(self, command: list[str], root: Path, tau: float) -> None:
        self.process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.input: IO[bytes] = self.process.stdin
        self.output: IO[bytes] = self.process.stdout
        self.root, self.ident, self.open, self.version = root, 0, "", 0
        self.busy: set[object] = set()
        self.seen = False
        text_document = {"inlineCompletion": {}, "completion": {"completionItem": {"insertReplaceSupport": False}}}
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
                "capabilities": {"window": {"workDoneProgress": True}, "textDocument": text_document},
                "initializationOptions": {"inlineCompletion": {"tau": tau}},
            },
        )
        self.notify("initialized", {})

    def send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.input.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.input.flush()

    def notify(self, method: str, params: Message) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: Message | None) -> Any:  # noqa: ANN401 - whatever the server answers
        self.ident += 1
        self.send({"id": self.ident, "method": method, **({} if params is None else {"params": params})})
        while True:
            message = self.receive()
            if message.get("id") == self.ident and "method" not in message:
                return message.get("result")

    def receive(self) -> Message:
        length = 0
        while line := self.output.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise RuntimeError("the server ended")
        message: Message = json.loads(self.output.read(length))
        method = message.get("method")
        if method == "$/progress":
            self.progress(message["params"])
        elif method is not None and "id" in message:
            items = message.get("params", {}).get("items", []) if method == "workspace/configuration" else None
            self.send({"id": message["id"], "result": None if items is None else [None] * len(items)})
        return message

    def progress(self, params: Message) -> None:
        kind = params["value"].get("kind")
        if kind == "begin":
            self.busy.add(params["token"])
            self.seen = True
        elif kind == "end":
            self.busy.discard(params["token"])

    def wait_until_indexed(self) -> None:
        """Reads until all that was begun has ended."""
        while self.busy or not self.seen:
            self.receive()

    def show(self, place: Place) -> None:
        uri = (self.root / place.path).as_uri()
        self.version += 1
        text = place.before + place.after
        if self.open != uri:
            if self.open:
                self.notify("textDocument/didClose", {"textDocument": {"uri": self.open}})
            language = LANGUAGES[Path(place.path).suffix]
            document = {"uri": uri, "languageId": language, "version": self.version, "text": text}
            self.notify("textDocument/didOpen", {"textDocument": document})
            self.open = uri
            # What opening costs is not the first question's.
            self.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        else:
            document = {"uri": uri, "version": self.version}
            self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def ask(self, method: str, place: Place, context: Message) -> tuple[Any, float]:
        position = {"line": place.before.count("\n"), "character": len(place.line_before())}
        params = {"textDocument": {"uri": self.open}, "position": position, "context": context}
        start = time.perf_counter()
        result = self.request(method, params)
        return result, (time.perf_counter() - start) * 1000

    def close(self) -> None:
        self.request("shutdown", None)
        self.notify("exit", {})
        self.process.wait(30)


def ghost(server: Server, place: Place) -> Raw:
    """The grey text of a place."""
    server.show(place)
    result, ms = server.ask("textDocument/inlineCompletion", place, {"triggerKind": 2})
    items = result["items"] if isinstance(result, dict) else result or []
    if not items or not items[0]["insertText"].strip():
        return (0, 0, 0.0, ms, "")
    # Blanks at the end are nobody's work.
    text = items[0]["insertText"].rstrip()
    return (len(text), int(is_right(text, place.truth)), items[0]["data"]["confidence"], ms, text)


def names(server: Server, place: Place) -> Raw:
    """The first name of the list, as if it were grey text."""
    server.show(place)
    result, ms = server.ask("textDocument/completion", place, {"triggerKind": 1})
    items = result["items"] if isinstance(result, dict) else result or []
    match = WORD_BEFORE.search(place.line_before())
    typed = match.group() if match else ""
    texts = []
    for item in items:
        text = (item.get("textEdit") or {}).get("newText") or item.get("insertText") or item["label"]
        if item.get("filterText", item["label"]).startswith(typed) and text.startswith(typed) and text != typed:
            texts.append((not item.get("preselect", False), item.get("sortText", item["label"]), text[len(typed) :]))
    if not texts:
        return (0, 0, 0.0, ms, "")
    text = min(texts)[2]
    return (len(text), int(is_right(text, place.truth)), 0.0, ms, text)


def files_of(root: Path) -> dict[str, str]:
    """The sources of a package, by path, without what is generated or says nothing."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.name.endswith(ENDINGS) or ".d.ts" in name or ".test." in name or "/tests/" in name:
            continue
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
        if 600 <= len(text) <= 60_000 and max(map(len, text.split("\n"))) < 400 and max(text) <= "\uffff":
            found[name] = text
    return found


def telling(text: str) -> set[str]:
    """Lines by which a copy is known."""
    return {line.strip() for line in text.split("\n") if len(line.strip()) >= 16 and "import" not in line}


def draw(files: dict[str, str], rng: random.Random, n: int, part: str = "all") -> tuple[set[str], list[Place]]:
    """The files that the server does not get, and `n` places in those of them that are no near-copies of others."""
    count = min(40, max(5, len(files) // 5))
    numbers = {name: at for at, name in enumerate(sorted(files))}
    may_go = [name for name, at in numbers.items() if part == "all" or not is_for_levels(at)]
    away = set(rng.sample(may_go, min(count, len(may_go))))
    known = Counter(line for name, text in files.items() if name not in away for line in telling(text))
    pools: list[list[Place]] = []
    for name in sorted(away):
        lines = telling(files[name])
        if len(lines) >= 8 and sum(line in known for line in lines) <= len(lines) / 2:
            pools.append(list(places_in(numbers[name], name, files[name], rng)))
    chosen: list[Place] = []
    for pool in pools:
        rng.shuffle(pool)
    while len(chosen) < n and any(pools):
        for pool in pools:
            if pool and len(chosen) < n:
                chosen.append(pool.pop())
    return away, sorted(chosen, key=lambda it: (it.file, len(it.before)))


def places_in(file: int, path: str, text: str, rng: random.Random) -> Iterator[Place]:
    """At most one place in each line."""
    kinds = surroundings_of(text)
    start = 0
    for line in text.split("\n"):
        first, body = len(line) - len(line.lstrip()), line.rstrip()
        cuts = [it.start() for it in TOKEN.finditer(body) if not it.group().isspace() and it.start() > first]
        cuts += [it.start() + 2 for it in TOKEN.finditer(body) if len(it.group()) > 5 and it.group().isidentifier()]
        # Little of a comment is for this model to guess: a quarter of their lines are enough.
        wanted = kinds[start + len(body)] is not Surroundings.COMMENT or rng.random() < 0.25
        if wanted and len(body) - first >= 4:
            at = first if rng.random() < 0.35 or not cuts else rng.choice(cuts)
            end = len(body)
            word = TOKEN.match(body, at)
            if rng.random() < 0.25 and word and len(word.group()) > 1 and WORD.match(word.group()):
                end = word.end()
            if end - at >= 2:
                a, b = start + at, start + end
                yield Place(file, path, text[:a], text[b:], text[a:b], kinds[a])
        start += len(line) + 1


def make_workspace(root: Path, target: Path, away: set[str]) -> None:
    """A copy of the package without some files."""
    shutil.copytree(root, target, ignore=shutil.ignore_patterns("node_modules", ".git", "dist", "*.d.ts", "*.map"))
    for name in away:
        (target / "src" / name).unlink(missing_ok=True)


def measure(command: list[str], package: Path, name: str, n: int, seed: int, part: str) -> Iterator[list[object]]:
    """A row for each place."""
    files = files_of(package / "src")
    away, places = draw(files, random.Random(f"{seed}:{name}"), n, part)
    with tempfile.TemporaryDirectory() as folder:
        learned, fresh = Path(folder) / "learned", Path(folder) / "fresh"
        fresh.mkdir()
        make_workspace(package, learned, away)
        columns: list[list[Raw]] = []
        shorts = [it.short() for it in places]
        inside = [Place(it.file, f"src/{it.path}", it.before, it.after, it.truth, it.surroundings) for it in places]
        for root, asked in ((learned, inside), (learned, shorts), (fresh, inside)):
            for tau in TAUS:
                server = Server(command, root, tau)
                server.wait_until_indexed()
                columns.append([ghost(server, it) for it in asked])
                print(name, root.name, tau, sum(it[1] for it in columns[-1]), file=sys.stderr, flush=True)
                if root is learned and asked is inside and tau == TAUS[-1]:
                    last = [names(server, it) for it in asked]
                server.close()
        columns.append(last)
    for at, place in enumerate(places):
        yield row(name, place, [column[at] for column in columns])


def row(corpus: str, place: Place, answers: list[Raw]) -> list[object]:
    """Numbers only: equal answers get equal ones."""
    before, after = place.line_before(), place.line_after()
    texts: dict[str, int] = {}
    head: list[object] = [
        corpus,
        place.file,
        int(place.surroundings),
        int(prefix_of(before)),
        len(before.strip()),
        len(after.rstrip()),
        len(place.before) + len(place.after),
        len(place.truth),
    ]
    for shown, right, probability, ms, text in answers:
        time_ms = round(ms, 1)
        if shown:
            head.append([shown, right, round(probability, 3), time_ms, texts.setdefault(text, len(texts))])
        else:
            head.append(time_ms)
    return head


def main() -> None:
    """Writes one corpus after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="the command of the server")
    parser.add_argument("--build", required=True, help="what is kept about the build: debug or release")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", choices=("all", "training"), default="all", help="files that levels are not made of")
    parser.add_argument("corpora", nargs="+", help="NAME=PLACES=FOLDER, the folder of an unpacked package")
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8", newline="\n") as out:
        out.write(json.dumps({"schema": 1, "build": options.build, "seed": options.seed, "taus": TAUS}) + "\n")
        for corpus in options.corpora:
            name, places, folder = corpus.split("=", 2)
            for it in measure(options.server.split(), Path(folder), name, int(places), options.seed, options.part):
                out.write(json.dumps(it, separators=(",", ":")) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
