"""What the companions of an episode say when they are read back, and the error of one that cannot be read."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from interview_audio.errors import OutputError

_CLOCK = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)([.,])(\d{3})", re.ASCII)
_NEVER = 1e8
"""Seconds that no episode has."""


class CompanionError(OutputError):
    """A companion breaks its format: render the episode again."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason, line)
        self.reason = reason
        self.line = line
        """Counted from 1; None where the format has no lines to speak of."""

    def __str__(self) -> str:
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as a file has it."""

    speaker: str
    """As shown; empty where the file names none."""
    text: str
    """Line ends as the file has them."""
    start: int
    """Milliseconds."""
    end: int
    """Milliseconds."""


def read_json_list(text: str, version: str, key: str) -> list[dict[str, Any]]:
    """The objects of a JSON file of this version.

    Raises:
        CompanionError: It is no such file.
    """
    try:
        content = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise CompanionError(f"not JSON ({error.msg})", error.lineno) from error
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists in lists without end
        raise CompanionError("not JSON that can be read") from error
    if not isinstance(content, dict) or content.get("version") != version:
        raise CompanionError(f'"version" is not "{version}"')
    items = content.get(key)
    if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        raise CompanionError(f'"{key}" is not a list of objects')
    return items


def read_text(item: dict[str, Any], key: str, place: str) -> str:
    """A text of an object that must have one.

    Raises:
        CompanionError: It has none; ``place`` says where.
    """
    text = item.get(key)
    if not (isinstance(text, str) and text.strip()):
        raise CompanionError(f'{place} has no "{key}"')
    return text


def read_milliseconds(item: dict[str, Any], key: str, place: str) -> int:
    """A time of an object, which has it in seconds.

    Raises:
        CompanionError: It is missing, negative or no number; ``place`` says where.
    """
    seconds = item.get(key)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < _NEVER:
        raise CompanionError(f'{place} has no "{key}" in seconds')
    return round(seconds * 1000)


def blocks(text: str, *, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """The parts of a caption file that blank lines divide: the number of the first line, and the lines.

    Args:
        text: Of the file, or from a line of it on, lines divided as in Unix.
        first_line: Number of the text's first line.
    """
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=first_line):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _refuse(constant: str) -> None:
    raise CompanionError(f"{constant} is not JSON")


def parse_clock(text: str, mark: str, line: int) -> int:
    """The milliseconds of an ``hh:mm:ss.mmm`` or ``mm:ss.mmm`` that has this mark.

    Raises:
        CompanionError: It is no such time.
    """
    match = _CLOCK.fullmatch(text)
    if match is None or match[4] != mark:
        raise CompanionError(f"{text!r} is not a time", line)
    hours, minutes, seconds, thousandths = (int(match[group] or 0) for group in (1, 2, 3, 5))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
