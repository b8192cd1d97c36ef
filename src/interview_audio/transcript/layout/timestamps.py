"""Finds the times that a recording's export prints beside names and words, which nobody says.

A time in square brackets is always one. A bare time could be said (``10:30 was late``), so it takes the whole
document: such times stand in one place of many lines, they grow, and words follow them.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interview_audio.transcript.lexicon.label_grammar import could_name

CLOCK = r"\d{1,3}[:：][0-5]\d(?:[:：][0-5]\d)?(?:[.,]\d{1,3})?"
DAY = r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}/\d{1,2}/\d{2,4}),?\s*(?:上午|下午)?\s*"
SPELLED = r"(?:\d{1,2} (?:hours?|minutes?|seconds?),?[ \t]*){1,3}"
HALF = r"(?:\s?[AaPp]\.?[Mm]\.?)?"
TIME = rf"(?:{DAY})?{CLOCK}{HALF}(?:\s*(?:-->|->|→|[-–—~～至到])\s*{CLOCK}{HALF})?"
BRACKETED_TIME = re.compile(rf"\\?[\[【〔［<]\s*{TIME}\s*\\?[\]】〕］>](?:\s*[-–—|·•](?=\s))?")
ROUND_TIME = re.compile(rf"[(（]\s*{TIME}\s*[)）]")
ANY_TIME = re.compile(r"\d[:：]\d|\d (?:hours?|minutes?|seconds?)\b")
LINE_SIGNS = r"[\s#>*_•-]*"
ALONE = re.compile(rf"{LINE_SIGNS}(?P<time>{TIME})[\s*_]*")
OPENING = re.compile(rf"{LINE_SIGNS}(?P<time>{TIME}(?:\s*[·•|｜,，、–—-]+(?=\s)|(?=\s)))")
AFTER_NAME = re.compile(
    rf"{LINE_SIGNS}(?P<name>[^\s:：][^:：\n]{{0,47}}?)(?P<time>[\s·•|｜,，–—-]*(?:{SPELLED}(?:{CLOCK})?|{TIME}))[\s*_]*[:：]?"
)
AFTER_LABEL = re.compile(
    rf"{LINE_SIGNS}[^:：\n]{{1,48}}[:：][*_]*\s*(?P<time>(?:{DAY})?{CLOCK}(?![:：\d%])(?:\s*[-–—](?=\s))?)(?=\s|\Z)"
)
DIGITS = re.compile(r"\d+")
FEWEST = 2
GROWING = 0.8
"""Share of a document's times of one place that are not before the time above them."""
FOLLOWED = 0.6
"""Share of the times that have words beside or below them; a timetable's mostly have none."""
SOON = 120
"""Seconds before which the first bare time of a recording stands; a timetable begins at eight in the morning."""
LONGEST_LINE = 96


@dataclass(frozen=True, slots=True)
class _PrintedTime:
    """A place where a line prints a time."""

    start: int
    end: int
    kind: str
    seconds: int
    has_words: bool
    """Whether words stand beside it, besides a name."""


def find_times(source: str, spans: Sequence[tuple[int, int]]) -> Mapping[int, tuple[tuple[int, int], ...]]:
    """Find the times that belong to a recording and not to what is said.

    Args:
        source: The whole text.
        spans: Half-open ranges of its paragraphs.

    Returns:
        For the start of each paragraph that has any, the ranges of its times.
    """
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    slots: defaultdict[str, dict[int, _PrintedTime]] = defaultdict(dict)
    for index, (start, end) in enumerate(spans):
        if not ANY_TIME.search(source, start, end):
            continue
        found[start] += _enclosed_times(source, start, end)
        if slot := _bare_time(source, start, end):
            slots[slot.kind][index] = slot
    accepted: dict[int, _PrintedTime] = {}
    for by_index in slots.values():
        if _is_a_recordings(by_index, len(spans)):
            accepted |= by_index
    accepted |= _in_between(slots["alone"], accepted)
    for index, slot in accepted.items():
        found[spans[index][0]].append((slot.start, slot.end))
    return {start: tuple(ranges) for start, ranges in found.items() if ranges}


def _in_between(lone: Mapping[int, _PrintedTime], accepted: Mapping[int, _PrintedTime]) -> dict[int, _PrintedTime]:
    """Return the times alone on their lines that fit between a recording's other times, however few they are."""
    known = sorted(accepted)
    fitting = {}
    for index, slot in lone.items():
        place = bisect_left(known, index)
        above = accepted[known[place - 1]].seconds if place else None
        below = accepted[known[place]].seconds if place < len(known) else slot.seconds
        if above is not None and above <= slot.seconds <= below:
            fitting[index] = slot
    return fitting


def _enclosed_times(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in BRACKETED_TIME.finditer(source, start, end):
        yield match.span()
    for match in ROUND_TIME.finditer(source, start, end):
        after = source[match.end() : min(match.end() + 3, end)].lstrip("*_ ")[:1]
        is_long = len(DIGITS.findall(match[0])) > 2
        is_beside_name = after in (":", "：") or (after == "" and _names(source[start : match.start()][:LONGEST_LINE]))
        if is_long or is_beside_name or match.start() == start:
            yield match.span()


def _bare_time(source: str, start: int, end: int) -> _PrintedTime | None:
    if match := ALONE.fullmatch(source, start, end):
        return _slot(match, "alone", has_words=False)
    if end - start < LONGEST_LINE and (match := AFTER_NAME.fullmatch(source, start, end)) and _names(match["name"]):
        return _slot(match, "after name", has_words=False)
    if match := OPENING.match(source, start, end):
        return _slot(match, "opening", has_words=True)
    if match := AFTER_LABEL.match(source, start, end):
        return _slot(match, "after label", has_words=source[match.end() : end].strip("*_ ") != "")
    return None


def _names(printed: str) -> bool:
    return could_name(printed.strip(" \t*_#>\u3000"))


def _slot(match: re.Match[str], kind: str, *, has_words: bool) -> _PrintedTime:
    start, end = match.span("time")
    return _PrintedTime(start, end, kind, _seconds(match["time"]), has_words)


def _seconds(printed: str) -> int:
    clocks = re.findall(CLOCK, printed)
    numbers = [int(digits) for digits in DIGITS.findall(re.split(r"[.,]", clocks[0])[0] if clocks else printed)]
    total = 0
    for number in numbers:
        total = 60 * total + number
    return total


def _is_a_recordings(slots: Mapping[int, _PrintedTime], spans: int) -> bool:
    ordered = list(slots.items())
    if len(ordered) < FEWEST:
        return False
    growing = sum(left.seconds <= right.seconds for (_, left), (_, right) in pairwise(ordered))
    followed = sum(slot.has_words or (index + 1 < spans and index + 1 not in slots) for index, slot in ordered)
    first = ordered[0][1]
    starts_soon = first.seconds < SOON or first.kind != "opening"
    return growing >= GROWING * (len(ordered) - 1) and followed >= FOLLOWED * len(ordered) and starts_soon
