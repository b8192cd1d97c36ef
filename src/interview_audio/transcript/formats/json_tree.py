"""JSON with the place of every string; reads one value or one a line, and refuses what is nested too deeply."""

import json
import re
from dataclasses import dataclass

from interview_audio.errors import SourceError

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]|[^\s\[\]{}",:]+', re.DOTALL)
BLANK = re.compile(r"\s*")
DEEPEST = 100


@dataclass(frozen=True, slots=True)
class JsonString:
    """A string, as a half-open range of the source without its quotation marks."""

    start: int
    end: int


JsonNode = dict[str, "JsonNode"] | list["JsonNode"] | JsonString | str
"""An object, a list, a string, or what else is written (``12.5``, ``true``)."""


def is_json(source: str) -> bool:
    """Tell whether a whole text is JSON: an object or a list, or several, one below the other."""
    if source[BLANK.match(source).end() :][:1] not in ("{", "["):  # type: ignore[union-attr]
        return False
    try:
        check_json(source)
    except SourceError:
        return False
    return True


def check_json(source: str) -> None:
    """Raise ``SourceError``, with the line, where a text is not JSON."""
    _refuse_depth(source)
    decoder = json.JSONDecoder()
    reached = _after_blank(source, 0)
    while reached < len(source):
        try:
            _, end = decoder.raw_decode(source, reached)
        except json.JSONDecodeError as error:
            raise SourceError(f"not JSON: {error.msg}", line=error.lineno) from error
        except ValueError as error:  # Python reads no number of more than 4,300 digits
            line = source.count("\n", 0, reached) + 1
            raise SourceError("not a transcript: a number in this JSON has thousands of digits", line=line) from error
        reached = _after_blank(source, end)


def read_json(source: str) -> JsonNode:
    """Read checked JSON; several values are a list."""
    values: list[JsonNode] = []
    stack: list[dict[str, JsonNode] | list[JsonNode]] = [values]
    keys: list[str | None] = [None]
    for match in TOKEN.finditer(source):
        written = match[0]
        if written in "]}":
            stack.pop()
            keys.pop()
            continue
        if isinstance(stack[-1], dict) and keys[-1] is None:
            keys[-1] = json.loads(written)
            continue
        node = _node(match)
        _put(stack[-1], keys[-1], node)
        keys[-1] = None
        if isinstance(node, dict | list):
            stack.append(node)
            keys.append(None)
    return values[0] if len(values) == 1 else values


def _after_blank(source: str, start: int) -> int:
    match = BLANK.match(source, start)
    return match.end() if match else start


def _refuse_depth(source: str) -> None:
    depth = 0
    for match in TOKEN.finditer(source):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
        if depth > DEEPEST:
            line = source.count("\n", 0, match.start()) + 1
            raise SourceError(f"the JSON is nested more than {DEEPEST} levels deep; flatten it", line=line)


def _node(found: re.Match[str]) -> JsonNode:
    match found[0]:
        case "{":
            return {}
        case "[":
            return []
        case written if written.startswith('"'):
            return JsonString(found.start() + 1, found.end() - 1)
        case written:
            return written


def _put(parent: dict[str, JsonNode] | list[JsonNode], key: str | None, node: JsonNode) -> None:
    if isinstance(parent, list):
        parent.append(node)
    elif key is not None:
        parent[key] = node
