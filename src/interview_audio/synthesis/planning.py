"""What is to be made of a script: each line's recipe, and which of the clips are stored already.

Why a line is to be made: what differs between how the last render spoke it and how this one would.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from interview_audio.engines.protocol import Engine, Preparing, Utterance
from interview_audio.script.lines import Line
from interview_audio.script.takes import SpokenLine, match_lines, match_lines_by_text
from interview_audio.synthesis.clip_file import DamagedClipError
from interview_audio.synthesis.clip_keys import Recipe, recipe_of
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.store import ClipStore


@dataclass(frozen=True, slots=True)
class Task:
    """An utterance to be said, and where its clip goes."""

    engine: str
    engine_settings: str
    """The engine's part of ``voices.yaml``, as JSON."""
    utterance: Utterance
    key: str
    path: Path


@dataclass(frozen=True, slots=True)
class Preparation:
    """What an engine makes once on a machine, to speak faster from then on."""

    engine: str
    engine_settings: str
    """As a task has them."""
    seconds: float = 0.0
    """Of one worker, as the engine estimates it."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be made of a script, and what is there already."""

    recipes: tuple[Recipe, ...]
    """Of each line, in order."""
    keys: tuple[str, ...]
    """The clip of each line, in order; lines that say the same share one."""
    stored: Mapping[str, Clip]
    tasks: Mapping[str, Task]
    """What is missing, by key, in the order of the first line that needs it."""
    damaged: Mapping[str, str] = field(default_factory=dict)
    """Stored clips that could not be read and are made again: a message by key."""
    preparation: Preparation | None = None
    """What is to be made first, beside the first clips, because the engine speaks faster with it."""

    @property
    def missing(self) -> tuple[int, ...]:
        """Indexes of the lines that have no clip yet."""
        return tuple(index for index, key in enumerate(self.keys) if key in self.tasks)


def plan_work(
    lines: Sequence[Line],
    engine: Engine,
    settings: Mapping[str, Any],
    pronunciations: Mapping[str, Mapping[str, str]],
    store: ClipStore,
) -> Work:
    """Look every line up in the store.

    Args:
        lines: The script's lines.
        engine: The engine that would speak them.
        settings: Its part of ``voices.yaml``.
        pronunciations: Language to written to spoken form.
        store: Where clips are.
    """
    recipes = tuple(recipe_of(line, engine.identity, pronunciations) for line in lines)
    keys = tuple(recipe.key for recipe in recipes)
    engine_settings = json.dumps(settings, sort_keys=True)
    stored, tasks, damaged = {}, {}, {}
    for line, recipe, key in _without_repeats(lines, recipes, keys):
        try:
            clip = store.find(key)
        except DamagedClipError as error:
            clip = None
            damaged[key] = f"line {line.source_line}: {error}; it will be spoken again"
        if clip is not None:
            stored[key] = clip
        else:
            tasks[key] = Task(engine.name, engine_settings, _utterance(recipe), key, store.path(key))
    preparation = None
    if tasks and isinstance(engine, Preparing) and engine.worth_preparing([task.utterance for task in tasks.values()]):
        preparation = Preparation(engine.name, engine_settings, engine.preparation_seconds)
    return Work(recipes, keys, stored, tasks, damaged, preparation)


def _without_repeats(
    lines: Sequence[Line], recipes: Sequence[Recipe], keys: Sequence[str]
) -> Iterator[tuple[Line, Recipe, str]]:
    """The first line for each clip."""
    seen: set[str] = set()
    for line, recipe, key in zip(lines, recipes, keys, strict=True):
        if key not in seen:
            seen.add(key)
            yield line, recipe, key


def _utterance(recipe: Recipe) -> Utterance:
    return Utterance(recipe.text, recipe.language, recipe.voice, recipe.spoken_rate, dict(recipe.pronunciations))


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
    by_speaker, by_text = match_lines(lines, spoken), match_lines_by_text(lines, spoken)
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
