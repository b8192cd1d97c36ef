"""``interview-audio share``."""

import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import click

from interview_audio.cli.options import LocalPath
from interview_audio.cli.terminal import print_line, print_warnings
from interview_audio.errors import ConfigurationError, UsageError
from interview_audio.files.episode_record import RECORD_SUFFIX
from interview_audio.files.ownership import COVER_SUFFIX
from interview_audio.publishing.catalogue import CataloguedEpisode, read_episode, records_in
from interview_audio.publishing.channel import Channel, given_base_url, read_channel
from interview_audio.publishing.sharing import SharedFiles, address_of
from interview_audio.publishing.sharing.cut import EpisodePart, choose_part, tags_of, whole, write_part
from interview_audio.publishing.sharing.picture import SIZES, cover_picture, letters_without_glyph
from interview_audio.publishing.sharing.post import post_snippet
from interview_audio.publishing.sharing.video import (
    CaptionStyle,
    VideoRequest,
    captions_as_srt,
    captions_of,
    listed_chapters,
    write_video,
)
from interview_audio.text.units import format_bytes, playing_time
from interview_audio.verification.audio_file import read_file
from interview_audio.verification.sidecar_reading import Caption

_MOST_NAMED = 5
"""Sound files that a message names."""


@click.command()
@click.argument("episode", metavar="EPISODE", type=LocalPath())
@click.option(
    "--clip",
    "clips",
    multiple=True,
    metavar="WHAT",
    help="Cut out a part as an MP3: turn:14 (the 14th that `script` prints), chapter:3, or 1:23-1:45. Repeatable.",
)
@click.option("--video", is_flag=True, help="Make a video (MP4) of the episode, or of each part that --clip names.")
@click.option(
    "--captions",
    type=click.Choice(("burnt", "track", "none")),
    default="burnt",
    show_default=True,
    help="In a video: in the picture, as a track that players turn on, or not at all.",
)
@click.option("--size", type=click.Choice(SIZES), default=SIZES[0], show_default=True, help="Of a video, in pixels.")
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
    episode: Path,
    clips: tuple[str, ...],
    captions: CaptionStyle,
    size: str,
    base_url: str | None,
    output: Path | None,
    *,
    video: bool,
    post: bool,
    force: bool,
) -> None:
    """Make something to share of a finished EPISODE: a part of it, a video, a snippet for a post.

    Nothing is spoken again: the sound file and what lies beside it are read.
    """
    if not (clips or video or post):
        raise UsageError("say what to make of the episode: --clip turn:14, --video or --post")
    finished = _finished(episode)
    parts = list({part.name: part for part in (choose_part(finished, words) for words in clips)}.values())
    channel = _channel(finished.sound.parent, base_url, is_needed=post)
    address = _base_url(base_url, channel, is_needed=post)
    shared = SharedFiles(output or episode.parent, finished.stem, is_forced=force)
    for part in parts or ([whole(finished)] if video else []):
        link = _link(finished, part, address)
        if video:
            _make_video(finished, part, shared, link, _Look(captions, size))
        else:
            _make_part(finished, part, shared, link)
    if post:
        _make_post(finished, shared, address or "", channel)


class _Look(NamedTuple):
    """How a video is to look."""

    captions: CaptionStyle
    size: str


def _finished(path: Path) -> CataloguedEpisode:
    if path.is_dir():
        advice = _advice(path)
        raise UsageError(f"{path} is a folder; {advice}")
    record = path if path.name.endswith(RECORD_SUFFIX) else path.with_name(path.stem + RECORD_SUFFIX)
    if not record.exists():
        advice = _advice(path.parent)
        raise UsageError(f"{path} is not an episode of this program, as {record.name} is not beside it; {advice}")
    episode = read_episode(record)
    if isinstance(episode, str):
        raise UsageError(episode)
    return episode


def _advice(folder: Path) -> str:
    """Say what to name instead: the sound files of the episodes in a folder."""
    episodes = (read_episode(record) for record in islice(records_in(folder), _MOST_NAMED + 1))
    names = [str(one.sound) for one in episodes if not isinstance(one, str)]
    if not names:
        return "name the sound file of an episode that `render` made"
    sounds = ", ".join([*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])])
    return f"name the sound file: {sounds}"


