"""Takes: which rendition of each line is heard, kept from the last render until another one is asked for.

``--redo`` names the lines: ``turn:14``, ``speaker:"Sam Altman"``, ``line:88`` or ``@12:34``.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal, TypeVar

from interview_audio.errors import UsageError, nearest, suggestion
from interview_audio.script.casting import possible_names
from interview_audio.script.lines import Line
from interview_audio.text.characters import name_key
from interview_audio.text.units import playing_time, shortened
from interview_audio.transcript.turns import Person

RATE_STEPS = (0.0, 0.03, -0.03, 0.05, -0.05, 0.02, -0.02, 0.04, -0.04, 0.06, -0.06)
"""How far each take moves the speaking rate: an engine repeats itself exactly unless something moves.

Up to 6 % is heard as another delivery, and not as another tempo. The order is part of what a stored clip is called by:
add at the end only.
"""
MOST_TAKES = len(RATE_STEPS)
_New = TypeVar("_New")
_Old = TypeVar("_Old")
_SELECTOR_FORMS = 'turn:14, speaker:"Sam Altman", line:88 or @12:34'
_MAX_SAMPLE_CHARS = 40
"""Characters of a line that a message shows."""
_MAX_NEARBY = 3
_NUMBERED = re.compile(r"(turn|line)\s*:\s*(\d{1,9})", re.IGNORECASE)
_NAMED = re.compile(r"speaker\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"@\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)")
_QUOTES = "\"'“”‘’「」 "


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line as the last render spoke it."""

    speaker: str
    turn: int
    """Index into the turns that the transcript had then."""
    source_line: int
    text: str
    start: int
    """Milliseconds from the beginning of the episode to its first sound."""
    end: int
    take: int = 1
    takes: int = 1
    """As ``Line`` has them."""


def match_lines(lines: Sequence[Line], spoken: Sequence[SpokenLine]) -> tuple[int | None, ...]:
    """Return for each line the index of the same words by the same speaker in the last render; None where it has none.

    Where words occur more than once, those whose neighbours match are taken for the same, then one after the other.
    """
    return _matched(lines, spoken, lambda line: (line.speaker, line.text), lambda line: (line.speaker, line.text))


def match_lines_by_text(lines: Sequence[Line], spoken: Sequence[SpokenLine]) -> tuple[int | None, ...]:
    """Return for each line the index of the same words in the last render, by any speaker."""
    return _matched(lines, spoken, lambda line: line.text, lambda line: line.text)


def _matched(
    new: Sequence[_New], old: Sequence[_Old], of_new: Callable[[_New], Hashable], of_old: Callable[[_Old], Hashable]
) -> tuple[int | None, ...]:
    keys, known = [of_new(item) for item in new], [of_old(item) for item in old]
    found: list[int | None] = [None] * len(keys)
    for block in SequenceMatcher(None, known, keys).get_matching_blocks():
        for step in range(block.size):
            found[block.b + step] = block.a + step
    left: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for index in sorted(set(range(len(known))) - set(found)):
        left[known[index]].append(index)
    for place, key in enumerate(keys):
        if found[place] is None and left[key]:
            found[place] = left[key].popleft()
    return tuple(found)


def keep_takes(lines: Sequence[Line], spoken: Sequence[SpokenLine]) -> tuple[Line, ...]:
    """Return the lines, each with the take in which the last render spoke the same words by the same speaker."""
    if all(line.takes == 1 for line in spoken):
        return tuple(lines)
    return tuple(
        line if index is None else replace(line, take=spoken[index].take, takes=spoken[index].takes)
        for line, index in zip(lines, match_lines(lines, spoken), strict=True)
    )


def name_takes(lines: Sequence[Line], written: Mapping[int, Sequence[int]]) -> tuple[Line, ...]:
    """Return the lines, those of turns that name takes in these, whatever the last render spoke.

    Args:
        lines: The script's.
        written: By the index of a turn, the take of each of its lines; of lines beyond them nothing is said.
    """
    if not written:
        return tuple(lines)
    places: Counter[int] = Counter()
    named = []
    for line in lines:
        takes = written.get(line.turn, ())
        place = places[line.turn]
        places[line.turn] += 1
        take = takes[place] if place < len(takes) else None
        named.append(line if take is None else replace(line, take=take, takes=max(take, line.takes)))
    return tuple(named)


def redo_lines(lines: Sequence[Line], chosen: Collection[int], take: int | None = None) -> tuple[Line, ...]:
    """Return the lines, those chosen by index with a take that nobody has asked for yet, or with a certain one.

    Raises:
        UsageError: A line has all the takes that it can have.
    """
    return tuple(_redone(line, take) if index in chosen else line for index, line in enumerate(lines))


