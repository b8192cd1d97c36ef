"""Standard input, output and error where they are closed, full, or nobody reads them any more.

A message that cannot be written is no reason to lose an episode: what is written to a broken stream is dropped, and
``main`` asks afterwards why. A command whose result is what it prints has failed then.

Lines and rows of text that fit a terminal: columns that line up, breaks between words, nothing that is obeyed.

Widths are those of a terminal, where a Chinese character takes two columns.

Warnings of commands that are not renders: a line each on standard error.
"""

import errno
import io
import os
import re
import select
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from interview_audio.text.printable import harmless
from interview_audio.text.width import columns

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


GAP = "  "
LOWER = 4
"""Indent of a last cell that has no room beside the others."""
_OPENING = "“‘«（(「『【〖《〈〔［[｛{"
_CLOSING = "”’»）)」』】〗》〉〕］]｝}，、。．！？；：,.!?;:%％…—·～ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
_WIDE = r"\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U000323af"
"""Chinese and Japanese, which break between characters; Korean breaks between words."""
_UNIT = re.compile(
    f"[{re.escape(_OPENING)}]*"
    f"(?:(?![{re.escape(_OPENING + _CLOSING)}])[{_WIDE}][\ufe00-\ufe0f\U000e0100-\U000e01ef]*|[^ {_WIDE}“‘«]+)?"
    f"[{re.escape(_CLOSING)}]*"
)
"""What stays together on a line: a word or one Chinese character, with the marks that may not end or begin a line."""
_RUN = re.compile(" *[^ ]+")
_CLAUSE = re.compile(r"[^，。！？；：、]+[，。！？；：、”’」』）】》]*|[，。！？；：、]+")


def terminal_width(stream: TextIO | None = None) -> int | None:
    """Columns of the terminal that a stream is, standard output by default; None where it is a file or a pipe."""
    return shutil.get_terminal_size().columns if (stream or sys.stdout).isatty() else None


def say(line: str, indent: int = 4, *, err: bool = False) -> None:
    """Print a line of a report or a message: folded to the terminal, and with nothing in it that a terminal obeys.

    Args:
        line: It may hold what the user, a file or a service says, line ends and escape sequences included.
        indent: Of what goes on below.
        err: Whether it goes to standard error.
    """
    width = terminal_width(sys.stderr if err else sys.stdout)
    click.echo("\n".join(folded(harmless(line), width, indent)), err=err)


def folded_rows(rows: Sequence[Sequence[str]], right: Collection[int] = (), width: int | None = None) -> Iterator[str]:
    """Give each row as a line, indented by two columns; what is wider than the terminal goes on under the last cell.

    Where that begins in the right half of the terminal, it goes below as a whole.

    Args:
        rows: Cells; all rows have equally many.
        right: Indexes of columns that line up at their right end.
        width: Columns of the terminal; None for a file or a pipe, where nothing is folded.
    """
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    indent = sum(widths[:-1]) + len(GAP) * len(widths)
    for row in rows:
        cells = (_padded(cell, widths[index], is_right=index in right) for index, cell in enumerate(row))
        line = (GAP + GAP.join(cells)).rstrip()
        if width is None or columns(line) <= width or 2 * indent <= width:
            yield from folded(line, width, indent)
        else:
            yield from folded(line[: len(line) - len(row[-1].rstrip())].rstrip(), width, LOWER)
            yield from folded(" " * LOWER + row[-1], width, LOWER)


def folded(text: str, width: int | None, indent: int = 0) -> Iterator[str]:
    """Give a text in lines that fit; those after the first are indented.

    It is broken between words and between Chinese characters. A word that is wider than a line stays whole, and so does
    a path or an address, which somebody may copy.
    """
    if width is None or columns(text) <= width:
        yield text
        return
    margin = " " * indent
    line = ""
    for word in _words(text):
        if line.strip() and columns(line + word) > width:
            yield line.rstrip(" ")
            line = margin + word.lstrip(" ")
        else:
            line += word
    yield line


def _words(text: str) -> Iterator[str]:
    """What a line may end after, each with the spaces before it."""
    for run in _RUN.findall(text):
        spaces = run[: len(run) - len(run.lstrip(" "))]
        for clause in _CLAUSE.findall(run[len(spaces) :]):
            for unit in [clause] if "/" in clause or "\\" in clause else _UNIT.findall(clause):
                if unit:
                    yield spaces + unit
                    spaces = ""


def cut(text: str, width: int | None) -> str:
    """Give a text, or as much of it as fits with an ellipsis; all of it where there is no width."""
    if width is None or columns(text) <= width:
        return text
    kept = text[: width - 1]
    while columns(kept) > width - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _padded(cell: str, width: int, *, is_right: bool) -> str:
    space = " " * (width - columns(cell))
    return space + cell if is_right else cell + space


def warn(messages: Iterable[str]) -> None:
    """Say what stops nothing and should be known."""
    for message in messages:
        say(f"Warning: {message}", err=True)
