"""Script files as YAML that people edit, and back from YAML or JSON."""

import contextlib
import json
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import yaml

from interview_audio.configuration.mistakes import StrictLoader, explain, swallowed_value
from interview_audio.errors import SourceError
from interview_audio.text.printable import UNSEEN, harmless

_NULL_TAG = "tag:yaml.org,2002:null"
_TEXTS = frozenset(("text", "speaker", "name", "title", "language", "kind", "role", "gender", "aliases", "audio"))
"""Keys of script files whose values are text, whatever they look like: a speaker called ``No``, a text of ``1984``."""


class Lined(dict[str, Any]):
    """A mapping of a YAML file that knows its lines, counted from 1."""

    def __init__(self, line: int, lines: Mapping[str, int]) -> None:
        super().__init__()
        self.line = line
        self.lines = lines
        """The line of each key."""


def line_of(mapping: Mapping[str, Any], key: str = "") -> int | None:
    """Return the line of a key, else that of the mapping; None where it does not come from a YAML file."""
    return mapping.lines.get(key, mapping.line) if isinstance(mapping, Lined) else None


def _lined_mapping(loader: Any, node: Any) -> Generator[Any, None, None]:
    """Build a mapping that knows its lines; what is a text here stays one, and no key is given twice."""
    lines: dict[str, int] = {}
    mapping = Lined(node.start_mark.line + 1, lines)
    yield mapping
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        if not isinstance(name, str):
            raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key.start_mark)
        if name in lines:
            problem = f"{name} is given twice, first in line {lines[name]}; remove one, or begin a new entry with -"
            raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        lines[name] = key.start_mark.line + 1
        if value.tag == _NULL_TAG and (fault := swallowed_value(key)):
            raise yaml.constructor.ConstructorError(None, None, f"{name} has no value, as {fault}", value.start_mark)
        mapping[name] = _written_text(loader, value) if name in _TEXTS else loader.construct_object(value, deep=True)


def _written_text(loader: Any, node: Any) -> Any:
    """Return a text as it is written, or a list of them; null is null."""
    if isinstance(node, yaml.SequenceNode):
        return [_written_text(loader, item) for item in node.value]
    is_plain = isinstance(node, yaml.ScalarNode) and node.tag != _NULL_TAG
    return node.value if is_plain else loader.construct_object(node, deep=True)


_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
"""Of YAML, but that a date is a text: nobody means a point in time by ``text: 2024-12-01``."""
_MAPPING_TAG = "tag:yaml.org,2002:map"


class _PlainLoader(StrictLoader):
    """YAML in which a date is a text, and what is a text here stays one; a key that is given twice is refused."""

    yaml_implicit_resolvers = _RESOLVERS


_PlainLoader.add_constructor(_MAPPING_TAG, _lined_mapping)
_FastLoader: Any = None
"""The same by libyaml, which takes a fifth of the time; None where PyYAML was built without it."""
if yaml.__with_libyaml__:

    class _LibyamlLoader(yaml.CSafeLoader):
        yaml_implicit_resolvers = _RESOLVERS

    _LibyamlLoader.add_constructor(_MAPPING_TAG, _lined_mapping)
    _FastLoader = _LibyamlLoader
_SWALLOWED = re.compile(r"(?:^|[-:,\[{?])[ ]*[&!]|:[ ]+#", re.MULTILINE)
"""Where an anchor, a tag or a comment may swallow a value, which only the strict loader refuses."""


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
        yield f"{mark}{key}: {block_text(value) if key == 'text' else inline(value)}"
        mark = "  "


def block_text(text: str) -> str:
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
    if not (_FastLoader is None or yaml.reader.Reader.NON_PRINTABLE.search(text) or _SWALLOWED.search(text)):
        # What is wrong with a file, PyYAML itself says in its own words, below.
        with contextlib.suppress(yaml.YAMLError, ValueError, RecursionError):
            return yaml.load(text, _FastLoader)  # noqa: S506 - a safe loader
    try:
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a safe loader
    except yaml.constructor.ConstructorError as error:  # of a text that is YAML
        mark = error.problem_mark
        where = (mark.line + 1, mark.column + 1) if mark else ()
        raise SourceError(str(error.problem), name, *where) from error
    except (yaml.YAMLError, RecursionError) as error:
        mistake = explain(text, error)
        raise SourceError(mistake.message, name, mistake.line, mistake.column) from error
    except ValueError as error:
        raise SourceError(_TOO_MANY_DIGITS, name) from error
