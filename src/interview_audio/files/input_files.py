"""Reads the files that a user names: files that have an end, within a limit, and a pipe only once.

Whoever names a device, a pipe without an end or a sparse file of 100 GB gets a line within a second, and no memory is
taken for more than the limit.
"""

import hashlib
import io
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

from interview_audio.errors import InterviewAudioError
from interview_audio.text.units import parse_bytes


class InputFileError(InterviewAudioError):
    """A file of the user's is of a kind that is not read, or too large: says so in words that follow its name."""


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """How large a file of one kind may be."""

    size: str
    """As messages write it."""
    remedy: str

    @property
    def bytes(self) -> int:
        """The size as a number."""
        return parse_bytes(self.size)

    def exceeded(self) -> InputFileError:
        """Return the error of a file that is larger."""
        return InputFileError(f"larger than the {self.size} limit; {self.remedy}")


SOURCE = SizeLimit("20 MB", "split it")
"""A hundred hours of talk are 5 MB; with a time for each word, as recognisers write them, a multiple of that."""
SETTINGS = SizeLimit("2 MB", "check that it is a settings file")
"""Room for 80,000 pronunciations. YAML is read at 0.2 MB a second, so more would look as if it hung."""
COVER = SizeLimit("100 MB", "save it as JPEG")
"""More than any picture of 3000 x 3000 pixels takes, uncompressed and with 16 bits a channel."""
CHAPTER_IMAGE = SizeLimit("30 MB", "save it smaller, as JPEG")
"""More than any camera makes of a picture; a text may have a hundred of them."""
RECORD = SizeLimit("200 MB", "check that it is a record")
"""Of an episode: that of ten hours has 4 MB."""
SOUND = SizeLimit("4 GB", "convert it to FLAC or MP3")
"""What a WAV file can hold; sound is decoded and hashed in pieces, so this bounds time and not memory."""

_KINDS = (
    (stat.S_ISDIR, "a folder", "choose a file in it"),
    (stat.S_ISFIFO, "a pipe", "save its output as a file and use that"),
    (stat.S_ISSOCK, "a socket", "choose a file"),
)
_DEVICE = ("a device", "choose a file")
_DESCRIPTOR = re.compile(r"/dev/(?:stdin|fd/(?P<number>\d+))|/proc/(?:self|\d+)/fd/(?P<same>\d+)")
"""How systems name what a process has open already: ``<(...)`` of a shell is one."""

PipedContents = Mapping[Path, bytes]
"""What came through pipes, which can be read only once, by the path under which a run asks for it.

It is passed on in memory, so that a process that is killed leaves nothing of it on a disk.
"""
NOTHING_PIPED: PipedContents = MappingProxyType({})

Stamp = tuple[int, int, int] | None
"""Time, size and number of a file, by which another one in its place is recognised; None if there is none."""


def named_file(word: str) -> Path:
    """Return the path that a settings file writes, with the home for ``~`` and ``~ada``.

    Raises:
        InputFileError: There is no such home, or the word holds a character that no file name may have.
    """
    if "\0" in word:
        raise InputFileError("a file name cannot contain a NUL character; remove it")
    try:
        return Path(word).expanduser()
    except RuntimeError as error:
        raise InputFileError(f"{word.split('/')[0]} has no home folder here; write the whole path") from error


def written_path(target: str, folder: Path) -> Path:
    """Return the file that a text in this folder names: as it is written, or as an address writes it (``%20``)."""
    written = folder / target
    plain = unquote(target.partition("#")[0].partition("?")[0])
    if plain == target:
        return written
    try:
        return written if written.is_file() else folder / plain
    except OSError:  # too long a name, or behind a folder that this user may not enter
        return folder / plain


def is_there(path: Path, piped: PipedContents = NOTHING_PIPED) -> bool:
    """Tell whether a path means piped content, or anything on the disk."""
    try:
        return path in piped or path.exists()
    except OSError:  # behind a folder that this user may not enter
        return False


def descriptor_of(path: Path) -> str | None:
    """Return the number in ``/dev/fd/63``, a name that says nothing of its content; None for every other path."""
    found = _DESCRIPTOR.fullmatch(path.as_posix())
    return (found["number"] or found["same"] or "0") if found else None


def is_read_once(path: Path) -> bool:
    """Tell whether a path is a pipe or something like it, which gives its content once: ``drain`` it.

    Raises:
        OSError: There is nothing there.
    """
    status = path.stat()
    is_nothing = stat.S_ISCHR(status.st_mode) and os.path.samestat(status, Path(os.devnull).stat())
    return stat.S_ISFIFO(status.st_mode) or is_nothing or descriptor_of(path) is not None


def drain(path: Path, limit: SizeLimit) -> bytes:
    """Read a pipe to its end, waiting for who writes to it, or to one byte more than the limit.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return file.read(limit.bytes + 1)


def read_file(path: Path, limit: SizeLimit, piped: PipedContents = NOTHING_PIPED) -> bytes:
    """Return the content of a file, or what was piped in under its path.

    Raises:
        InputFileError: It is not a regular file, or larger than the limit.
        OSError: It is not there or cannot be read.
    """
    content = piped.get(path)
    if content is None:
        with _open_file(path, limit) as file:
            content = file.read(limit.bytes + 1)  # it may grow, and /proc has files that say they are empty
    if len(content) > limit.bytes:
        raise limit.exceeded()
    return content


def digest_of(path: Path, limit: SizeLimit) -> str:
    """SHA-256 of a file in hexadecimal, without holding it in memory; raises what ``read_file`` raises."""
    with _open_file(path, limit) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beginning_of(path: Path, limit: SizeLimit, length: int) -> bytes:
    """Return the first bytes of a file, which a library may then read to its end; raises what ``read_file`` raises."""
    with _open_file(path, limit) as file:
        return file.read(length)


def stamp_of(path: Path) -> Stamp:
    """Return what tells whether a file has changed, without opening it."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def irregular_kind(path: Path) -> str | None:
    """Say what a path is that is not a regular file, for example ``a pipe``: opening it may wait for ever.

    Raises:
        OSError: There is nothing there.
    """
    mode = path.stat().st_mode
    return None if stat.S_ISREG(mode) else _kind(mode)[0]


def _open_file(path: Path, limit: SizeLimit) -> io.BufferedReader:
    _check(path.stat(), limit)  # before it is opened: that alone makes some devices do something
    # A pipe that has come into its place since then is not waited for.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    try:
        _check(os.fstat(file.fileno()), limit)
    except InputFileError:
        file.close()
        raise
    return file


def _check(status: os.stat_result, limit: SizeLimit) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputFileError("this is {}; {}".format(*_kind(status.st_mode)))
    if status.st_size > limit.bytes:
        raise limit.exceeded()


def _kind(mode: int) -> tuple[str, str]:
    """Say what it is that is not a regular file, and what to do instead."""
    return next(((kind, remedy) for is_of_kind, kind, remedy in _KINDS if is_of_kind(mode)), _DEVICE)
