"""A grammar: an ordered table of written forms and how each is spoken, and the word lists that rules read.

It knows no language itself. The lists are the files of ``normalization/words/``, read when first asked for.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from interview_audio.text.characters import HAN, LATIN

Match = re.Match[str]

_FOLDER = Path(__file__).parent / "words"

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d{2}){1,5},\d{3}(?!\d)|\d++)(?:\.\d++)?"
"""A number in Latin digits, with thousands separators (as in India, too: ``1,00,000``) and decimals.

A run of digits is taken whole or not at all.
"""
WORD_START, WORD_END = rf"(?<![{LATIN}\d])", rf"(?![{LATIN}\d])"
"""The edges of a word or number in Latin writing; Chinese characters may stand right beside it."""
SPACES = "[ ]{0,40}"
"""The spaces beside a mark, more than anybody writes.

A rule that begins with any number of them would look at each of a long run again from every one before it.
"""
_REACH = 12
"""As far as a rule looks from a sign or a number into the words beside it, and more."""
_MERE_CHINESE = re.compile(rf"(?:[{HAN}，、；：？！]|。(?!。)){{{2 * _REACH},}}")
_NOT_INSIDE_A_WORD = "(?!(?<=[a-z])[a-z])"
"""No written item begins amid small letters, where most places of a text are: they need not be looked at."""
_VISIBLE = re.compile(r"\S")
_NEXT_WORD = re.compile(" ([A-Za-z]+)")
GAP = r"[ \t]{0,2}"
"""Space that an author may leave inside one written item."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One written form: a pattern with named groups, and a verb that says a match."""

    name: str
    pattern: str
    speak: Callable[[Match], str]


class Item(NamedTuple):
    """A written range that a rule has recognised."""

    start: int
    end: int
    spoken: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules tried together: the leftmost match wins, and among those the first rule of the table."""

    rules: Sequence[Rule]
    _any: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Group names repeat from rule to rule, and so may names of rules from table to table: the joint pattern keeps
        # only one group a rule, called by the rule's place.
        alternatives = (f"(?P<r{place}>{_without_names(rule.pattern)})" for place, rule in enumerate(self.rules))
        object.__setattr__(self, "_any", re.compile(f"{_NOT_INSIDE_A_WORD}(?:{'|'.join(alternatives)})"))

    def items(self, text: str, start: int, end: int) -> Iterator[Item]:
        """Yield what the rules recognise in ``text[start:end]``, in order and without overlap."""
        reached = start
        for first, last in _written_items(text, start, end):
            for found in self._any.finditer(text, max(first, reached), last):
                assert found.lastgroup is not None
                rule = self.rules[int(found.lastgroup[1:])]
                match = _compiled(rule.pattern).match(text, found.start(), last)
                assert match is not None
                reached = match.end()
                yield Item(match.start(), reached, rule.speak(match))


def _written_items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text that are worth a search: all but the middles of long runs of mere Chinese."""
    for run in _MERE_CHINESE.finditer(text, start, end):
        yield start, run.start() + _REACH
        start = run.end() - _REACH
    yield start, end


def numeral_value(character: str) -> Fraction:
    """Return the value of a numeral sign."""
    return Fraction(unicodedata.numeric(character)).limit_denominator(1000)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Most texts have few kinds of written items, and to compile all takes longer than to read a page.
    return re.compile(pattern)


def _without_names(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def before(match: Match) -> str:
    """Return the character before a match, or nothing at the start of the text."""
    return match.string[match.start() - 1] if match.start() else ""


def after(match: Match) -> str:
    """Return the first character after a match that is not a space, or nothing at the end of the text."""
    found = _VISIBLE.search(match.string, match.end())
    return found[0] if found else ""


def preceded_by(words: Iterable[str], first: str = "") -> str:
    """Return a pattern of a place that any of the words stands before, each behind one of the characters ``first``."""
    return "(?:" + "|".join(f"(?<={first}(?:{same}))" for same in _by_length(words)) + ")"


def not_preceded_by(words: Iterable[str]) -> str:
    """Return a pattern of a place that none of the words stands before."""
    return "".join(f"(?<!{same})" for same in _by_length(words))


def _by_length(words: Iterable[str]) -> Iterator[str]:
    # What looks behind must be of one length.
    ordered = sorted(set(words), key=lambda word: (len(word), word))
    for _, same in itertools.groupby(ordered, key=len):
        yield "|".join(map(re.escape, same))


def one_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


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


def begins_sentence_after(match: Match) -> bool:
    """Tell whether what follows a match is the end, or a word that a sentence begins with."""
    following = _NEXT_WORD.match(match.string, match.end())
    return not after(match) or (following is not None and following[1] in words_of("sentence_starters"))
