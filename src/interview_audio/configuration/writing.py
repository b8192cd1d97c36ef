"""Documents that people edit, as YAML: script files out, script files in."""

from collections.abc import Mapping
from typing import Any

import yaml

from interview_audio.errors import SourceError


def to_yaml(document: Mapping[str, Any]) -> str:
    """The document as YAML in its own order, with Chinese readable and long texts unbroken."""
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=10_000)


def parse_document(text: str, name: str) -> dict[str, Any]:
    """The mapping that a YAML or JSON text holds.

    Raises:
        SourceError: Not YAML, or not a mapping; with the line.
    """
    try:
        document = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SourceError(f"not a script file: {error.problem}", name, mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError(f"not a script file: {error}", name) from error
    if not isinstance(document, dict) or "turns" not in document:
        raise SourceError("not a script file: it has no `turns`; make one with: interview-audio script SOURCE", name)
    return document
