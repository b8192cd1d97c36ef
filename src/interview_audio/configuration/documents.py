"""Script files as YAML that people edit, and back from YAML or JSON."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import yaml

from interview_audio.errors import SourceError
from interview_audio.text.printable import UNSEEN, harmless


class _PlainLoader(yaml.SafeLoader):
    """YAML in which a date is a text: nobody means a point in time by ``text: 2024-12-01``."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


_TOO_MANY_DIGITS = (
    "not a script file: a value cannot be read, such as a number of thousands of digits; put it in quotes"
)
WIDTH = 96
"""Columns at which prose is folded. Text without spaces between its words stays on one line."""
_PLAIN = re.compile(r"[^\W\d_](?:[\w.*+/()'’·•，。、！？“”「」-]|:(?=\w)| (?![ #]))*(?<! )")
"""Texts that need no quotation marks in YAML, not even between braces; some others would need none either."""
# YAML 1.1, which PyYAML and many others read, takes these words for booleans and null.
_RESERVED = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_UNSHOWN = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    rf"|{UNSEEN.pattern}|\n |\A[ \n]|\n\Z|\A\Z"
)
"""What a block text would change when it is read again, or hide: control characters, spaces where indentation is."""
# From the CJK radicals on: scripts without spaces between words, in which a folded line would gain a space.
_UNSPACED = re.compile(r"[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af]")
_FILLED_LINE = re.compile("^(?=.)", re.MULTILINE)
_NO_NOTES: Mapping[int, Sequence[str]] = MappingProxyType({})
_SINGLE_SPACE = re.compile("(?<=[^ ]) (?=[^ ])")


def to_yaml(document: Mapping[str, Any], header: str = "", notes: Mapping[int, Sequence[str]] = _NO_NOTES) -> str:
    """Write a script document as a person edits it.

    Lists of mappings get a paragraph for each, ``text`` is a block text, and what is inside (``at``, ``voices``) takes
    one line. Reading it gives the document.

    Args:
        document: Keys to plain data; keys are plain words.
        header: Lines of comment for the top of the file.
        notes: Lines of comment above a turn, by its index in ``turns``.
    """
    lines = [*map(_comment, header.splitlines()), ""]
    for key, value in document.items():
        if isinstance(value, list) and value:
            lines += ["", f"{key}:"]
            above = notes if key == "turns" else _NO_NOTES
            for index, item in enumerate(value):
                lines += ["", *map(_comment, above.get(index, ())), *_item(item)]
        else:
            lines += [*([""] if isinstance(value, dict) else ()), f"{key}: {inline(value)}"]
    return "\n".join(lines).strip("\n") + "\n"


def _item(item: Mapping[str, Any]) -> Iterator[str]:
    mark = "- "
    for key, value in item.items():
        yield f"{mark}{key}: {_text(value) if key == 'text' else inline(value)}"
        mark = "  "


def _text(text: str) -> str:
    """Return a text as a block that reads as prose: folded at spaces, one line where its language writes none."""
    if _UNSHOWN.search(text):
        return _scalar(text)
    if _UNSPACED.search(text) or "\n" in text or len(text) <= WIDTH:
        return "|-\n" + _FILLED_LINE.sub("    ", text)
    return ">-\n" + "\n".join(f"    {line}" for line in _folded(text))


def _folded(text: str) -> Iterator[str]:
    """Return the lines of a text; reading puts one space between them, so none ends where there are two."""
    line = ""
    for word in _SINGLE_SPACE.split(text):
        if line and len(line) + len(word) >= WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _comment(text: str) -> str:
    """Return a line of comment: YAML forbids some characters there too."""
    return f"# {harmless(text)}".rstrip()


def inline(value: object) -> str:
    """Return a value as YAML on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_scalar(key)}: {inline(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(inline, value)) + "]"
        case str():
            return _scalar(value)
        case bool():
            return str(value).lower()
    return "null" if value is None else str(value)


@lru_cache(maxsize=10_000)
def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.casefold() not in _RESERVED:
        return text
    quoted = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9).rstrip("\n")
    return UNSEEN.sub(_escaped, quoted)


def _escaped(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def parse_document(text: str, name: str) -> dict[str, Any]:
    """Return the mapping that a JSON text (by the name's suffix) or a YAML text holds.

    Raises:
        SourceError: Not JSON or YAML, not a mapping with turns, or with half a character; with the line if known.
    """
    document = _parse_json(text, name) if name.lower().endswith(".json") else _parse_yaml(text, name)
    if not isinstance(document, dict) or "turns" not in document:
        raise SourceError("not a script file: it has no `turns`; write one with: interview-audio script SOURCE", name)
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        raise SourceError("not a script file: it contains something that is neither text nor a number", name) from error
    return document


def _parse_json(text: str, name: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(f"not a script file: {error.msg}", name, error.lineno) from error
    except ValueError as error:
        raise SourceError(_TOO_MANY_DIGITS, name) from error
    except RecursionError as error:
        raise SourceError("not a script file: it is nested too deeply", name) from error


def _parse_yaml(text: str, name: str) -> object:
    try:
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SourceError(f"not a script file: {error.problem}", name, mark.line + 1 if mark else None) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SourceError("not a script file: it contains a character that YAML does not allow", name, line) from error
    except ValueError as error:
        raise SourceError(_TOO_MANY_DIGITS, name) from error
    except RecursionError as error:
        raise SourceError("not a script file: it is nested too deeply", name) from error
