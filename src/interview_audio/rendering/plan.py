"""What a render would do, and what it would cost, before anything is spent: no sound is made or read for it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from interview_audio.configuration.settings import Sound
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.files.ownership import Destination, OccupiedError, assign_names, episode_suffixes
from interview_audio.files.staged_files import waiting_files
from interview_audio.production.timeline import lay_out
from interview_audio.rendering.job import Prepared
from interview_audio.rendering.options import Options
from interview_audio.rendering.up_to_date import is_fresh
from interview_audio.script.lines import Line
from interview_audio.synthesis.clip_keys import Recipe
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import Change, Preparation, Work, plan_work, why_missing
from interview_audio.synthesis.store import ClipStore, default_folder
from interview_audio.synthesis.throughput import Speed, Speeds, expected_seconds, read_speeds
from interview_audio.synthesis.workers import Workforce

TAG_BYTES = 45_000
"""What cover and tag usually take."""

Basis = Literal["exact", "measured", "typical"]
"""What a length rests on: on stored clips alone, on this machine's measurements, or on what voices are like."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Lines that are to be made for the same reason."""

    changes: tuple[Change, ...]
    lines: tuple[int, ...]
    """Indexes into the script's lines."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a render would do."""

    path: Path
    """Of the episode."""
    files: tuple[Path, ...]
    """All files that would be written, that of the episode last; none if some are in the way."""
    kept: Mapping[Path, Path]
    """Files that a person edited and that would be kept, and the new file beside each."""
    obstacles: tuple[str, ...]
    """Why the episode cannot be written where it should go, a line for each file that is in the way."""
    is_current: bool
    """The episode is there and is what a render would make."""
    stored: int
    """Lines whose clips are in the store."""
    reasons: tuple[Reason, ...]
    """Why the others are made; most lines first."""
    clips: int
    """To be made: lines that say the same share one."""
    speech: float
    """Seconds of speech to be made."""
    work: float | None
    """Seconds that making it takes, with loading the engine and with what it prepares on this machine.

    None where nothing was measured yet of this engine in these languages.
    """
    preparation: float
    """Seconds in it of one worker, for what the engine prepares on this machine once."""
    jobs: int
    requests: int
    """To a server: none for an engine that works on this machine."""
    duration: float
    """Seconds of the episode."""
    basis: Basis
    """Of the durations."""
    size: int | None
    """Bytes of the episode; None where nobody can know."""
    chapters: int


def store_folder(options: Options) -> Path:
    """Where clips, and the memory of how fast they were made, are kept."""
    return options.store or default_folder()


def store_of(options: Options) -> ClipStore:
    """The clip store."""
    return ClipStore(store_folder(options))


def look_up(prepared: Prepared, lines: Sequence[Line], store: ClipStore) -> Work:
    """What the store has of these lines, and what is to be made."""
    return plan_work(lines, prepared.engine, prepared.engine_settings, prepared.settings.pronunciations, store)


def forecast(prepared: Prepared, options: Options) -> Forecast:
    """Foretell a render.

    Raises:
        ConfigurationError: A file cannot be read.
        StoreError: A stored clip cannot be opened.
    """
    lines = prepared.script.lines
    work = look_up(prepared, lines, store_of(options))
    waiting = waiting_files(options.folder)
    record = EpisodeRecord.read(options.folder, prepared.destination.stem, waiting)
    is_current = bool(
        record and not options.redo and not options.is_forced and is_fresh(record, prepared.source, options, waiting)
    )
    destination = replace(prepared.destination, waiting=waiting)
    files, kept, obstacles = ((), {}, ()) if is_current else _files(destination, prepared.settings.sound.format)
    speeds = read_speeds(store_folder(options))
    missing = [recipe for recipe, key in _by_key(work).items() if key in work.tasks]
    jobs = Workforce(options.jobs).jobs_for(prepared.engine, len(missing))
    timeline = lay_out(prepared.script, _expected_clips(work, speeds), prepared.settings, prepared.soundtrack)
    duration = timeline.seconds(timeline.length)
    return Forecast(
        path=options.folder / f"{prepared.destination.stem}.{prepared.settings.sound.format}",
        files=files,
        kept=kept,
        obstacles=obstacles,
        is_current=is_current,
        stored=len(lines) - len(work.missing),
        reasons=_grouped(why_missing(lines, work, prepared.last.spoken, prepared.last.recipes)),
        clips=len(missing),
        speech=sum(expected_seconds(recipe, speeds) for recipe in missing),
        work=_work_seconds(missing, speeds, work.preparation, jobs),
        preparation=work.preparation.seconds if work.preparation else 0.0,
        jobs=jobs,
        requests=0 if prepared.engine.local else len(missing),
        duration=duration,
        basis=_basis(missing, speeds),
        size=_size(duration, prepared.settings.sound, record),
        chapters=len(timeline.chapters),
    )


