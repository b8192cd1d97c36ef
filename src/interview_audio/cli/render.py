"""``interview-audio render``."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.options import SourcePath, rendering, rendering_options
from interview_audio.cli.summary import summary
from interview_audio.errors import UsageError
from interview_audio.freshness import audio_file, is_fresh, read_episode
from interview_audio.naming import check_stems, stem_of
from interview_audio.options import Options

if TYPE_CHECKING:
    from interview_audio.previewing import Piece


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
    if seconds is None and (start or play):
        raise UsageError("--from and --play are for a preview; say how long it is with --preview SECONDS")
    if watch:
        from interview_audio.cli.watching import watch_sources

        watch_sources(sources, options, _piece(seconds, start), play=play)
    elif seconds is not None:
        for source in sources:
            make_preview(source, options, _piece(seconds, start), play=play)
    else:
        render_all(sources, options)


def _piece(seconds: float | None, start: str | None) -> "Piece | None":
    if seconds is None:
        return None
    from interview_audio.previewing import Piece

    return Piece(seconds, start)


def render_all(sources: Sequence[Path], options: Options) -> None:
    """Make those episodes that are not what they should be; all sources are checked before any is spoken."""
    stale = []
    for source in sources:
        episode = read_episode(options.folder, stem_of(source))
        if episode and not options.redo and is_fresh(episode, source, options):
            click.echo(summary(episode, options.folder / audio_file(episode), "unchanged"))
        else:
            stale.append(source)
    if stale:
        from interview_audio import pipeline
        from interview_audio.cli.progress import listener
        from interview_audio.preparing import prepare

        for prepared in [prepare(source, options) for source in stale]:
            with listener() as watching:
                path = pipeline.render(prepared, options, watching).path
            click.echo(summary(read_episode(options.folder, stem_of(prepared.source)) or {}, path, "done"))


def make_preview(source: Path, options: Options, piece: "Piece | None", *, play: bool) -> None:
    """Make a preview, say how long that took, and play it."""
    from interview_audio.cli.playing import play_file
    from interview_audio.cli.progress import listener
    from interview_audio.cli.summary import clock
    from interview_audio.preparing import prepare
    from interview_audio.previewing import preview

    assert piece is not None
    began = time.monotonic()
    with listener() as watching:
        made = preview(prepare(source, options), options, piece, watching)
    click.echo(
        f"{made.path}  {clock(made.seconds)}  {made.lines} lines, {made.spoken} spoken for it, "
        f"{time.monotonic() - began:.1f} s"
    )
    if play:
        play_file(made.path)
