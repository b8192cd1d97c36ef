"""The word lists of ``transcript/words/``: one entry a line, read once.

A line that begins with ``#`` is a comment, and so is ``#`` with a space before it and all that follows. Each file opens
with comments that say what the list is and what an entry does. A list that is malformed is a bug of this package, and
raises ``ValueError`` with its file and line.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from interview_audio.text.characters import HAN, KANA

_FOLDER = Path(__file__).parents[1] / "words"
_COMMENT = re.compile(r"(?:\A|\s)#.*")
_UNSPACED = re.compile(f"[{HAN}{KANA}]")
_GAP = re.compile(r"\\\{(\d+)\\\}")
"""``{16}`` in an entry, once that is escaped."""


@functools.cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the entries of a list in the order of its file.

    Args:
        name: The file's path below ``words/`` without its ending: ``host_labels``, ``function_words/en``.
    """
    return read_entries(_FOLDER / f"{name}.txt")


@functools.cache
def words_of(name: str) -> frozenset[str]:
    """Return the entries of a list for looking words up."""
    return frozenset(word_list(name))


@functools.cache
def alternation(*names: str) -> str:
    """Return a regular expression that matches an entry of these lists, without a group of its own around it.

    Entries are plain text, the longest first, so that ``主持人`` is not matched as ``主持``. A space in an entry
    matches any white space; an apostrophe matches both kinds; ``{16}`` matches up to 16 characters of any kind.
    """
    return any_of(entry for name in names for entry in word_list(name))


def alternations_by_script(*names: str) -> tuple[str, str]:
    """Return two regular expressions, of the entries in ASCII and of the others, each as ``alternation`` does.

    For words of which the Latin ones need something around them that Chinese, without spaces, has not.
    """
    entries = [entry for name in names for entry in word_list(name)]
    return (
        any_of(entry for entry in entries if entry.isascii()),
        any_of(entry for entry in entries if not entry.isascii()),
    )


@functools.cache
def phrases(*names: str) -> str:
    """Return a regular expression that finds an entry of these lists in running text.

    As ``alternation``, but an entry in ASCII is found as a whole word only: ``ad`` is not in ``made``. It is one group.
    """
    latin, others = alternations_by_script(*names)
    found = [*([rf"(?<!\w)(?:{latin})(?!\w)"] if latin else []), *([others] if others else [])]
    return f"(?:{'|'.join(found)})"


def pronouns(*names: str) -> re.Pattern[str]:
    """Return what finds the pronouns of these lists: as whole words, in small letters or with a capital.

    ``EU`` is not the Portuguese ``eu``. Chinese and Japanese ones are found anywhere, unless a plural ending follows.
    An entry that ends with an apostrophe is joined to the next word.
    """
    entries = [entry for name in names for entry in word_list(name)]
    unspaced = [entry for entry in entries if _UNSPACED.search(entry)]
    spaced = {form for entry in entries if entry not in unspaced for form in (entry, entry[:1].upper() + entry[1:])}
    elided = {entry for entry in spaced if entry.endswith("'")}
    words = rf"(?<!\w)(?:(?:{any_of(spaced - elided)})(?!\w)|(?:{any_of(elided) or '(?!)'}))"
    return re.compile(rf"{words}|(?:{any_of(unspaced)})(?![们們])")


def any_of(entries: Iterable[str]) -> str:
    """Return a regular expression that matches one of these entries, as ``alternation`` does for lists."""
    longest_first = sorted(set(entries), key=lambda entry: (-len(entry), entry))
    return "|".join(map(_escaped, longest_first))


def _escaped(entry: str) -> str:
    plain = re.escape(entry).replace(r"\ ", r"\s+").replace("'", "['’]")
    return _GAP.sub(r".{0,\1}", plain)


def read_entries(file: Path) -> tuple[str, ...]:
    """Read the entries of a word list.

    Raises:
        ValueError: The list has no entry, has one twice, or one that is not in Unicode's normal form C.
    """
    entries: dict[str, None] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        entry = _COMMENT.sub("", line).strip()
        if entry in entries or not unicodedata.is_normalized("NFC", entry):
            raise ValueError(f"{file}:{number}: {entry!r} is in the list already, or not in normal form C")
        if entry:
            entries[entry] = None
    if not entries:
        raise ValueError(f"{file}: the list is empty")
    return tuple(entries)
