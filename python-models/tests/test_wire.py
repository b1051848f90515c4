"""The wire vectors, which the SDKs in Rust and TypeScript pass as well."""

from __future__ import annotations

import json
from dataclasses import fields
from enum import IntEnum
from pathlib import Path

import pytest

from symphony_sdk.frames import MAX_FRAME, FrameBuffer, frame
from symphony_sdk.messages import MESSAGES, Message, ProtocolError, decode, encode

_FILE = Path(__file__).parents[2] / "crates" / "extension" / "vectors" / "wire.json"
_VECTORS = json.loads(_FILE.read_text(encoding="utf-8"))


def to_json(value: object) -> object:
    """What JSON has no word for is an object with one key that begins with `$`."""
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, (list, tuple)):
        return [to_json(it) for it in value]
    if isinstance(value, dict):
        return {key: to_json(it) for key, it in value.items()}
    return value


def message_to_json(message: Message) -> dict[str, object]:
    values = {field.name: to_json(getattr(message, field.name)) for field in fields(message)}
    return {"type": type(message).__name__.lower(), **values}


@pytest.mark.parametrize("vector", _VECTORS["messages"], ids=lambda it: it["name"])
def test_a_vector_is_read_and_written(vector: dict[str, object]) -> None:
    bytes_ = bytes.fromhex(str(vector["frame"]))
    buffer = FrameBuffer()
    buffer.push(bytes_)
    payload = buffer.take()
    assert payload is not None
    message = decode(payload)
    assert message_to_json(message) == vector["message"]
    assert frame(encode(message)) == bytes_


@pytest.mark.parametrize("vector", _VECTORS["malformed"], ids=lambda it: it["name"])
def test_a_malformed_vector_is_refused_with_words(vector: dict[str, str]) -> None:
    buffer = FrameBuffer()
    buffer.push(bytes.fromhex(vector["frame"]))
    with pytest.raises(ProtocolError, match=r".{10}"):
        decode(buffer.take() or b"")


def test_every_message_has_a_vector() -> None:
    seen = {vector["message"]["type"] for vector in _VECTORS["messages"]}
    assert seen == {it.__name__.lower() for it in MESSAGES}


def test_frames_are_taken_however_they_are_cut() -> None:
    payloads = [b"a", b"bc" * 1000, b"d"]
    data = b"".join(frame(it) for it in payloads)
    for step in (1, 3, 1000, len(data)):
        buffer, taken = FrameBuffer(), []
        for start in range(0, len(data), step):
            buffer.push(data[start : start + step])
            while (payload := buffer.take()) is not None:
                taken.append(payload)
        assert taken == payloads


def test_what_is_too_long_is_not_written() -> None:
    with pytest.raises(ProtocolError, match="longer than"):
        frame(b"x" * (MAX_FRAME + 1))
