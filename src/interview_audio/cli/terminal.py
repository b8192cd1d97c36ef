"""The terminal and the standard streams: output that never fails, and text laid out to fit.

Standard streams may be closed, full, or read by nobody. A message that cannot be written is no reason to lose an
episode: what is written to a broken stream is dropped, and ``main`` asks afterwards why. A command whose result is what
it prints has failed then.

Text is wrapped and rows are aligned by the columns of a terminal, where a Chinese character takes two, and nothing is
printed that a terminal would obey as a control sequence.
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

from interview_audio.text.characters import columns
from interview_audio.text.printable import harmless

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READER_GONE = 141
"""Exit code of a command whose reader wanted no more (``| head -1``), as shells report it: 128 and SIGPIPE."""
COLUMN_GAP = "  "
_HANGING_INDENT = 4
"""Columns before a last cell that has no room beside the others."""
_OPENING = "“‘«（(「『【〖《〈〔［[｛{"
_CLOSING = "”’»）)」』】〗》〉〕］]｝}，、。．！？；：,.!?;:%％…—·～ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
_WIDE = r"\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U000323af"
"""Chinese and Japanese, which break between characters; Korean breaks between words."""
# Patterns are compiled when they are first used: `--version` needs none, and this one takes some milliseconds.
_UNIT = (
    f"[{re.escape(_OPENING)}]*"
    f"(?:(?![{re.escape(_OPENING + _CLOSING)}])[{_WIDE}][\ufe00-\ufe0f\U000e0100-\U000e01ef]*|[^ {_WIDE}“‘«]+)?"
    f"[{re.escape(_CLOSING)}]*"
)
"""What stays together on a line: a word or one Chinese character, with the marks that may not end or begin a line."""
_RUN = " *[^ ]+"
_CLAUSE = r"[^，。！？；：、]+[，。！？；：、”’」』）】》]*|[，。！？；：、]+"


class TolerantStream(io.RawIOBase):
    """A stream that accepts all that is written to a descriptor, and remembers why it could not be written there.

    Args:
        handle: The descriptor.
        is_closed: It was closed when the command began; what has this number now is not for output.
    """

    def __init__(self, handle: int, *, is_closed: bool = False) -> None:
        super().__init__()
        self.name = handle  # like the name of an open file
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
            except BlockingIOError:  # set by another program that shares the stream
                select.select((), (self.name,), ())
            except OSError as error:
                self.failure = error
        return size

    def _write(self, content: memoryview) -> int:
        if self._is_closed:
            raise OSError(errno.EBADF, "it is closed")
        return os.write(self.name, content)


def prepare_streams() -> TolerantStream | None:
    """Have the standard streams accept whatever is written; return standard output, or None if we must not replace it.

    Standard input stays None if it is closed. The numbers of all three are occupied in any case: the next file that is
    opened gets the lowest free number, and libraries would write their messages into it.
    """
    for handle in range(3):
        _occupy(handle)
    output = _tolerant(sys.stdout, sys.__stdout__, 1)
    error = _tolerant(sys.stderr, sys.__stderr__, 2)
    if output:
        sys.stdout = _as_text(output, sys.stdout)
    if error:
        sys.stderr = _as_text(error, sys.stderr)
    return output


def _occupy(handle: int) -> None:
    try:
        os.fstat(handle)
    except OSError:
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # gets the lowest: this one


def _tolerant(stream: TextIO | None, original: TextIO | None, handle: int) -> TolerantStream | None:
    if stream is None:
        return TolerantStream(handle, is_closed=True)
    is_windows_console = os.name == "nt" and stream.isatty()  # has an interface of its own
    if stream is not original or is_windows_console:  # not original: a test's
        _speak_utf8(stream)
        return None
    stream.flush()
    return TolerantStream(stream.fileno())


def _as_text(raw: TolerantStream, stream: TextIO | None) -> TextIO:
    # Chinese must not crash a pipe in a legacy code page: files and pipes get UTF-8, a terminal what it can show.
    encoding = stream.encoding if stream and raw.isatty() else "utf-8"
    # Not buffered: the interpreter aborts if a thread holds the lock of a buffer when it ends.
    return io.TextIOWrapper(raw, encoding, "replace", write_through=True)  # as `python -u` does


def _speak_utf8(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")


def terminal_width(stream: TextIO | None = None) -> int | None:
    """Return the columns of the terminal behind a stream, standard output by default; None for a file or a pipe."""
    return shutil.get_terminal_size().columns if (stream or sys.stdout).isatty() else None


def print_line(line: str, indent: int = 4, *, err: bool = False) -> None:
    """Print a line of a report or a message, wrapped to the terminal and without control sequences.

    Args:
        line: It may contain anything that the user, a file or a service wrote, line ends and escape sequences included.
        indent: Columns before the lines after the first.
        err: Print it to standard error.
    """
    width = terminal_width(sys.stderr if err else sys.stdout)
    click.echo("\n".join(wrap(harmless(line), width, indent)), err=err)


def format_rows(rows: Sequence[Sequence[str]], right: Collection[int] = (), width: int | None = None) -> Iterator[str]:
    """Yield each row as a line, indented by two columns; a row wider than the terminal continues below its last cell.

    A last cell that would begin in the right half of the terminal moves to a line of its own.

    Args:
        rows: Cells; the same number in each row.
        right: Indexes of the columns that are aligned to the right.
        width: Columns of the terminal; None for a file or a pipe, where nothing is wrapped.
    """
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    indent = sum(widths[:-1]) + len(COLUMN_GAP) * len(widths)
    for row in rows:
        cells = (_pad(cell, widths[index], is_right=index in right) for index, cell in enumerate(row))
        line = (COLUMN_GAP + COLUMN_GAP.join(cells)).rstrip()
        if width is None or columns(line) <= width or 2 * indent <= width:
            yield from wrap(line, width, indent)
        else:
            yield from wrap(line[: len(line) - len(row[-1].rstrip())].rstrip(), width, _HANGING_INDENT)
            yield from wrap(" " * _HANGING_INDENT + row[-1], width, _HANGING_INDENT)


def wrap(text: str, width: int | None, indent: int = 0) -> Iterator[str]:
    """Yield a text in lines that fit; those after the first are indented.

    Lines break between words and between Chinese characters. A word that is wider than a line stays whole, and so does
    a path or an address, which somebody may want to copy.
    """
    if width is None or columns(text) <= width:
        yield text
        return
    margin = " " * indent
    line = ""
    for word in _unbreakable_parts(text):
        if line.strip() and columns(line + word) > width:
            yield line.rstrip(" ")
            line = margin + word.lstrip(" ")
        else:
            line += word
    yield line


def _unbreakable_parts(text: str) -> Iterator[str]:
    """Yield the parts that a line may end after, each with the spaces before it."""
    for run in re.findall(_RUN, text.rstrip(" ")):
        spaces = run[: len(run) - len(run.lstrip(" "))]
        for clause in re.findall(_CLAUSE, run[len(spaces) :]):
            for unit in [clause] if "/" in clause or "\\" in clause else re.findall(_UNIT, clause):
                if unit:
                    yield spaces + unit
                    spaces = ""


def truncate(text: str, width: int | None) -> str:
    """Return a text, or as much of it as fits with an ellipsis; all of it if there is no width."""
    if width is None or columns(text) <= width:
        return text
    kept = text[: width - 1]
    while columns(kept) > width - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _pad(cell: str, width: int, *, is_right: bool) -> str:
    space = " " * (width - columns(cell))
    return space + cell if is_right else cell + space


def print_warnings(messages: Iterable[str]) -> None:
    """Print the warnings of a command that is not a render, a line each on standard error."""
    for message in messages:
        print_line(f"Warning: {message}", err=True)
