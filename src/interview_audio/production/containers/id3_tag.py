"""Writes the tag of an episode: ID3v2.3 with chapters in time order, as every reader we know understands them.

A writer of our own, because those at hand lose or misorder chapters: FFmpeg's v2.4 breaks on titles of more than 125
bytes, and mutagen sorts chapters by size (quodlibet/mutagen#506). Layout after id3v2.3.0 and the ID3v2 Chapter Frame
Addendum 1.0.
"""

import struct

from interview_audio.production.chapters import MOST_CHAPTERS
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.timeline import Timeline, chapter_marks
from interview_audio.text.printable import printable

_TOP_LEVEL_AND_ORDERED = 0x03
_NO_OFFSET = 0xFFFFFFFF
_FRONT_COVER = 3
_LATIN_1, _UTF_16 = b"\x00", b"\x01"


def write_tag(tags: Tags, timeline: Timeline) -> bytes:
    """Make the bytes that come before the sound in the MP3.

    Args:
        tags: Title and so on; empty ones are left out.
        timeline: Chapters and length.

    Raises:
        ValueError: There are more chapters than a table of contents can count.
    """
    if len(timeline.chapters) > MOST_CHAPTERS:
        raise ValueError(f"{len(timeline.chapters)} chapters, at most {MOST_CHAPTERS}")
    frames = b"".join((*_text_frames(tags, timeline), *_chapter_frames(tags.title, timeline), *_cover_frames(tags)))
    return b"ID3\x03\x00\x00" + _syncsafe(len(frames)) + frames


def _text_frames(tags: Tags, timeline: Timeline) -> list[bytes]:
    texts = {
        "TIT2": tags.title,
        "TPE1": tags.artist,
        "TALB": tags.album,
        "TLAN": tags.language_code,
        "TYER": f"{tags.date:%Y}" if tags.date else None,
        "TDAT": f"{tags.date:%d%m}" if tags.date else None,
        "TLEN": str(timeline.milliseconds(timeline.length)),
    }
    return [_text_frame(identifier, text) for identifier, text in texts.items() if text]


def _chapter_frames(title: str, timeline: Timeline) -> list[bytes]:
    if not timeline.chapters:
        return []
    elements = [b"chp%d\x00" % number for number in range(len(timeline.chapters))]
    contents = b"toc\x00" + bytes([_TOP_LEVEL_AND_ORDERED, len(elements)]) + b"".join(elements)
    frames = [_frame("CTOC", contents + _text_frame("TIT2", title))]
    for element, mark in zip(elements, chapter_marks(timeline), strict=True):
        times = struct.pack(">4I", mark.start, mark.end, _NO_OFFSET, _NO_OFFSET)
        frames.append(_frame("CHAP", element + times + _text_frame("TIT2", mark.title)))
    return frames


def _cover_frames(tags: Tags) -> list[bytes]:
    if not tags.cover:
        return []
    media_type = tags.cover_type.encode("ascii")
    return [_frame("APIC", _LATIN_1 + media_type + bytes([0, _FRONT_COVER, 0]) + tags.cover)]


def _text_frame(identifier: str, text: str) -> bytes:
    plain = printable(text)
    if plain.isascii():
        return _frame(identifier, _LATIN_1 + plain.encode("ascii") + b"\x00")
    return _frame(identifier, _UTF_16 + b"\xff\xfe" + plain.encode("utf-16-le") + b"\x00\x00")


def _frame(identifier: str, body: bytes) -> bytes:
    return identifier.encode("ascii") + struct.pack(">IH", len(body), 0) + body


def _syncsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
