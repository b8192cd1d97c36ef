r"""Characters that a format writes in another way: ``&amp;`` in HTML, ``\u4e2d`` in JSON, a tag that breaks a line."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from interview_audio.errors import SourceError
from interview_audio.transcript.formats.pieces import Piece

ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?")
BACKSLASHED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\[^u]")
SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Escape:
    """Source characters that stand for others."""

    start: int
    end: int
    text: str
    """What they stand for; never longer than what is written."""


def is_true(written: str, text: str) -> bool:
    """Say whether what is written can stand for a text: tags and quotation marks of a format part words and names."""
    if written == '"' or (written.startswith("<") and written.endswith(">")):
        return text.strip() in ("", ":")
    if written.startswith("\\"):
        return _unescaped(written) == text or (text.isspace() and _unescaped(written).isspace())
    return html.unescape(written) == text


def html_pieces(source: str, start: int, end: int) -> Iterator[Piece]:
    """Divide the text between two tags at its entities."""
    reached = start
    for match in ENTITY.finditer(source, start, end):
        shown = html.unescape(match[0])
        if shown == match[0]:
            continue
        if match.start() > reached:
            yield Piece(reached, match.start())
        yield Piece(match.start(), match.end(), shown)
        reached = match.end()
    if end > reached:
        yield Piece(reached, end)


def json_pieces(source: str, start: int, end: int) -> Iterator[Piece]:
    """Divide the inside of a JSON string at its escapes.

    Raises:
        SourceError: An escape is half a character.
    """
    reached = start
    while (found := source.find("\\", reached, end)) >= 0:
        match = BACKSLASHED.match(source, found, end)
        assert match is not None, "the JSON has been checked"
        if found > reached:
            yield Piece(reached, found)
        yield from _backslashed(source, match)
        reached = match.end()
    if end > reached:
        yield Piece(reached, end)


def _backslashed(source: str, match: re.Match[str]) -> Iterator[Piece]:
    """One piece for each character of a run of escapes; a pair of surrogates is one."""
    at = match.start()
    for character in _unescaped(match[0]):
        if SURROGATE.match(character):
            line = source.count("\n", 0, at) + 1
            raise SourceError(f"{source[at : at + 6]} is only half of a character; correct or remove it", line=line)
        width = len(match[0]) if source[at + 1] != "u" else 12 if character > "\uffff" else 6
        yield Piece(at, at + width, character)
        at += width


def _unescaped(written: str) -> str:
    value = json.loads(f'"{written}"')
    assert isinstance(value, str)
    return value
