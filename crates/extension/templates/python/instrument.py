"""An instrument of Symphony: it says what stands at the cursor.

`symphony ext run . complete '{"prefix": "let a = 1;\\nlet "}'` asks it. It needs msgpack:
`python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`
"""

from symphony_sdk import Call, Code, Failure, Server

server = Server("{{name}}", "0.1.0")


@server.method
def complete(call: Call) -> object:
    """The rest of the nearest line above that begins as the cursor's line does: your model goes here."""
    match call.params:
        case {"prefix": str(prefix)}:
            *above, line = prefix.split("\n")
        case _:
            raise Failure("`prefix` is missing", Code.BAD_PARAMS)
    begun = line.lstrip()
    for other in reversed(above):
        rest = other.strip().removeprefix(begun)
        if begun and rest and rest != other.strip():
            return [{"text": rest, "probability": 0.5}]
    return []


if __name__ == "__main__":
    server.serve()
