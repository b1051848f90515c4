"""What a place in TypeScript looks like to a policy: surroundings and prefix, without a parser.

A server has a tree and knows better; this is for making levels from packages, and says what the features mean.
"""

from __future__ import annotations

import re

from conductor.view import Prefix, Surroundings

WORD = re.compile(r"[\w$]")
WORD_BEFORE = re.compile(r"[\w$]+$")
TOKEN = re.compile(r"[\w$]+|\s+|[^\w\s$]")
IMPORT = re.compile(
    r"(?:import|export)\b(?!\s*(?:const|let|function|class|type\s+\w+\s*=|interface|default|async|abstract|enum|declare|namespace)\b)"
)
OPENING = frozenset("([{,<")
ASSIGNING = frozenset("=:?+-*/&|!>;")


def prefix_of(before: str) -> Prefix:
    """What is before the cursor in its line; `before` is that part of the line."""
    text = before.rstrip()
    if not text:
        return Prefix.BLANK
    if WORD.match(before[-1]):
        return Prefix.WORD
    if text[-1] == ".":
        return Prefix.MEMBER
    if text[-1] in OPENING:
        return Prefix.OPEN
    if text[-1] in ASSIGNING or (WORD_BEFORE.search(text) and text.endswith("return")):
        return Prefix.ASSIGN
    return Prefix.OTHER


def surroundings_of(text: str) -> list[Surroundings]:
    """For each character what it stands in. Regular expressions pass for code."""
    found = [Surroundings.CODE] * (len(text) + 1)
    at, end = 0, len(text)
    while at < end:
        start, kind = at, Surroundings.CODE
        if text.startswith("//", at):
            kind, at = Surroundings.COMMENT, _until(text, "\n", at)
        elif text.startswith("/*", at):
            kind, at = Surroundings.COMMENT, _until(text, "*/", at + 2)
        elif text[at] in "'\"`":
            kind, at = Surroundings.STRING, _string_end(text, at)
        else:
            at += 1
        if kind is not Surroundings.CODE:
            # The cursor before the first character is still outside.
            found[start + 1 : at + 1] = [kind] * (at - start)
            if kind is Surroundings.STRING or text.startswith("/*", start):
                found[at] = Surroundings.CODE
    _mark_imports(text, found)
    return found


def _until(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found < 0 else found + (len(mark) if mark != "\n" else 0)


def _string_end(text: str, at: int) -> int:
    quote, at = text[at], at + 1
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] == quote:
            return at + 1
        if text[at] == "\n" and quote != "`":
            return at
        at += 1
    return len(text)


def _mark_imports(text: str, found: list[Surroundings]) -> None:
    at, is_open = 0, False
    for line in text.split("\n"):
        body = line.strip()
        begins = bool(IMPORT.match(body)) and found[at + len(line) - len(line.lstrip())] is Surroundings.CODE
        if begins or is_open:
            found[at : at + len(line) + 1] = [Surroundings.IMPORT] * (len(line) + 1)
            is_open = "from" not in body and ";" not in body and ("{" in body or is_open) and "}" not in body
        at += len(line) + 1


def is_right(shown: str, truth: str) -> bool:
    """Whether all that is shown was really written there, and does not end inside a word."""
    if not shown or not truth.startswith(shown):
        return False
    rest = truth[len(shown) :]
    return not (WORD.match(shown[-1]) and rest and WORD.match(rest))
