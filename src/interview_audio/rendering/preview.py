"""A preview: a part of an episode to listen to. Only its lines are spoken, and their clips serve the episode later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from interview_audio.files.ownership import Destination
from interview_audio.production.episode import PREVIEW, PREVIEW_RECORD_SUFFIX, PREVIEW_SUFFIXES, produce_preview
from interview_audio.rendering.job import RenderJob
from interview_audio.rendering.options import Listener
from interview_audio.rendering.render import Attempts, SpokenLines, check_output, synthesize_lines
from interview_audio.script.lines import Line
from interview_audio.script.takes import parse_line_selector, select_lines
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import spec_of
from interview_audio.synthesis.throughput import expected_seconds, line_seconds, read_speeds
from interview_audio.synthesis.workers import WorkerPool

_SPOKEN_AT_ONCE = 1.15
"""How much more is spoken in one go than is wanted: how long a line will be is a guess until it is spoken."""
_LOOKED_UP = 3.0
"""How far ahead the store is looked into, as a multiple of the wanted length, which is estimated there."""


@dataclass(frozen=True, slots=True)
class PreviewRange:
    """Which part of an episode is wanted."""

    seconds: float
    """It ends with the line that reaches this."""
    start: str | None = None
    """What it begins with, written as for ``--redo``; None for the first line."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A part of an episode, made."""

    path: Path
    seconds: float
    lines: int
    spoken: int
    """How many lines were newly spoken for it: more than it has, perhaps, since lengths are estimated until then."""


def render_preview(job: RenderJob, wanted: PreviewRange, listener: Listener, pool: WorkerPool) -> Preview:
    """Write a part of an episode beside it; the episode and its record stay as they are.

    Raises:
        UsageError: There is nothing where the preview should begin.
        SpeechError: Lines that cannot be said, named; all other clips are stored.
        EngineError: The engine failed.
        StoreError: The clip store cannot be written.
        OutputError: The preview cannot be written.
    """
    for attempt in Attempts(job, listener, pool, _check_preview, "speaks instead"):
        with attempt as attempted:
            spoken, lines = 0, _lines(attempted, wanted)
            while lines.missing:
                synthesize_lines(attempted, lines.missing, listener, pool)
                spoken += len(lines.missing)
                lines = _lines(attempted, wanted)
            attempt.spoken = SpokenLines((), lines.clips, spoken)
            destination = _destination(attempted)
            script = replace(attempted.script, lines=lines.lines)
            timeline = produce_preview(script, lines.clips, attempted.settings, destination)
    path = destination.folder / (destination.stem + PREVIEW_SUFFIXES[-1])
    return Preview(path, timeline.seconds(timeline.length), len(script.lines), spoken)


def _check_preview(job: RenderJob) -> None:
    check_output(_destination(job), PREVIEW_SUFFIXES)


def _destination(job: RenderJob) -> Destination:
    """Return where the preview of an episode goes: beside it, with a record of its own."""
    episode = job.destination
    return replace(episode, stem=f"{episode.stem}{PREVIEW}", record_suffix=PREVIEW_RECORD_SUFFIX, is_part=True)


@dataclass(frozen=True, slots=True)
class _PreviewLines:
    """The lines of a preview, as far as they are known."""

    lines: tuple[Line, ...]
    clips: tuple[Clip, ...]
    """Of each line; empty while any is missing."""
    missing: tuple[Line, ...]
    """Those to be spoken before it is certain which lines these are."""


def _lines(job: RenderJob, wanted: PreviewRange) -> _PreviewLines:
    speeds = read_speeds(job.store.home)
    rest = job.script.lines[_start(job, wanted) :]
    guesses = [expected_seconds(spec_of(line, job.engines), speeds) for line in rest]
    near = rest[: _count(rest, guesses, _LOOKED_UP * wanted.seconds)]
    plan = job.plan_synthesis(near)
    lengths = line_seconds(plan, speeds)
    lines = near[: _count(near, lengths, wanted.seconds)]
    ahead = near[: _count(near, lengths, _SPOKEN_AT_ONCE * wanted.seconds)]
    keys = plan.keys[: len(lines)]
    if all(key in plan.stored for key in keys):
        return _PreviewLines(lines, tuple(plan.stored[key] for key in keys), ())
    missing = tuple(line for line, key in zip(ahead, plan.keys, strict=False) if key in plan.jobs)
    return _PreviewLines(lines, (), missing)


def _start(job: RenderJob, wanted: PreviewRange) -> int:
    if wanted.start is None:
        return 0
    target = parse_line_selector(wanted.start)
    return select_lines(target, job.script.lines, job.transcript.speakers, job.last.spoken)[0]


def _count(lines: Sequence[Line], lengths: Sequence[float], seconds: float) -> int:
    """Count how many lines, with the pauses after them, last so long."""
    clock = 0.0
    for count, (line, length) in enumerate(zip(lines, lengths, strict=True), start=1):
        clock += length
        if clock >= seconds:
            return count
        clock += line.pause
    return len(lines)
