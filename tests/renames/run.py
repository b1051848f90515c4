#!/usr/bin/env python3
"""Renames random names, or moves random files, of a real project, compiles the result with TypeScript, and says what broke.

    run.py --server "symphony lsp" --tsc "path/to/tsc" [--peer "tsc --lsp --stdio"] --n 100 --seed 1 [--files] PROJECT...

Each PROJECT is a folder with a tsconfig.json that compiles. It is copied twice: the server sees one copy, which stays as it
is, and the other is changed, compiled and put back. A refusal of the server is counted, not a failure. Where a rename breaks
something, the peer is asked for the same one: some break whoever does them, as types that are written twice agree by their
members' names alone. Ends with code 1 if a rename brought an error that the peer's does not. Standard library only.
"""
import argparse
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import queue
import time
from pathlib import Path
from urllib.parse import quote, unquote

IDENTIFIER = re.compile(r"(?<![\w$'\"`/@.-])[A-Za-z_$][\w$]*")
KEYWORDS = set("""abstract any as asserts async await bigint boolean break case catch class const constructor continue
debugger declare default delete do else enum export extends false finally for from function get if implements import
in infer instanceof interface is keyof let module namespace never new null number object of out override package
private protected public readonly require return satisfies set static string super switch symbol this throw true try
type typeof undefined unique unknown using var void while with yield global""".split())
SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")


