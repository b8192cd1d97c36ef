"""Finds the cues of a subtitle file: SubRip, WebVTT, and YouTube's ``0:00:01.000,0:00:04.000``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interview_audio.transcript.markup import Cut

CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
TIMES = re.compile(rf"[ \t\ufeff]*{CLOCK}[ \t]*(?:-->|,)[ \t]*{CLOCK}(?:[ \t][^\n]*)?")
LINE = re.compile(r"[^\n]+")
HEADER = re.compile(r"\ufeff?WEBVTT(?![^\s])")
OWN_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?![^\s])")
NUMBER = re.compile(r"[ \t\ufeff]*\d+[ \t]*")


@dataclass(frozen=True, slots=True)
class Cue:
    """Lines that are shown together."""

    begins: float
    """Seconds."""
    ends: float
    lines: tuple[tuple[int, int], ...]
    """Half-open ranges of the source."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    follows: bool
    """Whether it stands directly below the line before."""


def is_cued(source: str) -> bool:
    """Say whether a text is a subtitle file: it opens with a cue's time, or as WebVTT does."""
    opening = [line.strip() for line in source[:2000].splitlines() if line.strip()][:2]
    if not opening:
        return False
    timed = [TIMES.fullmatch(line) is not None for line in opening]
    return HEADER.match(opening[0]) is not None or timed[0] or (timed[-1] and NUMBER.fullmatch(opening[0]) is not None)


def read_cues(source: str) -> tuple[tuple[Cue, ...], tuple[Cut, ...]]:
    """Read the cues of a subtitle file.

    Returns:
        The cues in order, and what else stands in the file: times, numbers, notes, styles.
    """
    lines = tuple(_lines(source))
    timed = [TIMES.fullmatch(source, line.start, line.end) for line in lines]
    is_vtt = HEADER.match(source) is not None
    own = set(_own_lines(source, lines)) if is_vtt else set()
    own |= {index for index, match in enumerate(timed) if match}
    own |= set(_numbers(source, lines, timed, is_vtt=is_vtt))
    return tuple(_cues(lines, timed, own)), tuple(
        Cut(lines[index].start, lines[index].end, "markup") for index in sorted(own)
    )


def _lines(source: str) -> Iterator[_Line]:
    previous = -2
    for match in LINE.finditer(source):
        if match[0].strip():
            yield _Line(match.start(), match.end(), match.start() == previous + 1)
            previous = match.end()


def _own_lines(source: str, lines: Sequence[_Line]) -> Iterator[int]:
    """The header, notes and styles of WebVTT: each to the next empty line."""
    is_own = False
    for index, line in enumerate(lines):
        if not line.follows:
            is_own = index == 0 or OWN_BLOCK.match(source, line.start, line.end) is not None
        if TIMES.fullmatch(source, line.start, line.end):
            is_own = False
        if is_own:
            yield index


def _numbers(
    source: str, lines: Sequence[_Line], timed: Sequence[re.Match[str] | None], *, is_vtt: bool
) -> Iterator[int]:
    """The lines that number or, in WebVTT, name the cue below."""
    for index in range(len(lines) - 1):
        line = lines[index]
        is_above_time = timed[index + 1] is not None and lines[index + 1].follows and timed[index] is None
        begins_cue = index == 0 or not line.follows or timed[index - 1] is not None
        is_number = NUMBER.fullmatch(source, line.start, line.end) is not None
        if is_above_time and (is_number or (is_vtt and begins_cue)):
            yield index


def _cues(lines: Sequence[_Line], timed: Sequence[re.Match[str] | None], own: set[int]) -> Iterator[Cue]:
    """The words below each time; words above the first time are a cue at the beginning."""
    begins = ends = 0.0
    found: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if match := timed[index]:
            if found:
                yield Cue(begins, ends, tuple(found))
            begins, ends, found = _seconds(match.groups()[:4]), _seconds(match.groups()[4:]), []
        elif index not in own:
            found.append((line.start, line.end))
    if found:
        yield Cue(begins, ends, tuple(found))


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = clock
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction}")
