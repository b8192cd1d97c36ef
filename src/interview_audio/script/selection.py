"""Which lines somebody means by ``turn:14``, ``speaker:"Sam Altman"``, ``line:88`` or ``@12:34``."""

import difflib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from interview_audio.errors import UsageError
from interview_audio.script.casting import fold, names_of_people
from interview_audio.script.lines import Line
from interview_audio.script.takes import SpokenLine, matched
from interview_audio.transcript.turns import Person

FORMS = 'turn:14, speaker:"Sam Altman", line:88 or @12:34'
LONGEST_SAMPLE = 40
"""Characters of a line that a message shows."""
MOST_NAMED = 3
_NUMBERED = re.compile(r"(turn|line)\s*:\s*(\d{1,9})", re.IGNORECASE)
_NAMED = re.compile(r"speaker\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"@\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)")
_QUOTES = "\"'“”‘’「」 "


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody asked for."""

    kind: Literal["turn", "line", "speaker", "time"]
    written: str
    """In their words, for messages."""
    number: int = 0
    """Of the turn, from 1; of the line in the source; or milliseconds of the episode."""
    name: str = ""


def parse_target(written: str) -> Target:
    """Understand one target; full-width marks count as their narrow ones.

    Raises:
        UsageError: It has another form.
    """
    text = unicodedata.normalize("NFKC", written).strip()
    if match := _NUMBERED.fullmatch(text):
        return Target("turn" if match[1].casefold() == "turn" else "line", written, int(match[2]))
    if (match := _NAMED.fullmatch(text)) and (name := match[1].strip(_QUOTES)):
        return Target("speaker", written, name=name)
    if match := _TIME.fullmatch(text):
        seconds = int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])
        return Target("time", written, round(seconds * 1000))
    raise UsageError(f"{written!r} names no line; write {FORMS}")


def select(
    target: Target, lines: Sequence[Line], people: Sequence[Person], spoken: Sequence[SpokenLine]
) -> tuple[int, ...]:
    """The indexes of the lines that are meant.

    Args:
        target: What was asked for.
        lines: The script's.
        people: For the other names of speakers.
        spoken: What the last render spoke, in order: a time means what was heard there.

    Raises:
        UsageError: There is nothing of that kind; says what there is.
    """
    if target.kind == "time":
        return (_heard(target, lines, spoken),)
    if target.kind == "speaker":
        return _spoken_by(target, lines, people)
    numbers = [line.turn + 1 if target.kind == "turn" else line.source_line for line in lines]
    chosen = tuple(index for index, number in enumerate(numbers) if number == target.number)
    if not chosen:
        what = "turn has that number and is read aloud" if target.kind == "turn" else "turn that is read begins there"
        raise UsageError(f"{target.written}: no {what}; {_nearest(target, numbers, lines)}")
    return chosen


def _nearest(target: Target, numbers: Sequence[int], lines: Sequence[Line]) -> str:
    nearest = sorted(set(numbers), key=lambda number: (abs(number - target.number), number))[:MOST_NAMED]
    named = [f"{target.kind}:{number} ({described(lines[numbers.index(number)])})" for number in sorted(nearest)]
    return f"near it: {', '.join(named)}"


def described(line: Line | SpokenLine) -> str:
    """Who says it, and how it begins."""
    text = " ".join(line.text.split())
    return f"{line.speaker}: {text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1] + '…'}"


def _spoken_by(target: Target, lines: Sequence[Line], people: Sequence[Person]) -> tuple[int, ...]:
    names = {form: name for name, forms in names_of_people(people).items() for form in forms}
    names |= {fold(line.speaker): line.speaker for line in lines}
    speaker = names.get(fold(target.name))
    chosen = tuple(index for index, line in enumerate(lines) if line.speaker == speaker)
    if not chosen:
        speakers = list(dict.fromkeys(line.speaker for line in lines))
        near = difflib.get_close_matches(fold(target.name), names, n=1)
        hint = f"did you mean {names[near[0]]}?" if near else f"there are: {', '.join(speakers)}"
        raise UsageError(f"{target.written}: nobody of that name speaks; {hint}")
    return chosen


def _heard(target: Target, lines: Sequence[Line], spoken: Sequence[SpokenLine]) -> int:
    """The line that sounds at a time, or in a pause the one before."""
    if not spoken:
        raise UsageError(f"{target.written}: there is no finished episode yet to take a time from; use line: or turn:")
    if target.number > spoken[-1].end:
        seconds = spoken[-1].end // 1000
        end = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        raise UsageError(f"{target.written}: the last word of the episode is heard at {end}")
    index = max(0, bisect_right([line.start for line in spoken], target.number) - 1)
    places = matched(lines, spoken)
    if index not in places:
        raise UsageError(
            f"{target.written}: what is heard there is no longer in the source ({described(spoken[index])}); "
            f"render first, or use line: or turn:"
        )
    return places.index(index)
