"""Makes the episodes and previews that ``render`` is asked for, reports each, and plays previews.

With ``--watch`` they are made again, until Ctrl-C, whenever something changes that shapes an episode: the text, its
settings files, music, covers and recordings.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.playback import play_file
from interview_audio.cli.progress import NEXT_STEPS, summary
from interview_audio.cli.terminal import format_rows, print_line, terminal_width
from interview_audio.configuration.lookup import candidate_files, cast_candidates, read_settings_files
from interview_audio.errors import InterviewAudioError, OutageError
from interview_audio.files.input_files import PipedContents, Stamp, stamp_of
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import RenderInputs, is_up_to_date, read_inputs
from interview_audio.storage.addresses import Address
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, playing_time

if TYPE_CHECKING:
    from interview_audio.rendering.job import RenderJob
    from interview_audio.rendering.preview import PreviewRange
    from interview_audio.rendering.render import Episode
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


def render_at_address(sources: Sequence[Path], options: RenderOptions, address: Address) -> dict[Path, Outcome]:
    """Make the episodes of sources here, and put each where it belongs; one that fails stops no other.

    Raises:
        InterviewAudioError: One cannot be made, if it is the only one.
    """
    from interview_audio.rendering.staged_sources import staged
    from interview_audio.synthesis.workers import WorkerPool

    outcomes = {}
    with WorkerPool(options.jobs) as pool:
        for source in sources:
            try:
                with staged(source, options) as one:
                    episode = one.episode(pool.engines, partial(_made, pool=pool))
            except InterviewAudioError as error:
                if len(sources) == 1:
                    raise
                outcomes[source] = _failed(source, error)
                continue
            state, path = "done" if episode.is_new else "unchanged", address / episode.path.name
            _echo(summary(episode.record, path, state, with_cast=not episode.is_new))
            outcomes[source] = Outcome(source, state, str(path))
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
    episode = _made(job, pool)
    _echo(summary(episode.record, episode.path, "done"))
    return episode.path


def _made(job: "RenderJob", pool: "WorkerPool") -> "Episode":
    """Make an episode, and show the progress."""
    from interview_audio.cli import progress
    from interview_audio.rendering.render import render

    with progress.listener() as listener:
        return render(job, listener=listener, pool=pool)


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


_LOOK_AGAIN = 2.0
"""Seconds after which files are looked at although no change was reported: network disks report none."""
_QUIET = 0.1
"""Seconds without a change that end a group of them: editors write a file in several steps."""


def watch_sources(
    sources: Sequence[Path],
    options: RenderOptions,
    pool: "WorkerPool",
    wanted: "PreviewRange | None" = None,
    *,
    play: bool,
) -> None:
    """Render the sources, and again those that change, until Ctrl-C; an error is a line and ends nothing.

    Raises:
        KeyboardInterrupt: Somebody ended it.
    """
    chosen = dict.fromkeys(sources, options)
    is_first = True
    for changed in changes(sources, options, lambda line: print_line(line, err=True)):
        for source in changed:
            try:
                if wanted is not None:
                    make_preview(source, chosen[source], pool, wanted, play=play)
                else:
                    _render_if_due(source, chosen[source], pool, is_first=is_first)
            except InterviewAudioError as error:
                print_line(f"Error: {error}", err=True)
            else:
                # Lines are redone once, not with every change; the choice is kept if the render failed.
                chosen[source] = replace(options, redo=(), take=None)
        if is_first:
            click.echo("Watching for changes; press Ctrl-C to stop.", err=True)
        is_first = False


def _render_if_due(source: Path, options: RenderOptions, pool: "WorkerPool", *, is_first: bool) -> None:
    """Render what is out of date: the first time with a summary, later with what it cost."""
    inputs = read_inputs(source, options)
    if is_up_to_date(inputs, options):
        if is_first:
            show_unchanged(inputs, options)
    elif is_first:
        render_one(inputs, options, pool)
    else:
        _render_again(inputs, options, pool)


def _render_again(inputs: RenderInputs, options: RenderOptions, pool: "WorkerPool") -> None:
    from interview_audio.cli import progress
    from interview_audio.rendering.job import prepare
    from interview_audio.rendering.render import render

    began = time.monotonic()
    with progress.listener(is_brief=True) as listener:
        episode = render(prepare(inputs, options, pool=pool), listener=listener, pool=pool)
    lines = counted(episode.lines, "line")
    print_line(f"{episode.path}: {episode.lines_spoken} of {lines} spoken, {time.monotonic() - began:.1f} s")


def changes(
    sources: Sequence[Path],
    options: RenderOptions,
    on_notice: Callable[[str], None],
    look_again: float = _LOOK_AGAIN,
) -> Iterator[tuple[Path, ...]]:
    """Yield all sources, and then, for ever, those of which a file has changed since they were yielded.

    What changes while a source is rendered is yielded next.

    Args:
        sources: To be watched.
        options: Chosen beside them; the settings file of ``voices`` is watched too, unless it came through a pipe.
        on_notice: Called with a line if the system reports no changes.
        look_again: Seconds after which the files are looked at without a report.
    """
    watched = [_WatchedSource(source, options.voices, options.piped) for source in sources]
    yield _changed(watched)
    for _ in _ticks(watched, on_notice, look_again):
        if changed := _changed(watched):
            yield changed


def _changed(watched: Sequence["_WatchedSource"]) -> tuple[Path, ...]:
    return tuple(one.source for one in watched if one.has_changed())


class _WatchedSource:
    """A source and the files that shape its episode, as they were when they were last looked at."""

    def __init__(self, source: Path, voices: Path | None, piped: PipedContents) -> None:
        self.source = source
        self._voices = voices
        self._piped = piped
        self._texts: dict[Path, Stamp] = {}
        """The source and the settings files that may apply to it."""
        self._assets: tuple[Path, ...] = ()
        self._stamps: dict[Path, Stamp] | None = None

    def has_changed(self) -> bool:
        """Tell whether any of the files has changed since the last call."""
        settings = (*candidate_files(self.source, self._voices), *cast_candidates(self.source))
        texts = {file: stamp_of(file) for file in (self.source, *settings)}
        if texts != self._texts:
            self._texts, self._assets = texts, self._found_assets()
        stamps = texts | {file: stamp_of(file) for file in self._assets}
        before, self._stamps = self._stamps, stamps
        return stamps != before

    def _found_assets(self) -> tuple[Path, ...]:
        from interview_audio.configuration.loading import settings_from
        from interview_audio.rendering.job import recordings_of

        try:
            named = settings_from(read_settings_files(self.source, self._voices, self._piped)).assets()
            return (*named, *recordings_of(self.source, self._piped))
        except InterviewAudioError:
            return ()  # the render says what is wrong; until that is mended nothing else matters

    def folders(self) -> set[Path]:
        """Return where changes are to be reported; a folder that is missing will appear in the one above."""
        files = (*self._texts, *self._assets)
        nearest = (next(filter(Path.is_dir, file.absolute().parents), None) for file in files)
        return {folder for folder in nearest if folder}


def _ticks(watched: Sequence[_WatchedSource], on_notice: Callable[[str], None], look_again: float) -> Iterator[None]:
    """Yield whenever something happened beside the files, and every now and then."""
    try:
        yield from _reports(watched, look_again)
    except OSError as error:  # the system has no more watches to give, or its disk knows none
        on_notice(f"The system reports no changes ({error}); checking the files every {look_again:g} s")
    while True:
        time.sleep(look_again)
        yield


def _reports(watched: Sequence[_WatchedSource], look_again: float) -> Iterator[None]:
    from watchfiles import watch  # a compiled library that only a watch needs

    while True:
        folders = {folder for one in watched for folder in one.folders()}
        for _ in watch(
            *folders,
            watch_filter=None,  # the stamps decide: an editor may rename what it wrote over the file
            step=round(_QUIET * 1000),
            rust_timeout=round(look_again * 1000),
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=True,
        ):
            yield
            if folders != {folder for one in watched for folder in one.folders()}:
                break
