"""``interview-audio render``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.options import SourcePath, understanding
from interview_audio.cli.summary import summary
from interview_audio.freshness import audio_file, is_fresh, read_episode
from interview_audio.naming import check_stems, stem_of
from interview_audio.options import Options

if TYPE_CHECKING:
    from interview_audio.configuration.settings import Format


@click.command()
@click.argument("sources", nargs=-1, required=True, type=SourcePath, metavar="SOURCE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Folder for the episode and its companions.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("mp3", "m4b", "m4a", "opus", "flac")),
    help="Of the episode, over sound.format; default: mp3.",
)
@understanding
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Worker processes; default: cores and memory.")
@click.option("--store", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Folder of the clips.")
def render(
    sources: tuple[Path, ...],
    output: Path,
    voices: Path | None,
    engine: str | None,
    language: str | None,
    title: str | None,
    output_format: "Format | None",
    jobs: int | None,
    store: Path | None,
) -> None:
    """Make an episode of each SOURCE: an MP3 with chapters, and beside it captions, a transcript and show notes.

    SOURCE is an interview as text, or a script file that `interview-audio script` made. Finished lines are kept:
    a second run makes only what changed.
    """
    check_stems(sources)
    options = Options(output, voices, engine, language, title, output_format, jobs, store)
    stale = []
    for source in sources:
        episode = read_episode(output, stem_of(source))
        if episode and is_fresh(episode, source, options):
            click.echo(summary(episode, output / audio_file(episode), "unchanged"))
        else:
            stale.append(source)
    if stale:
        from interview_audio import pipeline
        from interview_audio.cli.progress import listener

        for prepared in [pipeline.prepare(source, options) for source in stale]:
            with listener() as watching:
                path = pipeline.render(prepared, options, watching).path
            click.echo(summary(read_episode(output, stem_of(prepared.source)) or {}, path, "done"))
