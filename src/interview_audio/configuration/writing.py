"""Documents that people edit, as YAML or JSON: script files out, script files in."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from interview_audio.errors import SourceError


class _PlainLoader(yaml.SafeLoader):
    """YAML in which a date is a text: nobody means a point in time by ``text: 2024-12-01``."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def to_yaml(document: Mapping[str, Any]) -> str:
    """The document as YAML in its own order, with Chinese readable and long texts unbroken."""
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=10_000)


def parse_document(text: str, name: str) -> dict[str, Any]:
    """The mapping that a JSON text (by the name's suffix) or a YAML text holds.

    Raises:
        SourceError: Not JSON or YAML, not a mapping with turns, or with half a character; with the line if known.
    """
    document = _parse_json(text, name) if name.lower().endswith(".json") else _parse_yaml(text, name)
    if not isinstance(document, dict) or "turns" not in document:
        raise SourceError("not a script file: it has no `turns`; make one with: interview-audio script SOURCE", name)
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        raise SourceError("not a script file: it holds something that is not text or a number", name) from error
    return document


def _parse_json(text: str, name: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(f"not a script file: {error.msg}", name, error.lineno) from error
    except RecursionError as error:
        raise SourceError("not a script file: nested too deeply", name) from error


def _parse_yaml(text: str, name: str) -> object:
    try:
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SourceError(f"not a script file: {error.problem}", name, mark.line + 1 if mark else None) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SourceError("not a script file: a character that YAML forbids", name, line) from error
    except RecursionError as error:
        raise SourceError("not a script file: nested too deeply", name) from error