def _files(destination: Destination, audio_format: str) -> tuple[tuple[Path, ...], dict[Path, Path], tuple[str, ...]]:
    """What would be written, what would be kept, and what is in the way."""
    folder, suffixes = destination.folder, episode_suffixes(audio_format)
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        return (), {}, (f"cannot write to {folder}: permission denied; choose another folder with -o DIR",)
    try:
        names = assign_names(destination, suffixes)
    except OccupiedError as error:
        return (), {}, error.obstacles
    files = tuple(folder / names.names[suffix] for suffix in suffixes)
    return files, {folder / edited: folder / new for edited, new in names.kept.items()}, ()


def _by_key(work: Work) -> dict[Recipe, str]:
    return dict(zip(work.recipes, work.keys, strict=True))


def _grouped(reasons: Mapping[int, tuple[Change, ...]]) -> tuple[Reason, ...]:
    groups: dict[tuple[Change, ...], list[int]] = {}
    for index, changes in reasons.items():
        groups.setdefault(changes, []).append(index)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[1]))
    return tuple(Reason(changes, tuple(indexes)) for changes, indexes in ordered)


def _work_seconds(
    missing: Sequence[Recipe], speeds: Speeds, preparation: Preparation | None, jobs: int
) -> float | None:
    """Loading and speaking as renders on this machine measured them, preparing as the engine has it."""
    total, loading = preparation.seconds if preparation else 0.0, 0.0
    for recipe in missing:
        speed = speeds.get((recipe.engine, recipe.language), Speed())
        if speed.effort is None:
            return None
        total += expected_seconds(recipe, speeds) * speed.effort
        loading = max(loading, speed.wait)
    return loading + total / jobs


def _basis(missing: Sequence[Recipe], speeds: Speeds) -> Basis:
    if not missing:
        return "exact"
    known = {name for name, speed in speeds.items() if speed.pace is not None}
    return "measured" if {(recipe.engine, recipe.language) for recipe in missing} <= known else "typical"


def _expected_clips(work: Work, speeds: Speeds) -> tuple[Clip, ...]:
    """The clips of all lines; for those to be made, silent ones as long as they will be."""
    return tuple(
        work.stored[key] if key in work.stored else _expected_clip(key, expected_seconds(recipe, speeds))
        for key, recipe in zip(work.keys, work.recipes, strict=True)
    )


def _expected_clip(key: str, seconds: float) -> Clip:
    milliseconds = round(seconds * 1000)
    return Clip(key, Path(), 1000, milliseconds, 0, milliseconds, ())


def _size(duration: float, sound: Sound, record: EpisodeRecord | None) -> int | None:
    """By bit rate; where the format has none, as the last episode had it."""
    if sound.format != "flac":
        return round(duration * sound.bitrate * 1000 / 8) + TAG_BYTES
    if record and record.sound.name.endswith(".flac") and record.duration:
        return round(duration * (record.sound.size / record.duration))
    return None
