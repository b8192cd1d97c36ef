"""What a render would do, and what it would cost, before anything is spent: no sound is made or read for it."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Unpack

from interview_audio.configuration.settings import Settings, Sound
from interview_audio.engines.registry import RECORDINGS
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.files.ownership import Destination, OccupiedError, assign_names
from interview_audio.production.timeline import lay_out
from interview_audio.rendering.job import RenderJob, prepare
from interview_audio.rendering.options import RenderKeywords, options_of
from interview_audio.rendering.up_to_date import is_up_to_date, read_inputs
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.synthesis.clips import Clip, ClipSpec
from interview_audio.synthesis.planning import Change, EnginePreparation, SynthesisPlan, why_missing
from interview_audio.synthesis.throughput import Speed, Speeds, expected_seconds, read_speeds
from interview_audio.synthesis.workers import WorkerPool

_TAG_BYTES = 45_000
"""What cover and tag usually take."""

Basis = Literal["exact", "measured", "typical"]
"""What a duration rests on: on stored clips alone, on this machine's measurements, or on what voices are like."""


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """Lines that have to be made for the same reason."""

    changes: tuple[Change, ...]
    lines: tuple[int, ...]
    """Indexes into the script's lines."""


@dataclass(frozen=True, slots=True)
class EngineCosts:
    """What one engine would do for an episode."""

    engine: str
    lines: int
    """How many it speaks, stored or not."""
    clips: int
    """How many it has to make."""
    workers: int
    requests: int
    """To its server: none for an engine that works on this machine."""
    work: float | None
    """Seconds, with loading and preparation; None if nothing was measured yet of it in these languages."""
    preparation: float
    """How many of those seconds one worker spends on what it prepares on this machine, once."""


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """What a render would do."""

    job: RenderJob = field(repr=False)
    """What would be rendered."""
    path: Path
    """Of the episode."""
    files: tuple[Path, ...]
    """All files that would be written, that of the episode last; none if some are in the way."""
    kept: Mapping[Path, Path]
    """Files that a person edited and that would be kept, and the new file beside each."""
    obstacles: tuple[str, ...]
    """Why the episode cannot be written where it should go, a line for each file that is in the way."""
    is_current: bool
    """Whether the episode is up to date, and a render would do nothing."""
    stored: int
    """Lines whose clips are stored."""
    reasons: tuple[ChangedLines, ...]
    """Why the others have to be made; most lines first."""
    clips: int
    """How many clips have to be made: lines that say the same share one."""
    speech: float
    """Seconds of speech in these clips."""
    work: float | None
    """Seconds that making them takes, with loading the engine and with what it prepares on this machine.

    None if nothing was measured yet of this engine in these languages.
    """
    preparation: float
    """How many of those seconds one worker spends on what the engine prepares on this machine, once."""
    engines: tuple[EngineCosts, ...]
    """What each engine has to do, those with lines; first the one of whoever has none of their own."""
    duration: float
    """Seconds of the episode."""
    basis: Basis
    """Of the durations."""
    size: int | None
    """Bytes of the episode's sound file; None if nobody can know."""
    chapters: int

    @property
    def workers(self) -> int:
        """How many make clips at the same time."""
        return sum(share.workers for share in self.engines if share.clips) or 1

    @property
    def requests(self) -> int:
        """To servers: none for engines that work on this machine."""
        return sum(share.requests for share in self.engines)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know before rendering, one line each."""
        return self.job.warnings


def plan(source: str | Path, *, settings: Settings | None = None, **keywords: Unpack[RenderKeywords]) -> RenderPlan:
    """Say what ``render`` would do with the same arguments, and what that would cost; nothing is spoken or written.

    Args:
        source: A file.
        settings: Those to use instead of the ``voices.yaml`` files.
        **keywords: See ``RenderKeywords``.

    Raises:
        TypeError: There is no such keyword.
        InterviewAudioError: A render would fail in the same way.
    """
    options = options_of(keywords)
    with LoadedEngines() as engines:
        return plan_render(prepare(read_inputs(Path(source), options, settings), options, engines))


def plan_render(job: RenderJob) -> RenderPlan:
    """Say what rendering a job would do.

    Raises:
        ConfigurationError: A file cannot be read.
        StoreError: A stored clip cannot be opened.
    """
    lines, settings, inputs = job.script.lines, job.settings, job.parsed.inputs
    synthesis = job.plan_synthesis(lines)
    is_current = is_up_to_date(inputs, job.options)
    destination = replace(job.destination, waiting=inputs.waiting)
    files, kept, obstacles = ((), {}, ()) if is_current else _files(destination, job.suffixes)
    speeds = read_speeds(job.store.home)
    missing = [spec for spec, key in _by_key(synthesis).items() if key in synthesis.jobs]
    shares = tuple(_shares(job, missing, synthesis.preparation, speeds))
    works = [share.work for share in shares if share.clips]
    timeline = lay_out(job.script, _expected_clips(synthesis, speeds), settings, job.soundtrack)
    duration = timeline.seconds(timeline.length)
    return RenderPlan(
        job=job,
        path=job.destination.folder / f"{job.destination.stem}.{settings.sound.format}",
        files=files,
        kept=kept,
        obstacles=obstacles,
        is_current=is_current,
        stored=len(lines) - len(synthesis.missing_lines),
        reasons=_grouped(why_missing(lines, synthesis, job.last.spoken, job.last.specs)),
        clips=len(missing),
        speech=sum(expected_seconds(spec, speeds) for spec in missing),
        work=None if None in works else max((work for work in works if work is not None), default=0.0),
        preparation=synthesis.preparation.seconds if synthesis.preparation else 0.0,
        engines=shares,
        duration=duration,
        basis=_basis(missing, speeds),
        size=_size(duration, settings.sound, inputs.record),
        chapters=len(timeline.chapters),
    )


def _files(
    destination: Destination, suffixes: Sequence[str]
) -> tuple[tuple[Path, ...], dict[Path, Path], tuple[str, ...]]:
    """Return what would be written, what would be kept, and what is in the way."""
    folder = destination.folder
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        return (), {}, (f"cannot write to {folder}: permission denied; choose another folder with -o DIR",)
    try:
        names = assign_names(destination, suffixes)
    except OccupiedError as error:
        return (), {}, error.obstacles
    files = tuple(folder / names.names[suffix] for suffix in suffixes)
    return files, {folder / edited: folder / new for edited, new in names.kept.items()}, ()


def _by_key(synthesis: SynthesisPlan) -> dict[ClipSpec, str]:
    return dict(zip(synthesis.specs, synthesis.keys, strict=True))


def _grouped(reasons: Mapping[int, tuple[Change, ...]]) -> tuple[ChangedLines, ...]:
    groups: dict[tuple[Change, ...], list[int]] = {}
    for index, changes in reasons.items():
        groups.setdefault(changes, []).append(index)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[1]))
    return tuple(ChangedLines(changes, tuple(indexes)) for changes, indexes in ordered)


def _shares(
    job: RenderJob, missing: Sequence[ClipSpec], preparation: EnginePreparation | None, speeds: Speeds
) -> Iterator[EngineCosts]:
    """Yield what each engine with lines has to do; they work at the same time."""
    pool = WorkerPool(job.options.jobs)
    spoken = Counter(line.voice.engine for line in job.script.lines)
    for name in filter(spoken.__contains__, job.engines):
        engine = job.engines[name].engine
        own = [spec for spec in missing if spec.engine == name]
        prepared = preparation if preparation and preparation.engine == name else None
        workers = pool.jobs_for(engine, len(own))
        yield EngineCosts(
            engine=name,
            lines=spoken[name],
            clips=len(own),
            workers=workers,
            requests=0 if engine.local else len(own),
            # What is recorded is decoded in no time to speak of.
            work=0.0 if name == RECORDINGS else _work_seconds(own, speeds, prepared, workers),
            preparation=prepared.seconds if prepared else 0.0,
        )


def _work_seconds(
    missing: Sequence[ClipSpec], speeds: Speeds, preparation: EnginePreparation | None, workers: int
) -> float | None:
    """Add up loading and speaking as renders on this machine measured them, and preparing as the engine says."""
    total, loading = preparation.seconds if preparation else 0.0, 0.0
    for spec in missing:
        speed = speeds.get((spec.engine, spec.language), Speed())
        if speed.real_time_factor is None:
            return None
        total += expected_seconds(spec, speeds) * speed.real_time_factor
        loading = max(loading, speed.load_seconds)
    return loading + total / workers


def _basis(missing: Sequence[ClipSpec], speeds: Speeds) -> Basis:
    if not missing:
        return "exact"
    known = {name for name, speed in speeds.items() if speed.seconds_per_character is not None}
    return "measured" if {(spec.engine, spec.language) for spec in missing} <= known else "typical"


def _expected_clips(synthesis: SynthesisPlan, speeds: Speeds) -> tuple[Clip, ...]:
    """Return the clips of all lines; for those to be made, silent ones of the expected length."""
    return tuple(
        synthesis.stored[key] if key in synthesis.stored else _expected_clip(key, expected_seconds(spec, speeds))
        for key, spec in zip(synthesis.keys, synthesis.specs, strict=True)
    )


def _expected_clip(key: str, seconds: float) -> Clip:
    milliseconds = round(seconds * 1000)
    return Clip(key, Path(), 1000, milliseconds, 0, milliseconds, ())


def _size(duration: float, sound: Sound, record: EpisodeRecord | None) -> int | None:
    """Estimate the bytes of an episode by its bit rate; if the format has none, by that of the last episode."""
    if sound.format != "flac":
        return round(duration * sound.bitrate * 1000 / 8) + _TAG_BYTES
    if record and record.sound.name.endswith(".flac") and record.duration:
        return round(duration * (record.sound.size / record.duration))
    return None
