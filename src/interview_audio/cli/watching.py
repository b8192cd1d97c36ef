"""``render --watch``: renders again whenever something changes that shapes an episode, until Ctrl-C."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli import progress
from interview_audio.cli.episodes import make_preview, render_one, show_unchanged
from interview_audio.cli.terminal import print_line
from interview_audio.errors import InterviewAudioError
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.render import render
from interview_audio.rendering.up_to_date import RenderInputs, is_up_to_date, read_inputs
from interview_audio.rendering.watch import changes
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.units import counted

if TYPE_CHECKING:
    from interview_audio.rendering.preview import PreviewRange


def watch_sources(
    sources: Sequence[Path],
    options: RenderOptions,
    pool: WorkerPool,
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
                    _render(source, chosen[source], pool, is_first=is_first)
            except InterviewAudioError as error:
                print_line(f"Error: {error}", err=True)
            else:
                # Lines are redone once, not with every change; the choice is kept if the render failed.
                chosen[source] = replace(options, redo=(), take=None)
        if is_first:
            click.echo("Watching for changes; press Ctrl-C to stop.", err=True)
        is_first = False


def _render(source: Path, options: RenderOptions, pool: WorkerPool, *, is_first: bool) -> None:
    """Render what is out of date: the first time with a summary, later with what it cost."""
    inputs = read_inputs(source, options)
    if is_up_to_date(inputs, options):
        if is_first:
            show_unchanged(inputs, options)
    elif is_first:
        render_one(inputs, options, pool)
    else:
        _render_again(inputs, options, pool)


def _render_again(inputs: RenderInputs, options: RenderOptions, pool: WorkerPool) -> None:
    began = time.monotonic()
    with progress.listener(is_brief=True) as listener:
        episode = render(prepare(inputs, options, pool=pool), listener=listener, pool=pool)
    lines = counted(episode.lines, "line")
    print_line(f"{episode.path}: {episode.lines_spoken} of {lines} spoken, {time.monotonic() - began:.1f} s")
