"""Looks through an ID3 tag of any maker and version for what chapter readers stumble over; forgives everything else.

Layout after id3v2.3.0, id3v2.4.0-structure and the ID3v2 Chapter Frame Addendum 1.0.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = 10
_UNSYNCHRONISED, _EXTENDED, _FOOTED = 0x80, 0x40, 0x10
_TOP_LEVEL = 0x02
_TIMES = struct.Struct(">4I")
_CODECS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class SurveyedChapter:
    """A chapter frame."""

    element: str
    title: str
    start: int
    """Milliseconds."""
    largest: int
    """Bytes of the largest frame inside."""
    has_byte_order: bool
    """False for a title in UTF-16 that does not say which."""


@dataclass(frozen=True, slots=True)
class TagSurvey:
    """What a tag says of chapters."""

    version: int
    """The 3 of ID3v2.3; 0 where there is no tag."""
    size: int
    """Bytes before the sound."""
    chapters: tuple[SurveyedChapter, ...]
    """In order of the file."""
    contents: tuple[tuple[str, ...], ...]
    """The elements of each top-level table of contents."""
    fault: str
    """Where the tag cannot be followed further; empty if it can."""


@dataclass(frozen=True, slots=True)
class _Tag:
    """The frames of a tag."""

    version: int
    body: bytes

    def frames(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """Identifier, start and end of each frame's content, up to padding."""
        while end - start > _HEADER and self.body[start]:
            identifier = self.body[start : start + 4].decode("latin-1")
            size = self.body[start + 4 : start + 8]
            length = _syncsafe(size) if self.version >= 4 else int.from_bytes(size)
            start, last = start + _HEADER, start + _HEADER + length
            if last > end or not identifier.isalnum():
                raise ValueError(f"frame {identifier!r} does not fit into its parent")
            yield identifier, start, last
            start = last


def survey_tag(path: Path) -> TagSurvey:
    """Look through the tag at the beginning of a file.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER)
        if len(header) < _HEADER or not header.startswith(b"ID3"):
            return TagSurvey(0, 0, (), (), "")
        length = _syncsafe(header[6:])
        body = file.read(length)
    size = _HEADER + length + (_HEADER if header[5] & _FOOTED else 0)
    version, flags = header[3], header[5]
    if version not in (3, 4):
        return TagSurvey(version, size, (), (), "")
    if flags & _UNSYNCHRONISED and version == 3:
        body = body.replace(b"\xff\x00", b"\xff")
    tag = _Tag(version, body)
    chapters: list[SurveyedChapter] = []
    contents: list[tuple[str, ...]] = []
    fault = "" if len(body) == length or flags & _UNSYNCHRONISED else "the file ends inside it"
    try:
        for identifier, start, end in tag.frames(_extension(tag, flags), len(body)):
            if identifier == "CHAP":
                chapters.append(_chapter(tag, start, end))
            elif identifier == "CTOC":
                contents += _table(tag, start, end)
    except (ValueError, struct.error) as error:
        fault = fault or str(error)
    return TagSurvey(version, size, tuple(chapters), tuple(contents), fault)


def _syncsafe(septets: bytes) -> int:
    return sum((septet & 0x7F) << shift for septet, shift in zip(septets, (21, 14, 7, 0), strict=True))


def _extension(tag: _Tag, flags: int) -> int:
    """Bytes of the extended header; v2.4 counts its size field, v2.3 does not."""
    if not flags & _EXTENDED:
        return 0
    return _syncsafe(tag.body[:4]) if tag.version == 4 else 4 + int.from_bytes(tag.body[:4])


def _element(tag: _Tag, start: int, end: int) -> tuple[str, int]:
    stop = tag.body.index(b"\x00", start, end)
    return tag.body[start:stop].decode("latin-1"), stop + 1


def _table(tag: _Tag, start: int, end: int) -> list[tuple[str, ...]]:
    _, position = _element(tag, start, end)
    flags, count = struct.unpack_from("BB", tag.body, position)
    position += 2
    children = []
    for _ in range(count):
        child, position = _element(tag, position, end)
        children.append(child)
    return [tuple(children)] if flags & _TOP_LEVEL else []


def _chapter(tag: _Tag, start: int, end: int) -> SurveyedChapter:
    element, position = _element(tag, start, end)
    first, *_ = _TIMES.unpack_from(tag.body, position)
    title, has_byte_order, largest = "", True, 0
    for identifier, begin, last in tag.frames(position + _TIMES.size, end):
        largest = max(largest, last - begin)
        if identifier == "TIT2":
            title, has_byte_order = _text(tag.body[begin:last])
    return SurveyedChapter(element, title, first, largest, has_byte_order)


def _text(content: bytes) -> tuple[str, bool]:
    encoding, text = content[:1], content[1:]
    codec = _CODECS.get(encoding[0], "latin-1") if encoding else "latin-1"
    return text.decode(codec, "replace").rstrip("\x00"), codec != "utf-16" or text[:2] in _BYTE_ORDER_MARKS
