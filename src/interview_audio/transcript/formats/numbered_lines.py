"""Reads what court reporters print: each line of a page numbered, the numbers and the pages' frames not spoken.

The lines are joined to paragraphs again: one begins where a line is indented or has a label.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interview_audio.transcript.formats.source_document import (
    FormattedParagraph,
    SourceDocument,
    TextSpan,
    added_mark,
    build_document,
    cuts_beside,
)
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.lexicon.typography import ends_sentence

_LINE = re.compile(r"[^\n\x0c]+")
_FILL = r"[ \t\u00a0·]"
"""Some programs print the space of a page as middle dots."""
_NUMBERED = re.compile(
    rf"{_FILL}{{0,12}}(?:\d{{4,6}}:)?(?P<number>\d{{1,2}})(?!\d)(?P<gap>{_FILL}*)(?P<words>\S[^\n\x0c]*)?"
)
"""A line with its number, as some programs write it with that of its page: ``00041:07``."""
_PAGE_NUMBER = re.compile(r"(?:page\s{0,4})?\d{1,5}(?:\s{0,4}(?:of|/)\s{0,4}\d{1,5})?", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:[QA]\s{0,2}[.:]?\s|[A-ZÀ-Þ][A-ZÀ-Þ .,'’-]{1,40}:|(?:BY|By)\s(?:MR|MS|MRS|DR|Mr|Ms|Mrs|Dr)\b|\([A-Z])"
)
_CAPITALS = re.compile(r"[^a-zß-ÿ]*[A-ZÀ-Þ]{3}[^a-zß-ÿ]*")
_MIN_NUMBERED = 8
"""Lines in a row with rising numbers."""
_MIN_SHARE = 0.6
"""Share of numbered lines among those that are not blank."""
_MIN_EMPTY = 2
"""Lines with a number and nothing else: the items of a list all say something."""
_MAX_NUMBER = 60
"""Of a page's last line; legal pages have 25 to 28."""
_SECTION = re.compile(r"[A-ZÀ-Þ]{4,}(?:[ -][A-ZÀ-Þ]{2,}){0,4}")
_MIN_CENTRED = 16
"""Columns before a line that is set in the middle; words of a turn begin before that."""
_MIN_INDENT = 2
"""Columns deeper than the margin at which a paragraph begins."""
_MIN_PAGES = 2
"""Pages on which a line without a number recurs, but for the digits in it, that is their frame."""
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    """Of its words."""
    end: int
    words: str
    is_numbered: bool
    indent: int = 0
    """Columns between the number and the words."""


def has_numbered_lines(source: str) -> bool:
    """Tell whether the lines of a text are numbered as on a page: the numbers rise by one, sentences run over lines."""
    lines = [line[0] for line in _LINE.finditer(source) if line[0].strip()]
    matches = [_NUMBERED.fullmatch(line) for line in lines]
    numbers = [int(found["number"]) for found in matches if found and _is_line(found)]
    if len(numbers) < max(_MIN_NUMBERED, _MIN_SHARE * len(lines)) or max(numbers) > _MAX_NUMBER:
        return False
    rising = sum(number in (before + 1, 1) for before, number in pairwise(numbers))
    words = [found["words"] or "" for found in matches if found and _is_line(found)]
    runs_over = sum(below[:1].islower() and above[-1:].isalpha() for above, below in pairwise(words))
    is_page = runs_over > 0 or numbers.count(1) > 1 or words.count("") >= _MIN_EMPTY
    return rising >= _MIN_SHARE * (len(numbers) - 1) and is_page


def _is_line(found: re.Match[str]) -> bool:
    return bool(found["gap"]) or not found["words"]


def read_numbered_lines(source: str) -> SourceDocument:
    """Read a text with numbered lines to the paragraphs that the lines were.

    Args:
        source: The decoded source.
    """
    lines = tuple(_lines(source))
    frame = _frame(lines)
    cuts = [NonTextSpan(line.start, line.end, "boilerplate") for line in lines if line.words in frame]
    kept = [line for line in lines if line.words and line.words not in frame]
    blocks = tuple(FormattedParagraph(tuple(_block(group))) for group in _paragraphs(kept))
    return build_document(source, blocks, (*cuts_beside(source, blocks, cuts), *cuts))


def _block(group: Sequence[_Line]) -> Iterator[TextSpan]:
    if len(group) == 1 and group[0].indent >= _MIN_CENTRED and _SECTION.fullmatch(group[0].words):
        yield added_mark("## ")
    for line in group:
        yield from _spans(line, is_last=line is group[-1])


def _spans(line: _Line, *, is_last: bool) -> Iterator[TextSpan]:
    yield TextSpan(line.start, line.end)
    if not is_last:
        yield TextSpan(line.end, line.end + 1)


def _lines(source: str) -> Iterator[_Line]:
    for printed in _LINE.finditer(source):
        found = _NUMBERED.fullmatch(printed[0])
        if found and _is_line(found) and found["words"]:
            start = printed.start() + found.start("words")
            yield _Line(
                start, printed.start() + len(printed[0].rstrip()), found["words"].rstrip(), True, len(found["gap"])
            )
        elif not (found and _is_line(found)) and printed[0].strip():
            words = printed[0].strip()
            start = printed.start() + len(printed[0]) - len(printed[0].lstrip())
            if not _PAGE_NUMBER.fullmatch(words):
                yield _Line(start, start + len(words), words, is_numbered=False)


def _frame(lines: Sequence[_Line]) -> frozenset[str]:
    """Return the lines of the pages' frames, which have no number: the name of the witness, the firm."""
    outside = [line.words for line in lines if not line.is_numbered and not ends_sentence(line.words)]
    counts = Counter(_DIGITS.sub("", words) for words in outside)
    return frozenset(words for words in outside if counts[_DIGITS.sub("", words)] >= _MIN_PAGES)


def _paragraphs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    indents = [line.indent for line in lines if line.is_numbered]
    margin = min(indents, default=0)
    group: list[_Line] = []
    for line in lines:
        if group and _begins(group[-1], line, margin):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _begins(above: _Line, line: _Line, margin: int) -> bool:
    if line.is_numbered != above.is_numbered or _LABELLED.match(line.words):
        return True
    is_heading = _CAPITALS.fullmatch(above.words) or (_CAPITALS.fullmatch(line.words) and ends_sentence(above.words))
    return bool(is_heading) or line.indent >= margin + _MIN_INDENT
