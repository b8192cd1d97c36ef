"""Tags, chapters and cover as Vorbis comments, which Opus and FLAC share."""

import base64
import io
import struct

import av

from interview_audio.printable import printable
from interview_audio.production.chapter_marks import chapter_marks
from interview_audio.production.containers.container import Tags
from interview_audio.production.timeline import Timeline

_FRONT_COVER = 3
_BITS_OF_A_PIXEL = 24
PICTURE = "METADATA_BLOCK_PICTURE"
"""The comment that holds a picture where the format has no other place for one (wiki.xiph.org/VorbisComment)."""


def comments(tags: Tags, timeline: Timeline) -> dict[str, str]:
    """Tags and chapters by the name of the comment.

    Chapters are ``CHAPTER000=00:00:00.000`` and ``CHAPTER000NAME=Title`` (wiki.xiph.org/Chapter_Extension).
    """
    texts = {
        "TITLE": tags.title,
        "ARTIST": tags.artist,
        "ALBUM": tags.album,
        "DATE": tags.date.isoformat() if tags.date else None,
        "LANGUAGE": tags.language_code,
    }
    named = {name: printable(text) for name, text in texts.items() if text}
    for number, mark in enumerate(chapter_marks(timeline)):
        named[f"CHAPTER{number:03}"] = _clock(mark.start)
        named[f"CHAPTER{number:03}NAME"] = mark.title
    return named


def picture_block(tags: Tags) -> bytes:
    """The cover as FLAC's picture block (RFC 9639, 8.8)."""
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
    """The picture block as the text of a comment."""
    return base64.b64encode(picture_block(tags)).decode("ascii")


def _clock(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
