"""Mends the chapter titles of an MP4's ``chpl`` box, which FFmpeg cuts at 255 bytes, if need be inside a character.

Readers that take UTF-8 at its word (mutagen among them) then refuse the whole file. The box keeps its size, so that
nothing else in the file moves. QuickTime's chapters have the whole titles.
"""

import struct
from pathlib import Path
from typing import BinaryIO

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
