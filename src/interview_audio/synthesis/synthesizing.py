"""Gives every line its clip: from the store where it is, else made by the engine on an executor."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from interview_audio.engines.engine import Engine, Preparing, Utterance
from interview_audio.errors import EngineError, SpeechError
from interview_audio.script.lines import Line
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.flac import DamagedClipError
from interview_audio.synthesis.making import Preparation, Task, make_clip, prepare_engine
from interview_audio.synthesis.store import ClipStore, clip_key, matching_pronunciations


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be made of a script, and what is there already."""

    keys: tuple[str, ...]
    """The clip of each line, in order; lines that say the same share one."""
    stored: Mapping[str, Clip]
    tasks: Mapping[str, Task]
    """What is missing, by key, in the order of the first line that needs it."""
    damaged: tuple[str, ...] = field(default=())
    """Messages about stored clips that could not be read and are made again."""
    preparation: Preparation | None = None
    """What is to be made first, beside the first clips, because the engine speaks faster with it."""


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
    keys, stored, tasks, damaged = [], {}, {}, []
    for line in lines:
        matching = matching_pronunciations(line, pronunciations)
        key = clip_key(line, engine.identity, matching)
        keys.append(key)
        if key in stored or key in tasks:
            continue
        try:
            clip = store.find(key)
        except DamagedClipError as error:
            clip = None
            damaged.append(f"line {line.source_line}: {error}; it is made again")
        if clip is not None:
            stored[key] = clip
        else:
            utterance = Utterance(line.text, line.language, line.voice.name, line.voice.rate, matching)
            tasks[key] = Task(engine.name, json.dumps(settings, sort_keys=True), utterance, key, store.path(key))
    preparation = None
    if tasks and isinstance(engine, Preparing) and engine.worth_preparing([task.utterance for task in tasks.values()]):
        preparation = Preparation(engine.name, json.dumps(settings, sort_keys=True))
    return Work(tuple(keys), stored, tasks, tuple(damaged), preparation)


def synthesize(
    lines: Sequence[Line],
    work: Work,
    executor: AbstractContextManager[Executor],
    on_clip: Callable[[Clip], None],
    on_preparation: Callable[[str], None] = lambda _: None,
) -> tuple[Clip, ...]:
    """Make what is missing and return one clip for each line.

    A line that cannot be said does not stop the others: what can be made is made and stored first.

    Args:
        lines: The script's lines.
        work: What ``plan_work`` found.
        executor: Where the engine runs; not entered when nothing is missing.
        on_clip: Called for each clip as it is made.
        on_preparation: Told what came of the engine's preparation; without it the engine speaks as well, and slower.

    Raises:
        SpeechError: Lines that cannot be said, named.
        EngineError: The engine cannot work, or a worker was killed.
        StoreError: A clip cannot be written.
    """
    clips = dict(work.stored)
    failures: dict[str, SpeechError] = {}
    if work.tasks:
        try:
            with executor as pool:
                failures = _make(work, pool, clips, on_clip, on_preparation)
        except BrokenProcessPool as error:
            raise EngineError(
                "a worker process was killed, perhaps for want of memory; what was spoken is stored: "
                "run it again with --jobs 1"
            ) from error
    if failures:
        places = [
            f"line {line.source_line}: {failures[key]}"
            for line, key in zip(lines, work.keys, strict=True)
            if key in failures
        ]
        raise SpeechError("; ".join(dict.fromkeys(places)))
    return tuple(clips[key] for key in work.keys)


def _make(
    work: Work,
    pool: Executor,
    clips: dict[str, Clip],
    on_clip: Callable[[Clip], None],
    on_preparation: Callable[[str], None],
) -> dict[str, SpeechError]:
    """Make the missing clips, the engine's preparation first among them; returns what cannot be said."""
    failures: dict[str, SpeechError] = {}
    preparing = pool.submit(prepare_engine, work.preparation) if work.preparation else None
    futures = {pool.submit(make_clip, task): key for key, task in work.tasks.items()}
    for future in as_completed(futures):
        if preparing and preparing.done():
            on_preparation(_outcome(preparing))
            preparing = None
        _collect(future, futures[future], clips, failures, on_clip)
    if preparing:
        on_preparation(_outcome(preparing))
    return failures


def _outcome(preparing: Future[str]) -> str:
    try:
        return preparing.result()
    except EngineError as error:
        return f"{error}; speaking goes on without it"


def _collect(
    future: Future[Clip],
    key: str,
    clips: dict[str, Clip],
    failures: dict[str, SpeechError],
    on_clip: Callable[[Clip], None],
) -> None:
    try:
        clips[key] = future.result()
    except SpeechError as error:
        failures[key] = error
    else:
        on_clip(clips[key])
