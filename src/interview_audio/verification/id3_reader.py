"""Reads the tag of an episode as strictly as the specification is written: what it accepts, players accept."""

import functools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interview_audio.errors import OutputError

_HEADER = 10
_ORDERED_AND_TOP_LEVEL = 0x03
_TIMES = struct.Struct(">4I")
_NO_OFFSET = 0xFFFFFFFF


class TagError(OutputError):
    """An episode's tag breaks the specification: render the episode again."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason, position)
        self.reason = reason
        self.position = position

    def __str__(self) -> str:
        return f"byte {self.position} of the ID3 tag: {self.reason}"


@dataclass(frozen=True, slots=True)
class TaggedChapter:
    """A chapter as the tag has it."""

    element: str
    title: str
    start: int
    """Milliseconds."""
    end: int
    """Milliseconds."""


@dataclass(frozen=True, slots=True)
class EpisodeTag:
    """All that the tag of an episode says."""

    size: int
    """Bytes before the first MP3 frame."""
    texts: tuple[tuple[str, str], ...]
    """Text frames in order: identifier and text."""
    contents: tuple[str, ...]
    """Elements in the order of the table of contents."""
    chapters: tuple[TaggedChapter, ...]
    """In order of the file."""
    cover: bytes


def read_tag(path: Path) -> EpisodeTag:
    """Walk the tag frame by frame.

    Raises:
        TagError: Something is not as ID3v2.3 and its chapter addendum have it.
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER)
        _expect(header[:6] == b"ID3\x03\x00\x00", "not a plain ID3v2.3 header", 0)
        _expect(len(header) == _HEADER and max(header[6:]) < 0x80, "its size is not syncsafe", 6)
        size = functools.reduce(lambda total, septet: total << 7 | septet, header[6:], 0)
        body = file.read(size)
    _expect(len(body) == size, "the file ends within the tag", len(body))
    return _parsed(body)


def _parsed(body: bytes) -> EpisodeTag:
    texts: list[tuple[str, str]] = []
    tables: list[tuple[str, ...]] = []
    chapters: list[TaggedChapter] = []
    cover = b""
    for identifier, start, end in _frames(body, 0, len(body)):
        _expect(not cover, "a frame follows the cover", start)
        if identifier == "CTOC":
            tables.append(_table(body, start, end))
        elif identifier == "CHAP":
            chapters.append(_chapter(body, start, end))
        elif identifier == "APIC":
            cover = _cover(body[start:end])
        else:
            texts.append((identifier, _text(body, start, end)))
    _expect(len(tables) == (1 if chapters else 0), f"{len(tables)} tables of contents", 0)
    contents = tables[0] if tables else ()
    _expect(contents == tuple(chapter.element for chapter in chapters), "the table lists other chapters", 0)
    return EpisodeTag(_HEADER + len(body), tuple(texts), contents, tuple(chapters), cover)


def _frames(body: bytes, position: int, limit: int) -> Iterator[tuple[str, int, int]]:
    """Identifier, start and end of each frame's body; together they must fill the space exactly."""
    while position < limit:
        _expect(limit - position > _HEADER, "a frame without a body", position)
        identifier, size, flags = struct.unpack_from(">4sIH", body, position)
        start, end = position + _HEADER, position + _HEADER + size
        _expect(identifier.isalnum() and identifier.isupper() and flags == 0, "not a frame", position)
        _expect(size > 0 and end <= limit, "a frame that does not fit into its parent", position)
        yield identifier.decode("ascii"), start, end
        position = end


def _element(body: bytes, start: int, end: int) -> tuple[str, int]:
    stop = body.find(b"\x00", start, end)
    _expect(stop > start, "an element without a name", start)
    return body[start:stop].decode("latin-1"), stop + 1


def _table(body: bytes, start: int, end: int) -> tuple[str, ...]:
    _, position = _element(body, start, end)
    _expect(position + 2 <= end, "a table of contents without entries", position)
    flags, count = body[position : position + 2]
    _expect(flags == _ORDERED_AND_TOP_LEVEL, f"a table of contents with flags {flags}", position)
    position += 2
    children = []
    for _ in range(count):
        child, position = _element(body, position, end)
        children.append(child)
    _expect(len(set(children)) == count, "a table that lists a chapter twice", start)
    _title(body, position, end)
    return tuple(children)


def _chapter(body: bytes, start: int, end: int) -> TaggedChapter:
    element, position = _element(body, start, end)
    _expect(position + _TIMES.size <= end, "a chapter without times", position)
    first, last, *offsets = _TIMES.unpack_from(body, position)
    _expect(first < last < _NO_OFFSET, f"a chapter from {first} to {last} ms", position)
    _expect(offsets == [_NO_OFFSET, _NO_OFFSET], "a chapter with byte offsets", position)
    return TaggedChapter(element, _title(body, position + _TIMES.size, end), first, last)


def _title(body: bytes, start: int, end: int) -> str:
    identifier, first, last = next(_frames(body, start, end), ("", start, start))
    _expect(identifier == "TIT2", "the title does not come first", start)
    return _text(body, first, last)


def _text(body: bytes, start: int, end: int) -> str:
    encoding, content = body[start], body[start + 1 : end]
    if encoding == 0:
        _expect(content.endswith(b"\x00") and content.isascii(), "a text that is not ASCII or does not end", start)
        return content[:-1].decode("ascii")
    _expect(encoding == 1 and content.startswith(b"\xff\xfe"), "a text without a byte order mark", start)
    _expect(content.endswith(b"\x00\x00") and len(content) % 2 == 0, "a text that does not end", start)
    try:
        return content[2:-2].decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise TagError("a text with half a surrogate pair", start) from error


def _cover(body: bytes) -> bytes:
    encoding, rest = body[:1], body[1:]
    media_type, _, image = rest.partition(b"\x00")
    _expect(encoding == b"\x00" and media_type in (b"image/png", b"image/jpeg"), "a cover of unknown type", 0)
    _expect(image[:2] == b"\x03\x00", "a picture that is not the front cover", 0)
    return image[2:]


def _expect(holds: bool, reason: str, position: int) -> None:  # noqa: FBT001 - the condition is the subject
    if not holds:
        raise TagError(reason, position)
