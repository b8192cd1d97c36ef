"""M4B and M4A: AAC-LC in MP4, with chapters both for QuickTime players and in Nero's ``chpl`` box.

All is as FFmpeg's muxer writes it, but for the titles in ``chpl``: FFmpeg cuts them at 255 bytes, if need be inside a
character, and readers that take UTF-8 at its word (mutagen among them) then refuse the whole file. They are mended in
place; the box keeps its size, so that nothing else in the file moves. QuickTime's chapters have the whole titles.
"""

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.episode_writer import (
    BITEXACT,
    EpisodeWriter,
    Tags,
    add_sound,
    encode,
    lines_of_lyrics,
)
from interview_audio.production.timeline import MOST_CHAPTERS, Timeline, chapter_marks
from interview_audio.text.printable import printable

_PATH_OF_BOXES = (b"moov", b"udta", b"chpl")
_BOX = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")
_SIZE_FOLLOWS = 1
# Version, flags and a reserved word, then a byte that counts the chapters; each has its start in 100 ns and its title
# behind a byte that counts the title's bytes.
_HEADER = 9
_START = 8


def mend_titles(path: Path) -> None:
    """Replace what is left of a cut character by spaces, in place.

    Raises:
        OSError: The file cannot be read or written.
    """
    with path.open("r+b") as file:
        end = path.stat().st_size
        for name in _PATH_OF_BOXES:
            found = _find(file, name, end)
            if found is None:
                return
            end = found
        start = file.tell()
        content = file.read(end - start)
        file.seek(start)
        file.write(_mended(content))


def _find(file: BinaryIO, wanted: bytes, end: int) -> int | None:
    """Move to the content of the next box of this name, and say where it ends."""
    while (start := file.tell()) < end:
        size, name = _BOX.unpack(file.read(_BOX.size))
        if size == _SIZE_FOLLOWS:
            (size,) = _LARGE.unpack(file.read(_LARGE.size))
        if name == wanted:
            return start + int(size)
        file.seek(start + size)
    return None


def _mended(content: bytes) -> bytes:
    parts, position = [content[:_HEADER]], _HEADER
    while position < len(content):
        head = position + _START + 1
        position = head + content[head - 1]
        title = content[head:position]
        parts += [content[head - _START - 1 : head], title.decode("utf-8", "ignore").encode("utf-8").ljust(len(title))]
    return b"".join(parts)


_MILLISECOND = Fraction(1, 1000)
_AUDIOBOOK = "2"  # iTunes's media kind "stik"
_PICTURE_CODECS = {"image/png": "png", "image/jpeg": "mjpeg"}
# A width is asked for and written nowhere: a cover is an item of the tag, not a track.
_ANY_WIDTH = 1


class M4a(EpisodeWriter):
    """See `EpisodeWriter`."""

    brand = "M4A "
    kind: str | None = None

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `EpisodeWriter`."""
        if len(timeline.chapters) > MOST_CHAPTERS:
            raise ValueError(f"{len(timeline.chapters)} chapters, at most {MOST_CHAPTERS}")
        options = {
            **BITEXACT,
            "brand": self.brand,
            "movflags": "+faststart",  # players on the web read the chapters before the sound has come
            "movie_timescale": str(sound.sample_rate),  # so that the length is true to the sample, not the millisecond
        }
        with av.open(f"file:{path}", "w", format="mp4", options=options) as container:
            stream = add_sound(container, "aac", "fltp", sound)
            # FFmpeg's default search, "twoloop", is slower and, on ten lines of our voices, no better from 56 kbit/s:
            # PESQ 4.29 against 4.44 at 80 kbit/s.
            stream.options["aac_coder"] = "fast"
            stream.metadata["language"] = tags.language_code
            container.metadata.update(_texts(tags, self.kind))
            container.set_chapters(_chapters(timeline))
            _add_cover(container, tags)
            encode(frames, container, stream)
        mend_titles(path)


class M4b(M4a):
    """See `EpisodeWriter`; an audiobook, for which players remember the place."""

    brand = "M4B "
    kind = _AUDIOBOOK


def _texts(tags: Tags, kind: str | None) -> dict[str, str]:
    texts = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "date": tags.date.isoformat() if tags.date else None,
        "comment": tags.comment,
        "media_type": kind,
    }
    named = {name: printable(text) for name, text in texts.items() if text}
    return named | ({"lyrics": lines_of_lyrics(tags)} if tags.lyrics else {})


def _chapters(timeline: Timeline) -> "list[av.container.core.Chapter]":
    return [
        {
            "id": number,
            "start": mark.start,
            "end": timeline.milliseconds(chapter.end),
            "time_base": _MILLISECOND,
            "metadata": {"title": mark.title},
        }
        for number, (mark, chapter) in enumerate(zip(chapter_marks(timeline), timeline.chapters, strict=True))
    ]


def _add_cover(container: av.container.OutputContainer, tags: Tags) -> None:
    if not tags.cover:
        return
    stream = container.add_mux_stream(_PICTURE_CODECS[tags.cover_type], width=_ANY_WIDTH, height=_ANY_WIDTH)
    stream.disposition = av.stream.Disposition.attached_pic
    container.start_encoding()
    packet = av.Packet(tags.cover)
    packet.stream = stream
    packet.pts = packet.dts = 0
    packet.is_keyframe = True
    container.mux(packet)
