"""The messages, and how they are encoded: an array of a tag and the fields in the order of their declaration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TypeAlias

import msgpack  # type: ignore[import-untyped]

VERSIONS = (1,)
_MAX_DEPTH = 128


#: A number that the host chose, of a request or a ping: up to 2^53 - 1. Other numbers have 32 bits.
Number: TypeAlias = int


class ProtocolError(Exception):
    """Bytes that are no frame or no message; nothing after them has a meaning."""


class Code(IntEnum):
    """What went wrong with a request."""

    FAILED = 0
    UNKNOWN_METHOD = 1
    BAD_PARAMS = 2
    CANCELLED = 3
    DENIED = 4
    BUSY = 5


class Condition(IntEnum):
    """How an extension is."""

    READY = 0
    LOADING = 1
    UNWELL = 2


class Level(IntEnum):
    """How important a line of the log is."""

    ERROR = 0
    WARN = 1
    INFO = 2
    DEBUG = 3


@dataclass(frozen=True, slots=True)
class Hello:
    """Host: the first message."""

    versions: tuple[int, ...]
    host: str
    max_frame: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """Extension: the answer to hello."""

    version: int
    extension: str
    concurrency: int
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reject:
    """Extension: it cannot work with this host."""

    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """Host: a question."""

    id: Number
    method: str
    credit: int
    timeout_ms: int
    params: object


@dataclass(frozen=True, slots=True)
class Cancel:
    """Host: the answer is not wanted any more."""

    id: Number


@dataclass(frozen=True, slots=True)
class Credit:
    """Host: so many more chunks may be sent."""

    id: Number
    chunks: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Host: are you well?"""

    nonce: Number


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Host: end yourself."""


@dataclass(frozen=True, slots=True)
class Response:
    """Extension: the answer."""

    id: Number
    value: object


@dataclass(frozen=True, slots=True)
class Error:
    """Extension: there is no answer."""

    id: Number
    code: Code
    message: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Extension: a part of an answer."""

    id: Number
    value: object


@dataclass(frozen=True, slots=True)
class Pong:
    """Extension: the answer to a ping."""

    nonce: Number
    condition: Condition
    note: str


@dataclass(frozen=True, slots=True)
class Log:
    """Extension: a line for the log."""

    level: Level
    message: str


Message: TypeAlias = (
    Hello | Welcome | Reject | Request | Cancel | Credit | Ping | Shutdown | Response | Error | Chunk | Pong | Log
)

# In the order of their tags.
MESSAGES: tuple[type[Message], ...] = (
    Hello,
    Welcome,
    Reject,
    Request,
    Cancel,
    Credit,
    Ping,
    Shutdown,
    Response,
    Error,
    Chunk,
    Pong,
    Log,
)
_TAGS = {message: tag for tag, message in enumerate(MESSAGES)}


def encode(message: Message) -> bytes:
    """The message as one value of MessagePack."""
    values = [getattr(message, field.name) for field in fields(message)]
    packed: bytes = msgpack.packb([_TAGS[type(message)], *values], use_bin_type=True)
    return packed


def decode(payload: bytes) -> Message:
    """The one message in the payload of a frame."""
    try:
        elements = msgpack.unpackb(payload, raw=False, strict_map_key=False)
    # What the unpacker raises depends on what is wrong, and is not all of one kind.
    except Exception as error:
        raise ProtocolError(f"what is no message: {type(error).__name__}: {error}") from error
    if not isinstance(elements, list) or not elements:
        raise ProtocolError("an array was expected")
    tag, *values = elements
    if type(tag) is not int or not 0 <= tag < len(MESSAGES):
        raise ProtocolError(f"no message has the tag {tag!r}")
    kind = MESSAGES[tag]
    declared = fields(kind)
    if len(values) != len(declared):
        raise ProtocolError(f"{len(elements)} elements where {len(declared) + 1} belong to the tag {tag}")
    checked = [_READ[str(field.type)](value) for field, value in zip(declared, values, strict=True)]
    build: Callable[..., Message] = kind
    return build(*checked)


def _natural(bits: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is not int or not 0 <= value < 1 << bits:
            raise ProtocolError(f"a number was expected, not {value!r}")
        return value

    return read


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ProtocolError(f"a text was expected, not {value!r}")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ProtocolError(f"a list was expected, not {value!r}")
    return value


def _any(value: object) -> object:
    level: list[object] = [value]
    for _ in range(_MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ProtocolError(f"a value that is nested more than {_MAX_DEPTH} deep")


def _inside(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return []


def _one_of(kind: type[Code] | type[Condition] | type[Level]) -> Callable[[object], IntEnum]:
    number = _natural(8)

    def read(value: object) -> IntEnum:
        try:
            return kind(number(value))
        except ValueError as error:
            raise ProtocolError(f"{value!r} is no {kind.__name__.lower()}") from error

    return read


_U32 = _natural(32)
_U64 = _natural(64)

# By the declared type of a field.
_READ: dict[str, Callable[[object], object]] = {
    "int": _U32,
    "Number": _U64,
    "str": _text,
    "object": _any,
    "tuple[int, ...]": lambda value: tuple(_U32(it) for it in _list(value)),
    "tuple[str, ...]": lambda value: tuple(_text(it) for it in _list(value)),
    "Code": _one_of(Code),
    "Condition": _one_of(Condition),
    "Level": _one_of(Level),
}
