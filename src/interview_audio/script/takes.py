"""Which take of each line is heard: what the last render chose stays, until another one is asked for."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeVar

from interview_audio.errors import UsageError
from interview_audio.script.lines import Line

STEPS = (0.0, 0.03, -0.03, 0.05, -0.05, 0.02, -0.02, 0.04, -0.04, 0.06, -0.06)
"""How far each take moves the speaking rate: an engine repeats itself exactly unless something moves."""
MOST_TAKES = len(STEPS)


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


A = TypeVar("A")
B = TypeVar("B")


def matched(lines: Sequence[Line], spoken: Sequence[SpokenLine]) -> tuple[int | None, ...]:
    """For each line the index of the same words by the same speaker in the last render, None where there are none.

    Where words occur more than once, those whose neighbours match are taken for the same, then one after the other.
    """
    return _matched(lines, spoken, lambda line: (line.speaker, line.text), lambda line: (line.speaker, line.text))


def matched_by_text(lines: Sequence[Line], spoken: Sequence[SpokenLine]) -> tuple[int | None, ...]:
    """The same, whoever speaks."""
    return _matched(lines, spoken, lambda line: line.text, lambda line: line.text)


def _matched(
    new: Sequence[A], old: Sequence[B], of_new: Callable[[A], Hashable], of_old: Callable[[B], Hashable]
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
    """The lines, each with the take in which the last render spoke the same words by the same speaker."""
    if all(line.takes == 1 for line in spoken):
        return tuple(lines)
    return tuple(
        line if index is None else replace(line, take=spoken[index].take, takes=spoken[index].takes)
        for line, index in zip(lines, matched(lines, spoken), strict=True)
    )


def redo(lines: Sequence[Line], chosen: Collection[int], take: int | None = None) -> tuple[Line, ...]:
    """The lines, those chosen by index with a take that nobody has asked for yet, or with a certain one.

    Raises:
        UsageError: A line has all the takes that it can have.
    """
    return tuple(_redone(line, take) if index in chosen else line for index, line in enumerate(lines))


def _redone(line: Line, take: int | None) -> Line:
    number = take or line.takes + 1
    if take and take > MOST_TAKES:
        raise UsageError(f"take {take} does not exist; a line has at most {MOST_TAKES}")
    if number > MOST_TAKES:
        raise UsageError(
            f"line {line.source_line} has {MOST_TAKES} takes, which is the most; choose one of them with --take N"
        )
    return replace(line, take=number, takes=max(number, line.takes))
