"""Reads the ID3 tag of any maker and version, and collects where it departs from what our own tags keep to.

Chapter readers differ in what they forgive. This one reads on as long as it can tell where the next frame begins, and
notes as a fault whatever a strict reader of ID3v2.3 would refuse. Layout after id3v2.3.0, id3v2.4.0-structure and the
ID3v2 Chapter Frame Addendum 1.0.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEADER = 10
_FRAME = struct.Struct(">4s4sH")
_UNSYNCHRONISED, _EXTENDED, _FOOTED = 0x80, 0x40, 0x10
_ORDERED, _TOP_LEVEL = 0x01, 0x02
_TIMES = struct.Struct(">4I")
_NO_OFFSET = 0xFFFFFFFF
_FRONT_COVER = 3
_CODECS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class TaggedChapter:
    """A chapter frame."""

    element: str
    title: str
    start: int
    """Milliseconds."""
    end: int
    """Milliseconds."""
    largest_frame: int = 0
    """Bytes of the largest frame inside."""
    has_byte_order: bool = True
    """False for a title in UTF-16 that does not say which."""


@dataclass(frozen=True, slots=True)
class Id3Tag:
    """What a tag says."""

    version: int
    """The 3 of ID3v2.3; 0 where there is no tag."""
    size: int
    """Bytes before the sound."""
    texts: tuple[tuple[str, str], ...] = ()
    """Identifier and text of each text frame, in order of the file."""
    contents: tuple[tuple[str, ...], ...] = ()
    """The elements of each top-level table of contents."""
    chapters: tuple[TaggedChapter, ...] = ()
    """In order of the file."""
    cover: bytes = b""
    damage: str = ""
    """Where the tag cannot be followed further; empty if it can."""
    faults: tuple[str, ...] = ()
    """What is not as ID3v2.3 and its chapter addendum have it, in order of the file; none in a tag of ours."""


class _DamageError(ValueError):
    """Nobody can tell where the next frame begins."""


@dataclass(slots=True)
class _Walk:
    """The frames of a tag, and what has been found in them."""

    version: int
    body: bytes
    texts: list[tuple[str, str]] = field(default_factory=list)
    tables: int = 0
    contents: list[tuple[str, ...]] = field(default_factory=list)
    chapters: list[TaggedChapter] = field(default_factory=list)
    cover: bytes = b""
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, reason: str, position: int) -> None:  # noqa: FBT001 - the condition is the subject
        """Note a fault if something does not hold."""
        if not holds:
            self.faults.append(f"byte {position} of the ID3 tag: {reason}")

    def frames(self, position: int, limit: int) -> Iterator[tuple[str, int, int]]:
        """Yield identifier, start and end of the content of each frame, up to padding.

        Raises:
            _DamageError: A frame does not fit into its parent.
        """
        while position < limit:
            is_padding = not self.body[position]
            if limit - position <= _HEADER or is_padding:
                self.expect(False, "not a frame" if is_padding else "a frame without a body", position)
                return
            identifier, size, flags = _FRAME.unpack_from(self.body, position)
            length = _syncsafe(size) if self.version >= 4 else int.from_bytes(size)
            start, end = position + _HEADER, position + _HEADER + length
            is_named = identifier.isalnum() and identifier.isupper()
            self.expect(is_named and flags == 0, "not a frame", position)
            self.expect(0 < length <= limit - start, "a frame that does not fit into its parent", position)
            if end > limit or not identifier.isalnum():
                raise _DamageError(f"frame {identifier.decode('latin-1')!r} does not fit into its parent")
            yield identifier.decode("latin-1"), start, end
            position = end

    def all(self, start: int) -> None:
        """Read the frames of the tag.

        Raises:
            _DamageError: Nobody can tell where the next frame begins.
        """
        for identifier, first, last in self.frames(start, len(self.body)):
            self.expect(not self.cover, "a frame follows the cover", first)
            if identifier == "CTOC":
                self.table(first, last)
            elif identifier == "CHAP":
                self.chapter(first, last)
            elif identifier == "APIC":
                self.picture(first, last)
            elif identifier in ("COMM", "USLT"):
                self.texts.append((identifier, self.comment(first, last)))
            else:
                self.texts.append((identifier, self.text(first, last)[0]))
        self.expect(self.tables == (1 if self.chapters else 0), f"{self.tables} tables of contents", 0)
        listed = self.contents[0] if self.contents else ()
        elements = tuple(chapter.element for chapter in self.chapters)
        self.expect(listed == elements, "the table lists other chapters", 0)

    def element(self, start: int, end: int) -> tuple[str, int]:
        """Read the name of an element; return it and where it ends."""
        stop = self.body.find(b"\x00", start, end)
        self.expect(stop > start, "an element without a name", start)
        if stop < start:
            raise _DamageError("an element without a name")
        return self.body[start:stop].decode("latin-1"), stop + 1

    def table(self, start: int, end: int) -> None:
        """Read a table of contents."""
        _, position = self.element(start, end)
        if position + 2 > end:
            self.expect(False, "a table of contents without entries", position)
            raise _DamageError("a table of contents without entries")
        flags, count = self.body[position : position + 2]
        self.expect(flags == _ORDERED | _TOP_LEVEL, f"a table of contents with flags {flags}", position)
        position += 2
        children = []
        for _ in range(count):
            child, position = self.element(position, end)
            children.append(child)
        self.expect(len(set(children)) == count, "a table that lists a chapter twice", start)
        self.titles(position, end)
        self.tables += 1
        if flags & _TOP_LEVEL:
            self.contents.append(tuple(children))

    def chapter(self, start: int, end: int) -> None:
        """Read a chapter."""
        element, position = self.element(start, end)
        if position + _TIMES.size > end:
            self.expect(False, "a chapter without times", position)
            raise _DamageError("a chapter without times")
        first, last, *offsets = _TIMES.unpack_from(self.body, position)
        self.expect(first < last < _NO_OFFSET, f"a chapter from {first} to {last} ms", position)
        self.expect(offsets == [_NO_OFFSET, _NO_OFFSET], "a chapter with byte offsets", position)
        title, has_byte_order, largest = self.titles(position + _TIMES.size, end)
        self.chapters.append(TaggedChapter(element, title, first, last, largest, has_byte_order))

    def titles(self, start: int, end: int) -> tuple[str, bool, int]:
        """Read the frames inside a frame; return the title, whether its byte order is known, and the largest size."""
        title, has_byte_order, largest = "", True, 0
        position = start
        for identifier, first, last in self.frames(start, end):
            self.expect(position > start or identifier == "TIT2", "the title does not come first", start)
            position = last
            largest = max(largest, last - first)
            if identifier == "TIT2":
                title, has_byte_order = self.text(first, last)
        self.expect(position > start, "the title does not come first", start)
        return title, has_byte_order, largest

    def text(self, start: int, end: int) -> tuple[str, bool]:
        """Read a text; return it and whether its byte order is known."""
        return self._decoded(self.body[start : start + 1], self.body[start + 1 : end], start)

    def _decoded(self, encoding: bytes, content: bytes, start: int) -> tuple[str, bool]:
        if encoding == b"\x00":
            is_ended = content.endswith(b"\x00") and content.isascii()
            self.expect(is_ended, "a text that is not ASCII or does not end", start)
        else:
            is_marked = encoding == b"\x01" and content.startswith(b"\xff\xfe")
            self.expect(is_marked, "a text without a byte order mark", start)
            is_ended = content.endswith(b"\x00\x00") and len(content) % 2 == 0
            self.expect(is_ended, "a text that does not end", start)
        codec = _CODECS.get(encoding[0], "latin-1") if encoding else "latin-1"
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            self.expect(False, "a text with half a surrogate pair", start)
            text = content.decode(codec, "replace")
        return text.rstrip("\x00"), codec != "utf-16" or content[:2] in _BYTE_ORDER_MARKS

    def comment(self, start: int, end: int) -> str:
        """Read a comment or lyrics: its language and a description, which are left out, then the text."""
        encoding, content = self.body[start : start + 1], self.body[start + 4 : end]
        size = 2 if encoding in (b"\x01", b"\x02") else 1
        ends = (at + size for at in range(0, len(content), size) if content[at : at + size] == bytes(size))
        behind = next(ends, None)
        self.expect(behind is not None, "a comment without a description", start)
        return self._decoded(encoding, content[behind or 0 :], start)[0]

    def picture(self, start: int, end: int) -> None:
        """Read the cover, whose description is empty."""
        encoding, rest = self.body[start : start + 1], self.body[start + 1 : end]
        media_type, _, image = rest.partition(b"\x00")
        is_known = encoding == b"\x00" and media_type in (b"image/png", b"image/jpeg")
        self.expect(is_known, "a cover of unknown type", start)
        is_front = image[:2] == bytes([_FRONT_COVER, 0])
        self.expect(is_front, "a picture that is not the front cover", start)
        self.cover = image[2:]


def read_tag(path: Path) -> Id3Tag:
    """Read the tag at the beginning of a file.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER)
        is_tag = len(header) == _HEADER and header.startswith(b"ID3")
        length = _syncsafe(header[6:]) if is_tag else 0
        body = file.read(length)
    if not is_tag:
        return Id3Tag(0, 0, faults=("byte 0 of the ID3 tag: not a plain ID3v2.3 header",))
    version, flags = header[3], header[5]
    size = _HEADER + length + (_HEADER if flags & _FOOTED else 0)
    is_whole = len(body) == length
    if flags & _UNSYNCHRONISED and version == 3:
        body = body.replace(b"\xff\x00", b"\xff")
    walk = _Walk(version, body)
    walk.expect(header[:6] == b"ID3\x03\x00\x00", "not a plain ID3v2.3 header", 0)
    walk.expect(max(header[6:]) < 0x80, "its size is not syncsafe", 6)
    walk.expect(is_whole, "the file ends within the tag", len(body))
    if version not in (3, 4):
        return Id3Tag(version, size, faults=tuple(walk.faults))
    damage = "" if is_whole or flags & _UNSYNCHRONISED else "the file ends inside it"
    try:
        walk.all(_extension(walk, flags))
    except _DamageError as error:
        damage = damage or str(error)
    return Id3Tag(
        version,
        size,
        tuple(walk.texts),
        tuple(walk.contents),
        tuple(walk.chapters),
        walk.cover,
        damage,
        tuple(walk.faults),
    )


def _syncsafe(septets: bytes) -> int:
    return sum((septet & 0x7F) << shift for septet, shift in zip(septets, (21, 14, 7, 0), strict=True))


def _extension(walk: _Walk, flags: int) -> int:
    """Return the bytes of the extended header; v2.4 counts its size field, v2.3 does not."""
    if not flags & _EXTENDED or len(walk.body) < 4:
        return 0
    return _syncsafe(walk.body[:4]) if walk.version == 4 else 4 + int.from_bytes(walk.body[:4])
