"""For those who write extensions of Symphony in Python: methods in, a process that speaks the protocol out.

>>> from symphony_sdk import Call, Server
>>> server = Server("counter", "1.0.0")
>>> @server.method
... def count(call: Call) -> object:
...     for number in range(3):
...         call.send(number)
...     return 3

and, at the end, ``server.serve()``. The protocol is specified in ``docs/protocol.md``.
"""

from .failure import Failure
from .messages import Code, Condition, Level, ProtocolError
from .server import Call, Server

__all__ = ["Call", "Code", "Condition", "Failure", "Level", "ProtocolError", "Server"]
