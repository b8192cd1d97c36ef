"""``interview-audio share``."""

from pathlib import Path

import click

from interview_audio.cli.terminal import print_line
from interview_audio.errors import UsageError
from interview_audio.files.episode_record import RECORD_SUFFIX
from interview_audio.publishing.catalogue import CataloguedEpisode, read_episode
from interview_audio.publishing.sharing import SharedFiles, address_of
from interview_audio.publishing.sharing.cut import EpisodePart, choose_part, write_clip
from interview_audio.publishing.sharing.post import post_snippet
from interview_audio.text.units import format_bytes, playing_time
from interview_audio.verification.audio_file import read_file


@click.command()
@click.argument("episode", metavar="EPISODE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--clip",
    "clips",
    multiple=True,
    metavar="WHAT",
    help="Cut out a part as an MP3: turn:14 (the 14th that `script` prints), chapter:3, or 1:23-1:45. Repeatable.",
)
@click.option("--post", is_flag=True, help="Write a snippet for a post: player, chapters, and JSON-LD.")
@click.option("--base-url", metavar="URL", help="Where listeners find the files; default: base_url of podcast.yaml.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for what is made; default: that of EPISODE.",
)
@click.option("--force", is_flag=True, help="Replace other files of these names.")
def share(
    episode: Path, clips: tuple[str, ...], base_url: str | None, output: Path | None, *, post: bool, force: bool
) -> None:
    """Make something to share of a finished EPISODE: a part of it, or a snippet for a post.

    Nothing is spoken again: the sound file and what lies beside it are read.
    """
    if not clips and not post:
        raise UsageError("say what to make of the episode: --clip turn:14 or --post")
    finished = _finished(episode)
    parts = list({part.name: part for part in (choose_part(finished, words) for words in clips)}.values())
    address = _base_url(base_url, is_needed=post)
    shared = SharedFiles(output or episode.parent, finished.stem, is_forced=force)
    for part in parts:
        _make_clip(finished, part, shared, address)
    if post:
        _make_post(finished, shared, address or "")


def _finished(path: Path) -> CataloguedEpisode:
    record = path if path.name.endswith(RECORD_SUFFIX) else path.with_name(path.stem + RECORD_SUFFIX)
    episode = read_episode(record)
    if isinstance(episode, str):
        raise UsageError(episode)
    return episode


def _base_url(given: str | None, *, is_needed: bool) -> str | None:
    if given:
        return given if given.endswith("/") else f"{given}/"
    if is_needed:
        raise UsageError("--post links to the episode: say where listeners find it with --base-url URL")
    return None


def _make_clip(episode: CataloguedEpisode, part: EpisodePart, shared: SharedFiles, base_url: str | None) -> None:
    name = f"{episode.stem}.{part.name}.mp3"
    shared.check([name])
    page = episode.files.get(".html", episode.sound).name
    link = address_of(base_url, page, part.start) if base_url else None
    contents = read_file(episode.sound)
    with shared.staging() as staging:
        clip = staging.temporary()
        write_clip(episode, contents, part, contents.cover, link, clip)
        size = clip.stat().st_size
        (path,) = shared.publish(staging, {name: clip})
    print_line(f"{path}  {playing_time(part.seconds)}  {format_bytes(size)}")


def _make_post(episode: CataloguedEpisode, shared: SharedFiles, base_url: str) -> None:
    name = f"{episode.stem}.post.html"
    snippet = post_snippet(episode, base_url)
    with shared.staging() as staging:
        written = staging.temporary()
        written.write_text(snippet, "utf-8", newline="\n")
        (path,) = shared.publish(staging, {name: written})
    print_line(f"{path}  {format_bytes(len(snippet.encode()))}")
