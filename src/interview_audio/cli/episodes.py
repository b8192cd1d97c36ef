"""Makes the episodes and previews that ``render`` and its watch are asked for, reports each, and plays previews."""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.playback import play_file
from interview_audio.cli.progress import NEXT_STEPS, summary
from interview_audio.cli.terminal import format_rows, print_line, terminal_width
from interview_audio.errors import InterviewAudioError, OutageError
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import RenderInputs, read_inputs
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, playing_time

if TYPE_CHECKING:
    from interview_audio.rendering.job import RenderJob
    from interview_audio.rendering.preview import PreviewRange
    from interview_audio.synthesis.workers import WorkerPool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one of several sources."""

    source: Path
    state: str
    """``done``, ``unchanged``, ``failed`` or ``not tried``."""
    detail: str
    """The episode, or the reason."""


def read_all(sources: Sequence[Path], options: RenderOptions) -> tuple[dict[Path, RenderInputs], dict[Path, Outcome]]:
    """Read what shapes the episodes of these sources, and say which of them cannot be read.

    Raises:
        InterviewAudioError: A file cannot be read, if there is only one source.
    """
    inputs, outcomes = {}, {}
    for source in sources:
        try:
            inputs[source] = read_inputs(source, options)
        except InterviewAudioError as error:
            if len(sources) == 1:
                raise
            outcomes[source] = _failed(source, error)
    return inputs, outcomes


def show_unchanged(inputs: RenderInputs, options: RenderOptions) -> Outcome:
    """Say that an episode is up to date."""
    record = inputs.record
    assert record is not None
    path = options.folder / record.sound.name
    _echo(summary(record, path, "unchanged", with_cast=True))
    return Outcome(inputs.source, "unchanged", str(path))


def end_with(outcomes: Mapping[Path, Outcome], sources: Sequence[Path]) -> None:
    """End a command for several sources with a line for each; exit with 1 if one was not made."""
    if len(sources) > 1:
        ends = map(outcomes.__getitem__, sources)
        rows = [(printable(str(end.source)), end.state, printable(end.detail)) for end in ends]
        for line in format_rows(rows, width=terminal_width()):
            click.echo(line)
    if not all(one.state in ("done", "unchanged") for one in outcomes.values()):
        click.get_current_context().exit(1)


def render_one(inputs: RenderInputs, options: RenderOptions, pool: "WorkerPool") -> None:
    """Make the episode of a source.

    Raises:
        InterviewAudioError: It cannot be made.
    """
    job = _checked(inputs, options, pool)
    _render(job, pool)
    _suggest([job])


def render_each(inputs: Sequence[RenderInputs], options: RenderOptions, pool: "WorkerPool") -> dict[Path, Outcome]:
    """Make the episodes of several sources; all are checked before any is spoken, and one that fails stops no other."""
    outcomes: dict[Path, Outcome] = {}
    jobs: list[RenderJob] = []
    for one in inputs:
        try:
            jobs.append(_checked(one, options, pool))
        except InterviewAudioError as error:
            outcomes[one.source] = _failed(one.source, error)
    failed_engines: set[str] = set()
    for job in jobs:
        outcomes[job.source] = _attempt(job, pool, failed_engines)
    _suggest([job for job in jobs if outcomes[job.source].state == "done"])
    return outcomes


def preview_each(
    sources: Sequence[Path], options: RenderOptions, pool: "WorkerPool", wanted: "PreviewRange", *, play: bool
) -> dict[Path, Outcome]:
    """Make a preview of each of several sources; one that fails stops no other."""
    outcomes = {}
    for source in sources:
        try:
            path = make_preview(source, options, pool, wanted, play=play)
        except InterviewAudioError as error:
            outcomes[source] = _failed(source, error)
        else:
            outcomes[source] = Outcome(source, "done", str(path))
    return outcomes


def _attempt(job: "RenderJob", pool: "WorkerPool", failed_engines: set[str]) -> Outcome:
    """Render one of several; an engine whose service failed for one is not asked again for the next."""
    if failed_engines and (failed := job.services_needed() & failed_engines):
        named = " and ".join(sorted(failed))
        return Outcome(job.source, "not tried", f"the service of {named} failed before; run again later")
    try:
        path = _render(job, pool)
    except InterviewAudioError as error:
        if isinstance(error, OutageError) and not job.options.is_offline:
            failed_engines |= job.services_needed()
        return _failed(job.source, error)
    return Outcome(job.source, "done", str(path))


def _failed(source: Path, error: InterviewAudioError) -> Outcome:
    print_line(f"Error: {error}", err=True)
    return Outcome(source, "failed", str(error))


def _checked(inputs: RenderInputs, options: RenderOptions, pool: "WorkerPool") -> "RenderJob":
    from interview_audio.rendering.job import prepare
    from interview_audio.rendering.render import check_output

    job = prepare(inputs, options, pool=pool)
    check_output(job.destination, job.suffixes)
    return job


def _render(job: "RenderJob", pool: "WorkerPool") -> Path:
    from interview_audio.cli import progress
    from interview_audio.rendering.render import render

    with progress.listener() as listener:
        episode = render(job, listener=listener, pool=pool)
    _echo(summary(episode.record, episode.path, "done"))
    return episode.path


def _suggest(jobs: Sequence["RenderJob"]) -> None:
    """Say what can be done next, to somebody who renders for the first time."""
    if jobs and sys.stderr.isatty() and not any(job.last.spoken for job in jobs):
        for line in NEXT_STEPS:
            print_line(line, err=True)


def make_preview(
    source: Path, options: RenderOptions, pool: "WorkerPool", wanted: "PreviewRange", *, play: bool
) -> Path:
    """Make a preview, say how long that took, play it, and return its file."""
    from interview_audio.cli import progress
    from interview_audio.rendering.job import prepare
    from interview_audio.rendering.preview import render_preview

    began = time.monotonic()
    with progress.listener() as listener:
        preview = render_preview(prepare(source, options, pool=pool), wanted, listener, pool)
    print_line(
        f"{preview.path}  {playing_time(preview.seconds)}  {counted(preview.lines, 'line')}, {preview.spoken} newly "
        f"spoken, {time.monotonic() - began:.1f} s"
    )
    if play:
        play_file(preview.path)
    return preview.path


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        print_line(line)
