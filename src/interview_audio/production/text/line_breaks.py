"""Breaks the text of an utterance into captions of two short lines, where a reader would take breath."""

import bisect
import itertools
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

_NARROW, _WIDE = 10, 21
_LINE = 420
"""Width of a caption line: 42 Latin columns, or 20 Chinese characters."""

_SENTENCE_END = frozenset("。！？!?…")
_CLAUSE_END = frozenset("，；：、,;:—")
_CLOSING = frozenset("。！？!?…，；：、,;:.”’」』）】》〉)]}%％")
_OPENING = frozenset("“‘「『（【《〈([{")
_WIDE_PUNCTUATION = frozenset("“”‘’—…")
_JOINER = "\u200d"

# How good it is to end a caption here, against filling it (0 to 1).
_SENTENCE, _CLAUSE, _WORD, _CHARACTER, _ANYWHERE = 1.0, 0.6, 0.0, -0.5, -2.0
_ORPHAN_PENALTY = 0.6
_ORPHAN = _LINE // 3
_FULL_ENOUGH = _LINE // 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that makes one caption."""

    lines: tuple[str, ...]
    """One or two."""
    start: int
    """Index into the text of its first character."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """A text with all that is known of its breaks."""

    text: str
    widths: tuple[int, ...]
    """Width of the text before each index."""
    breaks: Mapping[int, float]
    """Every index before which the text may be cut, in order, and how well that reads; the text's end is the last."""
    order: tuple[int, ...]
    """The indices of the breaks."""

    def width(self, start: int, end: int) -> int:
        """Width of a part; a space at its end takes none."""
        space = end > start and self.text[end - 1] == " "
        return self.widths[end] - self.widths[start] - (_NARROW if space else 0)

    def line_ends(self, start: int) -> list[int]:
        """The breaks at which a line that begins here may end."""
        after = itertools.islice(self.order, bisect.bisect_right(self.order, start), None)
        return list(itertools.takewhile(lambda index: self.width(start, index) <= _LINE, after))

    def middles(self, start: int, end: int) -> list[int]:
        """The breaks at which a caption may go on to its second line."""
        return [index for index in self.line_ends(start) if index < end and self.width(index, end) <= _LINE]


def break_text(text: str, word_starts: Collection[int]) -> tuple[Piece, ...]:
    """Cut a text into captions; their lines joined are the text but for spaces.

    Args:
        text: Without line ends, runs of spaces, or spaces around it.
        word_starts: Indices into the text where a word begins; they matter where no spaces tell.
    """
    widths = tuple(itertools.accumulate((_width(character) for character in text), initial=0))
    breaks = _breaks(text, widths, word_starts)
    measured = _Measured(text, widths, breaks, tuple(breaks))
    pieces: list[Piece] = []
    start = 0
    while start < len(text):
        end = _end_of_piece(measured, start)
        pieces.append(Piece(_lines(measured, start, end), start))
        start = end
    return tuple(pieces)


def _breaks(text: str, widths: Sequence[int], word_starts: Collection[int]) -> dict[int, float]:
    breaks: dict[int, float] = {}
    last = 0
    for index in range(1, len(text)):
        quality = _quality(text, index, index in word_starts)
        if quality is None and widths[index + 1] - widths[last] > _LINE:
            quality = _ANYWHERE
        if quality is not None:
            breaks[index] = quality
            last = index
    breaks[len(text)] = _SENTENCE
    return breaks


def _quality(text: str, index: int, word_ended: bool) -> float | None:  # noqa: FBT001 - one of three facts of a place
    before, after = text[index - 1], text[index]
    if before == " ":
        return _after_mark(text[max(index - 3, 0) : index - 1], spaced=True) or _WORD
    if after == " " or after in _CLOSING or before in _OPENING or _is_attached(before, after):
        return None
    if not (_is_wide(before) or _is_wide(after)):
        return None
    return _after_mark(text[max(index - 2, 0) : index], spaced=False) or (_WORD if word_ended else _CHARACTER)


def _after_mark(ending: str, *, spaced: bool) -> float | None:
    """Quality of a break after these characters, if a sentence or a clause ends with them."""
    mark = ending[-1:]
    if mark in _CLOSING - _SENTENCE_END - _CLAUSE_END and mark != "." and len(ending) > 1:
        mark = ending[-2]
    if mark in _SENTENCE_END or (spaced and mark == "."):
        return _SENTENCE
    return _CLAUSE if mark in _CLAUSE_END else None


def _is_attached(before: str, after: str) -> bool:
    return _JOINER in (before, after) or unicodedata.category(after)[0] == "M"


def _is_wide(character: str) -> bool:
    return character in _WIDE_PUNCTUATION or unicodedata.east_asian_width(character) in "WF"


def _width(character: str) -> int:
    return _WIDE if _is_wide(character) else _NARROW


def _end_of_piece(measured: _Measured, start: int) -> int:
    end_of_text = len(measured.text)
    first_line = measured.line_ends(start)
    ends = first_line + measured.line_ends(first_line[-1])
    if ends[-1] == end_of_text:
        return end_of_text

    def reading(end: int) -> float:
        filled = measured.width(start, end) / (2 * _LINE)
        orphaned = measured.width(end, end_of_text) < _ORPHAN
        within = max((measured.breaks[middle] for middle in measured.middles(start, end)), default=_SENTENCE)
        return measured.breaks[end] + filled + within / 2 - (_ORPHAN_PENALTY if orphaned else 0)

    full_enough = [end for end in ends if measured.width(start, end) >= _FULL_ENOUGH]
    return max([end for end in full_enough if measured.breaks[end] >= _CLAUSE] or full_enough, key=reading)


def _lines(measured: _Measured, start: int, end: int) -> tuple[str, ...]:
    text = measured.text
    if measured.width(start, end) <= _LINE:
        return (text[start:end].strip(),)

    def unevenness(middle: int) -> float:
        return abs(measured.width(start, middle) - measured.width(middle, end)) / _LINE - measured.breaks[middle]

    middle = min(measured.middles(start, end), key=unevenness)
    return text[start:middle].strip(), text[middle:end].strip()
