"""Lays out the blocks of a format as plain paragraphs, and keeps where in the source each character stands."""

import re
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from interview_audio.printable import printable
from interview_audio.transcript.formats.escapes import Escape
from interview_audio.transcript.formats.pieces import NOWHERE, Block, Piece, mark, places_of
from interview_audio.transcript.labels import Label, label_of
from interview_audio.transcript.layout import Paragraph, split_paragraphs
from interview_audio.transcript.markup import Cut
from interview_audio.transcript.roles import fold

LINE_ENDS = re.compile("[\n\x0b\x0c\x85\u2028\u2029]")
SOFT_BREAK = "\r"
"""A line end inside a paragraph, to the layout: a space, and nothing between two Chinese characters."""
APART = "\n\n"


@dataclass(frozen=True, slots=True)
class Composition:
    """A source as paragraphs, whatever its format."""

    paragraphs: tuple[Paragraph, ...]
    speakers: tuple[Label | None, ...]
    """For each paragraph the speaker that the format names; labels in the words are not looked for there."""
    reason: str = ""
    """How the format names speakers: ``speaker of the cue``."""
    dropped: tuple[tuple[Paragraph, str], ...] = ()
    """What the format marks as no part of the interview, and why."""
    cuts: tuple[Cut, ...] = ()
    """What is no words but the format's own: tags, times, braces."""
    escapes: tuple[Escape, ...] = ()
    is_recorded: bool = False
    """Whether it is the record of a voice, which says no titles and no headings but those that are marked."""


def compose(
    source: str, blocks: Sequence[Block], cuts: Sequence[Cut], reason: str = "", *, is_recorded: bool = False
) -> Composition:
    """Lay out blocks as paragraphs.

    Args:
        source: The decoded source.
        blocks: Its words, in order of the source.
        cuts: All that is no words.
        reason: How the format names speakers.
        is_recorded: Whether the blocks are the record of a voice.
    """
    kept = tuple(block for block in blocks if not block.dropped)
    dropped = tuple(block for block in blocks if block.dropped)
    laid = tuple(_lay_out(source, kept))
    escapes = tuple(
        Escape(piece.start, piece.end, piece.shown)
        for block in blocks
        for piece in block.pieces
        if piece.shown is not None and piece.start != NOWHERE
    )
    return Composition(
        paragraphs=tuple(paragraph for paragraph, _ in laid),
        speakers=tuple(
            given_label(block.speaker) if block.speaker and paragraph.text else None for paragraph, block in laid
        ),
        reason=reason,
        dropped=tuple((paragraph, block.dropped) for paragraph, block in _lay_out(source, dropped)),
        cuts=tuple(_beside(cuts, escapes)),
        escapes=escapes,
        is_recorded=is_recorded,
    )


def given_label(name: str) -> Label:
    """Give the label of a speaker whom a format names: nothing of it is in the words."""
    name = printable(name)
    return label_of(name, 0) or Label(name, fold(name), 0)


def _beside(cuts: Iterable[Cut], escapes: Iterable[Escape]) -> Iterator[Cut]:
    """The cuts without what stands for a character: a tag that breaks a line is not only a tag."""
    waiting = deque(sorted((escape.start, escape.end) for escape in escapes))
    for cut in sorted(cuts, key=lambda cut: cut.start):
        begin = cut.start
        while waiting and waiting[0][1] <= begin:
            waiting.popleft()
        while waiting and waiting[0][0] < cut.end and cut.reason == "markup":
            start, end = waiting.popleft()
            if start > begin:
                yield Cut(begin, start, cut.reason)
            begin = end
        if begin < cut.end:
            yield Cut(begin, cut.end, cut.reason)


def _lay_out(source: str, blocks: Sequence[Block]) -> Iterator[tuple[Paragraph, Block]]:
    """Print the blocks below each other, split that, and look up where everything stands."""
    begins = tuple(accumulate((len(places_of(block.pieces)) + len(APART) for block in blocks), initial=0))
    printed = "".join(_printed(source, piece) for block in blocks for piece in (*block.pieces, mark(APART)))
    places = array("q", (place for block in blocks for place in places_of((*block.pieces, mark(APART)))))
    line, counted = 1, 0
    for paragraph in split_paragraphs(printed):
        where = paragraph.offsets[0] if paragraph.offsets else min(cut.start for cut in paragraph.cuts)
        end = where + len(paragraph.printed)
        begin = next((place for place in places[where:end] if place != NOWHERE), counted)
        line, counted = line + source.count("\n", counted, begin), begin
        yield _at_its_place(paragraph, places, line), blocks[bisect_right(begins, where) - 1]


def _printed(source: str, piece: Piece) -> str:
    return LINE_ENDS.sub(SOFT_BREAK, source[piece.start : piece.end]) if piece.shown is None else piece.shown


def _at_its_place(paragraph: Paragraph, places: Sequence[int], line: int) -> Paragraph:
    """The paragraph with offsets in the source; a mark that the source does not write is not among its words."""
    places_of_text = (places[at] for at in paragraph.offsets)
    kept = _stripped([found for found in zip(paragraph.text, places_of_text, strict=True) if found[1] != NOWHERE])
    return replace(
        paragraph,
        line=line,
        text="".join(character for character, _ in kept),
        offsets=tuple(place for _, place in kept),
        cuts=tuple(piece for cut in paragraph.cuts for piece in _cut_at_its_place(cut, places)),
    )


def _stripped(characters: list[tuple[str, int]]) -> list[tuple[str, int]]:
    printed = "".join(character for character, _ in characters)
    begin = len(printed) - len(printed.lstrip())
    return characters[begin : len(printed.rstrip())]


def _cut_at_its_place(cut: Cut, places: Sequence[int]) -> Iterator[Cut]:
    """The parts of a cut that stand together in the source."""
    begin = previous = NOWHERE
    for place in (*places[cut.start : cut.end], NOWHERE):
        if place != previous + 1 or begin == NOWHERE:
            if begin != NOWHERE:
                yield Cut(begin, previous + 1, cut.reason)
            begin = place
        previous = place
