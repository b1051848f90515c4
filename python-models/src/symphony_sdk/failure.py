"""Why a method has no answer."""

from __future__ import annotations

from .messages import Code


class Failure(Exception):
    """What a method raises to say why, in words for a person and a code for the host."""

    def __init__(self, message: str, code: Code = Code.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def failure_of(error: BaseException) -> Failure:
    """What any error is to the host. What the sandbox refuses is told as such, so that the host can log it."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, PermissionError):
        return Failure(str(error), Code.DENIED)
    return Failure(f"{type(error).__name__}: {error}")
