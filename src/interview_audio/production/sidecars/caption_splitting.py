"""Cuts the text of an utterance into captions of at most two short lines, where a reader would take breath."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sidecars.line_breaks import CLAUSE, LINE, MeasuredText, measured

_Places = NDArray[np.int64]
_Costs = NDArray[np.float64]
_Flags = NDArray[np.bool_]

SHORTEST, _LONGEST = 1.2, 5.5
"""Seconds that a caption should stay: long enough to be read, short enough to follow the voice."""

# What makes a caption worse, weighed on the seeds by eye. One caption more costs 1.
_BREAK, _LINE_BREAK, _UNEVEN = 1.2, 1.0, 0.6
_TOO_SHORT, _TOO_LONG, _LONELY, _STUB = 2.0, 3.0, 0.8, 0.5
_LONELY_WIDTH, _STUB_WIDTH = LINE // 3, LINE // 6
_WIDEST_LABEL = LINE // 2
_AT_ONCE = 32
"""How many places are weighed at once: few enough for the processor's cache, enough to call NumPy rarely."""


@dataclass(frozen=True, slots=True)
class CaptionSpan:
    """A part of a text that makes one caption."""

    start: int
    """Index into the text of its first character."""
    second_line: int
    """Index at which its second line begins; ``end`` if it has none."""
    end: int


@dataclass(frozen=True, slots=True)
class _BreakTable:
    """Where a text may be cut, in order: its beginning, its breaks, its end. Tables, since all of them are weighed."""

    places: _Places
    """Index into the text."""
    qualities: _Costs
    """How well the break reads."""
    begins: _Places
    """Width of the text before a line that begins here."""
    ends: _Places
    """Width of the text up to the end of a line that ends here: a space takes no room there. Ascending."""
    numbers: _Places
    """Two indices each: a part from here that ends after the first, and not after the second, is a bare number."""
    label: int
    """Width of what comes before the text."""

    def widths(self, starts: _Places, ends: _Places) -> _Places:
        """Return the width of the parts between these."""
        return self.ends[ends] - self.begins[starts]

    def indents(self, starts: _Places) -> _Places:
        """Return the width of what comes before parts that begin here."""
        return np.where(starts == 0, self.label, 0)

    def last_ends(self, starts: _Places, most: _Places | int = LINE) -> _Places:
        """Find the last break at which a line may end that begins at each of these; the next one where none fits."""
        fitting = np.searchsorted(self.ends, self.begins[starts] + most, "right") - 1
        return np.minimum(np.maximum(fitting, starts + 1), len(self.places) - 1)


def cut_text(
    text: str, word_starts: Collection[int], seconds: Sequence[float], label: int = 0
) -> tuple[CaptionSpan, ...]:
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
    if len(found.breaks) == 1:  # thousands of short lines need no tables
        return (CaptionSpan(0, len(text), len(text)),)
    nodes = _nodes(found, tuple(found.breaks), min(label, _WIDEST_LABEL))
    edges = _best_edges(nodes, np.array(seconds)[nodes.places])
    middles, _ = _second_lines(replace(nodes, label=0), edges[:-1], edges[1:])
    columns = (nodes.places[column].tolist() for column in (edges[:-1], middles, edges[1:]))
    return tuple(map(CaptionSpan, *columns))


def second_line(text: str, word_starts: Collection[int], label: int) -> int:
    """Find where the second line of a caption begins; its length if it needs none. Too much for two is uneven.

    Args:
        text: As for ``cut_text``, but with a name before it.
        word_starts: As for ``cut_text``.
        label: Index at which the text begins, after the name.
    """
    found = measured(text, word_starts)
    breaks = tuple(index for index in found.breaks if index > label)
    nodes = _nodes(found, breaks, 0)
    middles, _ = _second_lines(nodes, np.array([0]), np.array([len(breaks)]))
    return int(nodes.places[middles[0]])


def _nodes(found: MeasuredText, breaks: tuple[int, ...], label: int) -> _BreakTable:
    places = (0, *breaks)
    return _BreakTable(
        places=np.array(places),
        qualities=np.array([0.0, *(found.breaks[place] for place in breaks)]),
        begins=np.array([found.widths[place] for place in places]),
        ends=np.array([found.width(0, place) for place in places]),
        numbers=np.array(_numbers(found.text, places)),
        label=label,
    )


