"""FLAC: the master copy, with chapters in its comments and the cover in a block of its own."""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.container import Container, Tags
from interview_audio.production.containers.encoding import BITEXACT, add_sound, encode
from interview_audio.production.containers.vorbis_comments import comments, picture_block
from interview_audio.production.timeline import Timeline

_MARK = b"fLaC"
# Of metadata blocks (RFC 9639, 8.1).
_STREAM_INFO, _COMMENTS, _PICTURE = 0, 4, 6
_LAST = 0x80
_VENDOR = b"interview-audio"


class Flac(Container):
    """See `Container`."""

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `Container`."""
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
    """What the encoder says of the stream; leaves the file at its first frame."""
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
