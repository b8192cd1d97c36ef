"""Standard input, output and error where they are closed, full, or nobody reads them any more.

A message that cannot be written is no reason to lose an episode: what is written to a broken stream is dropped, and
``main`` asks afterwards why. A command whose result is what it prints has failed then.
"""

import errno
import io
import os
import select
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READER_GONE = 141
"""Exit code of a command whose reader wanted no more (``| head -1``), as shells give it: 128 and SIGPIPE."""


class Lossy(io.RawIOBase):
    """Takes all that is written to a descriptor, and remembers why it could not be written there.

    Args:
        handle: The descriptor.
        is_closed: It was closed when the command began; what has this number now is not for output.
    """

    def __init__(self, handle: int, *, is_closed: bool = False) -> None:
        super().__init__()
        self.name = handle  # as that of an open file is
        self.failure: OSError | None = None
        self._is_closed = is_closed

    def writable(self) -> bool:
        """See ``io``."""
        return True

    def fileno(self) -> int:
        """See ``io``."""
        return self.name

    def isatty(self) -> bool:
        """See ``io``."""
        return os.isatty(self.name)

    def write(self, content: "ReadableBuffer", /) -> int:
        """See ``io``; never fails, and leaves nothing for a second call."""
        rest = memoryview(content).cast("B")
        size = len(rest)
        while rest and self.failure is None:
            try:
                rest = rest[self._write(rest) :]
            except BlockingIOError:  # another program that shares the stream has set this
                select.select((), (self.name,), ())
            except OSError as error:
                self.failure = error
        return size

    def _write(self, content: memoryview) -> int:
        if self._is_closed:
            raise OSError(errno.EBADF, "it is closed")
        return os.write(self.name, content)


def prepare() -> Lossy | None:
    """Have the standard streams take whatever is written; gives standard output, None where it is not ours to change.

    Standard input stays None where it is closed. Its number and those of the others are taken in any case: what a
    program opens gets the lowest that is free, and libraries would write their messages into that file.
    """
    for handle in range(3):
        _take(handle)
    output = _lossy(sys.stdout, sys.__stdout__, 1)
    error = _lossy(sys.stderr, sys.__stderr__, 2)
    if output:
        sys.stdout = _as_text(output, sys.stdout)
    if error:
        sys.stderr = _as_text(error, sys.stderr)
    return output


def _take(handle: int) -> None:
    try:
        os.fstat(handle)
    except OSError:
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # gets the lowest: this one


def _lossy(stream: TextIO | None, original: TextIO | None, handle: int) -> Lossy | None:
    if stream is None:
        return Lossy(handle, is_closed=True)
    if stream is not original or (os.name == "nt" and stream.isatty()):  # a test's, or a console with its own ways
        _speak_utf8(stream)
        return None
    stream.flush()
    return Lossy(stream.fileno())


def _as_text(raw: Lossy, stream: TextIO | None) -> TextIO:
    """Chinese must not crash a pipe in a legacy code page: files and pipes get UTF-8, a terminal what it can show."""
    encoding = stream.encoding if stream and raw.isatty() else "utf-8"
    # Not buffered: a buffer's lock that a thread holds when the interpreter ends makes it abort.
    return io.TextIOWrapper(raw, encoding, "replace", write_through=True)  # as `python -u` does


def _speak_utf8(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")
