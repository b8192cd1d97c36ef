"""What a format reader makes of a source: blocks of words, each piece with the place where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

NOWHERE = -1
"""The place of a mark that the source does not write: ``#`` for a heading that HTML sets with a tag."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of source characters that belongs to the words."""

    start: int
    end: int
    shown: str | None = None
    """What the reader of the page sees instead of the characters (``&`` for ``&amp;``); None where it sees them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as its format sets it."""

    pieces: tuple[Piece, ...]
    speaker: str | None = None
    """Whom the format itself names as its speaker."""
    dropped: str = ""
    """Why it is not part of the interview; empty where it is."""


def mark(characters: str) -> Piece:
    """Give a markdown mark for what the format says in another way."""
    return Piece(NOWHERE, NOWHERE, characters)


def text_of(pieces: Iterable[Piece], source: str) -> str:
    """Give what pieces show, before any space is folded."""
    return "".join(source[piece.start : piece.end] if piece.shown is None else piece.shown for piece in pieces)


def places_of(pieces: Iterable[Piece]) -> list[int]:
    """Give the place in the source of each character that pieces show."""
    places: list[int] = []
    for piece in pieces:
        length = piece.end - piece.start if piece.shown is None else len(piece.shown)
        places.extend((NOWHERE,) * length if piece.start == NOWHERE else range(piece.start, piece.start + length))
    return places


def divide(pieces: Sequence[Piece], place: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Divide pieces at a place in the source; an escape is not divided."""
    before = [piece for piece in pieces if piece.start < place]
    after = [piece for piece in pieces if piece.start >= place]
    if before and before[-1].shown is None and before[-1].end > place:
        last = before.pop()
        before.append(replace(last, end=place))
        after.insert(0, replace(last, start=place))
    return tuple(before), tuple(after)
