"""``interview-audio render``."""

from pathlib import Path

import click

from interview_audio.cli.options import SourcePath, understanding
from interview_audio.cli.summary import summary
from interview_audio.freshness import fingerprint, is_fresh, read_episode
from interview_audio.naming import check_stems, stem_of


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
    jobs: int | None,
    store: Path | None,
) -> None:
    """Make an episode of each SOURCE: an MP3 with chapters, and captions beside it.

    SOURCE is an interview as text, or a script file that `interview-audio script` made. Finished lines are kept:
    a second run makes only what changed.
    """
    check_stems(sources)
    shaping = {"engine": engine, "language": language, "title": title}
    stale = []
    for source in sources:
        episode = read_episode(output, stem_of(source))
        if episode and is_fresh(episode, fingerprint(source, voices, shaping), output):
            click.echo(summary(episode, output / f"{stem_of(source)}.mp3", "unchanged"))
        else:
            stale.append(source)
    if stale:
        from interview_audio import pipeline
        from interview_audio.cli.progress import listener

        options = pipeline.Options(output, voices, engine, language, title, jobs, store)
        for prepared in [pipeline.prepare(source, options) for source in stale]:
            with listener() as watching:
                pipeline.render(prepared, options, watching)
            stem = stem_of(prepared.source)
            click.echo(summary(read_episode(output, stem) or {}, output / f"{stem}.mp3", "done"))
