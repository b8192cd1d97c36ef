"""FLAC, the master copy, and Opus in Ogg: both have tags and chapters as Vorbis comments."""

import base64
import io
import shutil
import struct
from collections.abc import Iterator
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
from interview_audio.production.timeline import Timeline, chapter_marks
from interview_audio.text.printable import printable
from interview_audio.text.units import clock

_FRONT_COVER = 3
_BITS_OF_A_PIXEL = 24
_PICTURE_COMMENT = "METADATA_BLOCK_PICTURE"
"""The comment that holds a picture where the format has no other place for one (wiki.xiph.org/VorbisComment)."""


def comments(tags: Tags, timeline: Timeline) -> dict[str, str]:
    """Return tags and chapters by the name of the comment.

    Chapters are ``CHAPTER000=00:00:00.000`` and ``CHAPTER000NAME=Title`` (wiki.xiph.org/Chapter_Extension).
    """
    texts = {
        "TITLE": tags.title,
        "ARTIST": tags.artist,
        "ALBUM": tags.album,
        "DATE": tags.date.isoformat() if tags.date else None,
        "LANGUAGE": tags.language_code,
        "COMMENT": tags.comment,
    }
    named = {name: printable(text) for name, text in texts.items() if text}
    if tags.lyrics:
        named["LYRICS"] = lines_of_lyrics(tags)
    for number, mark in enumerate(chapter_marks(timeline)):
        named[f"CHAPTER{number:03}"] = clock(mark.start)
        named[f"CHAPTER{number:03}NAME"] = mark.title
        if mark.link:
            named[f"CHAPTER{number:03}URL"] = mark.link
    return named


def picture_block(tags: Tags) -> bytes:
    """Write the cover as FLAC's picture block (RFC 9639, 8.8)."""
    media_type = tags.cover_type.encode("ascii")
    with av.open(io.BytesIO(tags.cover), "r") as image:
        picture = image.streams.video[0]
        size = (picture.width, picture.height)
    return b"".join(
        (
            struct.pack(">2I", _FRONT_COVER, len(media_type)),
            media_type,
            struct.pack(">6I", 0, *size, _BITS_OF_A_PIXEL, 0, len(tags.cover)),
            tags.cover,
        )
    )


def picture_comment(tags: Tags) -> str:
    """Write the picture block as the text of a comment."""
    return base64.b64encode(picture_block(tags)).decode("ascii")


_MARK = b"fLaC"
# Of metadata blocks (RFC 9639, 8.1).
_STREAM_INFO, _COMMENTS, _PICTURE = 0, 4, 6
_LAST = 0x80
_VENDOR = b"interview-audio"


class Flac(EpisodeWriter):
    """See `EpisodeWriter`."""

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `EpisodeWriter`."""
        bare = path.with_name(f"{path.name}.bare")
        try:
            with av.open(f"file:{bare}", "w", format="flac", options=BITEXACT) as container:
                encode(frames, container, add_sound(container, "flac", "s16", sound))
            with bare.open("rb") as source, path.open("wb") as target:
                # libavformat has no chapters for FLAC and takes no JPEG as a picture: these blocks are ours.
                target.write(_header(_stream_info(source), tags, timeline))
                shutil.copyfileobj(source, target)
        finally:
            bare.unlink(missing_ok=True)


def _stream_info(file: BinaryIO) -> bytes:
    """Return what the encoder says about the stream; leave the file at its first frame."""
    file.seek(len(_MARK))
    info, is_last = b"", False
    while not is_last:
        kind, *size = file.read(4)
        content = file.read(int.from_bytes(bytes(size)))
        is_last = bool(kind & _LAST)
        if kind & ~_LAST == _STREAM_INFO:
            info = content
    return info


def _header(stream_info: bytes, tags: Tags, timeline: Timeline) -> bytes:
    blocks = [(_STREAM_INFO, stream_info), (_COMMENTS, _comment_block(comments(tags, timeline)))]
    if tags.cover:
        blocks.append((_PICTURE, picture_block(tags)))
    last = len(blocks) - 1
    return _MARK + b"".join(
        bytes([kind | (_LAST if number == last else 0)]) + len(content).to_bytes(3) + content
        for number, (kind, content) in enumerate(blocks)
    )


def _comment_block(named: dict[str, str]) -> bytes:
    fields = [f"{name}={text}".encode() for name, text in named.items()]
    return b"".join((_counted(_VENDOR), struct.pack("<I", len(fields)), *map(_counted, fields)))


def _counted(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content


class Opus(EpisodeWriter):
    """See `EpisodeWriter`."""

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `EpisodeWriter`."""
        with av.open(f"file:{path}", "w", format="opus", options=BITEXACT) as container:
            stream = add_sound(container, "libopus", "flt", sound)
            # "voip" would cut the lowest octave and spend bits on intelligibility: a clean voice has that already.
            stream.options["application"] = "audio"
            stream.metadata.update(comments(tags, timeline))
            if tags.cover:
                stream.metadata[_PICTURE_COMMENT] = picture_comment(tags)
            encode(frames, container, stream)
