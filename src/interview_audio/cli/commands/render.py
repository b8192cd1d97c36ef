"""``interview-audio render``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.episodes import (
    end_with,
    make_preview,
    preview_each,
    read_all,
    render_at_address,
    render_each,
    render_one,
    show_unchanged,
    watch_sources,
)
from interview_audio.cli.options import SourcePath, render_options, render_options_of
from interview_audio.errors import UsageError
from interview_audio.files.file_names import check_stems
from interview_audio.files.staged_files import complete_published
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import is_up_to_date
from interview_audio.storage.addresses import Address

if TYPE_CHECKING:
    from interview_audio.rendering.preview import PreviewRange


@click.command()
@click.argument("sources", nargs=-1, required=True, type=SourcePath, metavar="SOURCE...")
@render_options
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

    SOURCE is an interview: text, Markdown, subtitles, a recogniser's JSON, CSV, HTML, Word, OpenDocument, EPUB or
    PDF; or a script file that `interview-audio script` wrote. Finished lines are kept: a second run speaks only what
    changed.
    """
    check_stems(sources)
    options = render_options_of(chosen)
    for option, value in (("--redo", options.redo), ("--title", options.title), ("--name", options.name)):
        if value and len(sources) > 1:
            raise UsageError(f"{option} works with one source; render them one by one")
    if seconds is None and (start or play):
        raise UsageError("--from and --play need a preview; add --preview SECONDS")
    wanted = _wanted(seconds, start)
    if isinstance(options.output, Address) and not (watch or wanted):
        end_with(render_at_address(sources, options, options.output), sources)
    else:
        _render_here(sources, options, wanted, play=play, watch=watch)


def _render_here(
    sources: tuple[Path, ...], options: RenderOptions, wanted: "PreviewRange | None", *, play: bool, watch: bool
) -> None:
    complete_published(options.folder)  # an interrupted render has made the episode that is looked for next
    inputs, outcomes = ({}, {}) if watch or wanted else read_all(sources, options)
    for source, one in inputs.items():
        if is_up_to_date(one, options):
            outcomes[source] = show_unchanged(one, options)
    if len(outcomes) == len(sources):
        end_with(outcomes, sources)
        return
    from interview_audio.synthesis.workers import WorkerPool

    with WorkerPool(options.jobs) as pool:
        if watch:
            watch_sources(sources, options, pool, wanted, play=play)
        elif wanted is not None:
            if len(sources) == 1:
                make_preview(sources[0], options, pool, wanted, play=play)
            else:
                end_with(preview_each(sources, options, pool, wanted, play=play), sources)
        elif len(sources) == 1:
            render_one(inputs[sources[0]], options, pool)
        else:
            left = [one for source, one in inputs.items() if source not in outcomes]
            end_with(outcomes | render_each(left, options, pool), sources)


def _wanted(seconds: float | None, start: str | None) -> "PreviewRange | None":
    if seconds is None:
        return None
    from interview_audio.rendering.preview import PreviewRange

    return PreviewRange(seconds, start)
