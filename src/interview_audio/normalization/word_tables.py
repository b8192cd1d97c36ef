"""The word lists and tables of ``normalization/words/``: one entry a line, read once, when first asked for."""

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_FOLDER = Path(__file__).parent / "words"


@functools.cache
def table(name: str) -> Mapping[str, str]:
    """Return what the entries of a table stand for, in the order of its file.

    Args:
        name: The file's name without its ending. A line is ``written = said``, or an entry alone, which then stands
            for nothing; one that begins with ``#`` is a comment.
    """
    lines = (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    entries = (line.partition(" = ") for line in lines if not line.startswith("#"))
    return MappingProxyType({written: said for written, _, said in entries})


@functools.cache
def words_of(name: str) -> frozenset[str]:
    """Return the entries of a list for looking words up."""
    return frozenset(table(name))
