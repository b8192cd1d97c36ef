"""``render --watch``: renders again whenever something changes that shapes an episode, until Ctrl-C."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.episodes import make_preview, render_one, show_unchanged
from interview_audio.cli.progress import CountingListener, listener
from interview_audio.cli.terminal import say
from interview_audio.configuration.loading import load_settings
from interview_audio.configuration.lookup import candidate_files
from interview_audio.errors import ConfigurationError, InterviewAudioError
from interview_audio.files.input_files import is_there
from interview_audio.rendering.job import prepare_with_fallback
from interview_audio.rendering.options import Options
from interview_audio.rendering.render import render
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.units import counted

if TYPE_CHECKING:
    from interview_audio.rendering.preview import Piece

LOOK_AGAIN = 2.0
"""Seconds after which files are looked at although nothing was heard of them: not every disk tells."""
QUIET = 0.1
"""Seconds without a change that end a group of them: editors write a file in several steps."""

Stamp = tuple[int, int, int] | None
"""What tells one file from another in its place: its time, size and number; None where there is none."""


def watch_sources(
    sources: Sequence[Path], options: Options, pool: WorkerPool, piece: "Piece | None" = None, *, play: bool
) -> None:
    """Render the sources, and again what changed of them, until Ctrl-C; a mistake is told in a line and ends nothing.

    Raises:
        KeyboardInterrupt: Somebody ended it.
    """
    watched = [_Watched(source, options) for source in sources]
    _make([one for one in watched if one.has_changed()], pool, piece, play=play, is_first=True)
    click.echo("Watching for changes; press Ctrl-C to stop.", err=True)
    for _ in _ticks(watched):
        _make([one for one in watched if one.has_changed()], pool, piece, play=play, is_first=False)


class _Watched:
    """A source and the files that shape its episode, as they were when they were last looked at."""

    def __init__(self, source: Path, options: Options) -> None:
        self.source = source
        self.options = options
        self._settings: dict[Path, Stamp] = {}
        self._assets: tuple[Path, ...] = ()
        self._stamps: dict[Path, Stamp] | None = None

    def has_changed(self) -> bool:
        """Whether any file is another one than the last time; what changes during a render shows the next time."""
        settings = {file: _stamp(file) for file in candidate_files(self.source, self.options.voices)}
        if settings != self._settings:
            self._settings, self._assets = settings, _assets(settings)
        stamps = settings | {file: _stamp(file) for file in (self.source, *self._assets)}
        before, self._stamps = self._stamps, stamps
        return stamps != before

    def has_been_made(self) -> None:
        """Lines are redone once: not with every change, and not in vain where a mistake stood in the way."""
        self.options = replace(self.options, redo=(), take=None)

    def folders(self) -> set[Path]:
        """Where changes are to be heard of; a folder that is not there yet appears in the one above."""
        files = (self.source, *self._settings, *self._assets)
        nearest = (next(filter(Path.is_dir, file.absolute().parents), None) for file in files)
        return {folder for folder in nearest if folder}


def _stamp(file: Path) -> Stamp:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _assets(settings: dict[Path, Stamp]) -> tuple[Path, ...]:
    try:
        return load_settings([file for file in settings if is_there(file)]).assets()
    except ConfigurationError:
        return ()  # the render says what is wrong; until that is mended nothing else matters


def _ticks(watched: Sequence[_Watched]) -> Iterator[None]:
    """Come back whenever something happened beside the files, and every now and then."""
    try:
        yield from _heard(watched)
    except OSError as error:  # the system has no more watches to give, or its disk knows none
        say(f"The system reports no changes ({error}); checking the files every {LOOK_AGAIN:g} s", err=True)
    while True:
        time.sleep(LOOK_AGAIN)
        yield


def _heard(watched: Sequence[_Watched]) -> Iterator[None]:
    from watchfiles import watch

    while True:
        folders = {folder for one in watched for folder in one.folders()}
        for _ in watch(
            *folders,
            watch_filter=None,  # the stamps decide: an editor may rename what it wrote over the file
            step=round(QUIET * 1000),
            rust_timeout=round(LOOK_AGAIN * 1000),
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=True,
        ):
            yield
            if folders != {folder for one in watched for folder in one.folders()}:
                break


def _make(watched: Sequence[_Watched], pool: WorkerPool, piece: "Piece | None", *, play: bool, is_first: bool) -> None:
    for one in watched:
        try:
            if piece is not None:
                make_preview(one.source, one.options, pool, piece, play=play)
            elif not show_unchanged(one.source, one.options, is_silent=not is_first):
                _render(one.source, one.options, pool, is_first=is_first)
            one.has_been_made()
        except InterviewAudioError as error:
            say(f"Error: {error}", err=True)


def _render(source: Path, options: Options, pool: WorkerPool, *, is_first: bool) -> None:
    """Render, the first time with a summary, later with what it cost."""
    if is_first:
        render_one(source, options, pool)
        return
    began = time.monotonic()
    with listener() as inner:
        counting = CountingListener(inner)
        path = render(prepare_with_fallback(source, options, pool.engines), options, counting, pool).path
    say(f"{path}: {counting.missing} of {counted(counting.lines, 'line')} spoken, {time.monotonic() - began:.1f} s")