class Client:
    def __init__(self, command, root):
        self.process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.answers, self.count = queue.Queue(), 0
        threading.Thread(target=self.read, daemon=True).start()
        self.ask("initialize", {"processId": os.getpid(), "rootUri": uri(root), "workspaceFolders": [
            {"uri": uri(root), "name": "root"}], "capabilities": {
                "general": {"positionEncodings": ["utf-16"]},
                "workspace": {"workspaceEdit": {"documentChanges": True}, "fileOperations": {"willRename": True}}}})
        self.tell("initialized", {})

    def read(self):
        out = self.process.stdout
        while True:
            length = 0
            while (line := out.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line:
                self.answers.put({"id": None, "error": {"message": "the server ended"}})
                return
            message = json.loads(out.read(length))
            if "method" in message and "id" in message:
                self.send({"id": message["id"], "result": None})
            elif "id" in message:
                self.answers.put(message)

    def send(self, message):
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        while True:
            answer = self.answers.get(timeout=120)
            if answer["id"] in (self.count, None):
                return answer

    def end(self):
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def uri(path):
    return "file://" + quote(str(path))


def offset(text, position):
    line = sum(len(part) for part in text.splitlines(True)[:position["line"]])
    rest = text[line:]
    units, at = 0, 0
    while units < position["character"] and at < len(rest):
        units += 2 if ord(rest[at]) > 0xFFFF else 1
        at += 1
    return line + at


def position(text, at):
    before = text[:at]
    line = before.count("\n")
    column = before[before.rfind("\n") + 1:]
    return {"line": line, "character": len(column.encode("utf-16-le")) // 2}


def apply_edit(edit, root, twin):
    """Writes an edit of files in `root` to their copies in `twin` and returns what those were."""
    changes = {}
    for change in (edit or {}).get("documentChanges") or []:
        changes.setdefault(change["textDocument"]["uri"], []).extend(change["edits"])
    for name, edits in ((edit or {}).get("changes") or {}).items():
        changes.setdefault(name, []).extend(edits)
    before = {}
    for name, edits in changes.items():
        path = twin / Path(unquote(name.removeprefix("file://"))).relative_to(root)
        text = before[path] = path.read_bytes().decode()
        spots = sorted(((offset(text, e["range"]["start"]), offset(text, e["range"]["end"]), e["newText"]) for e in edits),
                       reverse=True)
        for start, end, new in spots:
            text = text[:start] + new + text[end:]
        path.write_bytes(text.encode())
    return before


def errors(tsc, root):
    done = subprocess.run([*tsc, "--noEmit", "--pretty", "false", "-p", str(root)], capture_output=True, text=True, cwd=root)
    found = [line for line in done.stdout.splitlines() if re.search(r"error TS\d+", line)]
    return {re.sub(r"\(\d+,\d+\)", "", line) for line in found}, found


def rename_at(client, place, number):
    """A server's answer to the question for a rename. What begins with a capital goes on to: a JSX component has to."""
    path, text, at = place
    name = "Renamed" if text[offset(text, at)].isupper() else "renamed"
    document = {"uri": uri(path)}
    client.tell("textDocument/didOpen", {"textDocument": {**document, "languageId": "typescript", "version": 1, "text": text}})
    answer = client.ask("textDocument/rename", {"textDocument": document, "position": at, "newName": f"{name}{number}"})
    client.tell("textDocument/didClose", {"textDocument": document})
    return answer


def rename_name(client, files, rng, number):
    path = rng.choice(files)
    text = path.read_bytes().decode()
    code = re.sub(r"//[^\n]*|/\*.*?\*/|`(?:\\.|[^`])*`|'(?:\\.|[^'\n])*'|\"(?:\\.|[^\"\n])*\"",
                  lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
    spots = [m for m in IDENTIFIER.finditer(code) if m.group() not in KEYWORDS]
    if not spots:
        return None
    spot = rng.choice(spots)
    at = position(text, spot.start())
    place = (path, text, at)
    what = f"{path}:{at['line'] + 1}:{at['character'] + 1} {spot.group()}"
    return what, rename_at(client, place, number), place


def move_file(client, files, rng, number):
    path = rng.choice(files)
    folders = sorted({file.parent for file in files})
    suffix = "".join(re.findall(r"(?:\.d)?\.[cm]?[jt]sx?$", path.name))
    target = rng.choice(folders + [path.parent / f"moved{number}"]) / f"moved{number}{suffix}"
    return f"{path} -> {target}", will_move(client, path, target), path, target


def will_move(client, path, target):
    return client.ask("workspace/willRenameFiles", {"files": [{"oldUri": uri(path), "newUri": uri(target)}]})


def copies(project, folder):
    """Two copies of the project in `folder`, which share its packages."""
    for parent in [Path(project).resolve(), *Path(project).resolve().parents]:
        if (parent / "node_modules").is_dir():
            (folder / "node_modules").symlink_to(parent / "node_modules")
            break
    for name in ("server", "compiler"):
        copy = folder / name / Path(project).name
        shutil.copytree(project, copy, symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
        yield copy


def compile_with(tsc, twin, edit, root, move):
    """What TypeScript says with the edit and the move; both are undone afterwards."""
    before = apply_edit(edit, root, twin)
    source, target = (twin / path.relative_to(root) for path in move) if move else (None, None)
    made = move and not target.parent.is_dir()
    if move:
        target.parent.mkdir(exist_ok=True)
        source.rename(target)
    found = errors(tsc, twin)
    if move:
        target.rename(source)
        if made:
            target.parent.rmdir()
    for path, text in before.items():
        path.write_bytes(text.encode())
    return found


def broken_by(tsc, twin, base, edit, root, move):
    """The errors that an edit and a move bring."""
    found, lines = compile_with(tsc, twin, edit, root, move)
    fresh = [line for line in lines if re.sub(r"\(\d+,\d+\)", "", line) not in base]
    return fresh if len(found) > len(base) else []


def run(project, args, counts):
    folder = Path(tempfile.mkdtemp(prefix="renames-"))
    root, twin = copies(project, folder)
    rng = random.Random(f"{args.seed}/{Path(project).name}")
    files = sorted(p for p in root.rglob("*") if p.suffix in SOURCES and p.is_file() and not p.name.endswith(".d.ts"))
    tsc = shlex.split(args.tsc)
    base, _ = errors(tsc, twin)
    client = Client(shlex.split(args.server), root)
    peer = Client(shlex.split(args.peer), root) if args.peer else None
    try:
        for number in range(args.n):
            move = None
            if args.files:
                what, answer, *move = move_file(client, files, rng, number)
            else:
                asked = rename_name(client, files, rng, number)
                if asked is None:
                    continue
                what, answer, place = asked
            if "error" in answer or not answer.get("result"):
                counts["refused"] += 1
                if not args.files:
                    continue
            fresh = broken_by(tsc, twin, base, answer.get("result"), root, move)
            if not fresh:
                counts["right"] += 1
                continue
            theirs = peer and (will_move(peer, *move) if move else rename_at(peer, place, number)).get("result")
            verdict = "broken by both" if theirs and broken_by(tsc, twin, base, theirs, root, move) else "broken"
            counts[verdict] += 1
            print(f"{verdict.upper()} {what}\n    " + "\n    ".join(fresh[:4]), flush=True)
    finally:
        for server in filter(None, (client, peer)):
            server.end()
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("projects", nargs="+")
    parser.add_argument("--server", required=True)
    parser.add_argument("--tsc", required=True)
    parser.add_argument("--peer", help="a server whose renames break what they break")
    parser.add_argument("--n", type=int, default=100, help="for each project")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", action="store_true", help="move files instead of renaming names")
    args = parser.parse_args()
    counts = {"right": 0, "refused": 0, "broken by both": 0, "broken": 0}
    for project in args.projects:
        began = time.monotonic()
        run(project, args, counts)
        print(f"{project}: {counts} after {time.monotonic() - began:.0f} s", flush=True)
    return 1 if counts["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
