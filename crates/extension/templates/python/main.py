"""An extension of Symphony. `symphony ext run . hello '{"name": "you"}'` calls it.

It needs msgpack: `python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`
"""

from symphony_sdk import Call, Code, Failure, Server

server = Server("{{name}}", "0.1.0")


@server.method
def hello(call: Call) -> object:
    match call.params:
        case {"name": str(name)}:
            return f"Hello, {name}!"
    raise Failure("`name` is missing", Code.BAD_PARAMS)


@server.method
def count(call: Call) -> object:
    """Answers in parts, as fast as the host takes them."""
    to = call.params if isinstance(call.params, int) else 3
    for number in range(to):
        call.send(number)
    return to


if __name__ == "__main__":
    server.serve()
