"""Finds the times that a recording's export prints beside names and words, which nobody says.

A time in square brackets is always one. A bare time could be said (``10:30 was late``), so it takes the whole
document: such times are in the same place of many lines, they grow, and words follow them.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interview_audio.transcript.lexicon.label_grammar import could_name

CLOCK = r"\d{1,3}[:：][0-5]\d(?:[:：][0-5]\d)?(?:[.,]\d{1,3})?"
_DAY = r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}/\d{1,2}/\d{2,4}),?\s*(?:上午|下午)?\s*"
_SPELLED = r"(?:\d{1,2} (?:hours?|minutes?|seconds?),?[ \t]*){1,3}"
_HALF_OF_DAY = r"(?:\s?[AaPp]\.?[Mm]\.?)?"
_TIME = rf"(?:{_DAY})?{CLOCK}{_HALF_OF_DAY}(?:\s*(?:-->|->|→|[-–—~～至到])\s*{CLOCK}{_HALF_OF_DAY})?"
_BRACKETED_TIME = re.compile(rf"\\?[\[【〔［<]\s*{_TIME}\s*\\?[\]】〕］>](?:\s*[-–—|·•](?=\s))?")
_ROUND_TIME = re.compile(rf"[(（]\s*{_TIME}\s*[)）]")
_ANY_TIME = re.compile(r"\d[:：]\d|\d (?:hours?|minutes?|seconds?)\b")
_LINE_SIGNS = r"[\s#>*_•-]*"
_ALONE = re.compile(rf"{_LINE_SIGNS}(?P<time>{_TIME})[\s*_]*")
_OPENING = re.compile(rf"{_LINE_SIGNS}(?P<time>{_TIME}(?:\s*[·•|｜,，、–—-]+(?=\s)|(?=\s)))")
_AFTER_NAME = re.compile(
    rf"{_LINE_SIGNS}(?P<name>[^\s:：][^:：\n]{{0,47}}?)(?P<time>[\s·•|｜,，–—-]*(?:{_SPELLED}(?:{CLOCK})?|{_TIME}))[\s*_]*[:：]?"
)
_AFTER_LABEL = re.compile(
    rf"{_LINE_SIGNS}[^:：\n]{{1,48}}[:：][*_]*\s*(?P<time>(?:{_DAY})?{CLOCK}(?![:：\d%])(?:\s*[-–—](?=\s))?)(?=\s|\Z)"
)
_DIGITS = re.compile(r"\d+")
_MIN_TIMES = 2
"""A single time may be the hour of a meeting."""
_MIN_GROWING_SHARE = 0.8
"""Share of a document's times of one place that are not before the time above them."""
_MIN_FOLLOWED_SHARE = 0.6
"""Share of the times that have words beside or below them; a timetable's mostly have none."""
_MAX_FIRST_SECONDS = 120
"""Seconds before which a recording prints its first bare time; a timetable begins at eight in the morning."""
_MAX_NAME_LINE_LENGTH = 96
"""Characters of a line of a name, an aside and a time; in a longer one the time is said."""


@dataclass(frozen=True, slots=True)
class _PrintedTime:
    """A place where a line prints a time."""

    start: int
    end: int
    kind: str
    seconds: int
    has_words: bool
    """Whether it has words beside it, other than a name."""


def find_times(source: str, spans: Sequence[tuple[int, int]]) -> Mapping[int, tuple[tuple[int, int], ...]]:
    """Find the times that belong to a recording and not to what is said.

    Args:
        source: The whole text.
        spans: Half-open ranges of its paragraphs.

    Returns:
        For the start of each paragraph that has any, the ranges of its times.
    """
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    times: defaultdict[str, dict[int, _PrintedTime]] = defaultdict(dict)
    for index, (start, end) in enumerate(spans):
        if not _ANY_TIME.search(source, start, end):
            continue
        found[start] += _enclosed_times(source, start, end)
        if time := _bare_time(source, start, end):
            times[time.kind][index] = time
    accepted: dict[int, _PrintedTime] = {}
    for by_index in times.values():
        if _is_a_recordings(by_index, len(spans)):
            accepted |= by_index
    accepted |= _in_between(times["alone"], accepted)
    for index, time in accepted.items():
        found[spans[index][0]].append((time.start, time.end))
    return {start: tuple(ranges) for start, ranges in found.items() if ranges}


def _in_between(lone: Mapping[int, _PrintedTime], accepted: Mapping[int, _PrintedTime]) -> dict[int, _PrintedTime]:
    """Return the times alone on their lines that fit between a recording's other times, however few they are."""
    known = sorted(accepted)
    fitting = {}
    for index, time in lone.items():
        place = bisect_left(known, index)
        above = accepted[known[place - 1]].seconds if place else None
        below = accepted[known[place]].seconds if place < len(known) else time.seconds
        if above is not None and above <= time.seconds <= below:
            fitting[index] = time
    return fitting


def _enclosed_times(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _BRACKETED_TIME.finditer(source, start, end):
        yield match.span()
    for match in _ROUND_TIME.finditer(source, start, end):
        after = source[match.end() : min(match.end() + 3, end)].lstrip("*_ ")[:1]
        is_long = len(_DIGITS.findall(match[0])) > 2
        is_beside_name = after in (":", "：") or (
            after == "" and _names(source[start : match.start()][:_MAX_NAME_LINE_LENGTH])
        )
        if is_long or is_beside_name or match.start() == start:
            yield match.span()


def _bare_time(source: str, start: int, end: int) -> _PrintedTime | None:
    if match := _ALONE.fullmatch(source, start, end):
        return _printed_time(match, "alone", has_words=False)
    if (
        end - start < _MAX_NAME_LINE_LENGTH
        and (match := _AFTER_NAME.fullmatch(source, start, end))
        and _names(match["name"])
    ):
        return _printed_time(match, "after name", has_words=False)
    if match := _OPENING.match(source, start, end):
        return _printed_time(match, "opening", has_words=True)
    if match := _AFTER_LABEL.match(source, start, end):
        return _printed_time(match, "after label", has_words=source[match.end() : end].strip("*_ ") != "")
    return None


def _names(printed: str) -> bool:
    return could_name(printed.strip(" \t*_#>\u3000"))


def _printed_time(match: re.Match[str], kind: str, *, has_words: bool) -> _PrintedTime:
    start, end = match.span("time")
    return _PrintedTime(start, end, kind, _seconds(match["time"]), has_words)


def _seconds(printed: str) -> int:
    clocks = re.findall(CLOCK, printed)
    numbers = [int(digits) for digits in _DIGITS.findall(re.split(r"[.,]", clocks[0])[0] if clocks else printed)]
    total = 0
    for number in numbers:
        total = 60 * total + number
    return total


def _is_a_recordings(times: Mapping[int, _PrintedTime], spans: int) -> bool:
    ordered = list(times.items())
    if len(ordered) < _MIN_TIMES:
        return False
    growing = sum(left.seconds <= right.seconds for (_, left), (_, right) in pairwise(ordered))
    followed = sum(time.has_words or (index + 1 < spans and index + 1 not in times) for index, time in ordered)
    first = ordered[0][1]
    starts_soon = first.seconds < _MAX_FIRST_SECONDS or first.kind != "opening"
    return (
        growing >= _MIN_GROWING_SHARE * (len(ordered) - 1)
        and followed >= _MIN_FOLLOWED_SHARE * len(ordered)
        and starts_soon
    )