def _redone(line: Line, take: int | None) -> Line:
    number = take or line.takes + 1
    if take and take > MOST_TAKES:
        raise UsageError(f"take {take} does not exist; a line has at most {MOST_TAKES}")
    if number > MOST_TAKES:
        raise UsageError(f"{line.place} has {MOST_TAKES} takes, which is the most; choose one of them with --take N")
    return replace(line, take=number, takes=max(number, line.takes))


@dataclass(frozen=True, slots=True)
class LineSelector:
    """What somebody asked for."""

    kind: Literal["turn", "line", "speaker", "time"]
    written: str
    """In their words, for messages."""
    number: int = 0
    """Of the turn, from 1; of the line in the source; or milliseconds of the episode."""
    name: str = ""


def parse_line_selector(written: str) -> LineSelector:
    """Understand one selector; full-width marks count as their narrow ones.

    Raises:
        UsageError: It has another form.
    """
    text = unicodedata.normalize("NFKC", written).strip()
    if match := _NUMBERED.fullmatch(text):
        return LineSelector("turn" if match[1].casefold() == "turn" else "line", written, int(match[2]))
    if (match := _NAMED.fullmatch(text)) and (name := match[1].strip(_QUOTES)):
        return LineSelector("speaker", written, name=name)
    if match := _TIME.fullmatch(text):
        seconds = int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])
        return LineSelector("time", written, round(seconds * 1000))
    raise UsageError(f"{written!r} is not understood; write {_SELECTOR_FORMS}")


def select_lines(
    selector: LineSelector, lines: Sequence[Line], people: Sequence[Person], spoken: Sequence[SpokenLine]
) -> tuple[int, ...]:
    """Return the indexes of the lines that are meant.

    Args:
        selector: What was asked for.
        lines: The script's.
        people: For the other names of speakers.
        spoken: What the last render spoke, in order: a time means what was heard there.

    Raises:
        UsageError: There is nothing of that kind; says what there is.
    """
    if selector.kind == "time":
        return (_heard(selector, lines, spoken),)
    if selector.kind == "speaker":
        return _spoken_by(selector, lines, people)
    numbers = [line.turn + 1 if selector.kind == "turn" else line.source_line for line in lines]
    chosen = tuple(index for index, number in enumerate(numbers) if number == selector.number)
    if not chosen:
        what = "turn with that number" if selector.kind == "turn" else "turn that begins there"
        raise UsageError(f"{selector.written}: no {what} is read aloud; {_nearby(selector, numbers, lines)}")
    return chosen


def _nearby(selector: LineSelector, numbers: Sequence[int], lines: Sequence[Line]) -> str:
    nearest = sorted(set(numbers), key=lambda number: (abs(number - selector.number), number))[:_MAX_NEARBY]
    named = [f"{selector.kind}:{number} ({describe_line(lines[numbers.index(number)])})" for number in sorted(nearest)]
    return f"nearby: {', '.join(named)}"


def describe_line(line: Line | SpokenLine) -> str:
    """Say who speaks a line, and how it begins."""
    return f"{line.speaker}: {shortened(line.text, _MAX_SAMPLE_CHARS)}"


def _spoken_by(selector: LineSelector, lines: Sequence[Line], people: Sequence[Person]) -> tuple[int, ...]:
    names = {form: name for name, forms in possible_names(people).items() for form in forms}
    names |= {name_key(line.speaker): line.speaker for line in lines}
    speaker = names.get(name_key(selector.name))
    chosen = tuple(index for index, line in enumerate(lines) if line.speaker == speaker)
    if not chosen:
        speakers = list(dict.fromkeys(line.speaker for line in lines))
        key = nearest(name_key(selector.name), names)
        hint = suggestion(names[key] if key else None, f"the speakers are: {', '.join(speakers)}")
        raise UsageError(f"{selector.written}: no speaker has that name{hint}")
    return chosen


def _heard(selector: LineSelector, lines: Sequence[Line], spoken: Sequence[SpokenLine]) -> int:
    """Return the line that sounds at a time, or in a pause the one before."""
    if not spoken:
        raise UsageError(f"{selector.written}: a time needs a finished episode, and there is none; use line: or turn:")
    if selector.number > spoken[-1].end:
        end = playing_time(spoken[-1].end // 1000)
        raise UsageError(f"{selector.written}: the last word of the episode ends at {end}; choose an earlier time")
    index = max(0, bisect_right([line.start for line in spoken], selector.number) - 1)
    places = match_lines(lines, spoken)
    if index not in places:
        raise UsageError(
            f"{selector.written}: what is spoken there is no longer in the source ({describe_line(spoken[index])}); "
            f"render first, or use line: or turn:"
        )
    return places.index(index)
