"""``interview-audio render``."""

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.options import SourcePath, rendering, rendering_options
from interview_audio.cli.summary import NEXT_STEPS, summary
from interview_audio.cli.tables import say
from interview_audio.errors import UsageError
from interview_audio.freshness import audio_file, is_fresh, read_episode
from interview_audio.naming import check_stems, stem_of
from interview_audio.options import Options

if TYPE_CHECKING:
    from interview_audio.previewing import Piece
    from interview_audio.synthesis.workforce import Workforce


@click.command()
@click.argument("sources", nargs=-1, required=True, type=SourcePath, metavar="SOURCE...")
@rendering
@click.option(
    "--preview",
    "seconds",
    type=click.FloatRange(min=0, min_open=True, max=86400),
    metavar="SECONDS",
    help="Make only so much, as a file of its own beside the episode.",
)
@click.option("--from", "start", metavar="WHAT", help="Where the preview begins, in the words of --redo.")
@click.option("--play", is_flag=True, help="Play the preview.")
@click.option("--watch", is_flag=True, help="Go on: render again whenever the text, voices.yaml or the music changes.")
def render(
    sources: tuple[Path, ...], seconds: float | None, start: str | None, *, play: bool, watch: bool, **chosen: Any
) -> None:
    """Make an episode of each SOURCE: an MP3 with chapters, and beside it captions, a transcript and show notes.

    SOURCE is an interview as text, or a script file that `interview-audio script` made. Finished lines are kept:
    a second run makes only what changed.
    """
    check_stems(sources)
    options = rendering_options(chosen)
    if options.redo and len(sources) > 1:
        raise UsageError("--redo is for one source; render them one by one")
    if options.title and len(sources) > 1:
        raise UsageError("--title is for one source; render them one by one")
    if seconds is None and (start or play):
        raise UsageError("--from and --play are for a preview; say how long it is with --preview SECONDS")
    stale = (
        sources if watch or seconds is not None else [one for one in sources if not is_shown_unchanged(one, options)]
    )
    if not stale:
        return
    from interview_audio.anticipation import anticipate
    from interview_audio.synthesis.workforce import Workforce

    with Workforce(options.jobs) as workforce:
        anticipate(stale[0], options, workforce)
        if watch:
            from interview_audio.cli.watching import watch_sources

            watch_sources(sources, options, workforce, _piece(seconds, start), play=play)
        elif seconds is not None:
            for source in sources:
                make_preview(source, options, workforce, _piece(seconds, start), play=play)
        else:
            render_all(stale, options, workforce)


def _piece(seconds: float | None, start: str | None) -> "Piece | None":
    if seconds is None:
        return None
    from interview_audio.previewing import Piece

    return Piece(seconds, start)


def is_shown_unchanged(source: Path, options: Options, *, is_silent: bool = False) -> bool:
    """Say where an episode is what it should be."""
    episode = read_episode(options.folder, stem_of(source))
    if not episode or options.redo or not is_fresh(episode, source, options):
        return False
    if not is_silent:
        _echo(summary(episode, options.folder / audio_file(episode), "unchanged", with_cast=True))
    return True


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def render_all(sources: Sequence[Path], options: Options, workforce: "Workforce") -> None:
    """Make those episodes; all sources are checked before any is spoken."""
    from interview_audio import pipeline
    from interview_audio.cli.progress import listener
    from interview_audio.preparing import prepare_with_fallback

    everything = [prepare_with_fallback(source, options) for source in sources]
    for prepared in everything:
        with listener() as watching:
            path = pipeline.render(prepared, options, watching, workforce).path
        _echo(summary(read_episode(options.folder, stem_of(prepared.source)) or {}, path, "done"))
    if sys.stderr.isatty() and not any(prepared.last.spoken for prepared in everything):
        for line in NEXT_STEPS:
            say(line, err=True)


def make_preview(source: Path, options: Options, workforce: "Workforce", piece: "Piece | None", *, play: bool) -> None:
    """Make a preview, say how long that took, and play it."""
    from interview_audio.cli.playing import play_file
    from interview_audio.cli.progress import listener
    from interview_audio.cli.summary import clock
    from interview_audio.preparing import prepare_with_fallback
    from interview_audio.previewing import preview

    assert piece is not None
    began = time.monotonic()
    with listener() as watching:
        made = preview(prepare_with_fallback(source, options), options, piece, watching, workforce)
    say(
        f"{made.path}  {clock(made.seconds)}  {made.lines} lines, {made.spoken} spoken for it, "
        f"{time.monotonic() - began:.1f} s"
    )
    if play:
        play_file(made.path)
