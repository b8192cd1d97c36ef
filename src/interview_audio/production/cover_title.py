"""Sets a title in lines for a cover: as large as it fits, broken where a reader would break it."""

import bisect
import itertools
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

_CLAUSE_END = frozenset("，；：、。！？…—,;:.!?)）】》」』”’|/·–")
_CLOSING = frozenset("，；：、。！？…—,;:.!?)）】》〉」』”’%％·ーっッゃャゅュょョ～")
_OPENING = frozenset("“‘「『（【《〈([{")
# Chinese words of one character that cling to the word before or after them; no line begins or ends with those.
_CLINGS_BEFORE = frozenset("的了吗呢吧着过们地得之者后里中々")
_CLINGS_AFTER = frozenset("第不与和及或在是把被对从向为将")
_LIGHT_WORDS = frozenset(
    {"a", "an", "the", "of", "to", "in", "on", "at", "by", "and", "or", "for", "with", "from", "&"}
)
_SHORTEST_BEFORE_HYPHEN = 4
_LONGEST_DROPPED = 20
"""Characters of a last word that is left out as a whole where a title is too long."""
_MOST_CHARACTERS = 2000
"""Of a title that are looked at: three times as many as of the narrowest letters fit."""

# What a break costs, in doublings of the letters' size: a title is set smaller rather than broken badly.
_WELL, _BETWEEN_WORDS, _IN_A_PHRASE, _AGAINST_THE_GRAIN = 0.0, 0.06, 0.22, 0.6
_UNEVEN, _LONELY = 0.2, 0.5


@dataclass(frozen=True, slots=True)
class TitleLayout:
    """A title in lines, with the size of its letters."""

    lines: tuple[str, ...]
    size: int
    """Of the letters, in pixels."""


@dataclass(frozen=True, slots=True)
class _MeasuredTitle:
    """A title in the parts between which a line may end; widths in units of the letters' size."""

    pieces: tuple[str, ...]
    """A space stays with the part before."""
    starts: tuple[float, ...]
    """Where each part begins, and the end of the last."""
    ends: tuple[float, ...]
    """Where each part ends, without its space."""
    costs: tuple[float, ...]
    """Of a break after each part but the last."""


@dataclass(frozen=True, slots=True)
class _Breaking:
    """A way to break the rest of a title."""

    cost: float
    ends: tuple[int, ...]
    """Index of the part after each line."""


def lay_out_title(
    title: str, width_of: Callable[[str], float], box: tuple[int, int], sizes: Sequence[int], leading: float
) -> TitleLayout:
    """Find the size and the breaks at which a title reads best; what does not fit even at the smallest size is cut.

    Args:
        title: One line, not empty, without spaces around.
        width_of: Width of a text in units of the letters' size.
        box: Width and height in pixels; a line of the smallest letters fits.
        sizes: Of letters, in pixels, the largest first.
        leading: From line to line, in units of the letters' size.
    """
    width_of, widest = cache(width_of), box[0] / sizes[-1]
    title = _within_reach(title, width_of, widest, int(box[1] / (sizes[-1] * leading)))
    while True:
        measured = _measured(title, width_of, widest)
        best: tuple[float, TitleLayout] | None = None
        for size in sizes:
            breaking = _break(measured, box[0] / size, int(box[1] / (size * leading)))
            if breaking is not None and (best is None or math.log2(size) - breaking.cost > best[0]):
                best = math.log2(size) - breaking.cost, TitleLayout(_lines(measured.pieces, breaking.ends), size)
        if best is not None:
            return best[1]
        title = _shortened(title)


def _within_reach(title: str, width_of: Callable[[str], float], widest: float, most: int) -> str:
    """Cut what is far beyond so many lines: leaving that out word by word would take quadratic time."""
    looked_at = title[:_MOST_CHARACTERS]
    measured = _measured(looked_at, width_of, widest)
    fitting = bisect.bisect_right(measured.ends, widest * most)
    kept = sum(map(len, measured.pieces[: fitting + 1])) + 2 * _LONGEST_DROPPED
    return title if kept >= len(title) else f"{looked_at[:kept].rstrip()}…"


def _shortened(title: str) -> str:
    """Leave out the last word of a title, or the last character where no spaces separate words."""
    kept = title.removesuffix("…").rstrip()
    space = kept.rfind(" ", len(kept) - _LONGEST_DROPPED)
    return f"{kept[: space if space > 0 else len(kept) - 1].rstrip()}…"


def _measured(title: str, width_of: Callable[[str], float], widest: float) -> _MeasuredTitle:
    pieces = [part for piece in _pieces(title) for part in ([piece] if width_of(piece) <= widest else piece)]
    starts = tuple(itertools.accumulate(map(width_of, pieces), initial=0.0))
    ends = tuple(start + width_of(piece.rstrip()) for start, piece in zip(starts, pieces, strict=False))
    costs = tuple(itertools.starmap(_break_cost, itertools.pairwise(pieces)))
    return _MeasuredTitle(tuple(pieces), starts, ends, costs)


def _pieces(title: str) -> list[str]:
    pieces: list[str] = []
    for index, character in enumerate(title):
        if pieces and not _may_break(pieces[-1], character, title[index + 1 : index + 2]):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _may_break(before: str, after: str, next_but_one: str) -> bool:
    last = before[-1]
    if after == " " or after in _CLOSING or last in _OPENING or unicodedata.category(after)[0] == "M":
        return False
    if last == "-":  # but not in GPT-4, X-ray or co-op
        return len(before) > _SHORTEST_BEFORE_HYPHEN and after.isalpha() and next_but_one.isalpha()
    return last in " –—/" or _is_wide(last) or _is_wide(after)


def _is_wide(character: str) -> bool:
    # Korean is written with spaces and broken at them.
    return unicodedata.east_asian_width(character) in "WF" and not "가" <= character <= "힣"


def _break_cost(before: str, after: str) -> float:
    word, last, first = before.strip(), before.rstrip()[-1:], after[0]
    if last in _CLAUSE_END:
        return _WELL
    if before.endswith(" "):
        return _IN_A_PHRASE if word.lower() in _LIGHT_WORDS else _BETWEEN_WORDS
    if first in _CLINGS_BEFORE or last in _CLINGS_AFTER or first == last:
        return _AGAINST_THE_GRAIN
    if first in _OPENING or first in _CLINGS_AFTER or last in _CLINGS_BEFORE:
        return _BETWEEN_WORDS
    return _IN_A_PHRASE


def _break(measured: _MeasuredTitle, width: float, most: int) -> _Breaking | None:
    """Find the best lines for the whole title, at most so many; None if they do not fit."""
    total = len(measured.pieces)

    @cache
    def rest(start: int, count: int) -> _Breaking | None:
        if measured.ends[-1] - measured.starts[start] > width * count:
            return None
        found = []
        for end in range(start + 1, total + 1):
            taken = measured.ends[end - 1] - measured.starts[start]
            if taken > width:
                break
            if end == total:
                lonely = start > 0 and len(measured.pieces[start]) == 1 == end - start
                found.append(_Breaking(_LONELY if lonely else 0.0, (end,)))
            elif after := rest(end, count - 1):
                cost = measured.costs[end - 1] + _UNEVEN * (1 - taken / width) ** 2
                found.append(_Breaking(cost + after.cost, (end, *after.ends)))
        return min(found, key=lambda breaking: breaking.cost, default=None)

    return rest(0, most)


def _lines(pieces: Sequence[str], ends: Sequence[int]) -> tuple[str, ...]:
    return tuple("".join(pieces[start:end]).strip() for start, end in itertools.pairwise((0, *ends)))
