"""Cuts the text of an utterance into captions of at most two short lines, where a reader would take breath."""

import bisect
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from interview_audio.production.text.line_breaks import CLAUSE, LINE, Measured, measured

SHORTEST, LONGEST = 1.2, 5.5
"""Seconds that a caption should stay: long enough to be read, short enough to follow the voice."""

# What makes a caption worse, weighed on the seeds by eye. One caption more costs 1.
_BREAK, _LINE_BREAK, _UNEVEN = 1.2, 1.0, 0.6
_TOO_SHORT, _TOO_LONG, _LONELY, _STUB = 2.0, 3.0, 0.8, 0.5
_LONELY_WIDTH, _STUB_WIDTH = LINE // 3, LINE // 6
_WIDEST_LABEL = LINE // 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that makes one caption."""

    start: int
    """Index into the text of its first character."""
    second_line: int
    """Index at which its second line begins; ``end`` if it has none."""
    end: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to be cut, in time."""

    measured: Measured
    order: tuple[int, ...]
    """The indices of the breaks."""
    seconds: Sequence[float]
    label: int
    """Width of what stands before the text."""

    def line_ends(self, start: int, most: int = LINE) -> tuple[int, ...]:
        """The breaks at which a line that begins here may end; one at least."""
        first = bisect.bisect_right(self.order, start)
        fitting = itertools.takewhile(
            lambda index: self.measured.width(start, index) <= most, itertools.islice(self.order, first, None)
        )
        return tuple(fitting) or self.order[first : first + 1]

    def is_number(self, start: int, end: int) -> bool:
        """Whether this part is a bare number: as a last line, pysubs2 takes it for the number of the next caption."""
        return self.measured.text[start:end].strip(" ").isdecimal()

    def indent(self, start: int) -> int:
        """Width of what stands before a piece that begins here."""
        return 0 if start else self.label


def cut_text(text: str, word_starts: Collection[int], seconds: Sequence[float], label: int = 0) -> tuple[Piece, ...]:
    """Cut a text into captions, so that as few as possible read as well as possible.

    Args:
        text: Without line ends, runs of spaces, or spaces around it.
        word_starts: Indices into the text where a word begins; they matter where no spaces tell.
        seconds: When each character is heard, ascending, and last the end.
        label: Width to be left for a name before the first caption, in tenths of a column.
    """
    if not text:
        return ()
    found = measured(text, word_starts)
    whole = _Text(found, tuple(found.breaks), seconds, min(label, _WIDEST_LABEL))
    unlabelled = replace(whole, label=0)
    return tuple(
        Piece(start, _second_line(unlabelled, start, end), end) for start, end in itertools.pairwise(_best_edges(whole))
    )


def second_line(text: str, word_starts: Collection[int], label: int) -> int:
    """Where the second line of one caption begins; its length if it needs none. What is too long for two is uneven.

    Args:
        text: As for ``cut_text``, but with a name before it.
        word_starts: As for ``cut_text``.
        label: Index at which the text begins, after the name.
    """
    found = measured(text, word_starts)
    order = tuple(index for index in found.breaks if index > label)
    return _second_line(_Text(found, order, (), 0), 0, len(text))


def _best_edges(whole: _Text) -> list[int]:
    """Where the captions begin and end that cost least in all: the shortest path from break to break."""
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    for start in (0, *whole.order[:-1]):
        if start in best:
            for end in _ends(whole, start):
                cost = best[start][0] + _cost(whole, start, end)
                if end not in best or cost < best[end][0]:
                    best[end] = (cost, start)
    edges = [whole.order[-1]]
    while edges[-1]:
        edges.append(best[edges[-1]][1])
    return edges[::-1]


def _ends(whole: _Text, start: int) -> Sequence[int]:
    """Where a caption may end that begins here: clauses, and other breaks only where no clause ends in good time."""
    lines = whole.line_ends(start, LINE - whole.indent(start))
    ends = (*lines, *(end for end in whole.line_ends(lines[-1]) if end not in lines))
    clauses = [end for end in ends if whole.measured.breaks[end] >= CLAUSE]
    if (
        clauses
        and whole.measured.width(start, clauses[-1]) >= LINE // 2
        and _duration(whole, start, clauses[0]) <= LONGEST
    ):
        return clauses
    return ends


def _cost(whole: _Text, start: int, end: int) -> float:
    breaks, seconds = whole.measured.breaks, _duration(whole, start, end)
    cost = 1.0 + _BREAK * (1 - breaks[end])
    cost += _TOO_SHORT * max(SHORTEST - seconds, 0) + _TOO_LONG * max(seconds - LONGEST, 0)
    if whole.measured.width(start, end) < _LONELY_WIDTH:
        cost += _LONELY
    middle = _second_line(whole, start, end)
    return cost + (_line_cost(whole, start, middle, end) if middle < end else 0)


def _duration(whole: _Text, start: int, end: int) -> float:
    return whole.seconds[end] - whole.seconds[start]


def _second_line(whole: _Text, start: int, end: int) -> int:
    width = whole.measured.width
    if width(start, end) <= LINE - whole.indent(start):
        return end
    middles = [middle for middle in whole.line_ends(start) if middle < end and not whole.is_number(middle, end)]
    fitting = [middle for middle in middles if width(middle, end) <= LINE] or middles[-1:]
    return min(fitting, key=lambda middle: _line_cost(whole, start, middle, end), default=end)


def _line_cost(whole: _Text, start: int, middle: int, end: int) -> float:
    width = whole.measured.width
    first, second = width(start, middle) + whole.indent(start), width(middle, end)
    cost = _LINE_BREAK * (1 - whole.measured.breaks[middle]) + _UNEVEN * abs(first - second) / LINE
    return cost + (_STUB if min(first, second) < _STUB_WIDTH else 0)
