"""Rows of text in columns that line up on a terminal, where a Chinese character takes two."""

import re
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence

from interview_audio.transcript.typography import columns

GAP = "  "
_WIDE = r"\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af"
_WORD = re.compile(rf" *(?:[{_WIDE}][，。、！？；：）」』》”]*|[^ {_WIDE}]+)")
"""What stays together when a text is folded: a Chinese character, with what may not begin a line, is a word."""


def terminal_width() -> int | None:
    """Columns of the terminal that standard output is; None where it is a file or a pipe, which has no width."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = (), width: int = 100) -> Iterator[str]:
    """Give each row as a line, indented by two columns.

    Args:
        rows: Cells; all rows have equally many.
        right: Indexes of columns that line up at their right end.
        width: Columns of the terminal; what is wider is cut, and an ellipsis says so.
    """
    for line, _ in _lines(rows, right):
        yield cut(line, width)


def folded_rows(rows: Sequence[Sequence[str]], right: Collection[int] = (), width: int | None = None) -> Iterator[str]:
    """The same, with nothing cut: what is wider goes on below, under the last cell; with no width, nowhere."""
    for line, indent in _lines(rows, right):
        yield from folded(line, width, indent)


def folded(text: str, width: int | None, indent: int = 0) -> Iterator[str]:
    """Give a text in lines that fit; those after the first are indented. A word that is wider stays whole."""
    if width is None or columns(text) <= width:
        yield text
        return
    line = ""
    for word in _WORD.findall(text):
        if line.strip() and columns(line + word) > width:
            yield line
            line = " " * indent + word.lstrip()
        else:
            line += word
    yield line


def _lines(rows: Sequence[Sequence[str]], right: Collection[int]) -> Iterator[tuple[str, int]]:
    """Each row as a line, and the columns before its last cell."""
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (_padded(cell, widths[index], is_right=index in right) for index, cell in enumerate(row))
        yield (GAP + GAP.join(cells)).rstrip(), sum(widths[:-1]) + len(GAP) * len(widths)


def cut(text: str, width: int) -> str:
    """Give a text, or as much of it as fits with an ellipsis."""
    if columns(text) <= width:
        return text
    kept = text[: width - 1]
    while columns(kept) > width - 1:
        kept = kept[:-1]
    return f"{kept}…"


def one_line(text: str) -> str:
    """Give a text without line ends and without what a terminal would obey."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _padded(cell: str, width: int, *, is_right: bool) -> str:
    space = " " * (width - columns(cell))
    return space + cell if is_right else cell + space
