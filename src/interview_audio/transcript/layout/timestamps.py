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

from interview_audio.transcript.lexicon.label_grammar import ENCLOSED, could_name, without_aside

CLOCK = r"\d{1,3}[:：][0-5]\d(?:[:：][0-5]\d)?(?:[.,]\d{1,6}|[:;]\d{2}(?=[\s\])}>】]|\Z))?"
"""Hours, minutes, seconds and fractions, or the frames of a film: ``01:46``, ``0:01:46.120``, ``00:01:46:12``."""
_DAY = r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}/\d{1,2}/\d{2,4}),?\s*(?:上午|下午)?\s*"
_CLOCK_WITHIN = re.compile(CLOCK)
_SPELLED = r"(?:\d{1,2} (?:hours?|minutes?|seconds?),?[ \t]*){1,3}"
_UNITS = (
    r"(?:\d{1,2}\s?(?:h|小时|小時|時間|時|时)\s?)?(?:\d{1,3}\s?(?:m|min|分鐘|分钟|分)\s?)?"
    r"\d{1,5}(?:\.\d{1,6})?\s?(?:s|sec|秒)(?!\w)"
)
"""``1h2m5s``, ``12.5s``, ``03分05秒``."""
_SECONDS = r"\d{1,6}\.\d{1,6}"
"""Only two of them with an arrow between, or in brackets, are a time: one alone is any number."""
_HALF_OF_DAY = r"(?:\s?[AaPp]\.?[Mm]\.?)?"
_TO = r"\s*(?:-->|->|→|[-–—~～至到,，]|to)\s*"
_TIME = (
    rf"(?:(?:{_DAY})?{CLOCK}{_HALF_OF_DAY}(?:{_TO}{CLOCK}{_HALF_OF_DAY})?"
    rf"|{_UNITS}(?:{_TO}{_UNITS})?|{_SECONDS}\s*(?:-->|->|→)\s*{_SECONDS})"
)
_NAMED = r"(?:(?:TCR?|Time ?code|Time|at|@|⏱\ufe0f?)\s?[:=]?\s*)?"
"""What some write before a time code."""
_BRACKETED_TIME = re.compile(
    rf"(?:\\?[\[【〔［<{{]){{1,2}}\s*{_NAMED}(?:{_TIME}|{_SECONDS}{_TO}{_SECONDS})\s*(?:\\?[\]】〕］>}}]){{1,2}}(?:\s*[-–—|·•](?=\s))?",
    re.IGNORECASE,
)
_ROUND_TIME = re.compile(rf"[(（]\s*{_NAMED}{_TIME}\s*[)）]", re.IGNORECASE)
_ANY_TIME = re.compile(r"\d[:：]\d|\d (?:hours?|minutes?|seconds?)\b|\d\s?(?:s|sec|秒)(?!\w)|\d\.\d", re.IGNORECASE)
_LINE_SIGNS = r"[\s#>*_•-]*"
_PAIR = rf"\({_SECONDS}, ?{_SECONDS}\)"
_ALONE = re.compile(rf"{_LINE_SIGNS}(?P<time>{_NAMED}{_TIME}|{_PAIR})[\s*_]*", re.IGNORECASE)
_OPENING = re.compile(
    # Behind it a stroke or a dot, the stars of bold, or a space; a table of seconds parts its columns by tabs.
    rf"{_LINE_SIGNS}(?P<time>{_NAMED}(?:{_TIME}|{_SECONDS}\t{_SECONDS}|{_PAIR})[*_]{{0,3}}"
    r"(?:\s*[·•|｜,，、–—-]+(?=\s)|(?=\s)))",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    rf"{_LINE_SIGNS}(?P<name>[^\s:：][^:：\n]{{0,47}}?)(?P<time>[\s·•|｜,，–—-]*(?:{_SPELLED}(?:{CLOCK})?|{_TIME}))[\s*_]*[:：]?"
)
_AFTER_LABEL = re.compile(
    rf"{_LINE_SIGNS}[^:：\n]{{1,48}}[:：][*_]*\s*(?P<time>(?:{_DAY})?{CLOCK}(?![:：\d%])(?:\s*[-–—](?=\s))?)(?=\s|\Z)"
)
_CLOSING = re.compile(rf"\s(?P<time>[(（]?{CLOCK}[)）]?)[\s*_]*\Z")
_MAX_CLOSING_LENGTH = 24
"""Characters at the end of a line that are searched for a time behind its words."""
_DIGITS = re.compile(r"\d+")
_MIN_TIMES = 2
"""A single time may be the hour of a meeting."""
_MIN_CLOSING_SHARE = 0.3
"""Share of a document's paragraphs that end with a time, where such times are a recording's."""
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
        before = source[start : min(match.start(), start + _MAX_NAME_LINE_LENGTH)].rstrip("*_ \t")
        is_after_label = before.endswith((":", "：")) and _names(before[:-1])
        if is_long or is_beside_name or is_after_label or match.start() == start:
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
    if match := _CLOSING.search(source, max(start, end - _MAX_CLOSING_LENGTH), end):
        return _printed_time(match, "closing", has_words=True)
    return None


def _names(printed: str) -> bool:
    bare = printed.strip(" \t*_#>\u3000").replace("**", "")
    enclosed = ENCLOSED.fullmatch(bare)
    return could_name(enclosed[1].strip() if enclosed else without_aside(bare))


def _printed_time(match: re.Match[str], kind: str, *, has_words: bool) -> _PrintedTime:
    start, end = match.span("time")
    return _PrintedTime(start, end, kind, _seconds(match["time"]), has_words)


def first_clock(printed: str) -> int | None:
    """Return the seconds of the first time of day or of a recording in a text; None where it has none."""
    found = _CLOCK_WITHIN.search(printed)
    return _seconds(found[0]) if found else None


def _seconds(printed: str) -> int:
    """Return the seconds of the first time that is printed, without fractions and frames."""
    clock = _CLOCK_WITHIN.search(printed)
    whole = re.split(r"[.,;]", clock[0])[0] if clock else re.sub(r"\.\d+", "", re.split(_TO, printed)[0])
    total = 0
    for digits in _DIGITS.findall(whole)[:3]:
        total = 60 * total + int(digits)
    return total


def _is_a_recordings(times: Mapping[int, _PrintedTime], spans: int) -> bool:
    ordered = list(times.items())
    if len(ordered) < _MIN_TIMES or (ordered[0][1].kind == "closing" and len(ordered) < _MIN_CLOSING_SHARE * spans):
        return False
    growing = sum(left.seconds <= right.seconds for (_, left), (_, right) in pairwise(ordered))
    followed = sum(time.has_words or (index + 1 < spans and index + 1 not in times) for index, time in ordered)
    first = ordered[0][1]
    starts_soon = first.seconds < _MAX_FIRST_SECONDS or first.kind not in ("opening", "closing")
    return (
        growing >= _MIN_GROWING_SHARE * (len(ordered) - 1)
        and followed >= _MIN_FOLLOWED_SHARE * len(ordered)
        and starts_soon
    )
