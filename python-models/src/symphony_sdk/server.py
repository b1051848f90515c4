"""The loop of an extension: reads requests, and gives them to threads."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeAlias

from .failure import Failure, failure_of
from .frames import MAX_FRAME, FrameBuffer, frame
from .messages import (
    VERSIONS,
    Cancel,
    Chunk,
    Code,
    Condition,
    Credit,
    Error,
    Hello,
    Level,
    Log,
    Message,
    Ping,
    Pong,
    ProtocolError,
    Reject,
    Request,
    Response,
    Shutdown,
    Welcome,
    decode,
    encode,
)

_CHUNK = 64 * 1024


class Call:
    """One request, as its method sees it."""

    def __init__(self, request: Request, output: _Output) -> None:
        self.params = request.params
        #: How long the host waits, in seconds; none if it does not say.
        self.timeout = request.timeout_ms / 1000 or None
        self._id = request.id
        self._output = output
        self._credit = request.credit
        self._cancelled = False
        self._changed = threading.Condition()

    def is_cancelled(self) -> bool:
        """Whether the answer is not wanted any more. Long work asks now and then."""
        return self._cancelled

    def wait_until_cancelled(self) -> None:
        """Waits until the answer is not wanted any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled)

    def send(self, part: object) -> None:
        """Sends a part of the answer, and waits before that until the host wants one."""
        with self._changed:
            self._changed.wait_for(lambda: self._credit > 0 or self._cancelled)
            if self._cancelled:
                raise Failure("", Code.CANCELLED)
            self._credit -= 1
        self._output.send(Chunk(self._id, part))

    def log(self, level: Level, message: str) -> None:
        """Writes a line to the host's log."""
        self._output.send(Log(level, message))

    def _add_credit(self, chunks: int) -> None:
        with self._changed:
            self._credit += chunks
            self._changed.notify_all()

    def _cancel(self) -> None:
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()


Method: TypeAlias = Callable[[Call], object]


class Server:
    """An extension: its name and its methods."""

    def __init__(self, name: str, version: str, *, concurrency: int = 4) -> None:
        self._name = f"{name} {version}"
        self._concurrency = max(concurrency, 1)
        self._methods: dict[str, Method] = {}

    def method(self, method: Method) -> Method:
        """Adds a method by its function's name. It runs on a thread of its own, and may wait."""
        self._methods[getattr(method, "__name__", "")] = method
        return method

    def serve(self) -> None:
        """Serves the host on standard input and output until it says or goes.

        Then the process should end: methods under way are told that they are cancelled, and are not waited for.
        """
        _Serving(self._name, self._concurrency, self._methods).read()


class _Output:
    """Standard output, which is the protocol's alone: what is printed goes to standard error, which is a log."""

    def __init__(self) -> None:
        self.limit = MAX_FRAME
        sys.stdout.flush()
        self._file = os.dup(1)
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        rest = memoryview(frame(encode(message), self.limit))
        with self._lock:
            while rest:
                rest = rest[os.write(self._file, rest) :]


class _Serving:
    def __init__(self, name: str, concurrency: int, methods: dict[str, Method]) -> None:
        self._name = name
        self._concurrency = concurrency
        self._methods = methods
        self._output = _Output()
        self._is_welcomed = False
        # Written by the reading thread alone, but for the end of a call.
        self._open: dict[int, Call] = {}
        self._jobs: SimpleQueue[tuple[int, Call, Method]] = SimpleQueue()

    def read(self) -> None:
        for _ in range(self._concurrency):
            # They must not keep the process from ending.
            threading.Thread(target=self._work, daemon=True).start()
        buffer = FrameBuffer()
        while True:
            while (payload := buffer.take()) is not None:
                if not self._take(decode(payload)):
                    return self._end()
            data = os.read(0, _CHUNK)
            if not data:
                return self._end()
            buffer.push(data)

    def _end(self) -> None:
        for call in list(self._open.values()):
            call._cancel()

    def _take(self, message: Message) -> bool:
        """Takes a message; whether to read on."""
        if isinstance(message, Shutdown):
            return False
        if not self._is_welcomed:
            if not isinstance(message, Hello):
                raise ProtocolError("the host did not say `hello` first")
            return self._welcome(message)
        if isinstance(message, Request):
            self._request(message)
        elif isinstance(message, (Cancel, Credit)):
            call = self._open.get(message.id)
            if call is None:
                # Answered meanwhile: nothing to do.
                return True
            if isinstance(message, Cancel):
                call._cancel()
            else:
                call._add_credit(message.chunks)
        elif isinstance(message, Ping):
            self._output.send(Pong(message.nonce, Condition.READY, ""))
        else:
            raise ProtocolError("the host sent what only extensions send")
        return True

    def _welcome(self, hello: Hello) -> bool:
        version = next((it for it in hello.versions if it in VERSIONS), None)
        if version is None:
            self._output.send(Reject(f"speaks none of the versions {list(hello.versions)}"))
            return False
        self._output.limit = min(hello.max_frame, MAX_FRAME)
        methods = tuple(sorted(self._methods))
        self._output.send(Welcome(version, self._name, self._concurrency, methods))
        self._is_welcomed = True
        return True

    def _request(self, request: Request) -> None:
        method = self._methods.get(request.method)
        if method is None:
            self._output.send(Error(request.id, Code.UNKNOWN_METHOD, f"no method `{request.method}`"))
            return
        call = Call(request, self._output)
        self._open[request.id] = call
        self._jobs.put((request.id, call, method))

    def _work(self) -> None:
        while True:
            number, call, method = self._jobs.get()
            answer = self._answer(number, call, method)
            self._open.pop(number, None)
            self._output.send(answer)

    def _answer(self, number: int, call: Call, method: Method) -> Message:
        try:
            response = Response(number, method(call))
            # What cannot be encoded is the method's failure, too.
            if len(encode(response)) > self._output.limit:
                raise Failure("the answer is too long for a frame")
        # An error costs the request, not the extension.
        except Exception as error:
            failure = failure_of(error)
            return Error(number, failure.code, failure.message)
        return response
