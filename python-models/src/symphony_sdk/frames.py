"""Frames: four bytes of length, the most significant first, and so many bytes."""

from __future__ import annotations

from .messages import ProtocolError

MAX_FRAME = 4 * 1024 * 1024
_HEADER = 4


def frame(payload: bytes, limit: int = MAX_FRAME) -> bytes:
    """The payload with its length; one that is too long is an error."""
    if len(payload) > limit:
        raise ProtocolError(f"a frame of {len(payload)} bytes is longer than the {limit} that are allowed")
    return len(payload).to_bytes(_HEADER, "big") + payload


class FrameBuffer:
    """Takes frames out of bytes as they arrive. Nothing is kept for a length that is only promised."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._limit = limit
        self._bytes = bytearray()

    def push(self, data: bytes) -> None:
        """Adds bytes that arrived."""
        self._bytes += data

    def take(self) -> bytes | None:
        """The next frame that is there in full."""
        if len(self._bytes) < _HEADER:
            return None
        length = int.from_bytes(self._bytes[:_HEADER], "big")
        if length > self._limit:
            raise ProtocolError(f"a frame of {length} bytes is longer than the {self._limit} that are allowed")
        if length == 0:
            raise ProtocolError("an empty frame")
        end = _HEADER + length
        if len(self._bytes) < end:
            return None
        payload = bytes(self._bytes[_HEADER:end])
        del self._bytes[:end]
        return payload
