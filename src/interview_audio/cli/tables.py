"""Rows of text in columns that line up on a terminal, where a Chinese character takes two."""

from collections.abc import Collection, Iterator, Sequence

from interview_audio.transcript.typography import columns

GAP = "  "


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = (), width: int = 100) -> Iterator[str]:
    """Give each row as a line, indented by two columns.

    Args:
        rows: Cells; all rows have equally many.
        right: Indexes of columns that line up at their right end.
        width: Columns of the terminal; what is wider is cut, and an ellipsis says so.
    """
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (_padded(cell, widths[index], is_right=index in right) for index, cell in enumerate(row))
        yield cut((GAP + GAP.join(cells)).rstrip(), width)


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
