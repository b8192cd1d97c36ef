"""What a format reader makes of a source: blocks of words, each piece with the place where it stands.

Characters that a format writes in another way: ``&amp;`` in HTML, ``\u4e2d`` in JSON, a tag that breaks a line.

Lays out the blocks of a format as plain paragraphs, and keeps where in the source each character stands.
"""

import html
import json
import re
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from interview_audio.errors import SourceError
from interview_audio.text.name_key import name_key
from interview_audio.text.printable import is_seen, printable
from interview_audio.transcript.layout.paragraphs import Paragraph, split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import Label, make_label
from interview_audio.transcript.lexicon.markup import NonTextSpan

NOWHERE = -1
"""The place of a mark that the source does not write: ``#`` for a heading that HTML sets with a tag."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A run of source characters that belongs to the words."""

    start: int
    end: int
    shown: str | None = None
    """What the reader of the page sees instead of the characters (``&`` for ``&amp;``); None where it sees them."""


@dataclass(frozen=True, slots=True)
class FormattedParagraph:
    """A paragraph as its format sets it."""

    pieces: tuple[TextSpan, ...]
    speaker: str | None = None
    """Whom the format itself names as its speaker."""
    dropped: str = ""
    """Why it is not part of the interview; empty where it is."""


def added_mark(characters: str) -> TextSpan:
    """Return a markdown mark for what the format says in another way."""
    return TextSpan(NOWHERE, NOWHERE, characters)


def text_of(pieces: Iterable[TextSpan], source: str) -> str:
    """Return what pieces show, before any space is folded."""
    return "".join(source[piece.start : piece.end] if piece.shown is None else piece.shown for piece in pieces)


def places_of(pieces: Iterable[TextSpan]) -> list[int]:
    """Return the place in the source of each character that pieces show."""
    places: list[int] = []
    for piece in pieces:
        length = piece.end - piece.start if piece.shown is None else len(piece.shown)
        places.extend((NOWHERE,) * length if piece.start == NOWHERE else range(piece.start, piece.start + length))
    return places


def split_spans(pieces: Sequence[TextSpan], place: int) -> tuple[tuple[TextSpan, ...], tuple[TextSpan, ...]]:
    """Divide pieces at a place in the source; an escape is not divided."""
    before = [piece for piece in pieces if piece.start < place]
    after = [piece for piece in pieces if piece.start >= place]
    if before and before[-1].shown is None and before[-1].end > place:
        last = before.pop()
        before.append(replace(last, end=place))
        after.insert(0, replace(last, start=place))
    return tuple(before), tuple(after)


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


def can_stand_for(written: str, text: str) -> bool:
    """Tell whether what is written can stand for a text: tags and quotation marks of a format part words and names."""
    if written == '"' or (written.startswith("<") and written.endswith(">")):
        return text.strip() in ("", ":")
    if written.startswith("\\"):
        return _unescaped(written) == text or (text.isspace() and _unescaped(written).isspace())
    return html.unescape(written) == text


def html_spans(source: str, start: int, end: int) -> Iterator[TextSpan]:
    """Divide the text between two tags at its entities."""
    reached = start
    for match in ENTITY.finditer(source, start, end):
        shown = html.unescape(match[0])
        if shown == match[0]:
            continue
        if match.start() > reached:
            yield TextSpan(reached, match.start())
        yield TextSpan(match.start(), match.end(), shown)
        reached = match.end()
    if end > reached:
        yield TextSpan(reached, end)


def json_spans(source: str, start: int, end: int) -> Iterator[TextSpan]:
    """Divide the inside of a JSON string at its escapes.

    Raises:
        SourceError: An escape is half a character.
    """
    reached = start
    while (found := source.find("\\", reached, end)) >= 0:
        match = BACKSLASHED.match(source, found, end)
        assert match is not None, "the JSON has been checked"
        if found > reached:
            yield TextSpan(reached, found)
        yield from _backslashed(source, match)
        reached = match.end()
    if end > reached:
        yield TextSpan(reached, end)


def _backslashed(source: str, match: re.Match[str]) -> Iterator[TextSpan]:
    """One piece for each character of a run of escapes; a pair of surrogates is one."""
    at = match.start()
    for character in _unescaped(match[0]):
        if SURROGATE.match(character):
            line = source.count("\n", 0, at) + 1
            raise SourceError(f"{source[at : at + 6]} is only half of a character; correct or remove it", line=line)
        width = len(match[0]) if source[at + 1] != "u" else 12 if character > "\uffff" else 6
        yield TextSpan(at, at + width, character)
        at += width


