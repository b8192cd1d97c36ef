"""``interview-audio render``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.episodes import end_with, known_outcomes, make_preview, preview_each, render_each, render_one
from interview_audio.cli.options import SourcePath, rendering, rendering_options
from interview_audio.errors import UsageError
from interview_audio.files.file_names import check_stems
from interview_audio.files.staged_files import complete_published

if TYPE_CHECKING:
    from interview_audio.rendering.preview import Piece


@click.command()
@click.argument("sources", nargs=-1, required=True, type=SourcePath, metavar="SOURCE...")
@rendering
@click.option(
    "--preview",
    "seconds",
    type=click.FloatRange(min=0, min_open=True, max=86400),
    metavar="SECONDS",
    help="Render only a preview of this length, as a file of its own.",
)
@click.option("--from", "start", metavar="WHAT", help="Where the preview begins, written as for --redo.")
@click.option("--play", is_flag=True, help="Play the preview.")
@click.option("--watch", is_flag=True, help="Render again whenever the text, voices.yaml or the music changes.")
def render(
    sources: tuple[Path, ...], seconds: float | None, start: str | None, *, play: bool, watch: bool, **chosen: Any
) -> None:
    """Make an episode from each SOURCE: an MP3 with chapters, and beside it captions, a transcript and show notes.

    SOURCE is an interview as text, or a script file that `interview-audio script` wrote. Finished lines are kept:
    a second run speaks only what changed.
    """
    check_stems(sources)
    options = rendering_options(chosen)
    for option, value in (("--redo", options.redo), ("--title", options.title), ("--name", options.name)):
        if value and len(sources) > 1:
            raise UsageError(f"{option} works with one source; render them one by one")
    if seconds is None and (start or play):
        raise UsageError("--from and --play need a preview; add --preview SECONDS")
    piece = _piece(seconds, start)
    complete_published(options.folder)  # an interrupted render has made the episode that is looked for next
    known = {} if watch or piece else known_outcomes(sources, options)
    if len(known) == len(sources):
        end_with(known, sources)
        return
    from interview_audio.rendering.job import anticipate
    from interview_audio.synthesis.workers import WorkerPool

    with WorkerPool(options.jobs) as pool:
        anticipate(next(source for source in sources if source not in known), options, pool)
        if watch:
            from interview_audio.cli.watching import watch_sources

            watch_sources(sources, options, pool, piece, play=play)
        elif len(sources) == 1:
            if piece is not None:
                make_preview(sources[0], options, pool, piece, play=play)
            else:
                render_one(sources[0], options, pool)
        elif piece is not None:
            end_with(preview_each(sources, options, pool, piece, play=play), sources)
        else:
            end_with(known | render_each([one for one in sources if one not in known], options, pool), sources)


def _piece(seconds: float | None, start: str | None) -> "Piece | None":
    if seconds is None:
        return None
    from interview_audio.rendering.preview import Piece

    return Piece(seconds, start)
