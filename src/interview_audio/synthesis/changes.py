"""Why a line is to be made: what differs between how the last render spoke it and how this one would."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from interview_audio.script.lines import Line
from interview_audio.script.takes import SpokenLine, matched, matched_by_text
from interview_audio.synthesis.planning import Work
from interview_audio.synthesis.recipes import Recipe

What = Literal[
    "text", "engine", "version", "speaker", "voice", "rate", "language", "pronunciation", "take", "damaged", "gone"
]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was."""

    what: What
    """``version`` of the engine or its weights; ``gone`` from the store, though nothing has changed."""
    subject: str = ""
    """Whose voice or rate, or which word's pronunciation."""
    before: str = ""
    """Empty where there was none."""
    after: str = ""
    """Empty where there is none any more."""


def why_missing(
    lines: Sequence[Line], work: Work, spoken: Sequence[SpokenLine], recipes: Sequence[Recipe]
) -> dict[int, tuple[Change, ...]]:
    """For each line that has no clip, by its index, everything that has changed about it.

    Args:
        lines: The script's.
        work: What the store has of them.
        spoken: What the last render spoke.
        recipes: Of each line in ``spoken``.
    """
    by_speaker, by_text = matched(lines, spoken), matched_by_text(lines, spoken)
    reasons: dict[int, tuple[Change, ...]] = {}
    for index in work.missing:
        before = by_speaker[index] if by_speaker[index] is not None else by_text[index]
        if work.keys[index] in work.damaged:
            reasons[index] = (Change("damaged"),)
        elif before is None:
            reasons[index] = (Change("text"),)
        else:
            reasons[index] = _changes(lines[index], spoken[before], recipes[before], work.recipes[index])
    return reasons


def _changes(line: Line, spoken: SpokenLine, before: Recipe, after: Recipe) -> tuple[Change, ...]:
    return tuple(_differences(line, spoken, before, after)) or (Change("gone"),)


def _differences(line: Line, spoken: SpokenLine, before: Recipe, after: Recipe) -> Iterator[Change]:
    if line.speaker != spoken.speaker:
        yield Change("speaker", "", spoken.speaker, line.speaker)
    if before.engine != after.engine:
        # Its voices and its version differ as a matter of course.
        yield Change("engine", "", before.engine, after.engine)
    else:
        if before.identity != after.identity:
            yield Change("version", after.engine, before.identity, after.identity)
        if before.voice != after.voice and line.speaker == spoken.speaker:
            yield Change("voice", line.speaker, before.voice, after.voice)
    if before.rate != after.rate:
        yield Change("rate", line.speaker, f"{before.rate:g}", f"{after.rate:g}")
    if before.language != after.language:
        yield Change("language", "", before.language, after.language)
    yield from _pronunciations(dict(before.pronunciations), dict(after.pronunciations))
    if before.take != after.take:
        yield Change("take", "", str(before.take), str(after.take))


def _pronunciations(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for word in sorted(before.keys() | after.keys()):
        if before.get(word) != after.get(word):
            yield Change("pronunciation", word, before.get(word, ""), after.get(word, ""))