def _unescaped(written: str) -> str:
    value = json.loads(f'"{written}"')
    assert isinstance(value, str)
    return value


LINE_ENDS = re.compile("[\n\x0b\x0c\x85\u2028\u2029]")
SOFT_BREAK = "\r"
"""A line end inside a paragraph, to the layout: a space, and nothing between two Chinese characters."""
APART = "\n\n"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A source as paragraphs, whatever its format."""

    paragraphs: tuple[Paragraph, ...]
    speakers: tuple[Label | None, ...]
    """For each paragraph the speaker that the format names; labels in the words are not looked for there."""
    reason: str = ""
    """How the format names speakers: ``speaker of the cue``."""
    dropped: tuple[tuple[Paragraph, str], ...] = ()
    """What the format marks as no part of the interview, and why."""
    cuts: tuple[NonTextSpan, ...] = ()
    """What is no words but the format's own: tags, times, braces."""
    escapes: tuple[Escape, ...] = ()
    is_recorded: bool = False
    """Whether it is the record of a voice, which says no titles and no headings but those that are marked."""


def build_document(
    source: str,
    blocks: Sequence[FormattedParagraph],
    cuts: Sequence[NonTextSpan],
    reason: str = "",
    *,
    is_recorded: bool = False,
) -> SourceDocument:
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
    return SourceDocument(
        paragraphs=tuple(paragraph for paragraph, _ in laid),
        speakers=tuple(
            _given_label(block.speaker) if block.speaker and is_seen(block.speaker) and paragraph.text else None
            for paragraph, block in laid
        ),
        reason=reason,
        dropped=tuple((paragraph, block.dropped) for paragraph, block in _lay_out(source, dropped)),
        cuts=tuple(_beside(cuts, escapes)),
        escapes=escapes,
        is_recorded=is_recorded,
    )


def _given_label(name: str) -> Label:
    """Return the label of a speaker whom a format names: nothing of it is in the words."""
    name = printable(name)
    return make_label(name, 0) or Label(name, name_key(name), 0)


def _beside(cuts: Iterable[NonTextSpan], escapes: Iterable[Escape]) -> Iterator[NonTextSpan]:
    """Return the cuts without what stands for a character: a tag that breaks a line is not only a tag."""
    waiting = deque(sorted((escape.start, escape.end) for escape in escapes))
    for cut in sorted(cuts, key=lambda cut: cut.start):
        begin = cut.start
        while waiting and waiting[0][1] <= begin:
            waiting.popleft()
        while waiting and waiting[0][0] < cut.end and cut.reason == "markup":
            start, end = waiting.popleft()
            if start > begin:
                yield NonTextSpan(begin, start, cut.reason)
            begin = end
        if begin < cut.end:
            yield NonTextSpan(begin, cut.end, cut.reason)


def _lay_out(source: str, blocks: Sequence[FormattedParagraph]) -> Iterator[tuple[Paragraph, FormattedParagraph]]:
    """Print the blocks below each other, split that, and look up where everything stands."""
    begins = tuple(accumulate((len(places_of(block.pieces)) + len(APART) for block in blocks), initial=0))
    printed = "".join(_printed(source, piece) for block in blocks for piece in (*block.pieces, added_mark(APART)))
    places = array("q", (place for block in blocks for place in places_of((*block.pieces, added_mark(APART)))))
    line, counted = 1, 0
    for paragraph in split_paragraphs(printed):
        where = paragraph.offsets[0] if paragraph.offsets else min(cut.start for cut in paragraph.cuts)
        end = where + len(paragraph.printed)
        begin = next((place for place in places[where:end] if place != NOWHERE), counted)
        line, counted = line + source.count("\n", counted, begin), begin
        yield _at_its_place(paragraph, places, line), blocks[bisect_right(begins, where) - 1]


def _printed(source: str, piece: TextSpan) -> str:
    return LINE_ENDS.sub(SOFT_BREAK, source[piece.start : piece.end]) if piece.shown is None else piece.shown


def _at_its_place(paragraph: Paragraph, places: Sequence[int], line: int) -> Paragraph:
    """Return the paragraph with offsets in the source; a mark that the source does not write is not among its words."""
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


def _cut_at_its_place(cut: NonTextSpan, places: Sequence[int]) -> Iterator[NonTextSpan]:
    """Return the parts of a cut that stand together in the source."""
    begin = previous = NOWHERE
    for place in (*places[cut.start : cut.end], NOWHERE):
        if place != previous + 1 or begin == NOWHERE:
            if begin != NOWHERE:
                yield NonTextSpan(begin, previous + 1, cut.reason)
            begin = place
        previous = place
