"""Plays a file with what the system has.

Makes the episodes and previews that ``render`` and its watch are asked for, and says what came of each.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.summary import NEXT_STEPS, summary
from interview_audio.cli.terminal import folded_rows, say, terminal_width
from interview_audio.errors import InterviewAudioError, OutageError
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.rendering.options import Options
from interview_audio.rendering.up_to_date import is_fresh
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, playing_time

if TYPE_CHECKING:
    from interview_audio.rendering.job import Prepared
    from interview_audio.rendering.preview import Piece
    from interview_audio.synthesis.workers import WorkerPool


PLAYERS: tuple[tuple[str, ...], ...] = (
    ("afplay",),
    ("mpv", "--no-video", "--really-quiet"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("mpg123", "-q"),
    ("pw-play",),
    ("paplay",),
    ("cvlc", "--play-and-exit", "--quiet"),
)
"""Commands that play an MP3 to its end, the file being their last word. Not aplay: it knows no MP3 and plays noise."""


def play_file(path: Path, players: Sequence[Sequence[str]] | None = None) -> None:
    """Play a file and wait for its end; where nothing can, or it fails, a line says so.

    Args:
        path: The file.
        players: Commands instead of ``PLAYERS``; the first that is installed plays.
    """
    if players is None and sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - there is no command for it
        return
    for program, *words in PLAYERS if players is None else players:
        if found := shutil.which(program):
            played = subprocess.run([found, *words, str(path.absolute())], stdin=subprocess.DEVNULL, check=False)  # noqa: S603
            if played.returncode:
                say(f"{program} could not play it (exit code {played.returncode}); open {path} yourself", err=True)
            return
    say(f"no player found (looked for {_named(players or PLAYERS)}); open {path} yourself", err=True)


def _named(players: Sequence[Sequence[str]]) -> str:
    return ", ".join(program for program, *_ in players)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several sources."""

    source: Path
    state: str
    """``done``, ``unchanged``, ``failed`` or ``not tried``."""
    detail: str
    """The episode, or the reason."""


def known_outcomes(sources: Sequence[Path], options: Options) -> dict[Path, Outcome]:
    """What is known before any source is read: which episodes are what they should be; they are shown.

    Raises:
        InterviewAudioError: A file cannot be read, if there is only one source; of several it is an outcome.
    """
    outcomes = {}
    for source in sources:
        try:
            if path := show_unchanged(source, options):
                outcomes[source] = Outcome(source, "unchanged", str(path))
        except InterviewAudioError as error:
            if len(sources) == 1:
                raise
            outcomes[source] = _failed(source, error)
    return outcomes


def show_unchanged(source: Path, options: Options, *, is_silent: bool = False) -> Path | None:
    """Say that an episode is what it should be, and return its file; None if it is to be made."""
    episode = EpisodeRecord.read(options.folder, options.stem(source))
    if not episode or options.redo or options.is_forced or not is_fresh(episode, source, options):
        return None
    path = options.folder / episode.sound.name
    if not is_silent:
        _echo(summary(episode, path, "unchanged", with_cast=True))
    return path


def end_with(outcomes: Mapping[Path, Outcome], sources: Sequence[Path]) -> None:
    """End a command for several sources with a line for each; exit with 1 if one was not made."""
    if len(sources) > 1:
        ends = map(outcomes.__getitem__, sources)
        rows = [(printable(str(end.source)), end.state, printable(end.detail)) for end in ends]
        for line in folded_rows(rows, width=terminal_width()):
            click.echo(line)
    if not all(one.state in ("done", "unchanged") for one in outcomes.values()):
        click.get_current_context().exit(1)


def render_one(source: Path, options: Options, pool: "WorkerPool") -> None:
    """Make the episode of a source.

    Raises:
        InterviewAudioError: It cannot be made.
    """
    prepared = _checked(source, options, pool)
    _render(prepared, options, pool)
    _suggest([prepared])


def render_each(sources: Sequence[Path], options: Options, pool: "WorkerPool") -> dict[Path, Outcome]:
    """Make the episodes of several sources; all are checked before any is spoken, and one that fails stops no other."""
    outcomes: dict[Path, Outcome] = {}
    ready: list[Prepared] = []
    for source in sources:
        try:
            ready.append(_checked(source, options, pool))
        except InterviewAudioError as error:
            outcomes[source] = _failed(source, error)
    silenced: set[str] = set()
    for prepared in ready:
        outcomes[prepared.source] = _attempt(prepared, options, pool, silenced)
    _suggest(ready)
    return outcomes


def preview_each(
    sources: Sequence[Path], options: Options, pool: "WorkerPool", piece: "Piece", *, play: bool
) -> dict[Path, Outcome]:
    """Make a preview of each of several sources; one that fails stops no other."""
    outcomes = {}
    for source in sources:
        try:
            path = make_preview(source, options, pool, piece, play=play)
        except InterviewAudioError as error:
            outcomes[source] = _failed(source, error)
        else:
            outcomes[source] = Outcome(source, "done", str(path))
    return outcomes


def _attempt(prepared: "Prepared", options: Options, pool: "WorkerPool", silenced: set[str]) -> Outcome:
    """Render one of several; an engine whose service failed for one is not asked again for the next."""
    from interview_audio.rendering.render import is_stored

    engine = prepared.engine.name
    if engine in silenced and not is_stored(prepared, options):
        return Outcome(prepared.source, "not tried", f"the service of {engine} failed before; run again later")
    try:
        path = _render(prepared, options, pool)
    except InterviewAudioError as error:
        if isinstance(error, OutageError) and not options.is_offline:
            silenced.add(engine)
        return _failed(prepared.source, error)
    return Outcome(prepared.source, "done", str(path))


def _failed(source: Path, error: InterviewAudioError) -> Outcome:
    say(f"Error: {error}", err=True)
    return Outcome(source, "failed", str(error))


def _checked(source: Path, options: Options, pool: "WorkerPool") -> "Prepared":
    from interview_audio.files.ownership import episode_suffixes
    from interview_audio.rendering.job import prepare_with_fallback
    from interview_audio.rendering.render import check_output

    prepared = prepare_with_fallback(source, options, pool.engines)
    check_output(prepared.destination, episode_suffixes(prepared.settings.sound.format))
    return prepared


def _render(prepared: "Prepared", options: Options, pool: "WorkerPool") -> Path:
    from interview_audio.cli.progress import listener
    from interview_audio.rendering import render

    with listener() as watching:
        episode = render.render(prepared, options, watching, pool)
    _echo(summary(episode.record, episode.path, "done"))
    return episode.path


def _suggest(rendered: Sequence["Prepared"]) -> None:
    """Say what can be done next, to somebody who renders for the first time."""
    if rendered and sys.stderr.isatty() and not any(prepared.last.spoken for prepared in rendered):
        for line in NEXT_STEPS:
            say(line, err=True)


def make_preview(source: Path, options: Options, pool: "WorkerPool", piece: "Piece", *, play: bool) -> Path:
    """Make a preview, say how long that took, play it, and return its file."""
    from interview_audio.cli.progress import listener
    from interview_audio.rendering.job import prepare_with_fallback
    from interview_audio.rendering.preview import preview

    began = time.monotonic()
    with listener() as watching:
        made = preview(prepare_with_fallback(source, options, pool.engines), options, piece, watching, pool)
    say(
        f"{made.path}  {playing_time(made.seconds)}  {counted(made.lines, 'line')}, {made.spoken} newly spoken, "
        f"{time.monotonic() - began:.1f} s"
    )
    if play:
        play_file(made.path)
    return made.path


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)