def _numbers(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """Find for each place between which indices a part ends that is a bare number, spaces around it or not.

    As a last line, pysubs2 takes it for the number of the next caption.
    """
    ends = [0] * (len(text) + 2)
    """Of the digits that begin at each index."""
    for index in range(len(text) - 1, -1, -1):
        if text[index].isdecimal():
            ends[index] = ends[index + 1] or index + 1
    firsts = [place + text.startswith(" ", place) for place in places]
    return [(first, ends[first] + text.startswith(" ", ends[first])) if ends[first] else (0, 0) for first in firsts]


def _best_edges(nodes: _BreakTable, seconds: _Costs) -> _Places:
    """Find where the captions begin and end that cost least in all: the shortest path from break to break."""
    best, came = np.full(len(seconds), np.inf), np.zeros(len(seconds), np.int64)
    best[0] = 0
    for start, costs in _costs(nodes, seconds):
        ends = slice(start + 1, start + 1 + len(costs))
        reached = best[start] + costs
        better = reached < best[ends]
        np.copyto(best[ends], reached, where=better)
        np.copyto(came[ends], start, where=better)
    edges = [len(seconds) - 1]
    while edges[-1]:
        edges.append(int(came[edges[-1]]))
    return np.array(edges[::-1])


def _costs(nodes: _BreakTable, seconds: _Costs) -> Iterator[tuple[int, _Costs]]:
    """Yield each break but the last, and what captions cost that begin there and end at each break after it."""
    count = len(seconds) - 1
    for first in range(0, count, _AT_ONCE):
        starts = np.arange(first, min(first + _AT_ONCE, count))
        firsts = nodes.last_ends(starts, LINE - nodes.indents(starts))
        lasts = nodes.last_ends(firsts)
        ends = starts[:, None] + np.arange(1, (lasts - starts).max() + 1)
        within = ends <= lasts[:, None]
        np.minimum(ends, count, out=ends)
        rows, columns = np.nonzero(_are_ends(nodes, seconds, starts, ends, within))
        costs = np.full(ends.shape, np.inf)
        costs[rows, columns] = _cost(nodes, seconds, starts[rows], ends[rows, columns])
        for start, last, row in zip(starts.tolist(), lasts.tolist(), costs, strict=True):
            yield start, row[: last - start]


def _are_ends(nodes: _BreakTable, seconds: _Costs, starts: _Places, ends: _Places, within: _Flags) -> _Flags:
    """Find where a caption may end: clauses, and other breaks only where no clause ends in good time."""
    clauses = within & (nodes.qualities[ends] >= CLAUSE)
    rows = np.arange(len(starts))
    first = ends[rows, clauses.argmax(axis=1)]
    last = ends[rows, ends.shape[1] - 1 - clauses[:, ::-1].argmax(axis=1)]
    wide = nodes.widths(starts, last) >= LINE // 2
    soon = seconds[first] - seconds[starts] <= _LONGEST
    only_clauses = clauses.any(axis=1) & wide & soon
    return np.where(only_clauses[:, None], clauses, within)


def _cost(nodes: _BreakTable, seconds: _Costs, starts: _Places, ends: _Places) -> _Costs:
    """Return what captions cost that begin at each of these and end at each of those."""
    durations = seconds[ends] - seconds[starts]
    costs = 1.0 + _BREAK * (1 - nodes.qualities[ends])
    costs += _TOO_SHORT * np.maximum(SHORTEST - durations, 0) + _TOO_LONG * np.maximum(durations - _LONGEST, 0)
    costs[nodes.widths(starts, ends) < _LONELY_WIDTH] += _LONELY
    _, of_lines = _second_lines(nodes, starts, ends)
    return costs + of_lines


def _second_lines(nodes: _BreakTable, starts: _Places, ends: _Places) -> tuple[_Places, _Costs]:
    """Find where the second lines of captions best begin, and what lines cost; the ends and 0 if one is enough."""
    middles, costs = ends.copy(), np.zeros(len(ends))
    (wide,) = np.nonzero(nodes.widths(starts, ends) > LINE - nodes.indents(starts))
    if wide.size:
        middles[wide], costs[wide] = _best_middles(nodes, starts[wide], ends[wide])
    return middles, costs


def _best_middles(nodes: _BreakTable, starts: _Places, ends: _Places) -> tuple[_Places, _Costs]:
    """Find the same where one line is not enough; the end and 0 where there is no break between."""
    starts, ends = starts[:, None], ends[:, None]
    lasts = np.minimum(nodes.last_ends(starts), ends - 1)
    middles = starts + np.arange(1, max((lasts - starts).max(), 1) + 1)
    within = middles <= lasts
    np.minimum(middles, ends, out=middles)
    within &= ~_are_numbers(nodes, middles, ends)
    fitting = within & (nodes.widths(middles, ends) <= LINE)
    # What is too long for two lines has as much as it can in its first.
    longest = np.where(within, middles, 0).max(axis=1, keepdims=True)
    fitting |= within & (middles == longest) & ~fitting.any(axis=1, keepdims=True)
    costs = np.where(fitting, _line_costs(nodes, starts, middles, ends), np.inf)
    rows, best = np.arange(len(costs)), costs.argmin(axis=1)
    found = fitting[rows, best]
    return np.where(found, middles[rows, best], ends[:, 0]), np.where(found, costs[rows, best], 0.0)


def _are_numbers(nodes: _BreakTable, starts: _Places, ends: _Places) -> _Flags:
    after, until = np.moveaxis(nodes.numbers[starts], -1, 0)
    places = nodes.places[ends]
    inside: _Flags = (after < places) & (places <= until)
    return inside


def _line_costs(nodes: _BreakTable, starts: _Places, middles: _Places, ends: _Places) -> _Costs:
    first, second = nodes.widths(starts, middles) + nodes.indents(starts), nodes.widths(middles, ends)
    costs: _Costs = _LINE_BREAK * (1 - nodes.qualities[middles]) + _UNEVEN * np.abs(first - second) / LINE
    costs[np.minimum(first, second) < _STUB_WIDTH] += _STUB
    return costs