def _channel(folder: Path, base_url: str | None, *, is_needed: bool) -> Channel:
    """Read ``podcast.yaml``, of which a clip or a video needs no more than the address, and can do without it."""
    if base_url and not is_needed:
        return Channel()
    try:
        return read_channel(folder)
    except ConfigurationError as error:
        if is_needed:
            raise
        print_warnings([f"{error} (what is made has no link to the episode; --base-url gives one)"])
        return Channel()


def _base_url(given: str | None, channel: Channel, *, is_needed: bool) -> str | None:
    if given:
        return given_base_url(given)
    if is_needed and not channel.base_url:
        raise UsageError("--post links to the episode: say where listeners find it, with --base-url or in podcast.yaml")
    return channel.base_url or None


def _link(episode: CataloguedEpisode, part: EpisodePart, base_url: str | None) -> str | None:
    """Return where a part is heard in the whole."""
    name = episode.files.get(".html", episode.sound).name
    return address_of(base_url, name, *((part.start, part.end) if part.name else ())) if base_url else None


def _make_part(episode: CataloguedEpisode, part: EpisodePart, shared: SharedFiles, link: str | None) -> None:
    name = f"{episode.stem}.{part.name}.mp3"
    shared.check([name])
    contents = read_file(episode.sound)
    with shared.staging() as staging:
        clip = staging.temporary()
        write_part(episode, contents, part, contents.cover, link, clip)
        (path,) = shared.publish(staging, {name: clip})
    _print_made(path, part)


def _make_video(
    episode: CataloguedEpisode, part: EpisodePart, shared: SharedFiles, link: str | None, look: _Look
) -> None:
    width, height = map(int, look.size.split("x"))
    name = ".".join(filter(None, (episode.stem, part.name, look.size if look.size != SIZES[0] else "")))
    has_text_file = bool(part.name) and look.captions != "burnt"  # the whole episode has one
    names = [f"{name}.mp4", *([f"{name}.srt"] if has_text_file else [])]
    shared.check(names)
    captions = captions_of(episode, part, look.captions)
    style = _readable(look.captions, captions)
    cover = cover_picture(_cover(episode), episode.title)
    tags = tags_of(episode, part, b"", link)
    with (
        shared.staging() as staging,
        click.progressbar(length=1000, label=f"Making {names[0]}", file=sys.stderr) as bar,
    ):
        request = VideoRequest(
            episode,
            part,
            captions,
            style,
            (width, height),
            cover,
            tags,
            lambda share: bar.update(round(share * 1000) - bar.pos),
        )
        made = {names[0]: staging.temporary()}
        write_video(request, made[names[0]])
        if has_text_file:
            made[names[1]] = staging.temporary()
            made[names[1]].write_text(captions_as_srt(captions), "utf-8", newline="\n")
        paths = shared.publish(staging, made)
    _print_made(paths[0], part)
    if not part.name:
        for mark in listed_chapters(episode):
            print_line(mark, indent=6)


def _readable(style: CaptionStyle, captions: Sequence[Caption]) -> CaptionStyle:
    """Leave captions to a track where the picture's fonts lack their letters."""
    missing, is_unreadable = letters_without_glyph([caption.text for caption in captions])
    if style != "burnt" or not missing:
        return style
    shown = f"{missing[:20]}{'…' if len(missing) > 20 else ''}"
    if is_unreadable:
        print_warnings([f"the captions are a track, because no font for the picture has {shown}"])
        return "track"
    print_warnings([f"captions have 〓 for letters that no font for the picture has: {shown}"])
    return style


def _cover(episode: CataloguedEpisode) -> bytes:
    full = episode.files.get(COVER_SUFFIX)
    return full.read_bytes() if full else read_file(episode.sound).cover


def _print_made(path: Path, part: EpisodePart) -> None:
    print_line(f"{path}  {playing_time(part.seconds)}  {format_bytes(path.stat().st_size)}")


def _make_post(episode: CataloguedEpisode, shared: SharedFiles, base_url: str, channel: Channel) -> None:
    name = f"{episode.stem}.post.html"
    snippet = post_snippet(episode, base_url, channel)
    with shared.staging() as staging:
        written = staging.temporary()
        written.write_text(snippet, "utf-8", newline="\n")
        (path,) = shared.publish(staging, {name: written})
    print_line(f"{path}  {format_bytes(len(snippet.encode()))}")
