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
from interview_audio.rendering.job import Prepared, look_up
from interview_audio.rendering.options import Options
from interview_audio.rendering.up_to_date import is_fresh
from interview_audio.synthesis.clip_keys import ClipSpec
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import Change, EnginePreparation, SynthesisPlan, why_missing
from interview_audio.synthesis.store import open_store
from interview_audio.synthesis.throughput import Speed, Speeds, expected_seconds, read_speeds
from interview_audio.synthesis.workers import WorkerPool

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


def forecast(prepared: Prepared, options: Options) -> Forecast:
    """Foretell a render.

    Raises:
        ConfigurationError: A file cannot be read.
        StoreError: A stored clip cannot be opened.
    """
    lines = prepared.script.lines
    work = look_up(prepared, lines, open_store(options.store))
    waiting = waiting_files(options.folder)
    record = EpisodeRecord.read(options.folder, prepared.destination.stem, waiting)
    is_current = bool(
        record and not options.redo and not options.is_forced and is_fresh(record, prepared.source, options, waiting)
    )
    destination = replace(prepared.destination, waiting=waiting)
    files, kept, obstacles = ((), {}, ()) if is_current else _files(destination, prepared.settings.sound.format)
    speeds = read_speeds(open_store(options.store).home)
    missing = [spec for spec, key in _by_key(work).items() if key in work.jobs]
    jobs = WorkerPool(options.jobs).jobs_for(prepared.engine, len(missing))
    timeline = lay_out(prepared.script, _expected_clips(work, speeds), prepared.settings, prepared.soundtrack)
    duration = timeline.seconds(timeline.length)
    return Forecast(
        path=options.folder / f"{prepared.destination.stem}.{prepared.settings.sound.format}",
        files=files,
        kept=kept,
        obstacles=obstacles,
        is_current=is_current,
        stored=len(lines) - len(work.missing_lines),
        reasons=_grouped(why_missing(lines, work, prepared.last.spoken, prepared.last.specs)),
        clips=len(missing),
        speech=sum(expected_seconds(spec, speeds) for spec in missing),
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


def _by_key(work: SynthesisPlan) -> dict[ClipSpec, str]:
    return dict(zip(work.specs, work.keys, strict=True))


def _grouped(reasons: Mapping[int, tuple[Change, ...]]) -> tuple[Reason, ...]:
    groups: dict[tuple[Change, ...], list[int]] = {}
    for index, changes in reasons.items():
        groups.setdefault(changes, []).append(index)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[1]))
    return tuple(Reason(changes, tuple(indexes)) for changes, indexes in ordered)


def _work_seconds(
    missing: Sequence[ClipSpec], speeds: Speeds, preparation: EnginePreparation | None, jobs: int
) -> float | None:
    """Loading and speaking as renders on this machine measured them, preparing as the engine has it."""
    total, loading = preparation.seconds if preparation else 0.0, 0.0
    for spec in missing:
        speed = speeds.get((spec.engine, spec.language), Speed())
        if speed.real_time_factor is None:
            return None
        total += expected_seconds(spec, speeds) * speed.real_time_factor
        loading = max(loading, speed.load_seconds)
    return loading + total / jobs


def _basis(missing: Sequence[ClipSpec], speeds: Speeds) -> Basis:
    if not missing:
        return "exact"
    known = {name for name, speed in speeds.items() if speed.seconds_per_character is not None}
    return "measured" if {(spec.engine, spec.language) for spec in missing} <= known else "typical"


def _expected_clips(work: SynthesisPlan, speeds: Speeds) -> tuple[Clip, ...]:
    """The clips of all lines; for those to be made, silent ones as long as they will be."""
    return tuple(
        work.stored[key] if key in work.stored else _expected_clip(key, expected_seconds(spec, speeds))
        for key, spec in zip(work.keys, work.specs, strict=True)
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
