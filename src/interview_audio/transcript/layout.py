"""Splits a source into its paragraphs and keeps, for each word character, the offset where it stood."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interview_audio.transcript.markup import Cut, find_cuts, is_wholly_strong
from interview_audio.transcript.typography import columns, ends_sentence

PRINTED_LINE = re.compile("[^\n\x0b\x0c\x85\u2028\u2029]+")
BEGINS_PARAGRAPH = re.compile(r"\s*(?:[#>*•【\[-]|[^\s:：，。,.]{1,24}(?: [^\s:：，。,.]{1,24}){0,3} ?[:：])")
NO_SPACE_BEFORE = frozenset(",.;:!?)]}，。；：！？、）】」』”’")
MARKDOWN_HEADING = re.compile(r"#{1,6}\s")

WIDEST_WRAPPED = 110
"""Columns: a longer line is a paragraph by itself, not a piece of one."""
FULL = 0.7
"""A line of a wrapped paragraph, other than its last, fills this share of the width."""
FEWEST_WRAPPED = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as the page shows it, with what is not words cut out."""

    line: int
    """Line in the source where it begins, from 1."""
    text: str
    """Its words, a label among them; each run of whitespace is one space."""
    offsets: tuple[int, ...]
    """For each character of ``text``, its offset in the source."""
    cuts: tuple[Cut, ...]
    printed: str
    """The paragraph as it stands in the source."""

    @property
    def is_heading(self) -> bool:
        """Whether markdown sets it as a heading."""
        return MARKDOWN_HEADING.match(self.printed) is not None

    @property
    def is_quoted(self) -> bool:
        """Whether markdown sets it as a quotation."""
        return self.printed.startswith(">")

    @property
    def is_strong(self) -> bool:
        """Whether it is bold from end to end."""
        return is_wholly_strong(self.printed)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    number: int
    joins: bool
    """Whether the line stands directly below the line before."""


def split_paragraphs(source: str) -> tuple[Paragraph, ...]:
    """Split a source into paragraphs.

    A line is a paragraph, unless the text is wrapped at a width: then lines that fill it belong together.

    Args:
        source: The decoded text, with line feeds as line ends.

    Returns:
        The paragraphs that are not empty, in order; one of nothing but markup has an empty ``text``.
    """
    lines = tuple(_lines(source))
    width = _wrapped_width(source, lines)
    return tuple(_paragraph(source, group[0], group[-1]) for group in _group(source, lines, width))


def _lines(source: str) -> Iterator[_Line]:
    number, counted, previous = 1, 0, -2
    for match in PRINTED_LINE.finditer(source):
        printed = match[0]
        if not printed.strip():
            continue
        start = match.start() + len(printed) - len(printed.lstrip())
        number += source.count("\n", counted, start)
        yield _Line(start, match.start() + len(printed.rstrip()), number, match.start() == previous + 1)
        counted, previous = start, match.end()


def _wrapped_width(source: str, lines: Sequence[_Line]) -> int:
    """Columns at which the text is wrapped; 0 where it is not."""
    widths = [columns(source[line.start : line.end]) for line in lines]
    widest = max(widths, default=0)
    if widest > WIDEST_WRAPPED:
        return 0
    pairs = [
        (widths[index], source[lines[index].start : lines[index].end])
        for index, below in enumerate(lines[1:])
        if below.joins and not BEGINS_PARAGRAPH.match(source, below.start, below.end)
    ]
    full = [text for width, text in pairs if width >= FULL * widest]
    open_ended = [text for text in full if not ends_sentence(text)]
    is_wrapped = len(open_ended) >= FEWEST_WRAPPED and 2 * len(open_ended) > len(pairs)
    return widest if is_wrapped else 0


def _group(source: str, lines: Sequence[_Line], width: int) -> Iterator[list[_Line]]:
    group: list[_Line] = []
    for line in lines:
        if group and not _continues(source, group[-1], line, width):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _continues(source: str, above: _Line, line: _Line, width: int) -> bool:
    return (
        width > 0
        and line.joins
        and columns(source[above.start : above.end]) >= FULL * width
        and not BEGINS_PARAGRAPH.match(source, line.start, line.end)
    )


def _paragraph(source: str, first: _Line, last: _Line) -> Paragraph:
    start, end = first.start, last.end
    cuts = find_cuts(source, start, end)
    kept = bytearray(b"\x01") * (end - start)
    for cut in cuts:
        kept[cut.start - start : cut.end - start] = bytes(cut.end - cut.start)
    offsets = _fold_whitespace(source, [start + index for index, keep in enumerate(kept) if keep])
    text = "".join(" " if source[offset].isspace() else source[offset] for offset in offsets)
    return Paragraph(first.number, text, tuple(offsets), cuts, source[start:end])


def _fold_whitespace(source: str, kept: Sequence[int]) -> list[int]:
    """Drop the whitespace that shows nothing: at the ends, in runs, where a line break or a cut left it."""
    folded: list[int] = []
    space = -1
    for offset in kept:
        character = source[offset]
        if character.isspace():
            space = offset if space < 0 else space
            continue
        if space >= 0 and folded and _shows(source, folded[-1], space, offset):
            folded.append(space)
        folded.append(offset)
        space = -1
    return folded


def _shows(source: str, before: int, space: int, after: int) -> bool:
    is_broken_line = source[space] not in " \t\u00a0\u3000"
    if is_broken_line and _is_wide(source[before]) and _is_wide(source[after]):
        return False
    left_by_cut = space > before + 1 or source[space:after].strip() != ""
    return not (left_by_cut and source[after] in NO_SPACE_BEFORE)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
